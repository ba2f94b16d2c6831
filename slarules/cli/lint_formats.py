"""What ``slarules lint`` prints for other programs: JSON, SARIF 2.1.0, GitHub's annotations, JUnit."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from slarules.analysis.linting import Linted
from slarules.analysis.rules import RULES
from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.cli.lint_text import example
from slarules.diagnostics import Diagnostic, Level
from slarules.lint.finding import Finding, Rule
from slarules.source import Span
from slarules.version import __version__

SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def rules_as_json() -> None:
    """The rules, as ``lint.schema.json`` says."""
    rules = [{"code": r.code, "name": r.name, "level": r.level.value, "says": r.says} for r in RULES]
    output.as_json({"command": "lint", "version": __version__, "rules": rules})


# ---- JSON ---------------------------------------------------------------------------------------------------


def as_data(done: Sequence[Linted]) -> dict[str, Any]:
    """The result as ``lint.schema.json`` says."""
    counts = output.levels(f.diagnostic for one in done for f in one.findings)
    return {
        "command": "lint",
        "version": __version__,
        "files": [
            {
                "path": one.loaded.path,
                "contract": one.loaded.contract.name if one.loaded.contract else None,
                "errors": [output.diagnostic_json(d) for d in _errors(one)],
                "findings": [_finding(one, n, finding) for n, finding in enumerate(one.findings)],
                "suppressed": [
                    {"rule": f.rule.name, **output.diagnostic_json(f.diagnostic), "reason": reason}
                    for f, reason in one.allowed
                ],
            }
            for one in done
        ],
        "warnings": counts[Level.WARNING],
        "notes": counts[Level.NOTE],
        "suppressed": sum(len(one.allowed) for one in done),
    }


def _finding(one: Linted, number: int, finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.name,
        **output.diagnostic_json(finding.diagnostic),
        "counterexample": None
        if finding.witness is None
        else {"told": finding.witness.told, "lines": list(_example(one, number))},
    }


def _errors(one: Linted) -> Iterator[Diagnostic]:
    return (d for d in one.loaded.diagnostics if d.level is Level.ERROR)


def _example(one: Linted, number: int) -> Iterator[str]:
    """The lines of a finding's counterexample; none where it has none."""
    witness = one.findings[number].witness
    if witness is not None and one.loaded.contract is not None:
        yield from example(one.loaded.contract, witness, one.shown[number])


def _told(one: Linted, number: int) -> str:
    """A finding over several lines of plain words."""
    finding = one.findings[number]
    lines = [finding.diagnostic.message]
    if finding.diagnostic.help:
        lines.append(f"help: {finding.diagnostic.help}")
    if finding.witness is not None:
        lines += [f"counterexample: {finding.witness.told}", *(f"  {line}" for line in _example(one, number))]
    return "\n".join(map(clean, lines))


# ---- SARIF --------------------------------------------------------------------------------------------------


def as_sarif(done: Sequence[Linted], only: Collection[str]) -> dict[str, Any]:
    """A SARIF 2.1.0 log: the rules that ran, their findings, those suppressed with a reason, and errors."""
    rules = [rule for rule in RULES if rule.name in only]
    place = {rule.code: n for n, rule in enumerate(rules)}
    results = [
        _result(finding.diagnostic, place, _told(one, n)) for one in done for n, finding in enumerate(one.findings)
    ]
    for one in done:
        for finding, reason in one.allowed:
            result = _result(finding.diagnostic, place, clean(finding.diagnostic.message))
            results.append({**result, "suppressions": [{"kind": "inSource", "justification": clean(reason)}]})
    errors = [d for one in done for d in _errors(one)]
    driver = {"name": "slarules", "semanticVersion": __version__, "rules": [_descriptor(rule) for rule in rules]}
    invocation: dict[str, Any] = {"executionSuccessful": not errors}
    if errors:
        invocation["toolExecutionNotifications"] = [
            {
                "level": "error",
                "message": {"text": clean(d.message)},
                "descriptor": {"id": d.code},
                "locations": [_location(d.span)],
            }
            for d in errors
        ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    }
    return {"$schema": SARIF, "version": "2.1.0", "runs": [run]}


def _descriptor(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.says},
        "help": {"text": f"`slarules explain-code {rule.code}` tells what to avoid, what to prefer, and why"},
        "defaultConfiguration": {"level": rule.level.value},
    }


def _result(diagnostic: Diagnostic, place: dict[str, int], told: str) -> dict[str, Any]:
    related = [
        {**_location(span), "id": n, "message": {"text": clean(label)}}
        for n, (span, label) in enumerate(diagnostic.related, 1)
    ]
    found: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": place[diagnostic.code],
        "level": diagnostic.level.value,
        "message": {"text": told},
        "locations": [_location(diagnostic.span)],
    }
    if related:
        found["relatedLocations"] = related
    if diagnostic.edit is not None:
        edit = diagnostic.edit
        change = {
            "artifactLocation": {"uri": _uri(edit.span.source.name)},
            "replacements": [{"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}],
        }
        found["fixes"] = [{"artifactChanges": [change]}]
    return found


def _location(span: Span) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(span.source.name)}}
    if span.source.text:
        place["region"] = _region(span)
    return {"physicalLocation": place}


def _region(span: Span) -> dict[str, int]:
    line, column, end_line, end_column = _ends(span)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _ends(span: Span) -> tuple[int, int, int, int]:
    """Line and column of the first character, and of the one after the last; all from 1."""
    end_line = span.source.line_of(span.end)
    return span.line, span.column, end_line, span.end - span.source.line_starts[end_line - 1] + 1


def _uri(name: str) -> str:
    """A file as a URI: relative as it was named, or ``file:///…``."""
    path = PurePath(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


# ---- GitHub -------------------------------------------------------------------------------------------------


def as_github(done: Sequence[Linted]) -> None:
    """One workflow command a finding, which GitHub shows beside the line."""
    for one in done:
        for diagnostic in _errors(one):
            _annotation(diagnostic, diagnostic.code, clean(diagnostic.message))
        for number, finding in enumerate(one.findings):
            _annotation(finding.diagnostic, f"{finding.rule.code} {finding.rule.name}", _told(one, number))


def _annotation(diagnostic: Diagnostic, title: str, told: str) -> None:
    level = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}[diagnostic.level]
    line, column, end_line, end_column = _ends(diagnostic.span)
    where: dict[str, object] = {"file": diagnostic.span.source.name, "line": line, "endLine": end_line}
    if line == end_line:  # GitHub takes columns on one line only
        where |= {"col": column, "endColumn": end_column}
    said = ",".join(f"{key}={_property(str(value))}" for key, value in {**where, "title": title}.items())
    sys.stdout.write(f"::{level} {said}::{_data(told)}\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# ---- JUnit --------------------------------------------------------------------------------------------------


def as_junit(done: Sequence[Linted], only: Collection[str], fatal: Collection[Level]) -> None:
    """A suite a policy, a case a rule: failed where it finds something of these levels, skipped where suppressed."""
    suites = ElementTree.Element("testsuites", name="slarules lint")
    for one in done:
        suite = ElementTree.SubElement(suites, "testsuite", name=clean(one.loaded.path))
        errors = list(_errors(one))
        if errors:
            case = ElementTree.SubElement(suite, "testcase", classname=clean(one.loaded.path), name="without errors")
            _put(case, "error", [(f"{d.span}: {clean(d.message)}", d.code) for d in errors])
        for rule in RULES:
            if rule.name in only:
                _case(suite, one, rule, fatal)
        for tag, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(tag, str(len(suite.findall(f"testcase/{kind}"))))
        suite.set("tests", str(len(suite)))
    for tag in ("tests", "failures", "errors", "skipped"):
        suites.set(tag, str(sum(int(suite.get(tag, "0")) for suite in suites)))
    ElementTree.indent(suites)
    sys.stdout.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    sys.stdout.write(ElementTree.tostring(suites, encoding="unicode") + "\n")


def _case(suite: ElementTree.Element, one: Linted, rule: Rule, fatal: Collection[Level]) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=clean(one.loaded.path), name=rule.name)
    told = [
        (f"{finding.diagnostic.span}: {_told(one, number)}", rule.code)
        for number, finding in enumerate(one.findings) if finding.rule is rule
    ]
    reasons = [(f"{f.diagnostic.span}: {clean(reason)}", rule.code) for f, reason in one.allowed if f.rule is rule]
    if told:
        _put(case, "failure" if rule.level in fatal else "system-out", told)
    elif reasons:
        _put(case, "skipped", reasons)


def _put(case: ElementTree.Element, tag: str, told: Sequence[tuple[str, str]]) -> None:
    element = ElementTree.SubElement(case, tag)
    if tag != "system-out":
        element.set("message", told[0][0].split("\n")[0])
    if tag in ("failure", "error"):
        element.set("type", told[0][1])
    element.text = "\n\n".join(text for text, _ in told)
