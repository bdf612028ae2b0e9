"""``python -m measures [--check]``: writes the measured parts of the pages, or says which are stale."""

import sys

from measures.pages import files


def main() -> int:
    """Write the pages, or with ``--check`` compare them; 1 where one is stale."""
    stale = {path: text for path, text in files().items() if not path.exists() or path.read_text("utf-8") != text}
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path}: stale; run «make eval»")
        return bool(stale)
    for path, text in stale.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
