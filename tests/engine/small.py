"""Small contracts and logs for tests of the engine, written in the language."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from slarules.calendars.zones import instant
from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.model.event import Event, Raw
from slarules.model.verdict import Evaluation, Verdict
from slarules.resolve.build import resolve
from slarules.scenario.reading import read_all
from slarules.source import Source
from slarules.syntax.parse import parse

ZONE = "America/Denver"
HEAD = f"""slarules 1

contract Small "Small"
  provider Desk   "the desk"
  customer Client "the client"
  zone {ZONE}
  a ticket is called "request"

"""


@cache
def contract(rules: str) -> Contract:
    """The contract of these rules; fails where they are mistaken."""
    source = Source("small.sla", HEAD + rules)
    tree, spelling = parse(source)
    found, problems = resolve(tree, source, None)
    assert found is not None and not spelling, [f"{d.span}: {d.code} {d.message}" for d in (*spelling, *problems)]
    return found


def told(rules: str) -> set[str]:
    """The codes of what is wrong with these rules, besides that no source is named."""
    source = Source("small.sla", HEAD + rules)
    tree, spelling = parse(source)
    _, problems = resolve(tree, source, None)
    return {d.code for d in (*spelling, *problems)} - {"W0701"}


def at(text: str) -> int:
    """The instant of ``2026-03-02 08:00`` in the contract's zone."""
    return instant(datetime.fromisoformat(text), ZONE)


def log(rules: str, lines: str) -> list[Event]:
    """The events of a scenario's lines."""
    body = "\n".join("  " + line.strip() for line in lines.strip().splitlines())
    source = Source("log.sla", f'slarules 1\nscenarios of "small.sla"\nscenario "x" in {ZONE}\n{body}\n')
    tree, spelling = parse(source)
    scripts, problems = read_all(contract(rules), tree.items)
    assert scripts and not spelling, [f"{d.span}: {d.message}" for d in (*spelling, *problems)]
    return [line.event for line in scripts[0].lines if line.event is not None]


def judged(rules: str, lines: str, as_of: str) -> Evaluation:
    """The evaluation of a scenario's lines as of an instant."""
    return evaluate(contract(rules), None, log(rules, lines), at(as_of))


def one(evaluation: Evaluation, label: str, subject: str = "T1") -> Verdict:
    """The verdict with this label; fails where there is none."""
    found = [v for v in evaluation.verdicts if (v.subject, v.label) == (subject, label)]
    assert len(found) == 1, [v.label for v in evaluation.verdicts]
    return found[0]


def event(
    id: str, type: str, when: str, actor: str | None = "Desk", subject: str = "T1", **facts: Raw
) -> Event:
    """An event, also one that no scenario could write."""
    return Event(id, subject, type, at(when), actor, facts)
