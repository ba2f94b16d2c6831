"""DuckDB: the contract of the benchmark as a query with window functions, as somebody who knows SQL well writes it.

Only events that move a clock go through the windows; acts are aggregated without any order. The calendar is a table of
days, joined by equality: for the open time before an instant, and for the instant at which an open time is reached
(every opening lasts nine hours, so the number of the opening is a division; other calendars need an ASOF join there).
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.engines.given import (
    ABSENT,
    BREACHED,
    ENDED,
    MET,
    NONE,
    PENDING,
    SUSPENDED,
    Outcome,
    days_table,
    limits_table,
    openings_table,
)
from benchmarks.engines.workload import ACTORS, AS_OF, TYPES

OPENING = 9 * 3_600_000_000
LATER = AS_OF + 1

LOAD = f"""
create or replace table events as
select cast(substr(subject, 2) as integer) as ticket, epoch_us("at") as instant,
  type::enum{TYPES} as type, actor::enum{ACTORS} as actor, severity::tinyint as severity
from read_parquet('FILE') order by ticket, instant
"""

QUERY = f"""
create or replace table verdicts as
with acts as materialized (
  select ticket,
    min(instant) filter (type = 'acknowledged' and actor = 'Trak') as acknowledged,
    min(instant) filter (type = 'responded' and actor = 'Trak') as responded,
    min(instant) filter (type = 'escalated' and actor = 'Trak') as escalated,
    min(instant) filter (type = 'closed') as closed
  from events group by ticket
),
moves as (
  select e.ticket, e.instant, e.type, e.severity,
    d.before + greatest(least(e.instant, d.closes) - d.opens, 0) as worked
  from events e join days d on d.day = e.instant // 86400000000
  where e.type in ('opened', 'severity_changed', 'waiting', 'resumed', 'resolved', 'reopened')
),
standing as (
  select ticket, instant, type, worked,
    last_value(severity ignore nulls) over w as severity,
    last_value(case when type = 'waiting' then true when type != 'severity_changed' then false end
      ignore nulls) over w as waiting,
    last_value(case when type = 'resolved' then true when type in ('opened', 'reopened') then false end
      ignore nulls) over w as resolved,
    last_value(case when type in ('resumed', 'reopened', 'severity_changed') then instant end
      ignore nulls) over w as floor,
    last_value(case when type = 'reopened' then instant end ignore nulls) over w as reopened,
    first_value(worked) over w as began,
    lead(instant, 1, {LATER}) over w as next_at,
    lead(worked) over w as next_worked
  from moves
  window w as (partition by ticket order by instant rows between unbounded preceding and current row)
),
clocks as (
  select ticket, instant, type, next_at, severity, waiting, resolved, floor, reopened,
    lag(waiting, 1, false) over p as waited,
    coalesce(sum(case when resolved then next_worked - worked end::double) over p, 0)::bigint as stood,
    began + coalesce(sum(case when resolved or waiting then next_worked - worked end::double) over p, 0)::bigint
      as counted,
    began
  from standing
  window p as (partition by ticket order by instant rows between unbounded preceding and 1 preceding)
),
limited as (
  select c.*, began + stood + l.acknowledge as a, counted + l.respond as r, counted + l.resolve as s,
    l.escalate as escalate
  from clocks c join limits l using (severity)
),
dated as materialized (
  select l.*,
    greatest(x.opens + l.a - x.before, coalesce(l.reopened, 0)) as acknowledge,
    greatest(y.opens + l.r - y.before, coalesce(l.floor, 0)) as respond,
    greatest(z.opens + l.s - z.before, coalesce(l.floor, 0)) as resolve
  from limited l
  join openings x on x.number = (l.a - 1) // {OPENING}
  join openings y on y.number = (l.r - 1) // {OPENING}
  join openings z on z.number = (l.s - 1) // {OPENING}
),
told as materialized (
  select d.ticket, any_value(acknowledged) as acknowledged, any_value(responded) as responded,
    bool_or(not resolved and closed is not null) filter (next_at = {LATER}) as over,
    bool_or(resolved) filter (next_at = {LATER}) as resolved,
    bool_or(waiting) filter (next_at = {LATER}) as waiting,
    min(acknowledge) filter (not resolved and acknowledge < least(next_at, acknowledged, closed))
      as acknowledge_breach,
    max(acknowledge) filter (not resolved and instant < acknowledged and acknowledged <= next_at) as acknowledge_met,
    max(acknowledge) filter (next_at = {LATER}) as acknowledge_due,
    min(respond) filter (not resolved and not waiting and respond < least(next_at, responded, closed))
      as respond_breach,
    max(respond) filter (not resolved and not waiting and instant < responded and responded <= next_at) as respond_met,
    max(respond) filter (next_at = {LATER}) as respond_due,
    min(resolve) filter (not resolved and not waiting and resolve < least(next_at, closed)) as resolve_breach,
    arg_max(case when waited then {NONE} else resolve end, instant) filter (type = 'resolved') as resolve_met,
    max(resolve) filter (next_at = {LATER}) as resolve_due
  from dated d join acts using (ticket) group by d.ticket
),
overdue as (
  select d.ticket, d.instant, d.next_at, d.resolved, d.stood, d.reopened, d.escalate, t.resolve_breach, t.over,
    a.escalated, a.closed,
    w.before + greatest(least(t.resolve_breach, w.closes) - w.opens, 0) as began,
    max(d.stood) filter (d.instant <= t.resolve_breach) over (partition by d.ticket) as stood_before
  from told t join dated d using (ticket) join acts a using (ticket)
  join days w on w.day = t.resolve_breach // 86400000000
  where t.resolve_breach is not null and d.next_at > t.resolve_breach
),
escalating as (
  select o.*, greatest(x.opens + o.began + o.escalate + o.stood - o.stood_before - x.before,
      coalesce(case when o.reopened > o.resolve_breach then o.reopened end, 0)) as due
  from overdue o join openings x on x.number = (o.began + o.escalate + o.stood - o.stood_before - 1) // {OPENING}
),
escalations as (
  select ticket, any_value(escalated) as escalated, bool_or(over) as over,
    bool_or(escalated <= resolve_breach) as early, min(due) filter (instant <= resolve_breach) as first_due,
    min(due) filter (not resolved and due < least(next_at, escalated, closed)) as breach,
    max(due) filter (not resolved and instant < escalated and escalated <= next_at) as met,
    max(due) filter (next_at = {LATER}) as due,
    bool_or(resolved) filter (next_at = {LATER}) as resolved
  from escalating group by ticket
)
select t.ticket,
  (case when acknowledge_breach is not null then {BREACHED} when acknowledged is not null then {MET}
    when t.over then {ENDED} when t.resolved then {SUSPENDED} else {PENDING} end)::utinyint as acknowledge,
  coalesce(acknowledge_breach, case when acknowledged is not null then acknowledge_met
    when not t.over and not t.resolved then acknowledge_due end) as acknowledge_deadline,
  (case when respond_breach is not null then {BREACHED} when responded is not null then {MET}
    when t.over then {ENDED} when t.resolved or waiting then {SUSPENDED} else {PENDING} end)::utinyint as respond,
  coalesce(respond_breach, case when responded is not null then respond_met
    when not t.over and not t.resolved and not waiting then respond_due end) as respond_deadline,
  (case when resolve_breach is not null then {BREACHED} when t.resolved then {MET}
    when t.over then {ENDED} when waiting then {SUSPENDED} else {PENDING} end)::utinyint as resolve,
  coalesce(resolve_breach, case when t.resolved then resolve_met
    when not t.over and not waiting then resolve_due end) as resolve_deadline,
  (case when e.ticket is null then {ABSENT} when early then {MET} when breach is not null then {BREACHED}
    when escalated is not null then {MET} when e.over then {ENDED} when e.resolved then {SUSPENDED}
    else {PENDING} end)::utinyint as escalate,
  case when early then first_due when breach is not null then breach when escalated is not null then met
    when not e.over and not e.resolved then due end as escalate_deadline
from told t left join escalations e using (ticket)
order by t.ticket
"""


class Duck:
    """A database in memory with the events in it, sorted by ticket."""

    def __init__(self, directory: Path, threads: int) -> None:
        self.db = duckdb.connect(config={"threads": threads})
        openings = openings_table()
        numbered = openings.append_column("number", [np.arange(openings.num_rows)])
        for name, given in (("days", days_table()), ("limits", limits_table()), ("openings", numbered)):
            self.db.register("given", given)
            self.db.execute(f"create table {name} as select * from given")
        self.db.execute(LOAD.replace("FILE", str(directory / "events.parquet")))

    def judge(self) -> None:
        self.db.execute(QUERY)

    def count(self) -> int:
        """How many events there are."""
        return int(self.db.execute("select count(*) from events").fetchall()[0][0])

    def outcome(self) -> Outcome:
        found = self.db.execute("select * exclude ticket from verdicts order by ticket").fetchnumpy()
        names = list(found)
        states = np.stack([np.asarray(found[name]) for name in names[0::2]], axis=1).astype(np.uint8)
        deadlines = np.stack([np.ma.filled(found[name], NONE) for name in names[1::2]], axis=1)
        return Outcome(states, deadlines)


def main(directory: Path, out: Path, threads: int) -> None:
    """The file of events in, a file of states and deadlines out."""
    duck = Duck(directory, threads)
    duck.judge()
    duck.db.execute(f"copy verdicts to '{out}' (format parquet)")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
