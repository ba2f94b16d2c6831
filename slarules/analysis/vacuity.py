"""Conditions that never hold or always do, words that others make idle, and exceptions that leave nothing over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from slarules.analysis import questions
from slarules.analysis.guards import NOT_DECIDED, Guarded, Line, Part, Told, guarded, named, parts, too_large, without
from slarules.analysis.moments import versions_of
from slarules.analysis.points import Goal, TooLarge, ask, is_false, is_true
from slarules.analysis.stories import story
from slarules.analysis.trials import indoors, kind_of, promises, sampled, shown, space_for, spread, sure, witness_of
from slarules.lint.domain import keys_of
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Seen, Witness
from slarules.model.expression import AllOf, Condition, Literal
from slarules.model.rules import Duty, Scope, SeverityLevel
from slarules.source import Span

LONGEST = 80
"""Letters of a condition that are said in a message; a longer one is only pointed at."""
SHADOWED, NEVER, ALWAYS, SWALLOWED = "shadowed-rule", "never-holds", "always-holds", "exclusion-swallows"


@lru_cache(maxsize=2)
def everything(examined: Examined) -> tuple[Told, ...]:
    """What is told of each rule, looked for once."""
    found: list[Told] = []
    if examined.contract is None:
        return ()
    for adopted in versions_of(examined.contract):
        for ones, frees in guarded(examined, adopted):
            try:
                found += _of_rule(examined, ones[0], frees)
            except TooLarge:
                found.append((NOT_DECIDED, too_large(examined, ones[0])))
    return tuple(found)


Frees = tuple[Guarded, ...]
"""A rule at each of its triggers, every reading left open."""


def _of_rule(examined: Examined, one: Guarded, frees: Frees) -> Iterator[Told]:
    """What is so at every trigger and under every reading: what another one calls up is neither dead nor idle."""
    if not one.lines and not isinstance(one.rule, Duty):
        return
    if all(questions.is_dead(free) for free in frees):
        if all(questions.swallowed(free) for free in frees):
            yield SWALLOWED, _dead(examined, one, "its exceptions take all of it")
        else:
            yield NEVER, _dead(examined, one)
        return
    if isinstance(one.rule, Duty) and all(questions.outside(free) for free in frees):
        yield SWALLOWED, _left_outside(examined, one)
    left = [one, *frees]
    for at in reversed(range(len(one.lines))):
        line = one.lines[at]
        if line.kind == "when" and len(frees) > 1:
            continue  # each trigger has its own
        asks = line.kind not in ("outside", "applies")
        if asks and all(questions.idle(free, at) for free in left[1:]):
            yield _idle_line(left, at)
            left[:] = [free.replaced(at, Literal(True)) for free in left]
        else:
            yield from _of_parts(left, at)


def _idle_line(left: list[Guarded], at: int) -> Told:
    """``left`` is the rule as it stands and as its readings leave it, without the words that were told already."""
    one, frees = left[0], left[1:]
    line = one.lines[at]
    unless = line.kind == "unless"
    alone = all(questions.alone(free, at, not unless) for free in frees)
    mend = "leave it out, or mend its condition"
    if not unless:
        message = "always holds" if alone else "holds wherever the other conditions hold"
        return ALWAYS, _told_idle(one, at, f"{_words(line)} {message}", mend)
    if alone:
        return NEVER, _told_idle(one, at, f"{_words(line)} is never so: this excepts nothing", mend)
    message = f"{_words(line)} excepts nothing more: where it is so, another line excludes the rule already"
    return SHADOWED, _told_idle(one, at, message, "leave it out, or mend the line that comes before it")


def _of_parts(left: list[Guarded], at: int) -> Iterator[Told]:
    """Outer parts first, and later ones before earlier ones; what is told is passed over from then on."""
    line = left[0].lines[at]
    told: list[Part] = []
    for part in sorted(parts(line), key=lambda part: (len(part.path), [-n for n in part.path])):
        path = part.path
        inside_another = any(path[: len(other.path)] == other.path for other in told)
        if inside_another or not all(questions.part_dead(free, at, path) for free in left[1:]):
            continue
        told.append(part)
        choice = part.joined == "any"
        alone = all(questions.part_alone(free, at, path, choice) for free in left[1:])
        one = left[0]
        left[:] = [free.replaced(at, without(free.conditions[at], path, part.joined)) for free in left]
        mend = "leave it out, or mend it"
        if choice and alone:
            yield NEVER, _told_part(one, at, part, "never holds", mend)
        elif choice:
            message = "changes nothing: where it holds, the words beside it decide"
            yield SHADOWED, _told_part(one, at, part, message, mend)
        else:
            message = "always holds" if alone else "holds wherever the words beside it hold"
            yield ALWAYS, _told_part(one, at, part, message, mend)


def _words(line: Line) -> str:
    """The words of a line's condition, where they are few."""
    words = " ".join((line.node.span if line.node is not None else line.span).text.split())
    return f"`{words}`" if len(words) <= LONGEST else "this condition"


# ---- Telling it, with tickets ---------------------------------------------------------------------------------------


def _dead(examined: Examined, one: Guarded, why: str = "its conditions leave nothing") -> Found:
    """The first line that leaves nothing over, with those that it contradicts."""
    count = len(one.lines)
    at = next((n for n in range(count) if questions.is_dead(one, tuple(range(n + 1, count)))), None)
    span, related = named(examined, one), ()  # type: tuple[Span, tuple[tuple[Span, str], ...]]
    if at is None or not one.conditions:
        why = "the table gives no time where its conditions hold"
    else:
        span = one.lines[at].span
        if not questions.is_dead(one, tuple(n for n in range(count) if n != at)):
            asked = set(keys_of(one.lines[at].condition, one.adopted.terms))
            related = tuple((line.span, "beside this line") for line in one.lines[:at]
                            if asked & set(keys_of(line.condition, one.adopted.terms)))
    verb = "leaves nothing outside" if isinstance(one.rule, Scope) else "never applies"
    name = f"severity {one.rule.name}" if isinstance(one.rule, SeverityLevel) else one.rule.name
    nearly = [[*_all_but(one, n), *sure(one)] for n in range(count)] or [sure(one)]
    tried = [*sampled(space_for(one).known(), nearly), *spread(one)]
    witness = shown(one, tried, (Literal(False),), f"nothing sets `{name}` off", few=1)
    help = "mend this condition, or leave the rule out"
    return Found(span, f"`{name}` {verb}: {why}", help, related, witness=witness)


def _all_but(one: Guarded, at: int) -> list[Goal]:
    return [ask(line.condition, one.adopted.terms, is_true) for n, line in enumerate(one.lines) if n != at]


def _left_outside(examined: Examined, one: Guarded) -> Found:
    name, terms = one.rule.name, one.adopted.terms
    scopes, _ = indoors(one)
    goals = [ask(c, terms, is_true) for c in one.conditions]
    tried = sampled(space_for(one, *scopes), [[*goals, *promises(one), *sure(one)]])
    made = (story(kind_of(one.rule), one.rule, one.trigger, point, n + 1) for n, point in enumerate(tried))
    claims = [(told, Seen(told.subject, name, ("ended",))) for told in made if told is not None]
    return Found(
        named(examined, one),
        f"`{name}` is never owed: whatever it is about, the contract leaves outside",
        "narrow what is outside, or leave the rule out",
        tuple((examined.name_at(scope.citation.rule), "what is outside") for scope in terms.scopes.values()
              if scope.kind == kind_of(one.rule)),
        witness=witness_of(claims[:1], f"`{name}` ends as soon as it begins") if claims else None,
    )


def _told_idle(one: Guarded, at: int, message: str, help: str) -> Found:
    line = one.lines[at]
    changed: list[Condition] = [c for n, c in enumerate(one.conditions) if n != at]
    return Found(line.span, message, help, witness=_tried(one, changed, line.condition, line.span))


def _told_part(one: Guarded, at: int, part: Part, message: str, help: str) -> Found:
    changed = [without(c, part.path, part.joined) if n == at else c for n, c in enumerate(one.conditions)]
    words = " ".join(part.span.text.split())
    return Found(part.span, f"`{words}` {message}", help, witness=_tried(one, changed, part.condition, part.span))


def _tried(one: Guarded, changed: Sequence[Condition], idle: Condition, span: Span) -> Witness | None:
    """Tickets of every sort, at which the rule does what it would do without the idle words."""
    scopes, within = indoors(one)
    whole, terms = AllOf(tuple(changed)), one.adopted.terms
    base = [*within, *promises(one), *sure(one)]
    kinds = [[*base, ask(whole, terms, wanted), ask(idle, terms, its)]
             for its in (is_true, is_false) for wanted in (is_true, is_false)]
    kinds.append([*base, ask(whole, terms, is_true)])
    tried = sampled(space_for(one, *scopes), kinds)
    tried += [point for point in spread(one, *scopes) if all(goal.met(point) for goal in base)]
    words = " ".join(span.text.split())
    return shown(one, tried, changed, f"`{one.rule.name}` does what it would do without `{words}`")
