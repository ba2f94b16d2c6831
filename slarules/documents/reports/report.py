"""The page that both parties read each month: what was kept and broken, what is due next, what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from slarules.advice.words import percent
from slarules.analysis.period import BROKEN, KEPT, PENDING, UNDETERMINED, Month, heat, owed
from slarules.analysis.tally import COLUMNS, Line, findings
from slarules.documents.blocks import (
    CODE,
    STRONG,
    Block,
    Cell,
    Definitions,
    Document,
    Figure,
    Grid,
    Item,
    Listing,
    Paragraph,
    Run,
    Section,
    Words,
    plain,
)
from slarules.documents.moments import moment
from slarules.documents.reports.report_cases import cases
from slarules.documents.reports.reported import Report
from slarules.model.value import Unknown
from slarules.model.verdict import Verdict
from slarules.pictures import heat as heat_picture
from slarules.pictures import months as months_picture
from slarules.readers.log import unknown_to
from slarules.scenario.judging import words_of
from slarules.version import __version__
from slarules.wording.calendars import WEEKDAYS
from slarules.wording.grammar import counted, listed, words
from slarules.wording.values import MONTHS

LATEST = 12
"""Months shown side by side; the workbook has all."""
SHOWN = 25
"""Rows of a list of what is due; the workbook has all."""
NAMED = 8
"""Tickets named one by one."""
SECTIONS: tuple[Callable[[Report], Section | None], ...]


def document(report: Report) -> Document:
    """The report as a document."""
    title = report.contract.title or report.contract.name
    found = (made(report) for made in SECTIONS)
    kept = [section for section in found if section is not None]
    return Document(
        title,
        "Report on what was owed and what was kept",
        f"{title}: report as of {moment(report.evaluation.as_of, report.zone)}",
        tuple(_front(report)),
        tuple(_numbered(section, str(number)) for number, section in enumerate(kept, 1)),
    )


def _numbered(section: Section, number: str) -> Section:
    from attrs import evolve

    inner = tuple(_numbered(one, f"{number}.{n}") for n, one in enumerate(section.sections, 1))
    return evolve(section, number=number, sections=inner)


def month_words(month: Month) -> str:
    """``March 2026``."""
    return f"{MONTHS[month.number - 1]} {month.year}"


# ---- The front -----------------------------------------------------------------------------------------------------


def _front(report: Report) -> Iterator[Block]:
    period, evaluation = report.period, report.evaluation
    for party in report.contract.parties:
        lead = _lead(report, party.name)
        if lead:
            yield Paragraph(plain(lead), "lead")
    if not any(_lead(report, party.name) for party in report.contract.parties):
        yield Paragraph(plain("Nothing that was owed in this period is decided yet."), "lead")
    entries: list[tuple[Words, tuple[Words, ...]]] = [
        (plain("Period"), (plain(_period(report)),)),
        (plain("Judged as of"), (plain(f"{moment(evaluation.as_of, report.zone)} ({report.zone})"),)),
        (plain("Looked at"), (plain(
            f"{_many(report.log.size, 'event')}; {_many(len(period.verdicts), 'verdict')} on "
            f"{period.subjects:,} tickets and agreements"),)),
        (plain("Not decided"), (plain(_open(report)),)),
        (plain("Set aside"), (plain(
            f"{_many(report.log.rejected.total(), 'line')} of {report.log.rows:,} in the files of events"),)),
        (plain("Ambiguities"), (plain(_readings(report)),)),
    ]
    yield Definitions(tuple(entries))


def _many(number: int, unit: str) -> str:
    """`1 event`, `2,235 events`."""
    return f"{number:,} {unit if number == 1 else unit + 's'}"


def _lead(report: Report, party: str) -> str:
    """What share of its duties and targets a party kept; empty where none is decided."""
    said = []
    for rule, what in (("duty", "duties"), ("target", "targets")):
        kept, broken = report.period.decided.get((party, rule), (0, 0))
        if kept + broken:
            share = percent(Fraction(kept, kept + broken))
            said.append(f"{share} of its {what} ({kept:,} of {kept + broken:,} decided)")
    return f"{words(party)} kept {listed(said)}." if said else ""


def _period(report: Report) -> str:
    first, last = report.period.first, report.period.last
    if first is not None and first == last:
        return f"{month_words(first)}: all that arose in it"
    if first is None and last is None:
        return "all that the events tell of"
    since = f"from {month_words(first)} on" if first is not None else ""
    until = f"to the end of {month_words(last)}" if last is not None else ""
    return f"all that arose {' '.join(part for part in (since, until) if part)}"


def _open(report: Report) -> str:
    undetermined = report.period.count(UNDETERMINED)
    pending = report.period.count(PENDING) + report.period.count("suspended")
    return f"{pending:,} still owed and in time; {undetermined:,} undetermined, for facts are missing"


def _readings(report: Report) -> str:
    other = [n for n, option in report.evaluation.readings.items() if report.contract.readings[n].adopted != option]
    if not other:
        return "each read as the contract’s policy adopts it"
    chosen = (f"“{words(name)}” as “{words(report.evaluation.readings[name])}”" for name in other)
    return f"as the policy adopts them, but for {listed(chosen)}"


# ---- Kept and broken -------------------------------------------------------------------------------------------------


def _by_rule(report: Report) -> Section:
    if not report.period.lines:
        return Section("Kept and broken", "kept", (Paragraph(plain("No rule applied to anything in this period.")),))
    first = owed(report.period.lines)
    rest = [line for line in report.period.lines if line not in first]
    grids = [
        _grid(caption, lines)
        for caption, lines in (
            ("What was owed: each duty and target at each severity", first),
            ("What was forbidden, permitted, chosen and in scope", rest),
        )
        if lines
    ]
    return Section("Kept and broken", "kept", tuple(grids))


def _grid(caption: str, lines: list[Line]) -> Grid:
    used = [column for column in COLUMNS if any(line.counts.get(column) for line in lines)]
    head = tuple(Cell(plain(text), right=place > 1)
                 for place, text in enumerate(("rule", "severity", *used, "kept of decided")))
    return Grid(caption, head, tuple(_row(line, used) for line in lines))


def _row(line: Line, used: list[str]) -> tuple[Cell, ...]:
    counts = [line.counts.get(column, 0) for column in used]
    numbers = (Cell((Run(f"{many:,}", STRONG if column == BROKEN else "plain"),) if many else plain("–"), right=True)
               for column, many in zip(used, counts, strict=True))
    share = "–" if line.kept_percent is None else f"{line.kept_percent:g}%"
    level = words(line.severity) if line.severity is not None else "–"
    return Cell(plain(words(line.duty))), Cell(plain(level)), *numbers, Cell(plain(share), right=True)


def _by_month(report: Report) -> Section | None:
    months = dict(list(report.period.months.items())[-LATEST:])
    if not months:
        return None
    rows = [
        months_picture.Month(
            month_words(month),
            *(sum(line.counts.get(outcome, 0) for line in owed(lines)) for outcome in (KEPT, BROKEN, UNDETERMINED)),
        )
        for month, lines in months.items()
    ]
    picture = months_picture.months("Kept and broken, month by month", rows)
    caption = "Duties and targets: kept, broken and undetermined by the month in which they arose"
    blocks: list[Block] = [Figure(picture, caption)]
    left = len(report.period.months) - len(months)
    if left > 0:
        said = f"The last {LATEST} months are shown; {counted(left, 'earlier month')} not."
        blocks.append(Paragraph(plain(said), "note"))
    if len(months) > 1:
        blocks += _rule_by_month(report, months)
    return Section("Month by month", "months", tuple(blocks))


def _rule_by_month(report: Report, months: dict[Month, tuple[Line, ...]]) -> Iterator[Block]:
    """A half year at a time, so that the columns stay wide enough to be read."""
    names = list(months)
    decided = [(line.duty, line.severity) for line in owed(report.period.lines) if line.kept_percent is not None]
    for start in range(0, len(names), 6):
        some = names[start : start + 6]
        head = (Cell(plain("rule")), Cell(plain("severity")), *(
            Cell(plain(f"{MONTHS[m.number - 1][:3]} {m.year}"), right=True) for m in some))
        rows = []
        for duty, severity in decided:
            found = [_of(months[month], duty, severity) for month in some]
            if any(one is not None and one.kept_percent is not None for one in found):
                cells = (Cell(plain(_share(one)), right=True) for one in found)
                level = words(severity) if severity is not None else "–"
                rows.append((Cell(plain(words(duty))), Cell(plain(level)), *cells))
        if rows:
            span_of = f"{month_words(some[0])} to {month_words(some[-1])}" if len(some) > 1 else month_words(some[0])
            yield Grid(f"Kept of decided, {span_of}", head, tuple(rows))


def _of(lines: tuple[Line, ...], duty: str, severity: str | None) -> Line | None:
    return next((one for one in lines if (one.duty, one.severity) == (duty, severity)), None)


def _share(line: Line | None) -> str:
    if line is None or line.kept_percent is None:
        return "–"
    kept = line.counts.get(KEPT, 0)
    return f"{kept:,} of {kept + line.counts.get(BROKEN, 0):,}"


def _when(report: Report) -> Section | None:
    if not report.period.breaches:
        return None
    counts = heat(report.period.breaches, report.zone)
    hours = [f"{hour:02d}" for hour in range(24)]
    picture = heat_picture.heat("When breaches happen", WEEKDAYS, hours, counts)
    total = len(report.period.breaches)
    by_day = [sum(row) for row in counts]
    most = [WEEKDAYS[day] for day in range(7) if by_day[day] == max(by_day)]
    said = (
        f"{_on_which(most, max(by_day), total)} A duty counts "
        f"at the instant at which its time was over, on the clocks of {report.zone}."
    )
    return Section(
        "When breaches happen",
        "when",
        (Paragraph(plain(said)), Figure(picture, "Breaches by weekday and by the hour in which they fell")),
    )


def _on_which(days: Sequence[str], many: int, total: int) -> str:
    """On which weekday the most fell; nothing of it where several have as many."""
    if total == 1:
        return f"There is one, on a {days[0]}."
    if len(days) > 1:
        return f"There are {total:,} in all."
    return f"There are {total:,} in all; more fell on a {days[0]} ({many:,}) than on any other day."


# ---- What is owed, and what is not known ---------------------------------------------------------------------------


def _due(report: Report) -> Section:
    period = report.period
    blocks: list[Block] = []
    if period.due:
        head = tuple(Cell(plain(text)) for text in ("due", "rule", "for", "severity", "owed by"))
        rows = tuple(_due_row(verdict, report.zone) for verdict in period.due[:SHOWN])
        blocks.append(Grid("Owed and in time, the soonest deadline first", head, rows))
        if len(period.due) > SHOWN:
            blocks.append(Paragraph(plain(f"and {len(period.due) - SHOWN:,} more that fall due later"), "note"))
    else:
        blocks.append(Paragraph(plain("Nothing is owed that has a deadline still to come.")))
    if period.standing:
        said = listed(f"{words(duty)} ({number:,})" for duty, number in period.still.items())
        told = f"Owed without a deadline now, for the clock stands still or none is set: {said}."
        blocks.append(Paragraph(plain(told)))
    return Section("Pending and due next", "due", tuple(blocks))


def _due_row(verdict: Verdict, zone: str) -> tuple[Cell, ...]:
    assert verdict.deadline is not None
    told = (
        moment(verdict.deadline, zone), words(verdict.duty), verdict.subject,
        words(verdict.severity) if verdict.severity else "–", words(verdict.bearer) if verdict.bearer else "–",
    )
    return tuple(Cell(plain(text)) for text in told)


def _unknown(report: Report) -> Section | None:
    if not report.period.undetermined:
        return None
    head = (Cell(plain("rule")), Cell(plain("missing")), Cell(plain("how many"), right=True), Cell(plain("for")))
    rows = []
    for one in report.period.undetermined:
        many = len(one.subjects)
        shown = ", ".join(one.subjects[:NAMED]) + (f" and {many - NAMED:,} more" if many > NAMED else "")
        wanted = listed(words(name) for name in one.missing) or "whether an act counts"
        told = (words(one.duty), wanted, f"{many:,}", shown)
        rows.append(tuple(Cell(plain(text), right=place == 2) for place, text in enumerate(told)))
    says = "These are neither kept nor broken. Once the missing fact is recorded they are decided; nothing is guessed."
    return Section(
        "What cannot be judged yet", "undetermined",
        (Paragraph(plain(says)), Grid("Undetermined, and what is missing", head, tuple(rows), (3, 3, 1, 4))),
    )


def _state(state: str | Unknown | None) -> str:
    return "not begun" if state is None else words(state) if isinstance(state, str) else words_of(state)


def _agreements(report: Report) -> Section | None:
    evaluation = report.evaluation
    rows = [(a, f"status “{words(s)}”", _state(state))
            for (a, s), state in evaluation.statuses.items()]
    rows += [(a.agreement, f"allowance “{words(a.allowance)}”", words_of(a.balance)) for a in evaluation.allowances]
    rows += [(a, f"amount “{words(name)}”", words_of(value)) for (a, name), value in evaluation.amounts.items()]
    if not rows:
        return None
    head = tuple(Cell(plain(text)) for text in ("agreement", "what", "stands at"))
    cells = tuple(tuple(Cell(plain(text)) for text in row) for row in rows)
    return Section("Agreements", "agreements", (Grid("How each agreement stands", head, cells),))


def _aside(report: Report) -> Section | None:
    log, told = report.log, findings(report.evaluation.findings)
    blocks: list[Block] = []
    if log.rejected:
        rows = tuple(
            (Cell((Run(code, CODE),)), Cell(plain(f"{many:,}"), right=True), Cell(plain(cause)))
            for code, (many, cause) in log.causes.items()
        )
        head = (Cell(plain("code")), Cell(plain("lines"), right=True), Cell(plain("why")))
        blocks.append(Grid("Lines of the files that could not be read as events", head, rows, (1, 1, 5)))
    unknown = unknown_to(log, report.contract)
    if unknown:
        names = listed(f"{name} ({many:,})" for name, many in unknown.most_common(8))
        blocks.append(Paragraph(plain(f"Fields that nobody knows, left unread: {names}.")))
    if told:
        items = tuple(Item(plain(f"{words(code)}: {many:,}; the first, {said}")) for code, (many, said) in told.items())
        blocks += [Paragraph(plain("What should be known of the events themselves:")), Listing(items)]
    return Section("What was set aside, and what is odd", "aside", tuple(blocks)) if blocks else None


def _made_from(report: Report) -> Section:
    rows = [(name, Run(sha, CODE)) for name, sha in report.files]
    rows.append(("Made with", Run(f"slarules {__version__}")))
    grid = Grid("What this report was made from", (Cell(plain("what")), Cell(plain("SHA-256"))),
                tuple((Cell(plain(name)), Cell((said,))) for name, said in rows), (1, 2))
    says = "The same files, judged as of the same instant, give this report again, byte for byte. No clock was read."
    return Section("What this report was made from", "provenance", (Paragraph(plain(says)), grid))


def _worst(report: Report) -> Section | None:
    return cases(report) if report.worst else None




SECTIONS = (_by_rule, _by_month, _when, _worst, _due, _unknown, _agreements, _aside, _made_from)
