"""What a policy allows: ``-- allow NAME: reason`` lets a finding stand, if the reason is told and there is one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from slarules.diagnostics import Edit, Level, nearest
from slarules.lint.examined import Examined
from slarules.lint.finding import Finding, Found, Rule, finding
from slarules.source import Source, Span
from slarules.syntax.layout import Line, lay_out

ALLOW = re.compile(r"--\s*allow\b\s*(?P<names>[\w-]+(?:\s*,\s*[\w-]+)*)?\s*(?P<colon>:\s*(?P<reason>.*))?$")
"""A comment that allows; ``-- allow two hours for it`` is a comment like any other."""


@frozen
class Allowed:
    """One rule that a comment allows, and where."""

    comment: Span
    name: Span | None
    """The rule's name in the comment; None where none is named."""
    reason: str
    lines: tuple[int, int] | None
    """The offsets of the line that it speaks of; None where it speaks of none."""


def allowed(source: Source) -> tuple[Allowed, ...]:
    """Every rule that the comments of a policy allow, with the line that each speaks of.

    A comment at the end of a line speaks of that line, a comment by itself of the next line of the policy.
    """
    layout, _ = lay_out(source)
    ends = [source.line_of(max(line.start, line.end - 1)) for line in layout.lines]
    found: list[Allowed] = []
    for comment in layout.comments:
        said = ALLOW.match(comment.text.rstrip())
        if said is None or (said["names"] is None and said["colon"] is None):
            continue
        at = _spoken_of(comment, layout.lines, ends)
        reason = (said["reason"] or "").strip()
        if said["names"] is None:
            found.append(Allowed(comment, None, reason, at))
            continue
        begin = comment.start + said.start("names")
        for word in re.finditer(r"[\w-]+", said["names"]):
            found.append(Allowed(comment, Span(source, begin + word.start(), begin + word.end()), reason, at))
    return tuple(found)


def _spoken_of(comment: Span, lines: Sequence[Line], ends: Sequence[int]) -> tuple[int, int] | None:
    """The line on which a comment stands, or the next; ``ends`` are the numbers of the lines' last ones."""
    place = bisect_left(ends, comment.line)
    return (lines[place].start, lines[place].end) if place < len(lines) else None


def sorted_out(
    findings: Iterable[Finding], source: Source, ran: Mapping[str, Rule], known: Collection[str], sound: bool
) -> tuple[tuple[Finding, ...], tuple[tuple[Finding, str], ...]]:
    """The findings that stand, with those about the comments themselves; and those allowed, each with the reason.

    ``ran`` are the rules that were asked for, by name; ``known`` the names of all. Only where the policy is ``sound``
    (without errors) is it known that a comment allows nothing.
    """
    comments = allowed(source)
    by_line: dict[tuple[int, str | None], list[Allowed]] = {}
    for comment in comments:
        if comment.lines is not None and comment.reason:
            by_line.setdefault((comment.lines[0], _text(comment)), []).append(comment)
    starts = sorted({start for start, _ in by_line})
    standing: list[Finding] = []
    let: list[tuple[Finding, str]] = []
    used: set[Allowed] = set()
    for one in findings:
        span = one.diagnostic.span
        place = bisect_right(starts, span.start) - 1
        near = by_line.get((starts[place], one.rule.name), []) if place >= 0 and span.source is source else []
        fitting = [comment for comment in near if comment.lines is not None and span.start <= comment.lines[1]]
        used.update(fitting)
        if fitting:
            let.append((one, fitting[0].reason))
        else:
            standing.append(one)
    told = [*_without_reason(comments), *_unknown(comments, known)]
    if sound:
        told += _idle(comment for comment in comments if comment not in used and _text(comment) in ran)
    standing += [finding(rule, found) for rule, found in told if rule.name in ran]
    return tuple(standing), tuple(let)


def _text(comment: Allowed) -> str | None:
    return comment.name.text if comment.name is not None else None


def _without_reason(comments: Iterable[Allowed]) -> Iterator[tuple[Rule, Found]]:
    for comment in dict.fromkeys(one.comment for one in comments if not one.reason):
        help = "say why it may stand: `-- allow NAME: because …`"
        yield WITHOUT_REASON, Found(comment, "this allows without a reason", help)


def _unknown(comments: Iterable[Allowed], known: Collection[str]) -> Iterator[tuple[Rule, Found]]:
    for one in comments:
        if one.name is None:
            help = "name the rule: `-- allow NAME: because …`"
            yield UNKNOWN_RULE, Found(one.comment, "this allows no rule", help)
        elif one.name.text not in known:
            near = nearest(one.name.text, known)
            help = f"did you mean `{near}`?" if near else "`slarules lint --rules` lists them"
            edit = Edit(one.name, near) if near else None
            yield UNKNOWN_RULE, Found(one.name, f"there is no rule `{one.name.text}`", help, edit=edit)


def _idle(comments: Iterable[Allowed]) -> Iterator[tuple[Rule, Found]]:
    for one in comments:
        if one.name is not None and one.reason:
            help = "remove the comment: it would hide what comes later"
            yield ALLOWS_NOTHING, Found(one.name, f"there is nothing here for `{one.name.text}` to allow", help)


def _beside_the_others(_: Examined) -> tuple[Found, ...]:
    """Comments are looked at beside the findings of the other rules, in ``sorted_out``."""
    return ()


WITHOUT_REASON = Rule(
    "L0001", "allow-without-reason", Level.WARNING, "a comment that allows a finding and does not say why",
    _beside_the_others,
)
UNKNOWN_RULE = Rule(
    "L0002", "allow-unknown-rule", Level.WARNING, "a comment that allows a rule that there is not",
    _beside_the_others,
)
ALLOWS_NOTHING = Rule(
    "L0003", "allow-nothing", Level.WARNING, "a comment that allows a finding that is not there",
    _beside_the_others,
)
RULES: tuple[Rule, ...] = (WITHOUT_REASON, UNKNOWN_RULE, ALLOWS_NOTHING)
