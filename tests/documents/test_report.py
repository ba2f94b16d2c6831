"""The report says what the verdicts say, as a page and as a workbook, and takes no words of a log for its own."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from attrs import evolve

from slarules.analysis import tally
from slarules.analysis.period import Month
from slarules.calendars import zones
from slarules.cli import logs, options
from slarules.columnar.review.either import Verdicts
from slarules.documents.blocks import Definitions, Document, Figure, Grid, Paragraph, Section
from slarules.documents.formats import xlsx
from slarules.documents.render import CannotBeWritten, render
from slarules.documents.reports import report_cases
from slarules.documents.reports.report import document
from slarules.documents.reports.reported import Report, report
from slarules.engine import batches
from slarules.loader import load
from slarules.model.event import Event
from slarules.model.verdict import Evaluation
from slarules.readers.log import Log

HOSTILE = ["=HYPERLINK(1)", "+1+1", "@SUM(A1)", "-2+3", "\t=1", "<script>x</script>", "a\u202eb", "\x07bell"]


def made(first: Month | None = None, last: Month | None = None, log: Log | None = None, top: int = 4) -> Report:
    contract = load("contracts/trak/policy.sla").contract
    read = log or logs.read_log({"examples/trak/events.jsonl": None}, False, None)
    assert contract is not None and not isinstance(read, int)
    as_of = options.instant(contract, {}, "2025-07-01")
    return report(contract, read, as_of, readings={}, supplied={}, first=first, last=last, top=top,
                  files=[("events.jsonl", "0" * 64)])


def judged(report: Report) -> Evaluation:
    """The verdicts that a report is made from, as objects."""
    told = report.evaluation
    every = tuple(Verdicts(told, report.contract, range(told.verdicts.num_rows)))
    agreements = (told.statuses, told.allowances, told.amounts)
    return Evaluation(told.as_of, told.readings, every, *agreements, told.findings, None)


@pytest.fixture(scope="module")
def whole() -> Report:
    return made()


def sections(found: Document) -> dict[str, Section]:
    todo, by = list(found.sections), {}
    while todo:
        one = todo.pop()
        by[one.anchor] = one
        todo.extend(one.sections)
    return by


def text(grid: Grid) -> list[list[str]]:
    return [["".join(run.text for run in cell.words) for cell in row] for row in grid.rows]


def test_the_page_counts_what_the_verdicts_count(whole: Report) -> None:
    kept = sections(document(whole))["kept"]
    first, rest = (block for block in kept.blocks if isinstance(block, Grid))
    heads = ["".join(run.text for run in cell.words) for cell in first.head]
    broken = sum(int(row[heads.index("broken")].replace(",", "").replace("–", "0")) for row in text(first))
    owed = [v for v in judged(whole).verdicts if v.rule in ("duty", "target")]
    assert broken == sum(v.state in ("breached", "missed") for v in owed) > 0
    assert {row[0] for row in text(first)} & {row[0] for row in text(rest)} == set()


def test_numbers_have_thousands_on_the_front_page(whole: Report) -> None:
    """`2235 events` beside `0 lines of 2,235` would be two ways to write one number."""
    (front,) = (block for block in document(whole).front if isinstance(block, Definitions))
    said = " ".join(run.text for _, told in front.entries for words in told for run in words)
    assert "2,235 events; " in said and "0 lines of 2,235" in said


def test_each_of_the_worst_cases_is_drawn_and_told(whole: Report) -> None:
    found = sections(document(whole))
    assert len(found["worst"].sections) == 4
    for told, section in zip(whole.worst, found["worst"].sections, strict=True):
        assert told.course.verdict.subject in section.title
        figure, = (block for block in section.blocks if isinstance(block, Figure))
        assert "due" in figure.picture.description.lower() or "deadline" in figure.picture.description.lower()
        assert told.reason.text.startswith(f"{told.course.verdict.subject} {told.course.verdict.label}:")


def test_the_worst_are_the_worst(whole: Report) -> None:
    assert [told.course.verdict for told in whole.worst] == tally.late(judged(whole))[:4]


def test_what_is_said_of_breaches_is_so(whole: Report) -> None:
    """Of duties, targets and prohibitions alone; by hand from the verdicts."""
    (told, *_), (lead, *_) = (sections(document(whole))[anchor].blocks for anchor in ("when", "worst"))
    days = [zones.moment(v.deadline if v.deadline is not None else v.triggered_at, zones.zone(whole.zone)).weekday()
            for v in judged(whole).verdicts if v.state in ("breached", "missed")]  # fmt: skip
    many = max(days.count(day) for day in range(7))
    assert isinstance(told, Paragraph) and isinstance(lead, Paragraph)
    said = "".join(run.text for run in told.words)
    assert said.startswith(f"There are {len(days):,} in all")
    assert ("more fell on a" in said) == (sum(days.count(day) == many for day in range(7)) == 1)
    undone = [v for v in tally.late(judged(whole)) if v.performed_at is None and not v.owed]
    assert undone and "comes last of each kind" in "".join(run.text for run in lead.words)
    for state in ("breached", "missed"):
        kind = [v in undone for v in tally.late(judged(whole)) if v.state == state]
        assert kind == sorted(kind)


def test_a_month_alone(whole: Report) -> None:
    march = made(Month(2025, 3), Month(2025, 3), top=0)
    assert "March 2025" in str(document(march).front)
    assert "worst" not in sections(document(march))
    assert sum(march.period.count(o) for o in tally.COLUMNS) == len(march.period.verdicts) < len(whole.period.verdicts)


def test_nothing_to_report_is_said() -> None:
    empty = made(Month(1999, 1), Month(1999, 1))
    assert b"Nothing that was owed in this period is decided yet" in render(document(empty), ".md")
    assert xlsx.written(empty)


def test_the_same_report_gives_the_same_bytes(whole: Report) -> None:
    assert xlsx.written(whole) == xlsx.written(made())
    assert render(document(whole), ".md") == render(document(made()), ".md")


def test_dates_are_told_as_documents_write_them() -> None:
    told = "set off by e1: opened by Customer at Mon 2025-03-03 14:12 (-07:00) (R10), `x`"
    assert report_cases._readable(told, "America/Denver") == (
        "set off by e1: opened by Customer at Mon 3 March 2025, 14:12, x"
    )
    twice = "Sun 2025-11-02 01:30:15 (-06:00) to Sun 2025-11-02 01:30:15 (-07:00)"
    assert report_cases._readable(twice, "America/Denver") == (
        "Sun 2 November 2025, 01:30:15 (-06:00) to Sun 2 November 2025, 01:30:15 (-07:00)"
    )


# ---- The workbook


def test_the_workbook_has_each_verdict_with_real_dates_and_times(whole: Report) -> None:
    book = openpyxl.load_workbook(BytesIO(xlsx.written(whole)))
    rows = list(book["Verdicts"].values)
    heads, first = rows[0], rows[1]
    assert len(rows) == len(whole.period.verdicts) + 1
    told, verdict = dict(zip(heads, first, strict=True)), whole.period.verdicts[0]
    assert (told["subject"], told["rule"]) == (verdict.subject, verdict.duty)
    local = zones.moment(verdict.triggered_at, zones.zone(whole.zone)).replace(tzinfo=None)
    assert isinstance(told["arose"], datetime) and abs((told["arose"] - local).total_seconds()) < 0.001
    by_rule = list(book["By rule"].values)
    counted = by_rule[0].index("broken")
    assert sum(row[counted] for row in by_rule[1:]) == whole.period.count("broken")
    assert book["By month"]._charts


def test_no_text_of_a_log_becomes_a_formula_or_a_link() -> None:
    base = 20_089 * 24 * 3_600_000_000
    events = []
    for number, name in enumerate(HOSTILE):
        facts = {"severity": "1", "channel": name}
        events.append(Event(f"e{number}", name, "opened", base + number * 1_000_000, "Customer", facts))
    log = Log(events=events, rows=len(events))
    log.unknown_fields["=cmd|' /C calc'!A0"] = 1
    log.rejected["E0601"] = 2
    found = made(log=log)
    assert {v.subject for v in found.period.verdicts} >= set(HOSTILE[:6])
    book = openpyxl.load_workbook(BytesIO(xlsx.written(found)))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t")):
                    assert cell.quotePrefix, cell.value
    page = render(document(found), ".html").decode()
    assert "<script>x" not in page and "&lt;script&gt;x" in page


def test_more_verdicts_than_rows_are_not_written_in_part(whole: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 100)
    with pytest.raises(CannotBeWritten, match="--month"):
        xlsx.written(whole)


def test_a_text_longer_than_a_cell_is_cut_where_it_is_seen(whole: Report) -> None:
    long = evolve(whole.period.verdicts[0], subject="x" * 40_000)
    found = evolve(whole, period=evolve(whole.period, verdicts=(long,)))
    book = openpyxl.load_workbook(BytesIO(xlsx.written(found)))
    assert list(book["Verdicts"].values)[1][0] == "x" * 32_766 + "…"


def test_the_report_judges_as_batches_do(whole: Report) -> None:
    log = logs.read_log({"examples/trak/events.jsonl": None}, False, None)
    assert not isinstance(log, int)
    same = batches.judge(whole.contract, {}, log.events, whole.evaluation.as_of, supplied={}, done=lambda a, b: None)
    assert same.verdicts == judged(whole).verdicts
