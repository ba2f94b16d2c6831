"""Lint in a process of its own: it takes seconds, must not slow an answer, and is ended when its text is gone."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from typing import Any

from pygls.uris import from_fs_path

from slarules.diagnostics import Diagnostic, Edit, Level
from slarules.lsp import desk as desks
from slarules.lsp.desk import Desk, Document
from slarules.lsp.diagnostics import of_lint
from slarules.source import Source, Span

LOG = logging.getLogger("slarules.lsp")
COMMAND = (sys.executable, "-m", "slarules.lsp.linting")
GENTLY = 5
"""How far the process stands back for others."""

Findings = tuple[tuple[Diagnostic, str | None], ...]


async def lint(desk: Desk, document: Document) -> Findings:
    """What lint finds in a policy as the editor has it. Where it is cancelled, the process is ended."""
    if desks.is_of_scenarios(document) or not os.path.isabs(document.path):
        return ()
    files = {one.path: one.source.text for one in desk.opened()}
    asked = json.dumps({"path": document.path, "folders": desk.folders, "files": files})
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        told, faults = await process.communicate(asked.encode())
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode != 0:
        LOG.error("%s could not be linted: %s", document.path, faults.decode("utf-8", "replace"))
        return ()
    return tuple(_read(one, desk, document) for one in json.loads(told))


# ---- In the other process -------------------------------------------------------------------------------------------


def main() -> None:
    """Lints what stdin asks, and answers on stdout."""
    if sys.platform != "win32":
        os.nice(GENTLY)
    asked = json.load(sys.stdin)
    desk = Desk(folders=tuple(asked["folders"]))
    for path, text in asked["files"].items():
        desk.put(from_fs_path(path) or path, text, 1)
    document = desk.file(asked["path"])
    found = of_lint(desk, document) if document is not None else ()
    json.dump([_written(one, name) for one, name in found], sys.stdout)


# ---- Findings from one to the other ----------------------------------------------------------------------------------


def _written(one: Diagnostic, name: str) -> dict[str, Any]:
    return {
        "name": name, "code": one.code, "level": one.level.value, "span": _place(one.span), "message": one.message,
        "help": one.help, "related": [[_place(span), words] for span, words in one.related],
        "edit": [_place(one.edit.span), one.edit.text] if one.edit is not None else None,
    }  # fmt: skip


def _place(span: Span) -> list[Any]:
    return [span.source.name, span.start, span.end]


def _read(told: dict[str, Any], desk: Desk, document: Document) -> tuple[Diagnostic, str | None]:
    def span(place: list[Any]) -> Span:
        name, start, end = place
        other = desk.file(name) if name != document.path else document
        return Span(other.source if other is not None else Source(name, ""), start, end)

    edit = Edit(span(told["edit"][0]), told["edit"][1]) if told["edit"] is not None else None
    related = tuple((span(place), words) for place, words in told["related"])
    found = Diagnostic(
        told["code"], Level(told["level"]), span(told["span"]), told["message"], told["help"], related, edit
    )
    return found, told["name"]


if __name__ == "__main__":
    main()
