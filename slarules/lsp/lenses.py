"""Code lenses: a scenario is run from the line above it, and its outcome is shown there and as a timeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsprotocol import types

from slarules.diagnostics import has_errors
from slarules.lsp import desk as desks
from slarules.lsp.definitions import SCENARIOS
from slarules.lsp.desk import Desk, Document
from slarules.lsp.places import Encoding, range_of
from slarules.scenario.reading import read_all
from slarules.scenario.report import timeline
from slarules.scenario.run import Outcome, run
from slarules.syntax.tree import Node

RUN = "slarules.runScenario"
"""The command; its one argument has the file's ``uri`` and the scenario's ``title`` and ``number``."""


def lenses(document: Document, encoding: Encoding) -> list[types.CodeLens]:
    """One lens for each scenario, with what came of its last run."""
    found = []
    for number, node in enumerate(_scenarios(document)):
        title = _title(node)
        last = document.outcomes.get(node.span.text.rstrip())
        said = "▶ run scenario" if last is None else f"{last} — run again"
        argument = {"uri": document.uri, "title": title.text, "number": number}
        found.append(types.CodeLens(range_of(title.span, encoding), types.Command(said, RUN, arguments=[argument])))
    return found


def _scenarios(document: Document) -> list[Node]:
    """The blocks that can be run; one with examples is one block, if any row of it could be read."""
    items = [item for item in desks.tree(document).items if item.kind in SCENARIOS]
    return [item for item in items if item.kind == "scenario" or item.first("scenario") is not None]


def _title(node: Node) -> Node:
    return (node if node.kind == "scenario" else node.one("scenario")).one("STRING")


def run_scenario(desk: Desk, argument: Any) -> dict[str, Any]:
    """Runs a scenario as the editor has it: ``title``, ``passed`` (None: it could not be run) and ``text``."""
    asked = argument if isinstance(argument, dict) else {}
    document = desk.at(str(asked.get("uri", "")))
    nodes = _scenarios(document) if document is not None else []
    title, number = asked.get("title"), asked.get("number")
    fitting = [node for at, node in enumerate(nodes) if _title(node).text == title and number in (None, at)]
    fitting = fitting or [node for node in nodes if _title(node).text == title]
    if document is None or not fitting:
        return _not_run(str(title), "there is no such scenario in the file any more")
    return _run(desk, document, fitting[0])


def _run(desk: Desk, document: Document, node: Node) -> dict[str, Any]:
    title = _title(node).text
    loaded = desks.load(desk, document)
    contract = loaded.policy.contract
    if contract is None or has_errors(loaded.file.diagnostics):
        wrong = [one for one in loaded.diagnostics if one.level.value == "error"]
        place = f"; the first: line {wrong[0].span.line}, {wrong[0].message}" if wrong else ""
        return _not_run(title, f"the policy has errors{place}")
    scripts, problems = read_all(contract, node.all("scenario") if node.kind == "scenario_with_examples" else [node])
    if not scripts:
        return _not_run(title, "; ".join(f"line {one.span.line}, {one.message}" for one in problems))
    outcomes = [run(contract, script) for script in scripts]
    document.outcomes[node.span.text.rstrip()] = _said(outcomes)
    text = "\n\n".join("\n".join(_timeline(outcome, _said([outcome]))) for outcome in outcomes)
    return {"title": title, "passed": all(one.passed for one in outcomes), "text": text}


def _said(outcomes: list[Outcome]) -> str:
    """What came of one scenario, or of all rows of one with examples."""
    count = sum(one.expectations for one in outcomes)
    failed = sum(step.judged is not None and not step.judged.holds for one in outcomes for step in one.steps)
    of = f"{count} expectation" + ("s" if count != 1 else "")
    return f"✗ {failed} of {of} failed" if failed else f"✓ passed, {of}"


def _not_run(title: str, why: str) -> dict[str, Any]:
    return {"title": title, "passed": None, "text": f"{title}\nnot run: {why}"}


def _timeline(outcome: Outcome, said: str) -> Iterator[str]:
    """The scenario line by line: when, what happened or is expected, and what was seen."""
    script = outcome.script
    yield f"{script.title}: {said}"
    yield f"times in {script.zone}" + "".join(f", {name} is {option}" for name, option in script.readings.items())
    rows = timeline(outcome)
    told = [(row.date, row.time, row.happened or f"expect {row.expected}", row) for row in rows]
    wide = max((len(what) for _, _, what, _ in told), default=0)
    for day, time, what, row in told:
        mark = {None: "", True: "✓ as expected", False: f"✗ {row.seen}"}[row.holds]
        yield f"{day:<10}  {time:<8}  {what:<{wide}}  {mark}".rstrip()
