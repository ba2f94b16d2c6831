"""The sign-off: what the parties put their names to."""

from __future__ import annotations

from slarules.documents.blocks import Paragraph, Section, SignOff, plain
from slarules.documents.summary.front import signing
from slarules.documents.summary.register import Register


def section(found: Register) -> Section:
    """One block with a line for each party that signs."""
    many = sum(reading.changes_nothing is None for reading in found.contract.readings.values())
    readings = (
        f" This includes the {many} ambiguities on which something hangs, each as it is read here."
        if many > 1 else " This includes the ambiguity on which something hangs, as it is read here." if many else ""
    )
    says = (
        f"We have read this summary of {found.contract.title}. Each rule in it says what the words beside it mean to "
        f"us.{readings}"
    )
    before = "Before signing, answer each ambiguity and each finding: another answer is a change of the policy."
    blocks = (Paragraph(plain(before), "note"), SignOff(plain(says), signing(found.contract)))
    return Section("Sign-off", "sign-off", blocks, new_page=True)
