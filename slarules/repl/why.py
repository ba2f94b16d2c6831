"""Why, and why not: the reasons for a verdict, or for there being none, as trees from the engine's own explanation."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.engine.reasons.amounts import explain_amounts
from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.reason import Reason
from slarules.engine.reasons.whynot import why_not
from slarules.repl.answers import FAINT, PLAIN, QUOTED, STRONG, Line, Look, Part, line, of_state, remark
from slarules.repl.arguments import Target
from slarules.repl.judging import amounts_of, contract_of, evaluated, now_of, of_subject, readings_of
from slarules.repl.moving import Done
from slarules.repl.session import Session

BRANCHES = ("├─ ", "└─ ", "│  ", "   ")
IN_ASCII = ("|- ", "`- ", "|  ", "   ")


def why(session: Session, asked: Target, look: Look) -> Done:
    """``why T1.response``: the words, the rule, the clock stretch by stretch, and what would have kept it.

    ``why A1.fee``: what an amount comes to, line by line.
    """
    contract, case = contract_of(session), session.case
    question = (
        contract, readings_of(contract, case), case.events, now_of(case), asked.subject, asked.rule, case.supplied,
    )  # fmt: skip
    found = explain(*question, trying=asked.rule is not None)
    if asked.number is not None:
        found = tuple(one for one in found if f"{asked.rule}#{asked.number}:" in one.text)
    amounts = explain_amounts(*question)
    if not found and not amounts and asked.rule in amounts_of(contract):
        return Done(session, remark(f"  `{asked.rule}` is no amount of `{asked.subject}`"))
    if not found and not amounts:
        told = f"  `{asked}` did not arise: `why not {asked}` says what kept it" if asked.rule else (
            f"  no rule applies to `{asked.subject}`"
        )
        return Done(session, remark(told))
    if asked.rule is None:
        verdicts = of_subject(evaluated(contract, case), asked.subject)
        heads = [line(of_state(v.state, one.text)) for v, one in zip(verdicts, found, strict=False)]
        heads += [line(one.text) for one in amounts]
        return Done(session, (*heads, *remark(f"  `why {asked.subject}.RULE` says why")))
    parts: list[Part] = []
    for one in (*found, *amounts):
        parts += tree(one, look)
    return Done(session, tuple(parts))


def not_owed(session: Session, asked: Target, look: Look) -> Done:
    """``why not T1.daily_report``: what never set it off, which condition failed, which date had passed."""
    contract, case = contract_of(session), session.case
    now, readings = now_of(case), readings_of(contract, case)
    if asked.rule is None:
        return Done(session, remark(f"  say of which rule: `why not {asked.subject}.RULE`"), failed=True)
    found = why_not(contract, readings, case.events, now, asked.subject, asked.rule, supplied=case.supplied)
    return Done(session, tuple(tree(found, look)))


def tree(reason: Reason, look: Look) -> Iterator[Line]:
    """A reason and what supports it, each in lines that fit the width."""
    signs = IN_ASCII if look.ascii else BRANCHES
    for text in wrapped(reason.text, look.width):
        yield line((text, STRONG))
    yield from _grown(reason.parts, "", signs, look.width)


def _grown(parts: tuple[Reason, ...], before: str, signs: tuple[str, ...], width: int) -> Iterator[Line]:
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        style = QUOTED if part.text.startswith("“") else PLAIN
        beside = before + (signs[3] if last else signs[2])
        for row, text in enumerate(wrapped(part.text, width - len(before) - 3)):
            head = before + (signs[1] if last else signs[0]) if row == 0 else beside
            yield line((head, FAINT), (text, style))
        yield from _grown(part.parts, beside, signs, width)


def wrapped(text: str, width: int) -> list[str]:
    """The words over lines of at most ``width`` characters; a longer word stands alone."""
    rows = [""]
    for word in text.split():
        if rows[-1] and len(rows[-1]) + 1 + len(word) > max(20, width):
            rows.append(word)
        else:
            rows[-1] += f" {word}" if rows[-1] else word
    return rows
