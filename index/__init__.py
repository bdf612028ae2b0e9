"""Finds the entry that a text asks for, and knows when there is none.

Owns text analysis, the fields' TF-IDF spaces, fusion, the decision and the index file.  Knows nothing of conversations, and
nothing about any one subject: all it knows of a subject comes out of the knowledge it was built from.
"""
