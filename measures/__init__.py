"""How well it answers, beside others and in pictures; what the pages say is written here.

    pages      the measured tables of the READMEs and of docs/retrieval.md
    baselines  what common engines answer on the same queries
    curves     calibration and coverage as pictures
    ablation   what each signal, each kind of token and each field is worth

No part of the program; ``python -m measures`` writes the pages, ``--check`` says whether they are what they should be.
"""
