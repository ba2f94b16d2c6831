"""One question: a contract, what happened under it, and the instant as of which it is judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from slarules.calendars.zones import EPOCH
from slarules.diagnostics import Level
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event, Raw
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse


@frozen(eq=False)
class Case:
    """What every implementation is asked; they must give one answer."""

    name: str
    """Where it comes from: a scenario, a seed."""
    policy: str = field(repr=False)
    """The policy's text."""
    contract: Contract = field(repr=False)
    """What the text means."""
    events: tuple[Event, ...] = field(repr=False)
    """The log, in order of arrival."""
    as_of: int
    """Microseconds UTC."""
    readings: Mapping[str, str] = field(factory=dict)
    supplied: Mapping[str, Supplied] = field(factory=dict)
    precision: int = 0
    """How exact the log's instants are, in microseconds."""


def contract_of(text: str) -> tuple[Contract | None, list[int]]:
    """The contract that a policy's text means; where there is none, the lines that are mistaken."""
    source = Source("random.sla", text)
    tree, spelling = parse(source)
    contract, problems = resolve(tree, source, None, calendars_check=False)
    wrong = [d.span.line for d in (*spelling, *problems) if d.level is Level.ERROR and d.span is not None]
    return contract, wrong


def written(case: Case) -> str:
    """The whole case as text: policy, log, instant and choices, for whoever mends what differs."""
    log = "\n".join(line_of(event) for event in case.events)
    more = [f"readings {dict(case.readings)}"] if case.readings else []
    more += [f"supplied {dict(case.supplied)}"] if case.supplied else []
    more += [f"precision {case.precision}"] if case.precision else []
    head = f"{case.name}\nas of {iso(case.as_of)} ({case.as_of})"
    return "\n".join([head, *more, "", case.policy.rstrip(), "", log])


def line_of(event: Event) -> str:
    """An event as a JSON line, as the readers take it."""
    told: dict[str, Any] = {"id": event.id, "subject": event.subject, "type": event.type, "at": iso(event.at)}
    if event.source != "desk":
        told["source"] = event.source
    for name in ("actor", "sequence", "agreement", "kind", "target"):
        if getattr(event, name) is not None:
            told[name] = getattr(event, name)
    if event.recorded_at is not None:
        told["recorded_at"] = iso(event.recorded_at)
    if event.facts:
        told["facts"] = {name: _plain(value) for name, value in event.facts.items()}
    return json.dumps(told, ensure_ascii=False)


def _plain(value: Raw) -> Any:
    match value:
        case Decimal():
            return int(value) if value.is_finite() and value == value.to_integral_value() else str(value)
        case tuple():
            return [_plain(item) for item in value]
    return value


def iso(instant: int | None) -> str | None:
    """An instant in UTC, to the microsecond."""
    return None if instant is None else (EPOCH + timedelta(microseconds=instant)).isoformat().replace("+00:00", "Z")
