"""Shapes by which a misspelt word finds the word that was meant.  Pure.

Source: deletion neighbourhoods, Mor & Fraenkel 1982, "A hash code method for detecting and correcting spelling errors".
"""

SHORTEST = 4
"""Shorter words have too many neighbours to guess among."""


def shapes(word: str) -> frozenset[str]:
    """A word, and it with any one letter dropped: words one slip apart share a shape.  Empty for a short word."""
    if len(word) < SHORTEST:
        return frozenset()
    return frozenset({word, *(word[:n] + word[n + 1 :] for n in range(len(word)))})
