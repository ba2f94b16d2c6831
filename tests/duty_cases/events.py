"""The events of a case as the engine's, in the order in which they arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from slarules.calendars.zones import micros
from slarules.model.event import Event
from tests.case_files import Unfit, asked, given
from tests.duty_cases.options import elected_in_all, further_choices
from tests.duty_cases.words import AGREEMENT_EVENTS, listed, party


def instant(text: str) -> int:
    """Microseconds of an RFC 3339 time, which names its offset."""
    if not isinstance(text, str):
        raise Unfit(f"{text!r} is no instant, which is a text")
    try:
        return micros(datetime.fromisoformat(text.upper()))  # RFC 3339 has `t` and `z`, too
    except (TypeError, ValueError) as wrong:
        raise Unfit(f"{text!r} is no instant: {wrong}") from None


def told_events(case: Mapping[str, Any]) -> list[Event]:
    """The case's events as they are told, in the order in which they arrived."""
    raws = [asked(raw, dict, f"events[{n}]") for n, raw in enumerate(given(case, "events", list, "case"))]
    agreement = next(iter(agreements_of(raws)), "A")
    ticket = "T" if any(raw.get("type") == "opened" for raw in raws) else agreement
    of_agreement = AGREEMENT_EVENTS | told_of_agreement(raws)
    subjects = {raw.get("type"): agreement if raw.get("type") in of_agreement else ticket for raw in raws}
    options, further = _options(case), further_choices(case.get("contract", {}))
    return [_event(raw, number, subjects, options, further) for number, raw in enumerate(raws)]


def agreements_of(raws: Sequence[Mapping[str, Any]]) -> list[str]:
    """The agreements of a case, as its events name them."""
    return [raw["subject"] for raw in raws if raw.get("type") in AGREEMENT_EVENTS and raw.get("subject")]


def told_of_agreement(raws: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The types of events that happen to agreements here; where no ticket is opened, all do."""
    agreements = agreements_of(raws)
    opened = any(raw.get("type") == "opened" for raw in raws)
    none = any(raw.get("type") in AGREEMENT_EVENTS for raw in raws) and not opened
    return frozenset(raw["type"] for raw in raws if none or raw.get("subject") in agreements)


def _options(case: Mapping[str, Any]) -> dict[str, str]:
    """Option → the choice that offers it."""
    choices = listed(case.get("contract", {}).get("choices"))
    return {
        option: choice["name"]
        for choice in choices
        if not choice.get("further_of")
        for option in choice.get("options", {})
    }


def _event(
    raw: Mapping[str, Any],
    number: int,
    subjects: Mapping[str, str],
    options: Mapping[str, str],
    further: Mapping[str, str],
) -> Event:
    place = f"events[{number}]"
    kind = given(raw, "type", str, place)
    facts = _facts(raw, place)
    if kind in ("elected", "agreed") and "option" not in facts and not facts.keys() & set(options.values()):
        for value in [v for v in facts.values() if isinstance(v, str) and v in options]:
            facts |= {"choice": options[value], "option": value}
    if further and kind in ("elected", "agreed", "corrected"):
        facts = elected_in_all(facts, further)
    return Event(
        id=str(raw.get("id") or f"event {number + 1}"),
        subject=raw.get("subject") or subjects[kind],
        type=kind,
        at=instant(given(raw, "at", str, place)),
        actor=raw.get("actor") or None,
        facts=facts,
        source=raw.get("source") or "desk",
        sequence=raw.get("seq", raw.get("sequence")),
        recorded_at=instant(raw["recorded_at"]) if raw.get("recorded_at") else None,
        target=raw.get("target"),
    )


def _facts(raw: Mapping[str, Any], place: str) -> dict[str, Any]:
    """An event's facts; of a correction, what was otherwise: `set` holds fields of the event, and facts."""
    facts = dict(asked(raw.get("facts") or {}, dict, f"{place}.facts"))
    changes = dict(asked(raw.get("set") or {}, dict, f"{place}.set"))
    facts.update(changes.pop("facts", None) or {})
    if changes.get("at") is not None:
        changes["at"] = instant(changes["at"])
    if changes.get("actor") is not None:
        changes["actor"] = party(changes["actor"])
    return {name: _value(value) for name, value in {**facts, **changes}.items() if value is not None}


def _value(value: Any) -> Any:
    """A fact's value as the reader of logs has it: numbers exactly, lists as they cannot change."""
    if isinstance(value, float):
        return Decimal(str(value))
    return tuple(_value(part) for part in value) if isinstance(value, list) else value
