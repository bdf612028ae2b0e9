"""What the bot knows: entries, their wordings in two languages, and the lexicon of terms.

Owns the format of the content (docs/writing.md), its reader and the checks that need no search.  Knows nothing of
retrieval or dialogue, and nothing about any one subject.
"""
