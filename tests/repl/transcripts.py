"""Conversations with `slarules repl`, as they stand in examples/repl: their commands, and what is answered now.

``python -m tests.repl.transcripts`` records all of them again. Look at the difference before you keep it.

A transcript begins with the command line. Each command stands behind a prompt, and what follows is its answer.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from click.testing import CliRunner

from slarules.cli.main import cli
from slarules.repl.plain import GOES_ON

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "repl"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
PROMPT = re.compile(r"(?:\[\w+\] )?(?:[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?)?> ?")


def entries(text: str) -> list[str]:
    """What the user wrote in a conversation."""
    found: list[str] = []
    for row in text.splitlines():
        prompt = PROMPT.match(row)
        if prompt is not None:
            found.append(row[prompt.end() :])
        elif row.startswith(GOES_ON.rstrip()) and found:
            found[-1] += "\n" + row[len(GOES_ON) :]
    return found


def conversation(text: str, folder: Path) -> str:
    """The conversation as it goes now, its commands given to the plain reader in a folder of their own."""
    first = text.splitlines()[0]
    words = shlex.split(first.removeprefix("$ slarules "))
    for name in ("contracts", "examples"):
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / name)
    script = folder / "script.txt"
    script.write_text("\n".join(entries(text)) + "\n", "utf-8")
    here = Path.cwd()
    environment = {"SLARULES_TRACEBACK": "1", "XDG_STATE_HOME": str(folder / "state")}
    try:
        os.chdir(folder)
        with patch.dict(os.environ, environment):
            result = CliRunner().invoke(cli, [*words, "--from", str(script), "--echo"])
    finally:
        os.chdir(here)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert not result.stderr, result.stderr
    return f"{first}\n{result.stdout}"


def record() -> None:
    """Writes every transcript as it goes now."""
    for path in TRANSCRIPTS:
        with TemporaryDirectory() as name:
            path.write_text(conversation(path.read_text("utf-8"), Path(name)), "utf-8")


if __name__ == "__main__":
    record()
