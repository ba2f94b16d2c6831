"""Of whatever happens twice as often, judging and explaining take twice the work, and not four times."""

from __future__ import annotations

import pytest
from attrs import evolve

from slarules.engine.reasons.course import courses
from slarules.engine.reasons.explain import explain
from slarules.model.event import Event
from tests.engine.small import at, contract, told
from tests.engine.test_aside import lines_of, lines_run

START, MINUTE = at("2026-03-02 08:00"), 60_000_000
MANY = 96
TERMS = """
event shipped of agreement

status care of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    includes support
    becomes active when agreement shipped
    becomes active at the end of term if hours_purchased has happened this term
  a reinstated term runs from the event

"""
ANSWER = "duty answer\n  when request asked by Client\n  "
CHOICE = """
duty answer
  when request asked by Client
  Desk must respond within 5 minutes
choice remedy of Client
  when answer breached
  option money: Desk must report within 3 hours
  option words: Desk must escalate within 30 days
  within 20 days otherwise words
"""
FOLLOWING = """
duty answer
  when request asked by Client
  Desk must respond within 20 days
duty tell
  when request asked by Client
  Desk must update within 2 hours after answer performed
"""
LOGS = {
    "each owed for long": (ANSWER + "Desk must respond within 20 days\n", "asked"),
    "each owed for long, others do what is owed": (ANSWER + "Desk must respond within 20 days\n", "asked, responded"),
    "each owed without a time": (ANSWER + "Desk must respond\n", "asked"),
    "each while something holds": (ANSWER + "while opened has happened\n  Desk must respond\n", "asked"),
    "nobody knows by whom": (ANSWER + "Desk must respond within 10 minutes\n", "nobody asked, nobody responded"),
    "nobody knows who answered": (ANSWER + "Desk must respond within 10 minutes\n", "asked, nobody responded"),
    "asked whether something happened": (
        ANSWER + "if acknowledged has happened by Desk\n  Desk must respond within 1 hour\n",
        "asked, acknowledged",
    ),
    "each opens a choice": (CHOICE, "asked"),
    "each waits for another": (FOLLOWING, "asked, updated"),
    "an agreement's events": (TERMS + ANSWER + "while care includes support\n  Desk must respond\n", "paid"),
    "an agreement's people": (
        "role Callers of Client\n  at least 1\n  designated by Client\n  identified by caller\n", "contact_designated",
    ),
}  # fmt: skip


def many(what: str, count: int) -> list[Event]:
    """So many events of a ticket or an agreement, by turns of each sort, a minute apart."""
    sorts = what.split(", ")
    started = Event("a", "A1", "started", START, "Client", kind="agreement")
    events = [started, Event("o", "T1", "opened", START, "Client", agreement="A1", kind="ticket")]
    for number in range(count):
        by, _, type = ("Client " + sorts[number % len(sorts)]).rpartition(" ")
        subject, kind = ("A1", "agreement") if type in ("paid", "contact_designated") else ("T1", "ticket")
        facts = {"who": f"P{number}"} if type == "contact_designated" else {}
        actor = None if by.endswith("nobody") else "Client"
        events.append(
            Event(f"e{number}", subject, type, START + (number + 1) * MINUTE, actor, facts, agreement="A1", kind=kind)
        )
    return events


@pytest.mark.parametrize("log", LOGS)
def test_twice_the_events_are_twice_the_work(log: str) -> None:
    rules, what = LOGS[log]
    end = START + 30 * 24 * 60 * MINUTE if log != "each waits for another" else START + 600 * MINUTE
    lines_run(rules, many(what, 2), end)  # what is compiled on first use
    once, twice = (lines_run(rules, many(what, count), end) for count in (MANY, 2 * MANY))
    assert twice < once * 2.2, (once, twice)


def test_twice_as_long_a_chain_of_retractions_is_twice_the_work() -> None:
    rules, end = LOGS["each owed without a time"][0], START + 600 * MINUTE

    def chain(count: int) -> list[Event]:
        return [
            *many("asked", 1),
            *(Event(f"r{n}", "T1", "retracted", START + MINUTE, "Desk", target=f"r{n - 1}" if n else "e0")
              for n in range(count)),
        ]  # fmt: skip

    lines_run(rules, chain(2), end)
    once, twice = (lines_run(rules, chain(count), end) for count in (MANY, 2 * MANY))
    assert twice < once * 2.2, (once, twice)


def test_twice_as_many_verdicts_are_twice_the_work_to_explain() -> None:
    """Each is found in its case once, and acts are looked for only between its trigger and its end."""
    found, end = contract(ANSWER + "Desk must respond within 10 minutes\n"), START + 600 * MINUTE

    def explained(count: int) -> int:
        events = [evolve(e, actor="Desk") if e.type == "responded" else e for e in many("asked, responded", count)]
        return lines_of(lambda: explain(found, None, events, end, "T1", trying=False))

    explained(2)
    once, twice = explained(MANY), explained(2 * MANY)
    assert twice < once * 2.2, (once, twice)


def test_of_many_verdicts_one_is_told_without_the_others() -> None:
    """A report tells its worst cases: each takes what judging its ticket takes, and no more for each other verdict."""
    found, events, end = contract(ANSWER + "Desk must respond\n"), many("asked", MANY), START + 600 * MINUTE
    each = explain(found, None, events, end, "T1", "answer", trying=False)
    assert explain(found, None, events, end, "T1", "answer", trying=False, place=7) == each[7:8]
    labels = [course.verdict.label for course in courses(found, None, events, end, "T1", None, "answer#8")]
    assert (labels, len(each)) == (["answer#8"], MANY)


def test_twice_the_rows_of_a_table_are_twice_the_work_to_check() -> None:
    def checked(count: int) -> int:
        values = [f"v{number}" for number in range(count)]
        rows = "".join(f"  | {value} | 1 hour |\n" for value in values)
        rules = f"fact way of request: one of {', '.join(values)}\ntable times by way\n  | way | time |\n{rows}"
        return lines_of(lambda: told(rules))

    checked(2)
    once, twice = checked(MANY), checked(2 * MANY)
    assert twice < once * 2.2, (once, twice)
