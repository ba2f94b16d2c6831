"""What ``slarules test`` gives other programs: JSON, and JUnit's XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.cli.tried import Tried, Update
from slarules.diagnostics import Level
from slarules.scenario.coverage import Coverage
from slarules.scenario.report import timeline
from slarules.scenario.run import Outcome
from slarules.version import __version__


def as_data(
    tried: Sequence[Tried],
    show_all: bool = False,
    reached: Sequence[Coverage] | None = None,
    updates: Sequence[Update] | None = None,
) -> dict[str, Any]:
    """The result as ``test.schema.json`` says; passing scenarios have their timeline only if asked for."""
    data: dict[str, Any] = {
        "command": "test",
        "version": __version__,
        "passed": sum(len(one.outcomes) - len(one.failed) for one in tried),
        "failed": sum(len(one.failed) for one in tried),
        "files": [
            {
                "path": one.path,
                "diagnostics": [output.diagnostic_json(d) for d in one.diagnostics],
                "scenarios": [_scenario(outcome, show_all) for outcome in one.outcomes],
            }
            for one in tried
        ],
    }
    if reached is not None:
        data["coverage"] = [_coverage(one) for one in reached]
    if updates is not None:
        data["updates"] = [_update(one) for one in updates]
    return data


def _scenario(outcome: Outcome, show_all: bool) -> dict[str, Any]:
    rows = timeline(outcome) if show_all or not outcome.passed else ()
    return {
        "title": outcome.script.title,
        "line": outcome.script.span.line,
        "zone": outcome.script.zone,
        "passed": outcome.passed,
        "expectations": outcome.expectations,
        "timeline": [
            {
                "line": row.span.line,
                "date": row.date,
                "time": row.time,
                "happened": row.happened,
                "expected": row.expected,
                "seen": row.seen,
                "holds": row.holds,
            }
            for row in rows
        ],
    }


def _coverage(one: Coverage) -> dict[str, Any]:
    return {
        "policy": one.policy,
        "scenarios": one.scenarios,
        "shares": {s.kind: {"reached": s.reached, "of": s.of, "percent": s.percent} for s in one.shares},
        "missed": [
            {
                "kind": missed.kind,
                "name": missed.name,
                "line": missed.span.line,
                "column": missed.span.column,
                "words": missed.words,
                "never": list(missed.answers),
            }
            for missed in one.missed
        ],
        "unexpected": [{"name": r.name, "sort": r.sort, "line": r.span.line} for r in one.unexpected],
    }


def _update(one: Update) -> dict[str, Any]:
    return {
        "path": one.path,
        "amended": one.amended,
        "diff": one.diff,
        "refused": [{"line": r.span.line, "reason": r.reason} for r in one.refused],
        "problem": one.problem,
    }


# ---- JUnit ----------------------------------------------------------------------------------------------------


def junit(tried: Sequence[Tried]) -> bytes:
    """The result as JUnit's XML: a suite for each file, a case for each scenario; no times, so always the same."""
    ran = sum(len(one.outcomes) for one in tried)
    suites = ElementTree.Element("testsuites", name="slarules test", tests=str(ran))
    for key, counts in (("failures", [len(one.failed) for one in tried]), ("errors", [_errors(one) for one in tried])):
        suites.set(key, str(sum(counts)))
    for one in tried:
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=clean(one.path),
            tests=str(len(one.outcomes)),
            failures=str(len(one.failed)),
            errors=str(_errors(one)),
            skipped="0",
        )
        _wrong(suite, one)
        for outcome in one.outcomes:
            _case(suite, one.path, outcome)
    ElementTree.indent(suites)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + ElementTree.tostring(suites, encoding="unicode").encode("utf-8") + b"\n"


def _errors(one: Tried) -> int:
    return int(any(d.level is Level.ERROR for d in one.diagnostics))


def _wrong(suite: ElementTree.Element, one: Tried) -> None:
    """Mistakes in the file are a case of their own, so that nobody takes it for passed."""
    found = [d for d in one.diagnostics if d.level is Level.ERROR]
    if not found:
        return
    case = ElementTree.SubElement(suite, "testcase", classname=clean(one.path), name="the file can be read")
    told = "\n".join(clean(f"{d.span}: {d.code} {d.message}") for d in found)
    ElementTree.SubElement(case, "error", message=clean(found[0].message), type=found[0].code).text = told


def _case(suite: ElementTree.Element, path: str, outcome: Outcome) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=clean(path),
        name=clean(outcome.script.title),
        file=clean(path),
        line=str(outcome.script.span.line),
    )
    wrong = [row for row in timeline(outcome) if row.holds is False]
    if wrong:
        told = "\n".join(
            clean(f"{path}:{row.span.line}: expected {row.expected}; seen: {row.seen}") for row in wrong
        )
        first = clean(f"expected {wrong[0].expected}; seen: {wrong[0].seen}")
        ElementTree.SubElement(case, "failure", message=first, type="expectation").text = told
