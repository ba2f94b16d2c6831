"""What lint found in the policy, each finding with the rule that it was found in."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.documents.blocks import Block, Cell, Grid, Link, Paragraph, Run, Section, cells, plain
from slarules.documents.summary.questions import of_finding, where_found
from slarules.documents.summary.register import Register
from slarules.lint.finding import Finding


def section(found: Register, findings: Sequence[Finding], homeless: Sequence[Finding]) -> Section | None:
    """A grid of all findings, and a remark for each that no rule bears; None where there is none."""
    if not findings:
        return None
    rows = []
    for finding in findings:
        entry = where_found(found, finding)
        remark = of_finding(finding)
        at = Link(remark.title, entry.anchor) if entry is not None else Run(remark.title)
        rows.append((Cell((at,)), Cell(plain(remark.text))))
    says = (
        "The policy may say each of these and had better not. Each is asked about at the rule in which it was found; "
        "the pages of the rules tell what they look for."
    )
    blocks: list[Block] = [Paragraph(plain(says))]
    blocks.append(Grid("What lint found", cells("Finding", "What is to be looked at"), tuple(rows), (1, 4)))
    blocks += [Paragraph(plain(of_finding(one).title), remarks=(of_finding(one),)) for one in homeless]
    return Section("What is still to be looked at", "findings", tuple(blocks))
