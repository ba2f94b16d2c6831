"""A worked example with real dates for each duty and target: by when it is due and why, when it is kept or broken.

The stories are those of `stories`; the engine has judged every one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from slarules.documents.blocks import STRONG, Block, Item, Link, Listing, Paragraph, Run, Section, Words, plain
from slarules.documents.examples.counted import counting
from slarules.documents.examples.drawn_time import figure
from slarules.documents.examples.happenings import recorded, told
from slarules.documents.examples.stories import Ending, Story, Untold, stories
from slarules.documents.moments import due, ends_a_day, moment, on_day, span
from slarules.model.contract import Contract
from slarules.model.limit import Continuously, CountedIn, EachDay, Every, OnEach, Within
from slarules.model.rules import Duty, OnRemaining, OnState
from slarules.model.value import Civil, Elapsed
from slarules.model.verdict import Verdict
from slarules.model.walk import inside
from slarules.wording.duties import owes
from slarules.wording.grammar import capital, finished, listed, quoted, words
from slarules.wording.triggers import when
from slarules.wording.voice import Voice

ANCHOR = "worked-examples"


def section(contract: Contract, anchors: Mapping[str, str] | None = None) -> Section | None:
    """The section with one example below each duty's name; None where the contract has no duty and no target.

    ``anchors``: duty → where its own words stand in the document; each example then leads there.
    """
    found = tuple(stories(contract))
    if not found:
        return None
    parts = tuple(_each(contract, found, anchors or {}))
    return Section("Worked examples", ANCHOR, tuple(_opening(contract, found)), parts)


def anchor(duty: str) -> str:
    """Where the example of a duty stands."""
    return f"example-{duty.replace('_', '-')}"


def _opening(contract: Contract, found: Sequence[Story | Untold]) -> Iterator[Block]:
    told = [one for one in found if isinstance(one, Story)]
    zones = {story.adopted.zone or "UTC" for story in told if not story.readings}
    at = f" Times are those of {listed(sorted(zones))}." if zones else ""
    yield Paragraph(plain(
        "For each duty and target this is one course of events with real dates. Whether and when it is due, kept or "
        f"broken was judged by the same rules that judge a record of real tickets.{at}"
    ), "lead")  # fmt: skip
    for name in dict.fromkeys(name for story in told for name in story.supplied):
        yield Paragraph(plain(_supplied(contract, name, told)), "note")


def _supplied(contract: Contract, name: str, told: Sequence[Story]) -> str:
    """What is taken for a list or a calendar that a party supplies, and that the contract does not hold."""
    given = next(story.supplied[name] for story in told if name in story.supplied)
    suppliers = {
        rule.name: rule.supplied_by
        for terms in contract.versions
        for rules in (terms.holidays, terms.calendars)
        for rule in rules.values()
    }
    party = suppliers.get(name) or "a party"
    if given.dates:
        held = f"the date {listed(on_day(day) for day in given.dates)} and no other"
    else:
        held = f"some hours on each of the dates from {on_day(given.windows[0][0])} on" if given.windows else "nothing"
    return (
        f"{words(name)} is supplied by {words(party)} and does not stand in the contract; the examples take it to hold "
        f"{held}."
    )


def _each(contract: Contract, found: Sequence[Story | Untold], anchors: Mapping[str, str]) -> Iterator[Section]:
    for one in found:
        name = words(one.duty.name)
        blocks = tuple(_story(one, contract) if isinstance(one, Story) else _untold(one))
        yield Section(capital(name), anchor(one.duty.name), (*_origin(one.duty, anchors), *blocks))


def _origin(duty: Duty, anchors: Mapping[str, str]) -> Iterator[Paragraph]:
    """The rule that the example is of, and its clause."""
    to, clause = anchors.get(duty.name), duty.citation.clause
    rule: Words = (Run("The rule is "), Link(quoted(duty.name), to)) if to is not None else ()
    where = f"{', in' if rule else 'In'} the clause “{clause}”." if clause else "."
    if rule or clause:
        yield Paragraph((*rule, Run(where)), "note")


def _untold(one: Untold) -> Iterator[Block]:
    yield Paragraph(plain(f"No example can be given: {one.reason}."))


def _story(story: Story, contract: Contract) -> Iterator[Block]:
    voice = Voice(story.adopted.terms, contract, story.duty.kind)
    for name, option in story.readings.items():
        yield Paragraph(plain(_otherwise_read(contract, name, option)), "note")
    happened = [_item(moment(at, _zone(story)), text) for at, text in sorted(_happened(story, voice), key=_first)]
    items = [*happened, _owed(story, voice), *_endings(story, voice), *_levels(story)]
    yield Listing(tuple(items), ordered=True)
    drawn = figure(story, voice)
    if drawn is not None:
        yield drawn


def _first(told: tuple[int, str]) -> int:
    return told[0]


def _happened(story: Story, voice: Voice) -> Iterator[tuple[int, str]]:
    """What leads to it, each with its instant: events, and what the rules made of them."""
    seen: set[str] = set()
    for event in story.events:
        yield event.at, told(event, voice, event.subject not in seen)
        seen.add(event.subject)
    for at, verdict in story.before:
        if verdict.rule == "choice":
            yield at, f"the choice {quoted(verdict.duty)} opens"
        else:
            yield at, f"{quoted(verdict.duty)} is {'missed' if verdict.rule == 'target' else 'broken'}"
    if story.verdict.cause is None and story.verdict.triggered_at > max(event.at for event in story.events):
        timed = [one for one in story.duty.triggers if isinstance(one, (OnState, OnRemaining))]
        if timed:
            yield story.verdict.triggered_at, when(timed[:1], voice).removeprefix("when ")


def _zone(story: Story) -> str:
    return story.adopted.zone or "UTC"


def _otherwise_read(contract: Contract, name: str, option: str) -> str:
    """Under the adopted readings the duty does not come to be; the example takes another."""
    reading = contract.readings[name]
    ways = {one.name: one for one in reading.options}
    why = f" ({ways[option].why})" if ways[option].why else ""
    return (
        f"As the contract is read here this does not arise. For the example the question “{reading.question}” is "
        f"answered {quoted(option)}{why} instead of {quoted(reading.adopted)}."
    )


def _item(lead: str, text: str, below: Sequence[str] = ()) -> Item:
    """A point that begins with a few words in strong type."""
    said: Words = (Run(f"{lead}: ", STRONG), Run(finished(text)[:1].lower() + finished(text)[1:]))
    if not text[:1].islower():
        said = (said[0], Run(finished(text)))
    return Item(said, tuple(Item(plain(finished(one))) for one in below))


# ---- What is owed ---------------------------------------------------------------------------------------------


def _owed(story: Story, voice: Voice) -> Item:
    verdict, zone = story.verdict, _zone(story)
    said = owes(_concrete(story.duty, verdict), voice)
    if verdict.deadline is None:
        return _item("What is owed", f"{said}. {_no_time(story)}")
    if verdict.deadline == story.at:
        return _item("What is owed", f"{said}. It is due at that very moment")
    return _item("What is owed", f"{said}. It is due {due(verdict.deadline, zone)}", tuple(counting(story, voice)))


def _concrete(duty: Duty, verdict: Verdict) -> Duty:
    """The duty with the time that a table gives it here written out."""
    limit = duty.limit
    if not isinstance(limit, Within) or verdict.allowed is None or isinstance(limit.span, (Elapsed, Civil)):
        return duty
    basis = CountedIn(verdict.calendar) if verdict.calendar is not None else None
    return evolve(duty, limit=evolve(limit, span=Elapsed(verdict.allowed), basis=basis))


def _no_time(story: Story) -> str:
    if story.duty.limit is None:
        return "No time is set for it" if story.duty.keeps is None else "It is owed throughout"
    if isinstance(story.duty.limit, Continuously):
        return "It is owed until it is done, and no time is set for its end"
    return "As things stand it has no deadline yet"


# ---- How it goes on -------------------------------------------------------------------------------------------


def _endings(story: Story, voice: Voice) -> Iterator[Item]:
    for ending in story.endings:
        match ending.how:
            case "kept":
                yield _kept(story, ending, voice)
            case "broken":
                yield _broken(story, ending, voice)
            case "undone":
                yield _undone(story, ending, voice)
            case "paused":
                yield _paused(story, ending)
            case "ended":
                state = "neither kept nor broken" if ending.verdict.state == "ended" else "and counts as kept"
                yield _item("Ended", f"{_last(ending, voice)} {_when(story, ending)}; with that it ends, {state}")


def _good(story: Story) -> str:
    return "Reached" if story.duty.effort else "Kept"


def _bad(story: Story) -> str:
    return "Missed" if story.duty.effort else "Broken"


def _last(ending: Ending, voice: Voice) -> str:
    return told(ending.events[-1], voice)


def _when(story: Story, ending: Ending) -> str:
    return f"on {moment(ending.events[-1].at, _zone(story))}"


def _kept(story: Story, ending: Ending, voice: Voice) -> Item:
    verdict = ending.verdict
    if len(ending.events) == len(story.events):
        return _item(_good(story), "what sets it off also performs it, with what is recorded there")
    said = f"{_last(ending, voice)} {_when(story, ending)}"
    if verdict.deadline is not None and verdict.performed_at is not None:
        spare = verdict.margin if verdict.margin is not None else verdict.deadline - verdict.performed_at
        said += f", with {span(spare)} to spare" if spare else ", just in time"
    return _item(_good(story), f"{said}.{_next(story, ending)}")


def _next(story: Story, ending: Ending) -> str:
    """The next of a recurring duty."""
    recurs = any(isinstance(part, (Every, EachDay, OnEach)) for part in inside(story.duty.limit))
    following = [v for v in ending.following if recurs and v.duty == story.duty.name and v.deadline is not None]
    if not following or following[0].deadline is None:
        return ""
    return f" The next one is then due {due(following[0].deadline, _zone(story))}"


def _broken(story: Story, ending: Ending, voice: Voice) -> Item:
    verdict, done = ending.verdict, ending.events[-1]
    if story.duty.keeps is not None and done.type == "recorded":
        facts = recorded(done.facts, voice.about(done.kind))
        return _item(_bad(story), f"{words(done.actor or 'somebody')} records {_when(story, ending)}: {facts}")
    if verdict.late_by is None:
        said = f"what is done after that, as {_when(story, ending)}, comes too late for it"
        served = any(v.duty == verdict.duty and v.performed_at == done.at for v in ending.following)
        return _item(_bad(story), said + (" and serves the next one" if served else ""))
    late = f"{span(verdict.late_by)} late"
    if verdict.late_by_counted is not None and verdict.late_by_counted != verdict.late_by:
        late += f" ({span(verdict.late_by_counted)} on its own clock)"
    if story.verdict.deadline == story.at:
        return _item("Made good", f"{_last(ending, voice)} {_when(story, ending)}: it is then done, but {late}")
    return _item(_bad(story), f"the same {_when(story, ending)} is {late}")


def _undone(story: Story, ending: Ending, voice: Voice) -> Item:
    verdict, zone = ending.verdict, _zone(story)
    if story.verdict.deadline == story.at:
        otherwise = _differing(story, ending, voice)
        return _item(_bad(story), f"at once, if this is recorded instead: {otherwise}")
    if verdict.state == "pending":
        left = "nothing is recorded against it" if story.duty.keeps is not None else "nothing is done"
        good = f"it is still owed and not {_bad(story).lower()}"
        return _item("Still open", f"if {left} for a month, until {moment(ending.as_of, zone)}, {good}")
    if len(ending.events) > len(story.events):
        return _item(_bad(story), f"if it is not done before this, {_when(story, ending)}: {_last(ending, voice)}")
    if verdict.state in ("met", "reached"):
        return _item(_good(story), f"the time itself performs it, {due(ending.as_of, zone)}")
    at = "with that day" if ends_a_day(ending.as_of, zone) else "then"
    said = f"if it is not done, it is {_bad(story).lower()} {at}"
    said += " and is still owed" if verdict.owed else ""
    return _item("Never done", f"{said}.{_consequences(story, ending)}{_next(story, ending)}")


def _differing(story: Story, ending: Ending, voice: Voice) -> str:
    """What is recorded otherwise than in the story."""
    was = {name: value for event in story.events for name, value in event.facts.items()}
    now = {name: value for event in ending.events for name, value in event.facts.items()}
    differing = {name: value for name, value in now.items() if was.get(name) != value}
    return recorded(differing, voice.about(story.duty.kind))


def _consequences(story: Story, ending: Ending) -> str:
    said = []
    for verdict in ending.following:
        if verdict.duty == story.duty.name:
            continue
        by = f", due {due(verdict.deadline, _zone(story))}" if verdict.deadline is not None else ""
        kind = "the choice " if verdict.rule == "choice" else ""
        said.append(f"{kind}{quoted(verdict.duty)}{by}")
    return f" From then on these apply as well: {'; '.join(dict.fromkeys(said))}." if said else ""


def _paused(story: Story, ending: Ending) -> Item:
    waiting, resumed = ending.events[-2:]
    on, zone = words(str(waiting.facts.get("on", "somebody"))), _zone(story)
    assert ending.verdict.deadline is not None
    waits = f"if it waits for {on} from {moment(waiting.at, zone)} to {moment(resumed.at, zone)}"
    then = f"it is due {due(ending.verdict.deadline, zone)} instead"
    return _item("Paused", f"{waits}, its clock stands still for that time, and {then}")


def _levels(story: Story) -> Iterator[Item]:
    """The deadline at each other severity."""
    zone, own = _zone(story), story.verdict.deadline
    owed = {level: at for level, at in story.levels if at is not None}
    free = [level for level, at in story.levels if at is None]
    if owed and set(owed.values()) == {own}:
        yield _item("Other severities", f"it is due at the same time at severity {listed(owed, 'or')}")
    elif owed:
        each = [f"at severity {level} it is due {due(at, zone)}" for level, at in owed.items()]
        yield _item("Other severities", "; ".join(each))
    if free:
        yield _item("Not owed", f"at severity {listed(free, 'or')} it does not arise")
