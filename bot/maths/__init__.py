"""Makes LaTeX formulas readable as text."""
