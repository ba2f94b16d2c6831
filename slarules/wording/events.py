"""Events in words: "the request is acknowledged by Trak", "an update on the request has been given"."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from slarules.model.contract import Terms
from slarules.model.expression import Pattern
from slarules.model.rules import Duty, Prohibition, Right
from slarules.wording.grammar import listed, words
from slarules.wording.voice import AGREEMENT, Voice

_SAID = {
    "opened": ("{}", "opened"), "asked": ("a question about {}", "asked"), "acknowledged": ("{}", "acknowledged"),
    "responded": ("{}", "responded to"), "updated": ("an update on {}", "given"),
    "severity_changed": ("the severity of {}", "changed"), "severity_confirmed": ("the severity of {}", "confirmed"),
    "waiting": ("{}", "set to waiting"),
    "resumed": ("work on {}", "resumed"), "workaround": ("a workaround for {}", "given"),
    "resolved": ("{}", "resolved"), "closed": ("{}", "closed"), "reopened": ("{}", "reopened"),
    "cancelled": ("{}", "cancelled"), "escalated": ("{}", "escalated"), "reported": ("a report on {}", "made"),
    "out_of_scope": ("{}", "found to be outside the contract"), "started": ("{}", "started"),
    "renewal_notice": ("notice of renewal of {}", "given"), "invoiced": ("an invoice under {}", "sent"),
    "purchase_order_received": ("a purchase order under {}", "received"), "paid": ("a payment under {}", "made"),
    "hours_purchased": ("a purchase of hours under {}", "made"), "hours_logged": ("time worked under {}", "logged"),
    "contact_designated": ("a person", "designated for a role under {}"),
    "contact_removed": ("a person", "removed from a role under {}"), "terms_changed": ("the terms of {}", "changed"),
    "terminated": ("{}", "terminated"), "agreed": ("an agreement on {}", "reached"),
    "elected": ("an election on {}", "made"), "notified": ("notice on {}", "given"),
    "recorded": ("something about {}", "recorded"), "corrected": ("a record of {}", "corrected"),
    "retracted": ("a record of {}", "withdrawn"),
}
"""Built-in type of event → what is done something to, and what is done."""
_OF_THE_AGREEMENT = {"notified": ("notice under {}", "given"), "elected": ("an election under {}", "made"),
                     "agreed": ("an agreement under {}", "reached")}
_IRREGULAR = frozenset(("held", "sent", "given", "done", "made", "put", "found", "built", "sold", "bought", "begun"))


def any_of(patterns: Sequence[Pattern], voice: Voice, first: bool = False) -> str:
    """`the request is acknowledged, responded to or resolved by Trak`; what differs in more is said in full."""
    groups: dict[tuple[str, str], list[str]] = {}
    for pattern in patterns:
        clause = _clause(pattern, voice, first)
        groups.setdefault((clause.subject, clause.by), []).append(clause.participle)
    return listed((f"{subject} is {listed(done, 'or')}{by}" for (subject, by), done in groups.items()), "or")


@frozen
class _Clause:
    """An event as subject and participle, so that it can be said in any tense."""

    subject: str
    participle: str
    by: str
    """`` by Trak``, or nothing."""


def happens(pattern: Pattern, voice: Voice, first: bool = False) -> str:
    """`the request is opened by Customer`; with ``first``, `a request`."""
    clause = _clause(pattern, voice, first)
    return f"{clause.subject} is {clause.participle}{clause.by}"


def has_happened(pattern: Pattern, voice: Voice, negated: bool = False) -> str:
    """`the request has been acknowledged by Trak`, `… has not been …`."""
    clause = _clause(pattern, voice, False)
    return f"{clause.subject} has {'not ' if negated else ''}been {clause.participle}{clause.by}"


def _clause(pattern: Pattern, voice: Voice, first: bool) -> _Clause:
    event = voice.terms.events.get(pattern.type)
    kind = event.kind if event is not None and event.kind is not None else voice.kind
    it = voice.some(kind) if first else voice.the(kind)
    by = f" by {words(pattern.by)}" if pattern.by else ""
    said = _SAID.get(pattern.type)
    if kind == AGREEMENT:
        said = _OF_THE_AGREEMENT.get(pattern.type, said)
    if said is not None and (event is None or event.title is None):
        return _Clause(said[0].format(it), said[1].format(it), by)
    if _is_done_to_it(pattern.type, voice.terms):
        return _Clause(it, words(pattern.type), by)
    return _Clause(f"“{words(pattern.type)}”{by}", f"recorded of {it}", "")


def _is_done_to_it(type: str, terms: Terms) -> bool:
    """Whether a declared event is something done to its subject, told by a rule that says so: `apply release`."""
    if "_" in type or not (type.endswith("ed") or type in _IRREGULAR):
        return False
    event = terms.events.get(type)
    if event is None or event.act is None:
        return False
    rules: tuple[Duty | Prohibition | Right, ...] = (
        *terms.duties.values(), *terms.prohibitions.values(), *terms.rights.values(),
    )
    return any(rule.act == event.act and rule.object is not None and rule.object in (rule.kind, event.kind)
               for rule in rules)
