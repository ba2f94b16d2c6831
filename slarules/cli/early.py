"""A log read from a run's first moment on, while Python still imports what judges it and the policy is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from slarules.cli.engines import COLUMNAR, chosen
from slarules.columnar.allocating import used_again


def begun(engine: str, events: Sequence[str], strict: bool) -> Mapping[str, Any]:
    """The first of event files without mappings, its ``ColumnReading`` under way from now on until the command is done.

    Nothing, where it is not the columnar engine that will judge it; nothing is said here.
    """
    if not events or not Path(events[0]).is_file() or chosen(engine, events).name != COLUMNAR:
        return {}
    from slarules.readers.columns.reading import read_columns  # only where it is the columnar engine

    used_again()
    reading = read_columns(events[0], None, strict)
    reading.begin()
    click.get_current_context().call_on_close(reading.stop)
    return {events[0]: reading}
