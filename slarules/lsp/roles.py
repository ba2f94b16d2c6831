"""What each name is a name of, told by the place where the grammar lets it stand."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen


@frozen
class Role:
    """What stands at a place."""

    space: str
    """The names among which it is looked for: ``rule``, ``value``, ``calendar`` …"""
    defines: bool = False
    """Whether the name is given here."""


def _defines(space: str) -> Role:
    return Role(space, True)


_PARTY, _CALENDAR, _VALUE, _RULE, _EVENT = (Role(s) for s in ("party", "calendar", "value", "rule", "event"))
_STATE, _OPTION, _SUBJECT, _NOUN = Role("state"), Role("option"), Role("subject"), Role("noun")
_FREE = Role("")
"""A word that nothing is looked up by."""

ROLES: Mapping[tuple[str, int], Role] = {
    # ---- the contract, and what is recorded
    ("contract", 0): _defines("contract"), ("provider", 0): _defines("party"), ("customer", 0): _defines("party"),
    ("other_party", 0): _defines("party"), ("declaration", 0): _defines("declaration"),
    ("fact", 0): _defines("value"), ("fact", 1): _NOUN, ("judged", 0): _PARTY,
    ("event", 0): _defines("event"), ("event", 1): _NOUN, ("event", 2): _defines("act"),
    ("subject", 0): _defines("noun"),
    # ---- readings
    ("reading", 0): _defines("reading"), ("option", 0): _defines("option"), ("adopt", 0): _OPTION,
    ("as_read", 0): Role("reading"), ("party", 0): _PARTY,
    # ---- calendars
    ("calendar", 0): _defines("calendar"), ("supplied_calendar", 0): _defines("calendar"),
    ("supplied_calendar", 1): _PARTY, ("holidays", 0): _defines("calendar"),
    ("supplied_holidays", 0): _defines("calendar"), ("supplied_holidays", 1): _PARTY,
    ("difference", 0): _CALENDAR, ("difference", 1): _CALENDAR, ("holiday_list", 0): _CALENDAR,
    ("basis", 0): _CALENDAR, ("during", 0): _CALENDAR, ("outside", 0): _CALENDAR, ("during_line", 0): _CALENDAR,
    ("happened_during", 0): _CALENDAR, ("happened_outside", 0): _CALENDAR,
    ("each_day", 0): _CALENDAR, ("next_close", 0): _CALENDAR, ("nth_close", 0): _CALENDAR,
    # ---- severities, tables, people
    ("severity", 0): Role("level"), ("confirmed_by", 0): _PARTY,
    ("table", 0): _defines("table"), ("input", 0): _VALUE, ("head_in", 0): _defines("column"),
    ("head_in", 1): _CALENDAR,
    ("role", 0): _defines("party"), ("role", 1): _PARTY, ("designated_by", 0): _PARTY,
    ("designated_in_writing", 0): _PARTY, ("replaceable_by", 0): _PARTY, ("identified_by", 0): _VALUE,
    # ---- duties and their like
    ("duty", 0): _defines("rule"), ("target", 0): _defines("rule"), ("prohibition", 0): _defines("rule"),
    ("right", 0): _defines("rule"), ("scope", 0): _defines("rule"), ("choice", 0): _defines("rule"),
    ("choice", 1): _PARTY, ("choice_by_agreement", 0): _defines("rule"),
    ("choice_option", 0): _defines("option"), ("choice_option", 1): _PARTY,
    ("choice_option_block", 0): _defines("option"), ("lapses", 0): _OPTION,
    ("must", 0): _PARTY, ("aims_to", 0): _PARTY, ("must_not", 0): _PARTY, ("may", 0): _PARTY, ("only_may", 0): _PARTY,
    ("if_breached", 0): _RULE, ("each_term", 0): _VALUE, ("paused_while", 0): Role("awaited"),
    ("remaining", 0): _RULE, ("used_up", 0): _RULE, ("becomes_state", 0): _VALUE, ("becomes_state", 1): _STATE,
    ("pattern", 0): _EVENT, ("pattern", 1): _EVENT, ("by", 0): _PARTY, ("to", 0): _PARTY,
    ("act", 0): Role("act"), ("keep_fact", 0): _VALUE, ("object", 0): Role("object"), ("notice", 0): _VALUE,
    ("on_each", 0): _VALUE, ("by_end_of", 0): _VALUE, ("by_close_of", 0): _VALUE, ("by_close_of", 1): _CALENDAR,
    ("before", 0): _VALUE, ("on_day_before", 0): _VALUE, ("window_before", 0): _VALUE,
    # ---- conditions and values
    ("name", 0): _VALUE, ("next_anniversary", 0): _VALUE, ("reading_is", 0): Role("reading"),
    ("reading_is", 1): _OPTION, ("right_holds", 0): _RULE, ("includes_", 0): Role("benefit"),
    ("has_happened", 0): _EVENT, ("has_happened_this_term", 0): _EVENT, ("has_happened_within", 0): _EVENT,
    # ---- the agreement's life
    ("status", 0): _defines("value"), ("status", 1): _NOUN, ("state", 0): _defines("state"),
    ("becomes_when", 0): _STATE, ("becomes_at_end", 0): _STATE, ("becomes_after", 0): _STATE,
    ("allowance", 0): _defines("value"), ("allowance", 1): _PARTY, ("allowance", 2): _FREE,
    ("increases", 0): _EVENT, ("increases", 1): _VALUE, ("decreases", 0): _EVENT, ("decreases", 1): _VALUE,
    ("amount", 0): _defines("value"), ("where", 0): _defines("part"), ("date_rule", 0): _defines("value"),
    # ---- scenarios
    ("scenario_reading", 0): Role("reading"), ("scenario_reading", 1): _OPTION,
    ("scenario_supplied", 0): _CALENDAR, ("scenario_windows", 0): _CALENDAR,
    ("offset", 0): _SUBJECT, ("offset", 1): _EVENT, ("occurs", 0): _SUBJECT, ("occurs", 1): _EVENT,
    ("to_event", 0): Role("id"), ("on_party", 0): Role("awaited"), ("under", 0): _SUBJECT,
    ("given_yes", 0): _VALUE, ("given_no", 0): _VALUE, ("given", 0): _VALUE, ("given_dates", 0): _VALUE,
    ("given_severity", 0): Role("level"), ("given_id", 0): _defines("id"), ("given_source", 0): _FREE,
    ("expect", 0): _SUBJECT, ("expect", 1): _RULE, ("expect_value", 0): _SUBJECT, ("expect_value", 1): _VALUE,
    ("outcome", 0): Role("outcome"), ("outcome_not", 0): Role("outcome"), ("detail_missing", 0): _VALUE,
    ("detail_ended_by", 0): Role("ender"),
}
"""A node's kind and which of its names → what the name is of."""

LISTED: Mapping[str, Role] = {
    "type_one_of": _defines("word"), "includes": _defines("benefit"), "levels": _defines("level"),
    "assigned_by": _PARTY, "changed_by": _PARTY, "union": _CALENDAR, "intersection": _CALENDAR,
    "paused_while": Role("awaited"),
}
"""Whose list of names it is → what each of them is of."""

LENGTHS = frozenset(("within", "in_less_than", "every", "lapses"))
"""Where a lone name is a table's column."""


def role_of(kind: str, nth: int, within: str) -> Role | None:
    """What the ``nth`` name of a node of this ``kind`` inside one of the kind ``within`` is a name of."""
    if kind == "names":
        return LISTED.get(within)
    if kind == "levels":
        return LISTED["levels"]
    if kind == "name" and within in LENGTHS:
        return Role("column")
    return ROLES.get((kind, nth))
