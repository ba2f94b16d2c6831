"""Records what the commands on the pages show: ``python -m tests.docs.record [PAGE…]``.

Every console snippet is run in a folder with the page's named snippets, and what it shows is written under it.
Look at the difference before you keep it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.docs.pages import PAGES, ROOT, commands, fences, put_files, shown_by


def recorded(page: str) -> str:
    """The page's text with what its commands show now."""
    text = (ROOT / page).read_text("utf-8")
    for fence in fences(page):
        if fence.kind != "console":
            continue
        written = re.split(r"^(?=\$ )", fence.text, flags=re.MULTILINE)[1:]
        with TemporaryDirectory() as name:
            folder = Path(name)
            put_files(page, folder, before=fence.line)
            parts = []
            for command, old in zip(commands(fence), written, strict=True):
                shown = shown_by(command, folder)
                if "a mistake of the program" in shown:
                    raise SystemExit(f"{fence}: `{command.words}` shows a mistake of the program")
                parts.append(_words(old) + (shown + "\n" if shown else ""))
        text = text.replace(f"```console\n{fence.text}```", f"```console\n{''.join(parts)}```", 1)
    return text


def _words(written: str) -> str:
    """The command as the page writes it, over several lines perhaps."""
    lines = written.splitlines(keepends=True)
    last = next(n for n, line in enumerate(lines) if not line.endswith("\\\n"))
    return "".join(lines[: last + 1])


def main(pages: list[str]) -> None:
    for page in pages or PAGES:
        path = ROOT / page
        if path.exists():
            path.write_text(recorded(page), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
