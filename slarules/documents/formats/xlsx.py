"""A report as a workbook: real dates and durations, one row a verdict, and no text that is taken for a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from attrs import frozen
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from slarules.analysis.period import Month, first_day, owed, share_kept
from slarules.analysis.tally import COLUMNS, Line, findings
from slarules.calendars import zones
from slarules.documents.render import CannotBeWritten
from slarules.documents.reports.reported import Report
from slarules.model.verdict import Verdict
from slarules.readers.log import unknown_to
from slarules.scenario.judging import words_of
from slarules.version import __version__

ROWS = 1_048_576
"""Rows of a sheet, its head among them."""
LONGEST = 32_767
"""Characters of a cell."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula at the head of a text that is typed or saved as CSV."""
EARLIEST = datetime(1900, 3, 1)
"""Before it Excel counts a day that never was."""
DAY = 24 * 3_600_000_000
STAMP = datetime(2000, 1, 1)
"""When a workbook is said to be made: never the clock's time, so that the same report gives the same bytes."""


@frozen
class Instant:
    """Microseconds UTC, shown as a date and time in the report's zone."""

    at: int
    """The instant."""


@frozen
class Span:
    """Microseconds, shown as hours and minutes."""

    micros: int
    """How long."""


@frozen
class Sheet:
    """One sheet: a head row and rows below it."""

    name: str
    """As its tab says."""
    heads: tuple[str, ...]
    """The heads of its columns."""
    rows: Iterable[Sequence[Any]]
    """Texts, numbers, `Instant`s, `Span`s, dates; None: an empty cell."""
    widths: tuple[int, ...]
    """How wide its columns are, in characters."""


def written(report: Report) -> bytes:
    """The workbook. Raises `CannotBeWritten` where there are more verdicts than a sheet has rows."""
    many = len(report.period.verdicts)
    if many >= ROWS:
        raise CannotBeWritten(
            f"a sheet has {ROWS - 1:,} rows and there are {many:,} verdicts; choose a month with --month, or write all "
            "verdicts with `slarules run -o verdicts.csv`"
        )
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _title(report), "comments": f"slarules {__version__}", "created": STAMP})
    formats = _formats(book)
    for sheet in _sheets(report):
        _write(book.add_worksheet(sheet.name), sheet, formats, report.zone)
    _chart(book, report)
    book.close()
    return data.getvalue()


def _title(report: Report) -> str:
    return report.contract.title or report.contract.name


def _formats(book: Workbook) -> dict[str, Any]:
    top = {"valign": "top"}
    head = {"bold": True, "bottom": 1, "bg_color": "#EEEEEE", "text_wrap": True}
    return {
        "head": book.add_format({**top, **head}),
        "number head": book.add_format({**top, **head, "align": "right"}),
        "text": book.add_format({**top, "text_wrap": True}),
        "quoted": book.add_format({**top, "text_wrap": True, "quote_prefix": True}),
        "number": book.add_format({**top, "num_format": "#,##0"}),
        "share": book.add_format({**top, "num_format": "0.0"}),
        "instant": book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        "span": book.add_format({**top, "num_format": "[h]:mm:ss"}),
        "date": book.add_format({**top, "num_format": "yyyy-mm", "align": "left"}),
    }


def _sheets(report: Report) -> Iterable[Sheet]:
    yield Sheet("About", ("what", "which"), _about(report), (30, 90))
    counted = tuple(column for column in COLUMNS if report.period.count(column))
    heads = (*counted, "kept %")
    wide = tuple(max(9, len(head) + 3) for head in heads)
    yield Sheet("By rule", (*RULE, *heads), [_line(line, counted) for line in report.period.lines],
                (*RULE.values(), *wide))
    yield Sheet("By month", ("month", *heads), list(_months(report, counted)), (10, *wide))
    yield Sheet("Rule by month", ("month", *RULE, *heads),
                [(_day(month), *_line(line, counted)) for month, some in report.period.months.items() for line in some],
                (10, *RULE.values(), *wide))
    yield Sheet("Verdicts", tuple(VERDICT), (_verdict(v) for v in report.period.verdicts), tuple(VERDICT.values()))
    yield Sheet("Due next", tuple(VERDICT), [_verdict(v) for v in report.period.due], tuple(VERDICT.values()))
    yield Sheet("Clock stands still", tuple(VERDICT), [_verdict(v) for v in report.period.standing],
                tuple(VERDICT.values()))
    yield Sheet("Undetermined", ("rule", "missing facts", "subject"),
                [(one.duty, ", ".join(one.missing), s) for one in report.period.undetermined for s in one.subjects],
                (32, 40, 24))
    yield Sheet("Agreements", ("agreement", "what", "stands at"), list(_agreements(report)), (24, 32, 32))
    yield Sheet("Findings", ("code", "how many", "first"),
                [(code, *told) for code, told in findings(report.evaluation.findings).items()], (24, 10, 90))
    yield Sheet("Set aside", ("code", "lines", "cause"), list(_aside(report)), (12, 10, 90))


def _about(report: Report) -> Iterable[tuple[Any, ...]]:
    yield "contract", _title(report)
    yield "judged as of", Instant(report.evaluation.as_of)
    yield "dates and times are those of", report.zone
    yield "lengths of time are", "hours:minutes:seconds"
    for month, name in ((report.period.first, "first month"), (report.period.last, "last month")):
        if month is not None:
            yield name, _day(month)
    yield "a verdict counts in the month in which", "it arose"
    for name, sha in report.files:
        yield f"SHA-256 of {name}", sha
    yield "made with", f"slarules {__version__}"
    for name, option in report.evaluation.readings.items():
        adopted = report.contract.readings[name].adopted == option
        yield f"reading {name}", option if adopted else f"{option} (not the adopted one)"


def _line(line: Line, counted: Sequence[str]) -> tuple[Any, ...]:
    return line.duty, line.rule, line.severity, *(line.counts.get(column, 0) for column in counted), line.kept_percent


def _months(report: Report, counted: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Duties and targets, as on the page."""
    for month, every in report.period.months.items():
        lines = owed(every)
        counts = (sum(line.counts.get(column, 0) for line in lines) for column in counted)
        yield _day(month), *counts, share_kept(lines)


def _day(month: Month) -> Any:
    return first_day(month)


RULE = {"rule": 32, "kind": 12, "severity": 10}
"""The columns that name a rule at a severity, and how wide each is."""
VERDICT = {
    "subject": 18, "rule": 28, "instance": 9, "kind": 12, "state": 14, "severity": 9, "arose": 19, "due": 19,
    "performed": 19, "used": 11, "allowed": 11, "late by": 11, "counted in": 18, "owed by": 14, "agreement": 14,
    "missing facts": 20, "clause": 30, "words": 60, "flags": 16,
}
"""The columns of a verdict, and how wide each is."""


NUMBERS = {*COLUMNS, "kept %", "instance", "used", "allowed", "late by", "how many", "lines"}
"""Heads of columns that hold numbers and lengths of time."""


def _verdict(v: Verdict) -> tuple[Any, ...]:
    def instant(at: int | None) -> Instant | None:
        return None if at is None else Instant(at)

    def span(micros: int | None) -> Span | None:
        return None if micros is None else Span(micros)

    words = " … ".join(" ".join(quotation.text.split()) for quotation in v.citation.quotations)
    return (
        v.subject, v.duty, v.number, v.rule, v.state.replace("_", " "), v.severity, instant(v.triggered_at),
        instant(v.deadline), instant(v.performed_at), span(v.consumed), span(v.allowed), span(v.late_by), v.calendar,
        v.bearer, v.agreement, ", ".join(v.missing) or None, v.citation.clause, words, ", ".join(v.flags) or None,
    )


def _agreements(report: Report) -> Iterable[tuple[Any, ...]]:
    for (agreement, status), state in report.evaluation.statuses.items():
        yield agreement, f"status {status}", "not begun" if state is None else words_of(state)
    for level in report.evaluation.allowances:
        yield level.agreement, f"allowance {level.allowance}", words_of(level.balance)
    for (agreement, amount), value in report.evaluation.amounts.items():
        yield agreement, f"amount {amount}", words_of(value)


def _aside(report: Report) -> Iterable[tuple[Any, ...]]:
    for code, (many, cause) in report.log.causes.items():
        yield code, many, cause
    for name, many in sorted(unknown_to(report.log, report.contract).items()):
        yield "field", many, f"a field that nobody knows: {name}"


def _write(page: Worksheet, sheet: Sheet, formats: dict[str, Any], zone: str) -> None:
    for place, (head, width) in enumerate(zip(sheet.heads, sheet.widths, strict=True)):
        page.set_column(place, place, width)
        page.write_string(0, place, head, formats["number head" if head in NUMBERS else "head"])
    number = 0
    for number, row in enumerate(sheet.rows, 1):
        for place, value in enumerate(row):
            _cell(page, number, place, value, formats, zone)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, number, len(sheet.heads) - 1)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R&P / &N")


def _cell(page: Worksheet, row: int, place: int, value: Any, formats: dict[str, Any], zone: str) -> None:
    match value:
        case None:
            return
        case str():
            text = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
            page.write_string(row, place, text, formats["quoted" if text.startswith(FORMULA) else "text"])
        case int():
            page.write_number(row, place, value, formats["number"])
        case float():
            page.write_number(row, place, value, formats["share"])
        case Span(micros):
            page.write_number(row, place, micros / DAY, formats["span"])
        case Instant(at):
            local = zones.moment(at, zones.zone(zone)).replace(tzinfo=None)
            if local < EARLIEST:
                page.write_string(row, place, local.isoformat(" "), formats["text"])
            else:
                page.write_datetime(row, place, local, formats["instant"])
        case _:
            page.write_datetime(row, place, value, formats["date"])


def _chart(book: Workbook, report: Report) -> None:
    """Kept and broken by month, drawn by the spreadsheet from its own cells."""
    months = len(report.period.months)
    counted = [column for column in COLUMNS if report.period.count(column)]
    drawn = [name for name in ("kept", "broken", "undetermined") if name in counted]
    page = book.get_worksheet_by_name("By month")
    if not months or not drawn or page is None:
        return
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    for name in drawn:
        place = counted.index(name) + 1
        fill = {"kept": {"color": "#BBBBBB"}, "broken": {"color": "#222222"}}.get(name, {"color": "#FFFFFF"})
        chart.add_series({
            "name": ["By month", 0, place],
            "categories": ["By month", 1, 0, months, 0],
            "values": ["By month", 1, place, months, place],
            "fill": fill,
            "border": {"color": "#222222"},
        })
    chart.set_title({"name": "Duties and targets by the month in which they arose"})
    chart.set_x_axis({"date_axis": True, "num_format": "yyyy-mm", "major_unit": 1, "major_unit_type": "months"})
    chart.set_size({"width": 760, "height": 320})
    page.insert_chart(months + 2, 0, chart, {"description": "Kept, broken and undetermined, month by month"})
