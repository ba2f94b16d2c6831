"""Laws of policies on which nothing hangs: the order of rules, their names, and the same said in another way."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from tests.laws.other_words import Told, blocks_of, differing, joined, judged, read, told
from tests.same.cases import Case
from tests.same.trying import random_cases

FIRST = 31000
SEEDS = [
    seed
    for seed in range(FIRST, FIRST + int(os.environ.get("SLARULES_LAW_POLICIES", "5")))
    if seed % 8 != 3  # policies that ship, whose text is not made of such blocks
]
"""One policy each."""


@pytest.fixture(scope="module", params=SEEDS)
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """Logs under one random policy."""
    return [case for case, _ in random_cases(request.param, tickets=16, logs=2)]


def same(case: Case, text: str, **more: Any) -> None:
    """The text tells of the case's log what the case's own policy tells of it."""
    if text == case.policy:
        return
    one, other = judged(case), judged(case, read(text))
    assert not differing(told(one, **more), told(other, **more)), text
    assert (one.statuses, one.amounts, one.allowances) == (other.statuses, other.amounts, other.allowances)
    assert one.next_change_at == other.next_change_at


# ---- Rules -----------------------------------------------------------------------------------------------------------


def test_the_order_of_rules_makes_no_difference(cases: list[Case]) -> None:
    """R1, R11: everything of one instant happens in the order of the rules of judging, not of the file."""
    for case in cases[:1]:
        head, blocks = blocks_of(case.policy)
        shuffled = random.Random(len(blocks)).sample(blocks, len(blocks))
        contract = read(joined(head, shuffled))
        for one in cases:
            before, after = judged(one), judged(one, contract)
            assert not differing(told(before), told(after)), joined(head, shuffled)
            assert (before.statuses, before.next_change_at) == (after.statuses, after.next_change_at)


def test_an_amendment_in_force_from_the_beginning_is_what_it_says(cases: list[Case]) -> None:
    """R27: terms that were replaced before anything happened are nobody's."""
    for case in cases:
        head, blocks = blocks_of(case.policy)
        if "in force from" in case.policy:
            continue
        rules = [n for n, b in enumerate(blocks) if b.startswith(("duty ", "target ", "right ", "prohibition "))]
        rules = [n for n in rules if len(re.findall(rf"\b{blocks[n].split()[1]}\b", case.policy)) == 1]
        if not rules:
            continue
        place = random.Random(len(blocks)).choice(rules)
        new = blocks[place]
        old = re.sub(r"\b(\d+) (hours|minutes)\b", lambda found: f"{int(found[1]) + 3} {found[2]}", new)
        dated = [("1970-01-01 to 2001-12-31", old), ("2002-01-01", new)]
        amended = [
            f'clause "{since}"\n  in force from {since}\n\n' + re.sub(r"(?m)^(?=.)", "  ", block)
            for since, block in dated
        ]
        same(case, joined(head, [*blocks[:place], *blocks[place + 1 :], *amended]))


# ---- Names -----------------------------------------------------------------------------------------------------------

DECLARED = re.compile(r"(?m)^ *(?:duty|target|right|prohibition|fact|amount|date|status|allowance|calendar) (\w+)")
CHOSEN = re.compile(r"(?m)^ *(?:choice|option) (\w+)")
KEPT = (
    *("pay", "test_it", "ask", "call", "report", "notify"),  # words that rules and what is done may share
    *("opened", "severity", "automatic", "active", "grace", "expired", "Always"),
)
"""Names that stay."""
PARTIES = ("Desk", "Client", "Vendor")


def names_of(text: str) -> dict[str, str]:
    """Each name of the policy, but of built-in things and of events (R12), with another."""
    found = {*DECLARED.findall(text), *CHOSEN.findall(text)} - {*PARTIES, *KEPT}
    words = set(re.findall(r"\w+", " ".join(re.findall(r'"[^"]*"', text))))
    others = {name: f"n_{name}" for name in found - words if not re.fullmatch(r"o\d", name)}
    return others | {name: f"{name}X" for name in PARTIES if f"party {name}" in text or f"er {name}" in text}


def renamed(value: Any, others: dict[str, str]) -> Any:
    """A value of a log or a verdict with the other names in it."""
    if isinstance(value, str):
        small = {name.lower(): other.lower() for name, other in others.items() if name in PARTIES}
        return re.sub(r"[A-Za-z_]\w*", lambda found: {**others, **small}.get(found[0], found[0]), value)
    if isinstance(value, tuple):
        return tuple(renamed(part, others) for part in value)
    if isinstance(value, dict):
        return {renamed(name, others): renamed(part, others) for name, part in value.items()}
    return value


def test_other_names_of_rules_facts_and_parties_rename_and_do_nothing_else(cases: list[Case]) -> None:
    """R11: nothing hangs on what the contract calls its rules, facts, options, calendars and parties."""
    others = names_of(cases[0].policy)
    pattern = re.compile(r'"[^"]*"|\b(?:' + "|".join(map(re.escape, others)) + r")\b")
    contract = read(pattern.sub(lambda found: others.get(found[0], found[0]), cases[0].policy))
    for case in cases:
        events = []
        for event in case.events:
            facts = {others.get(n, n): v if n == "summary" else renamed(v, others) for n, v in event.facts.items()}
            events.append(evolve(event, actor=renamed(event.actor, others), facts=facts))
        expected = {renamed(key, others): renamed(value, others) for key, value in told(judged(case)).items()}
        supplied = {others.get(name, name): given for name, given in case.supplied.items()}
        found = told(judged(evolve(case, supplied=supplied), contract, events))
        assert not differing(sorted_missing(expected), sorted_missing(found))


def sorted_missing(verdicts: Told) -> Told:
    """Several missing facts may stand in the order of their names."""
    return {key: {**said, "missing": sorted(said["missing"])} for key, said in verdicts.items()}


# ---- Calendars and tables --------------------------------------------------------------------------------------------


def test_a_holiday_on_a_day_that_is_closed_anyway_changes_nothing(cases: list[Case]) -> None:
    """R31."""
    for case in cases:
        closed = "".join(f"\n\\1closed on {day}" for day in weekend(case))
        if not re.search(r"also open|on 20\d\d|Saturday", case.policy):
            same(case, re.sub(r"(?m)^( *)(open Monday to Friday .*)$", rf"\1\2{closed}", case.policy))


def weekend(case: Case) -> Iterator[str]:
    today = datetime.fromtimestamp(case.as_of / 1e6, UTC).date()
    for after in range(-10, 12):
        day = today + timedelta(days=after)
        if day.weekday() > 4:
            yield day.isoformat()


def test_a_calendar_that_never_closes_is_always(cases: list[Case]) -> None:
    """R31: hours and days counted in it are hours and days."""
    for case in cases:
        if "calendar Round\n" in case.policy and "contracts/" not in case.name:
            text = re.sub(r"(?m)^calendar Round\n(  .*\n)+\n?", "", case.policy)
            same(case, re.sub(r"\bRound\b", "Always", text), without=("calendar",))


TABLE = re.compile(
    r"(?m)^table times_\d+ by severity\n"
    r"  \|.*\| (?P<name>time_\d+)(?P<basis> in \w+)? \|\n"
    r"(?P<rows>(?:  \|.*\n)+)"
)


def test_a_table_whose_rows_are_alike_is_the_time_that_they_give(cases: list[Case]) -> None:
    """R6: a severity by which no time changes, changes nothing, where it was known from the beginning."""
    for case in cases:
        alike = plain = case.policy.replace("start again", "keep the deadline")
        for found in TABLE.finditer(alike):
            name, basis, rows = found["name"], found["basis"], found["rows"]
            cell = next((c for c in re.findall(r"\| ([^|]+) \|$", rows, re.M) if c != "none"), "2 hours")
            counted = f" counted{basis}" if basis else ""
            if "as read in" in cell or re.search(rf"{name} (after|counted|otherwise)", plain):
                continue
            same_rows = re.sub(r"(?m)\| [^|]+ \|$", f"| {cell} |", rows)
            alike = alike.replace(found[0], found[0].replace(rows, same_rows))
            plain = plain.replace(found[0], "")
            plain = re.sub(rf"\b{name}\b", cell + counted, plain)
        if alike != plain:
            one, other = judged(case, read(alike)), judged(case, read(plain))
            known = {e.subject for e in case.events if e.type == "opened" and "severity" in e.facts}
            known -= {v.subject for v in one.verdicts if v.state == "undetermined"} | {f.subject for f in one.findings}

            def clear(subject: str, known: set[str] = known) -> bool:
                return subject in known

            without = ("severity", "flags")
            differ = differing(told(one, without=without, of=clear), told(other, without=without, of=clear))
            assert not differ, (alike, plain)
