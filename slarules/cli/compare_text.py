"""What ``slarules compare`` prints for people: the table of rules, what has no partner, and what a log shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.cli.explain import STYLES
from slarules.comparison.compare import Comparison
from slarules.comparison.history import Count, History, cost_of
from slarules.comparison.matching import Matching
from slarules.comparison.meaning import LOOSER, NO_DIFFERENCE, NOT_COMPARABLE, NOT_TRIED, SAME, STRICTER, Row
from slarules.comparison.reasons import both_reasons
from slarules.comparison.standings import BROKEN_WORD, KEPT_WORD, UNDETERMINED
from slarules.comparison.tickets import Tried
from slarules.comparison.words import (
    deadlines_words,
    example_words,
    in_short,
    instant,
    said,
    shift_words,
    verdict_words,
)
from slarules.engine.reasons.reason import Reason
from slarules.model.event import Event
from slarules.readers.log import Log

COLOURS = {SAME: "dim", STRICTER: "bold red", LOOSER: "bold green", NOT_COMPARABLE: "bold yellow",
           NO_DIFFERENCE: "", NOT_TRIED: "yellow"}


def show(compared: Comparison, happened: History | None, log: Log, rule: str | None, top: int) -> None:
    """Prints the comparison on stdout."""
    console = output.results()
    _head(console, compared)
    _matching(console, compared.matching)
    if rule is not None:
        _in_full(console, compared)
        return
    _rows(console, compared)
    _others(console, compared)
    _alone(console, compared)
    if happened is not None:
        _history(console, compared, happened, log, top)


def _head(console: Console, compared: Comparison) -> None:
    for letter, side in (("A", compared.ours), ("B", compared.theirs)):
        contract = side.stated
        parties = ", ".join(f"{party.name} ({party.role})" for party in contract.parties)
        output.line(console, Text.assemble((f"{letter}: {clean(contract.title or contract.name)}", "bold"),
                                           f" ({clean(contract.policy.name)}): {clean(parties)}"))
    why = compared.matching.versions
    told = f"two versions of one contract: {why}" if why else "two different contracts"
    output.line(console, Text(clean(told)))
    for letter, side in (("A", compared.ours), ("B", compared.theirs)):
        if len(side.stated.versions) > 1:
            output.line(console, f"of {letter} the latest of its {len(side.stated.versions)} versions is compared")
        if side.supposed:
            names = ", ".join(side.supposed)
            told = f"{letter} leaves {names} to a party: the tickets tried suppose dates"
            output.line(console, Text(clean(told)))


def _matching(console: Console, matching: Matching) -> None:
    there = matching.there
    rows = [["parties", _pairs(there.parties), "by role"],
            ["severities", _pairs(there.severities), there.severities_by]]
    rows += [[f"values of {name}", _pairs(values), ""] for name, values in there.values.items()
             if set(values) != set(values.values())]
    differing = {name: other for name, other in there.facts.items() if name != other}
    if differing:
        rows.append(["facts", _pairs(differing), "as you said"])
    events = {name: other for name, other in there.events.items() if name != other}
    if events:
        rows.append(["events", _pairs(events), "as you said"])
    output.table(console, ["matched", "A = B", "by"], [row for row in rows if row[1]])


def _pairs(pairs: Mapping[str, str]) -> str:
    return ", ".join(name if name == other else f"{name} = {other}" for name, other in pairs.items())


# ---- By meaning -----------------------------------------------------------------------------------------------------


def _rows(console: Console, compared: Comparison) -> None:
    shown = [row for row in compared.rows if row.verdict != SAME]
    alike = [row for row in compared.rows if row.verdict == SAME and not row.idle]
    if shown:
        lines: list[list[Text | str]] = []
        previous = None
        for row in shown:
            name = "" if row.pair == previous else _names(row)
            previous = row.pair
            words = [in_short(side, row.pair.sort, names, row.levels and row.levels[n]) for n, (side, names) in
                     enumerate(((compared.ours, row.pair.ours), (compared.theirs, row.pair.theirs)))]
            lines.append([name, row.level, *words, Text(verdict_words(row), COLOURS[row.verdict])])
        output.table(console, ["rule", "severity", "A", "B", "B against A"], lines)
        _examples(console, compared, shown)
    names = list(dict.fromkeys(_names(row).replace("\n", " ") for row in alike))
    if names:
        output.line(console, Text(clean(f"the same: {', '.join(names)}")))
    idle = len({row.pair for row in compared.rows if row.idle and row.levels is None})
    if idle:
        output.line(console, f"owed under neither, as the readings are chosen: {output.counted(idle, 'rule')}")


def _names(row: Row) -> str:
    mine, its = ", ".join(row.pair.ours), ", ".join(row.pair.theirs)
    return mine if mine == its else f"{mine} = {its}\n({row.pair.by})"


def _examples(console: Console, compared: Comparison, shown: Sequence[Row]) -> None:
    """The tickets that show it, a line each, and how often a deadline comes earlier or later."""
    told = f"Tickets that show it, judged under both contracts; times of {compared.ours.zone}:"
    output.line(console, Text(told, "bold"))
    for row in shown:
        at = f", severity {row.level}" if row.level else ""
        head = f"{', '.join(row.pair.ours)}{at}"
        for one in row.examples:
            output.line(console, Text(clean(f"  {head}: {example_words(one, compared.ours.zone)}")))
        if row.deadlines is not None and row.verdict != NO_DIFFERENCE:
            output.line(console, Text(clean(f"  {head}: in B {deadlines_words(row.deadlines)}"), "dim"))
    output.line(console)


def _others(console: Console, compared: Comparison) -> None:
    changed = [one for one in compared.others if not one.same]
    rows = [[one.pair.sort, " = ".join(dict.fromkeys((*one.pair.ours, *one.pair.theirs))),
             one.shows or "says something else"] for one in changed]
    if rows:
        output.table(console, ["also differs", "name", "how"], rows)


def _alone(console: Console, compared: Comparison) -> None:
    for letter, only in (("A", compared.matching.only_ours), ("B", compared.matching.only_theirs)):
        by_sort: dict[str, list[str]] = {}
        for sort, name in only:
            by_sort.setdefault(sort, []).append(name)
        if by_sort:
            output.table(console, [f"only in {letter}", "names"],
                         [[sort, ", ".join(names)] for sort, names in by_sort.items()])


# ---- One rule in full -----------------------------------------------------------------------------------------------


def _in_full(console: Console, compared: Comparison) -> None:
    if not compared.rows:
        output.line(console, "it has no partner in the other contract")
    for row in compared.rows:
        at = f", severity {row.level}" if row.level else ""
        output.line(console)
        output.line(console, Text.assemble((_names(row).replace("\n", " "), "bold"), at, ": ",
                                           (verdict_words(row), COLOURS[row.verdict])))
        both = (("A", compared.ours, row.pair.ours), ("B", compared.theirs, row.pair.theirs))
        for n, (letter, side, names) in enumerate(both):
            level = row.levels[n] if row.levels else None
            output.line(console, Text(clean(f"  {letter}: {said(side, row.pair.sort, names, level)}")))
        for one in row.examples:
            _ticket(console, compared, row, one)


def _ticket(console: Console, compared: Comparison, row: Row, one: Tried) -> None:
    output.line(console, Text(clean(f"  a ticket: {example_words(one, compared.ours.zone)}")))
    for letter, side, log, reasons in zip(
        "AB", (compared.ours, compared.theirs), one.ticket.logs,
        both_reasons((compared.ours, compared.theirs), (row.pair.ours, row.pair.theirs), one), strict=True,
    ):
        output.line(console, f"  under {letter}:")
        for event in log:
            output.line(console, Text(clean(f"    {instant(event.at, side.zone)}  {_event(event)}")))
        for reason in reasons:
            _reason(console, reason, 2)


def _event(event: Event) -> str:
    facts = ", ".join(f"{name} {'yes' if value is True else 'no' if value is False else value}"
                      for name, value in event.facts.items())
    by = f" by {event.actor}" if event.actor else ""
    return f"{event.subject} {event.type}{by}" + (f", {facts}" if facts else "")


def _reason(console: Console, reason: Reason, depth: int) -> None:
    head = reason.text.split(": ", 1)[-1].split(",")[0].split(" at ")[0] if depth == 2 else ""
    output.line(console, Text("  " * depth + clean(reason.text), STYLES.get(head, "")))
    for part in reason.parts:
        _reason(console, part, depth + 1)


# ---- On a log -------------------------------------------------------------------------------------------------------


def _history(console: Console, compared: Comparison, happened: History, log: Log, top: int) -> None:
    zone = compared.ours.zone
    output.line(console)
    output.line(console, Text.assemble(("On the log", "bold"), f": {output.counted(happened.events, 'event')} of "
                                       f"{output.counted(happened.subjects, 'subject')}, as of "
                                       f"{output.local(happened.as_of, zone)}"))
    if log.rejected:
        output.say(f"{output.counted(sum(log.rejected.values()), 'line')} set aside; `slarules run` says which")
    for name in happened.unwilling:
        output.line(console, Text(clean(f"{name} is judged as if it had always been in force")))
    moving = [count for count in happened.counts if any(count.moved) or any(a != b for a, b in count.subjects)]
    rows = [_count(compared, count) for count in moving]
    heads = ["rule", "severity", "kept", "broken", "undetermined", "to broken", "to kept", "deadline moves by",
             "owed by"]
    previous = ""
    for line in rows:
        line[0], previous = ("" if line[0] == previous else line[0]), line[0]
    if rows:
        output.table(console, heads, rows, right=range(2, 7), title="From A to B, subjects of each rule")
    still = len(happened.counts) - len(moving)
    if still:
        output.line(console, f"nothing changes in {output.counted(still, 'further line')} of rule and severity")
    _by_month(console, happened)
    _changes(console, happened, zone, top)
    _wanting(console, happened)
    _without_partner(console, happened)


def _count(compared: Comparison, count: Count) -> list[str]:
    turned = [f"{count.of(word, None):,} → {count.of(None, word):,}" for word in
              (KEPT_WORD, BROKEN_WORD, UNDETERMINED)]
    turned = [one if one.split(" → ")[0] != one.split(" → ")[1] else one.split(" → ")[0] for one in turned]
    newly = sum(n for (was, now), n in count.subjects.items() if now == BROKEN_WORD != was)
    healed = sum(n for (was, now), n in count.subjects.items() if was == BROKEN_WORD != now and now == KEPT_WORD)
    return [", ".join(count.pair.ours), count.severity or "", *turned, _many(newly), _many(healed),
            shift_words(count.moved), cost_of(compared.ours, count.pair)]


def _many(number: int) -> str:
    return f"{number:,}" if number else "·"


def _by_month(console: Console, happened: History) -> None:
    months: dict[str, list[int]] = {}
    for change in happened.changes:
        own = months.setdefault(change.month, [0, 0, 0])
        if change.after == BROKEN_WORD:
            own[0] += 1
        elif change.before == BROKEN_WORD:
            own[1] += 1
        else:
            own[2] += 1
    if months:
        rows = [[month, *(_many(n) for n in months[month])] for month in sorted(months)]
        output.table(console, ["month", "newly broken in B", "no longer broken", "otherwise"], rows, right=(1, 2, 3))


def _changes(console: Console, happened: History, zone: str, top: int) -> None:
    told = [one for one in happened.changes if BROKEN_WORD in (one.before, one.after)]
    rows = [[one.subject, ", ".join(one.pair.ours), one.severity or "", f"{one.before} → {one.after}",
             *("" if due is None else output.local(due, zone) for due in one.dues)] for one in told[:top]]
    if rows:
        title = f"Tickets that change: the first {len(rows):,} of {len(told):,}" if len(told) > len(rows) else (
            "Tickets that change")
        output.table(console, ["subject", "rule", "severity", "A → B", "due in A", "due in B"], rows, title=title)


def _wanting(console: Console, happened: History) -> None:
    """What the other contract asks and the log does not tell."""
    untold = [["event", name, _many(n)] for name, n in happened.untold.events.items()]
    untold += [["fact", name, _many(n)] for name, n in happened.untold.facts.items()]
    if untold:
        output.table(console, ["B has no word for", "", "times"], untold, right=(2,))
    for letter, missing in zip("AB", happened.missing, strict=True):
        rows = [[rule, fact, _many(n)] for (rule, fact), n in missing.items()]
        if rows:
            output.table(console, [f"undetermined in {letter}", "for want of", "verdicts"], rows, right=(2,))


def _without_partner(console: Console, happened: History) -> None:
    for letter, alone in zip("AB", happened.alone, strict=True):
        rows = [[rule, _states(states)] for rule, states in alone.items()]
        if rows:
            output.table(console, [f"only in {letter}", "on this log"], rows)


def _states(states: Mapping[str, int] | Iterable[tuple[str, int]]) -> str:
    items = states.items() if isinstance(states, Mapping) else states
    return ", ".join(f"{n:,} {state.replace('_', ' ')}" for state, n in items)


