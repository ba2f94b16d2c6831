"""Lives: the lifecycles of the agreement, and what may become of each duty from its beginning to its end."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from slarules.documents.blocks import STRONG, Block, Definitions, Figure, Paragraph, Run, Section, Words, plain
from slarules.documents.examples.lifecycle import lifecycle
from slarules.documents.summary.as_read import as_read, never
from slarules.documents.summary.register import slug
from slarules.engine.adopt import Adopted
from slarules.engine.folding import still_asked
from slarules.model.contract import Contract
from slarules.model.expression import AllOf
from slarules.model.limit import Column, Continuously, EachDay, Every, OnEach, Within
from slarules.model.rules import Duty
from slarules.model.value import Civil, Elapsed
from slarules.model.walk import inside
from slarules.pictures import states as drawn
from slarules.wording.conditions import holds, joined, lettered, only_if
from slarules.wording.events import any_of
from slarules.wording.grammar import capital, finished, listed, quoted, words
from slarules.wording.limits import limit, time_of
from slarules.wording.triggers import when
from slarules.wording.voice import AGREEMENT, TICKET, Voice

ANCHOR = "lives"
AT_ONCE, THROUGHOUT, RECURRING, DATED, OPEN = "at once", "throughout", "recurring", "dated", "open"
"""When a duty is owed: at the instant that sets it off; all the time; again and again; by a deadline; at some time."""
GOOD, BAD = "Kept", "Broken"
_TITLES = {
    AT_ONCE: "Duties due at once", THROUGHOUT: "Duties to keep something so", RECURRING: "Duties that recur",
    DATED: "Duties with a deadline", OPEN: "Duties without a time",
}  # fmt: skip
_BACK = {"resume": "resumed when reopened", "restart": "begun anew when reopened"}


@frozen
class Shape:
    """What the lives of duties have in common."""

    timing: str
    """One of the five."""
    pauses: bool
    """Its clock may stand still for a wait."""
    reopening: str | None
    """``resume`` or ``restart`` where a reopened ticket brings it back; else None."""


def section(contract: Contract) -> Section | None:
    """The lifecycles, then the duties' lives grouped by shape; None where there are neither."""
    read = as_read(contract, contract.versions[-1])
    parts = [
        Section(f"The lifecycle of {words(status.name)}", f"life-{slug(status.name)}",
                tuple(lifecycle(status, read, contract)))
        for status in read.terms.statuses.values()
    ]  # fmt: skip
    groups: dict[Shape, list[Duty]] = {}
    for duty in read.terms.duties.values():
        groups.setdefault(shape_of(duty), []).append(duty)
    for n, (shape, duties) in enumerate(groups.items(), 1):
        parts.append(Section(_title(shape), f"life-of-duties-{n}", tuple(_group(shape, duties, read, contract))))
    if not parts:
        return None
    lead = (
        "What may become of each duty and target, as the words are read here. Those that have the same life share a "
        "picture; below it stands what moves each of them on. A target is reached or missed where a duty is kept or "
        "broken. Where a fact that decides was never recorded, what became of it is undetermined."
    )
    return Section("Lives of the agreement and of its duties", ANCHOR, (Paragraph(plain(lead), "lead"),), tuple(parts))


def shape_of(duty: Duty) -> Shape:
    """The shape of a duty's life; its readings have been decided."""
    back = duty.reopening if isinstance(duty.reopening, str) and duty.reopening in _BACK else None
    return Shape(_timing(duty), bool(duty.paused_on), back)


def _timing(duty: Duty) -> str:
    match duty.limit:
        case None | Continuously():
            return THROUGHOUT if duty.keeps is not None or duty.limit is not None else OPEN
        case Within(span=Elapsed(0) | Civil(0, 0), after=None):
            return AT_ONCE
        case Every() | EachDay() | OnEach():
            return RECURRING
    return DATED


# ---- The picture ----------------------------------------------------------------------------------------------


def _title(shape: Shape) -> str:
    more = ["paused while waiting"] if shape.pauses else []
    more += [_BACK[shape.reopening]] if shape.reopening else []
    return f"{_TITLES[shape.timing]}, {listed(more)}" if more else _TITLES[shape.timing]


def _states(shape: Shape, ends: bool) -> Iterator[drawn.State]:
    yield drawn.State("Not owed", starts=True)
    if shape.timing != AT_ONCE:
        yield drawn.State("Owed")
    if shape.pauses:
        yield drawn.State("Clock stands still", note="no deadline, only a remainder")
    if shape.timing != THROUGHOUT:
        yield drawn.State(GOOD, ends=True)
    if shape.timing != OPEN:
        yield drawn.State(BAD, ends=shape.timing in (THROUGHOUT, RECURRING), note="nothing undoes it")
    if shape.timing in (DATED, AT_ONCE):
        yield drawn.State("Done late", ends=True)
    if ends and shape.timing != AT_ONCE:
        yield drawn.State("Ended", ends=True, note="nothing more is owed")


def _moves(shape: Shape, ends: bool) -> Iterator[drawn.Move]:
    if shape.timing == AT_ONCE:
        yield drawn.Move("Not owed", GOOD, "what sets it off performs it")
        yield drawn.Move("Not owed", BAD, "what sets it off does not perform it")
        yield drawn.Move(BAD, "Done late", "done afterwards")
        return
    yield drawn.Move("Not owed", "Owed", "it arises")
    if shape.timing == THROUGHOUT:
        yield drawn.Move("Owed", BAD, "recorded as no longer so")
    else:
        yield drawn.Move("Owed", GOOD, "done" if shape.timing == OPEN else "done in time")
    if shape.timing in (DATED, RECURRING):
        yield drawn.Move("Owed", BAD, "not done by the deadline")
    if shape.timing == DATED:
        yield drawn.Move(BAD, "Done late", "done afterwards")
    if shape.timing == RECURRING:
        yield drawn.Move(GOOD, "Owed", "the next one")
        yield drawn.Move(BAD, "Owed", "the next one")
    if shape.pauses:
        yield drawn.Move("Owed", "Clock stands still", "waiting begins")
        yield drawn.Move("Clock stands still", "Owed", "waiting is over")
    if ends:
        yield drawn.Move("Owed", "Ended", "something ends it")
    if shape.reopening and shape.timing in (DATED, OPEN):
        yield drawn.Move(GOOD, "Owed", "reopened")
    if shape.reopening and ends and shape.timing in (THROUGHOUT, RECURRING):
        yield drawn.Move("Ended", "Owed", "reopened")


def _group(shape: Shape, duties: list[Duty], read: Adopted, contract: Contract) -> Iterator[Block]:
    title = _title(shape)
    ends = any(duty.until or duty.whiles or duty.kind in (TICKET, AGREEMENT) for duty in duties)
    told = f"The life of {title[:1].lower()}{title[1:]}"
    yield Figure(drawn.states(told, list(_states(shape, ends)), list(_moves(shape, ends))), told)
    yield Paragraph(plain(" ".join(finished(one) for one in _in_common(shape, duties, read, contract))))
    yield Definitions(tuple(
        (plain(capital(words(duty.name))), tuple(_in_words(duty, shape, read, contract)))
        for duty in duties
    ))  # fmt: skip


# ---- In words -------------------------------------------------------------------------------------------------


def _in_common(shape: Shape, duties: list[Duty], read: Adopted, contract: Contract) -> Iterator[str]:
    """What is so for all of a group."""
    match shape.timing:
        case "at once":
            yield "due at the very moment at which it arises: kept if what sets it off also performs it, else broken"
        case "throughout":
            yield "owed all the time; broken at the moment at which it is recorded to be no longer so"
        case "open":
            yield "owed until it is done; no time is set, so that it cannot be late"
        case "recurring":
            yield "owed again and again; each time it is kept if it is done by then, and broken if not"
        case _:
            yield "kept if it is done at or before its deadline, and broken if not"
    if shape.timing in (DATED, AT_ONCE):
        yield "what is done afterwards is done late, and the breach stays"
    if shape.reopening:
        how = "with what was left of its time" if shape.reopening == "resume" else "with the whole time again"
        rest = "" if shape.timing in (OPEN, THROUGHOUT) else f", {how}"
        yield f"if the {contract.ticket} is reopened after its resolution performed or ended it, it is owed again{rest}"
    if shape.timing == AT_ONCE:
        return
    it = Voice(read.terms, contract).the(TICKET)
    if any(duty.kind == TICKET and _by_the_clock(duty) and not never("duty", duty.name, read) for duty in duties):
        yield f"hours do not run while {it} stands as resolved, even where its resolution does not count here; " \
              "dates pass all the same"
    if any(duty.kind == TICKET for duty in duties):
        yield f"what is owed about {it} ends when {it} is cancelled, is found to be outside the contract, or is " \
              "closed without having been resolved"
    if any(duty.kind == AGREEMENT for duty in duties):
        yield "what is owed under the agreement ends when the agreement is terminated"


def _by_the_clock(duty: Duty) -> bool:
    """Whether hours are counted for it, or days of opening, which stand still with a resolved ticket (R7)."""
    return any(isinstance(part, Within | Every) and not (isinstance(part.span, Civil) and part.basis is None)
               for part in inside(duty.limit))


def _in_words(duty: Duty, shape: Shape, read: Adopted, contract: Contract) -> Iterator[Words]:
    """What moves this duty on, point by point."""
    voice = Voice(read.terms, contract, duty.kind)
    if never("duty", duty.name, read):
        yield plain("As the words are read here it never arises.")
        return
    yield _point("Arises", _arises(duty, voice))
    if duty.limit is not None and shape.timing not in (AT_ONCE, THROUGHOUT):
        yield _point("Due", _due(duty, voice))
    yield _outcome(duty, voice)
    if shape.pauses and isinstance(duty.paused_on, tuple):
        on = listed(map(words, duty.paused_on), "or")
        yield _point("Stands still", f"while {voice.the(duty.kind)} waits for {on}")
    ends = "; or ".join(_ends(duty, voice))
    if ends and shape.timing != AT_ONCE:
        yield _point("Ends", ends)


def _point(lead: str, text: str) -> Words:
    said = finished(text)
    return (Run(f"{lead}: ", STRONG), Run(said[:1].lower() + said[1:] if text[:1].islower() else said))


def _arises(duty: Duty, voice: Voice) -> str:
    said = when(duty.triggers, voice)
    if duty.option is not None:
        said = f"where {quoted(duty.option)} is elected"
        said += f" in the choice {quoted(duty.choice)}" if duty.choice else ""
    wanted, barred = only_if(still_asked(duty.only_if) or (), voice)
    unless = "; but not if" if lettered(wanted) else ", unless"
    return said + (f", if {wanted}" if wanted else "") + (f"{unless} {barred}" if barred else "")


def _due(duty: Duty, voice: Voice) -> str:
    match duty.limit:
        case Within(span=Column(table, column)) | Every(span=Column(table, column)):
            way = "every" if isinstance(duty.limit, Every) else "within"
            return f"{way} {time_of(column)} that the table {quoted(table)} gives"
        case None:
            return "no time is set"
    return limit(duty.limit, voice)


def _outcome(duty: Duty, voice: Voice) -> Words:
    """What performs it, or what breaks what is to be kept up."""
    if duty.keeps is not None:
        return _point("Missed" if duty.effort else BAD, f"when {quoted(duty.keeps)} is recorded as no")
    good = "Reached" if duty.effort else GOOD
    asked = still_asked(duty.performance.conditions)
    if asked is None:
        return _point(good, "by nothing that can happen, as the words are read here")
    done = any_of(duty.performance.patterns, voice) or "its time comes"
    return _point(good, f"when {done}" + (f", provided that {joined(asked, voice)}" if asked else ""))


def _ends(duty: Duty, voice: Voice) -> Iterator[str]:
    """What ends it beside what ends all of its kind."""
    if duty.until:
        yield f"when {any_of(duty.until, voice)}"
    asked = still_asked(duty.whiles)
    if asked:
        yield f"as soon as {holds(AllOf(asked), voice, negated=True)}"
