"""``python -m slarules`` is the command ``slarules``."""

from __future__ import annotations

from slarules.cli.main import main

if __name__ == "__main__":  # also imported by what only looks through the package
    main()
