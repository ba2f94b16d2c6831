"""A folder that keeps a log and what was judged of it, so that tomorrow's events need not judge all of it again.

It holds the log in runs sorted by ticket, and the verdicts, subjects and findings of the last judging, in one file
each. ``state.json`` says which; it is put in place last, so that a run that breaks off leaves what was there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from attrs import frozen

from slarules.columnar.disk import laying
from slarules.columnar.disk.laying import Laid
from slarules.columnar.disk.parts import COMING, KEPT_SUBJECTS
from slarules.columnar.disk.spill import emptied, read_json, sizes_of, unharmed, write_json
from slarules.columnar.placing import FINDINGS
from slarules.columnar.verdicts.table import VERDICTS

TOLD = "state.json"
KINDS: Mapping[str, pa.Schema] = {
    "verdicts": VERDICTS,
    "subjects": KEPT_SUBJECTS,
    "findings": FINDINGS,
    "coming": COMING,
}
"""What is kept of a judging, in a file each."""


@frozen(eq=False)
class State:
    """What a folder keeps."""

    directory: Path
    asked: Mapping[str, str]
    """What it was judged by, as ``resuming.asked`` tells it without instant and files."""
    files: Mapping[str, str]
    """Event files that the log is made of: digest → name."""
    as_of: int
    generation: int
    """Counts the judgings."""
    laid: Laid

    def path(self, kind: str) -> Path:
        """The file of the verdicts, subjects or findings."""
        return file_of(self.directory, self.generation, kind)


def file_of(directory: Path, generation: int, kind: str) -> Path:
    """Where a generation's verdicts, subjects or findings are."""
    return directory / f"judged-{generation}-{kind}.arrow"


def read_state(directory: Path) -> State | None:
    """What a folder keeps; None: nothing yet. Raises ``Damaged``."""
    told = read_json(directory / TOLD)
    if told is None:
        return None
    unharmed(directory, told.get("judged", {}))
    laid = laying.of_data(told["log"], directory)
    return State(directory, told["asked"], told["files"], told["as_of"], told["generation"], laid)


def write_state(state: State) -> None:
    """Puts a state in place of the one before, and removes what only that one needed."""
    told: dict[str, Any] = {
        "asked": dict(state.asked),
        "files": dict(state.files),
        "as_of": state.as_of,
        "generation": state.generation,
        "log": laying.as_data(state.laid),
        "judged": sizes_of(state.path(kind) for kind in KINDS),
    }
    write_json(state.directory / TOLD, told)
    runs = {file.name for run in state.laid.runs for file in run.files}
    emptied(state.directory, frozenset({TOLD, *runs, *(state.path(kind).name for kind in KINDS)}))
