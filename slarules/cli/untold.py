"""What a mapping can never tell, and rules that turn on it: said before somebody believes that it never happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from slarules.model.contract import Contract
from slarules.model.expression import Pattern
from slarules.model.rules import OnEvent
from slarules.readers.mapping import EventMapping
from slarules.readers.mapping_file import load_mapping
from slarules.source import Source


def untold(contract: Contract, files: Mapping[str, str | None]) -> list[str]:
    """A sentence for each rule about tickets that the log of these event files, each with its mapping, says too little
    of; none where a file has no mapping, or one whose column may name any event."""
    found = [_loaded(path) for path in files.values()]
    given: set[str] = set()
    for mapping in found:
        if mapping is None or mapping.gives is None:
            return []
        given |= mapping.gives
    named = " and ".join(f"`{Path(path).name}`" for path in dict.fromkeys(files.values()) if path)
    return [f"{named} {words}" for words in _said(contract, given)]


def _loaded(path: str | None) -> EventMapping | None:
    try:
        text = "" if path is None else Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):  # told where the log is read
        return None
    return load_mapping(Source(str(path), text))[0]


def _said(contract: Contract, given: set[str]) -> Iterable[str]:
    for duty in contract.versions[-1].duties.values():
        asked = {trigger.pattern.type for trigger in duty.triggers if isinstance(trigger, OnEvent)}
        if duty.kind != "ticket" or not asked & given:
            continue
        acts = _types(duty.performance.patterns)
        if acts and not given & {*acts}:
            yield f"gives no {_ticked(acts)}, which performs `{duty.name}`: by this log nobody ever did it"
        if duty.paused_on and "waiting" not in given:
            yield f"gives no `waiting`, in which the clock of `{duty.name}` may stand still: by this log it never does"


def _types(patterns: Iterable[Pattern]) -> list[str]:
    return list(dict.fromkeys(one.type for one in patterns))


def _ticked(types: Iterable[str]) -> str:
    return " or ".join(f"`{type}`" for type in types)
