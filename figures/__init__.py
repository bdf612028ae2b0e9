"""The figures of the knowledge, drawn from their formulas.  Development only, never in the wheel.

``python -m figures`` draws them into knowledge/content/figures, ``python -m figures --check`` tells whether those that are
kept are still what the scripts draw.  Needs matplotlib and, for Chinese letters, mplfonts.
"""
