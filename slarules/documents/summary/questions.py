"""What a reader is asked: each ambiguity at the first rule that it decides, each finding where it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from slarules.documents.blocks import Remark
from slarules.documents.summary.register import Entry, Register
from slarules.documents.summary.statements import Remarks
from slarules.lint.finding import Finding
from slarules.model.rules import Option, Reading
from slarules.wording.grammar import finished, quoted, words


def asked(found: Register, findings: Iterable[Finding]) -> tuple[Remarks, tuple[Finding, ...]]:
    """The remarks at each statement, and the findings that belong to none.

    Each reading is asked about once: at the first rule that names it, else where the reading itself is told.
    """
    remarks: dict[str, tuple[Remark, ...]] = {}
    answered: set[str] = set()
    for entry in found.entries:
        if entry.sort == "reading":
            continue
        for name in entry.readings:
            if name not in answered:
                answered.add(name)
                remarks[entry.anchor] = (*remarks.get(entry.anchor, ()), of_reading(found.contract.readings[name]))
    for name, reading in found.contract.readings.items():
        if name not in answered:
            remarks[found.anchors[0, "reading", name]] = (of_reading(reading),)
    homeless: list[Finding] = []
    for finding in findings:
        entry_of = where_found(found, finding)
        if entry_of is None:
            homeless.append(finding)
        else:
            remarks[entry_of.anchor] = (*remarks.get(entry_of.anchor, ()), of_finding(finding))
    return remarks, tuple(homeless)


def where_found(found: Register, finding: Finding) -> Entry | None:
    """The innermost entry in whose lines of the policy a finding stands."""
    span = finding.diagnostic.span
    inside = [entry for entry in found.entries if entry.span.start <= span.start < entry.span.end]
    return min(inside, key=lambda entry: entry.span.end - entry.span.start, default=None)


def of_reading(reading: Reading) -> Remark:
    """An ambiguity as a question to be answered."""
    said = [reading.question]
    if reading.adopted:
        chosen = next(option for option in reading.options if option.name == reading.adopted)
        said.append(f"Read here as {_way(chosen)}{_because(reading.because)}")
    others = [option for option in reading.options if option.name != reading.adopted]
    said += [finished(f"{'or' if n or reading.adopted else 'either'}: {_way(one)}") for n, one in enumerate(others)]
    if reading.changes_nothing is not None:
        said.append(finished(f"nothing hangs on it, because {reading.changes_nothing}"))
    return Remark("ambiguity", words(reading.name), "\n".join(said))


def _way(option: Option) -> str:
    return quoted(option.name) + (f" ({option.why})" if option.why else "")


def _because(why: str) -> str:
    return finished(f", because {why}") if why else "."


def of_finding(finding: Finding) -> Remark:
    """A finding of lint as something to be looked at."""
    found = finding.diagnostic
    said = [finished(_told(found.message))]
    if finding.witness is not None:
        said.append(finished(f"a case that shows it: {_told(finding.witness.told)}"))
    if found.help:
        said.append(finished(_told(found.help)))
    return Remark("finding", f"{finding.rule.code} {finding.rule.name}", "\n".join(said))


def _told(text: str) -> str:
    """What the user wrote stands in quotation marks instead of backticks."""
    return re.sub(r"`([^`\n]*)`", r"“\1”", text)
