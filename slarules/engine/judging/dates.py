"""Duties by dates: each open date of a calendar, each date of a list (R4, R7, R9, R14)."""

from __future__ import annotations

from datetime import date

from slarules.calendars import zones
from slarules.engine.history import Entry
from slarules.engine.judging.beginning import numbered, stand, undetermined, wake
from slarules.engine.judging.case import Case, goes_on
from slarules.engine.judging.clock import Dated
from slarules.engine.judging.endings import finish
from slarules.engine.judging.instance import Instance, Row, over_since
from slarules.engine.judging.limits import end_of
from slarules.engine.plan import DutyPlan
from slarules.model.limit import EachDay, OnEach
from slarules.model.value import Unknown


def begin_dates(case: Case, plan: DutyPlan, start: int, cause: Instance | None, trigger: Entry | None) -> None:
    if isinstance(plan.duty.limit, OnEach):
        dates = case.fact(plan.duty.limit.fact)
        if isinstance(dates, Unknown):
            undetermined(case, plan, start, cause, trigger, dates)
            return
    begin_row(case, Row(plan, cause, trigger), start)


def begin_row(case: Case, row: Row, start: int) -> None:
    """A row of dates, from ``start`` on."""
    case.rows.append(row)
    case.arisen += 1
    row.start = start
    next_date(case, row, start)


def next_date(case: Case, row: Row, start: int, runs_on: bool = False) -> None:
    """Find the row's next date at or after ``start``; where it runs on then, also that whose closing is to come."""
    limit = row.plan.duty.limit
    row.next_at = None
    if isinstance(limit, EachDay):
        calendar = case.calendars[limit.calendar]
        table = calendar.day_table
        place = max(0, table.index_from(calendar.local_date(start)) - runs_on)  # a window may end on the next date
        while place < len(table):
            day = table.day(place)
            to_come = runs_on and day.last_close >= start and day.first_open >= (row.start or 0)
            owed = to_come or day.first_open >= start
            if owed and (row.last_date is None or day.date.toordinal() > row.last_date):
                row.next_at = max(calendar.day_start(day.date), row.start or 0 if to_come else start)
                row.next_day, row.next_due = day.date.toordinal(), day.last_close
                return
            place += 1
    elif isinstance(limit, OnEach):
        dates = case.fact(limit.fact)
        zone = case.zone or "UTC"
        for day_of_list in sorted(dates) if isinstance(dates, tuple) else ():
            assert isinstance(day_of_list, date)
            due = end_of(day_of_list, None, zone)
            if due > start and (row.last_date is None or day_of_list.toordinal() > row.last_date):
                row.next_at = max(zones.day_start(day_of_list, zone), start)
                row.next_due = due
                return


def list_changed(case: Case, instance: Instance, limit: OnEach) -> None:
    """The list of its dates was recorded anew: a date that is there no more is owed no more, unless it comes again."""
    dates, row = case.fact(limit.fact), instance.row
    day = zones.local_date(instance.start, case.zone or "UTC")
    if row is None or not isinstance(dates, tuple) or day in dates or instance.phase != "pending":
        return
    finish(case, instance, "no promise")
    if row.last_date == day.toordinal():
        row.last_date -= 1


def rows_due(case: Case) -> bool:
    """Instances of dates that begin now."""
    any_arose = False
    for row in case.rows:
        while row.next_at is not None and row.next_at <= case.now and not row.over:
            assert row.next_due is not None
            any_arose = True
            at = row.next_at
            if row.plan.has_whiles and goes_on(case, row) is False:
                row.over = True
                break
            _date_instance(case, row, at, row.next_due)
            next_date(case, row, at)
    return any_arose


def _date_instance(case: Case, row: Row, at: int, due: int) -> None:
    plan = row.plan
    instance = Instance(plan, numbered(case, plan.name), at, at, row.cause, row.trigger, Dated(due), case.severity)
    instance.row, instance.floor, instance.root = row, row.floor, row.root
    limit = plan.duty.limit
    if isinstance(limit, EachDay):
        calendar = case.calendars[limit.calendar]
        row.last_date = row.next_day
        instance.not_owed_if_stopped = True
        if calendar.unknown_from is not None and due > calendar.unknown_from:
            instance.phase = "undetermined"
            instance.missing = frozenset(f"holidays of {n}" for n in calendar.unknown_names)
            row.over = True
    else:
        row.last_date = zones.local_date(at, case.zone or "UTC").toordinal()
    if row.end_wants:
        over_since(instance, (at, None, None), row.end_wants)
    case.instances.append(instance)
    case.arisen += 1
    case.enliven(instance)
    stand(case, instance)
    instance.settle()
    wake(case, instance)
