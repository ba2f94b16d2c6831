"""Polars: the contract of the benchmark as lazy frames, as somebody who knows Polars well writes it.

The events lie sorted by ticket, so filling forward, shifting and summing need no grouping: a ticket's rows begin with
its opening. The calendar is a table of days, joined by equality, as in the SQL.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.engines.given import (
    ABSENT,
    BREACHED,
    DAY,
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
from benchmarks.engines.workload import AS_OF

LATER = AS_OF + 1
OPENING = 9 * 3_600_000_000
MOVING = ("opened", "severity_changed", "waiting", "resumed", "resolved", "reopened")

at, kind, until = pl.col("at"), pl.col("type"), pl.col("until")
resolved, waiting, over, closed = pl.col("resolved"), pl.col("waiting"), pl.col("over"), pl.col("closed")


def load(directory: Path) -> pl.DataFrame:
    """The file as a frame, sorted by ticket; names are coded as categories."""
    return (
        pl.scan_parquet(directory / "events.parquet")
        .select(
            pl.col("subject").str.slice(1).cast(pl.Int32).alias("ticket"),
            pl.col("at").cast(pl.Int64),
            pl.col("type").cast(pl.Categorical),
            pl.col("actor").cast(pl.Categorical),
            pl.col("severity").cast(pl.Int8),
        )
        .sort("ticket", "at")
        .set_sorted("ticket")
        .collect()
    )


class Frames:
    """The events and the tables that all engines are given."""

    def __init__(self, directory: Path) -> None:
        self.events = load(directory)
        self.days = pl.from_arrow(days_table()).lazy()
        self.limits = pl.from_arrow(limits_table()).with_columns(pl.col("severity").cast(pl.Int8)).lazy()
        openings = pl.from_arrow(openings_table())
        self.openings = openings.with_row_index("number").select(
            pl.col("number").cast(pl.Int64), (pl.col("opens") - pl.col("before")).alias("ahead")
        ).lazy()
        self.verdicts = pl.DataFrame()

    def judge(self) -> None:
        """State and deadline of each duty of each ticket."""
        acts = _acts(self.events.lazy()).collect()
        dated = self._dated(acts.lazy()).collect()
        told = _told(dated.lazy(), acts.lazy()).collect()
        escalations = self._escalations(dated.lazy(), told.lazy())
        self.verdicts = told.lazy().join(escalations, on="ticket", how="left").sort("ticket").collect()

    def _worked(self, frame: pl.LazyFrame, instant: str, name: str) -> pl.LazyFrame:
        """Open time before an instant."""
        time = pl.col(instant)
        spent = pl.col("before") + (pl.min_horizontal(time, "closes") - pl.col("opens")).clip(0)
        joined = frame.with_columns((time // DAY).alias("day")).join(self.days, on="day", maintain_order="left")
        return joined.with_columns(spent.alias(name)).drop("day", "opens", "closes", "before")

    def _reached(self, frame: pl.LazyFrame, worked: pl.Expr, floor: pl.Expr, name: str) -> pl.LazyFrame:
        """The earliest instant by which so much time was open, or the floor."""
        joined = frame.with_columns(((worked - 1) // OPENING).alias("number")).join(
            self.openings, on="number", maintain_order="left"
        )
        return joined.with_columns(pl.max_horizontal(pl.col("ahead") + worked, floor).alias(name)).drop(
            "ahead", "number"
        )

    def _dated(self, acts: pl.LazyFrame) -> pl.LazyFrame:
        """The events that move a clock, how the ticket stands after each, and the deadlines then in force."""
        moves = self._worked(self.events.lazy().filter(kind.is_in(MOVING)), "at", "worked")
        first = kind == "opened"
        last = (pl.col("ticket") != pl.col("ticket").shift(-1)).fill_null(True)
        standing = moves.with_columns(
            last.alias("last"),
            pl.col("severity").forward_fill(),
            pl.when(kind != "severity_changed").then(kind == "waiting").forward_fill().alias("waiting"),
            pl.when(kind.is_in(["opened", "resolved", "reopened"])).then(kind == "resolved").forward_fill()
            .alias("resolved"),
            pl.when(first | kind.is_in(["resumed", "reopened", "severity_changed"])).then(at).forward_fill()
            .alias("floor"),
            pl.when(first | (kind == "reopened")).then(at).forward_fill().alias("reopened"),
            pl.when(first).then(pl.col("worked")).forward_fill().alias("began"),
            pl.when(last).then(LATER).otherwise(at.shift(-1)).alias("until"),
            pl.when(last).then(0).otherwise(pl.col("worked").shift(-1) - pl.col("worked")).alias("spent"),
        )  # fmt: skip
        stood, paused = (pl.when(still).then(pl.col("spent")).otherwise(0) for still in (resolved, resolved | waiting))
        summed = standing.with_columns(
            (stood.cum_sum() - stood).alias("stood"),
            (paused.cum_sum() - paused).alias("paused"),
            pl.when(first).then(False).otherwise(waiting.shift(1)).alias("waited"),
        )
        since = [
            pl.col(name) - pl.when(first).then(pl.col(name)).forward_fill() for name in ("stood", "paused")
        ]
        limited = summed.with_columns(*since).join(self.limits, on="severity", maintain_order="left")
        began, stood_so_far, paused_so_far = pl.col("began"), pl.col("stood"), pl.col("paused")
        limited = self._reached(limited, began + stood_so_far + pl.col("acknowledge"), pl.col("reopened"), "a")
        limited = self._reached(limited, began + paused_so_far + pl.col("respond"), pl.col("floor"), "r")
        limited = self._reached(limited, began + paused_so_far + pl.col("resolve"), pl.col("floor"), "s")
        return limited.join(acts, on="ticket", maintain_order="left").with_columns(
            pl.min_horizontal("until", "closed").alias("until")
        )

    def _escalations(self, dated: pl.LazyFrame, told: pl.LazyFrame) -> pl.LazyFrame:
        """The consequence of a breach: only for the tickets and rows that it concerns."""
        breach = told.filter(pl.col("resolve") == BREACHED).select(
            "ticket", "over", pl.col("resolve_deadline").alias("breach")
        )
        rows = dated.join(breach, on="ticket", maintain_order="left").filter(until > pl.col("breach"))
        rows = self._worked(rows, "breach", "since")
        worked = pl.col("since") + pl.col("escalate") + pl.col("stood") - pl.col("stood").first().over("ticket")
        reopened = pl.when(pl.col("reopened") > pl.col("breach")).then(pl.col("reopened")).otherwise(0)
        rows = self._reached(rows.with_columns(worked.alias("w")), pl.col("w"), reopened, "e")
        state, deadline = _verdict("e", "escalated", ~resolved)
        return rows.group_by("ticket").agg(
            pl.when((pl.col("escalated") <= pl.col("breach")).first()).then(MET).otherwise(state).alias("escalate"),
            pl.when((pl.col("escalated") <= pl.col("breach")).first()).then(pl.col("e").first()).otherwise(deadline)
            .alias("escalate_deadline"),
        )  # fmt: skip


def _acts(events: pl.LazyFrame) -> pl.LazyFrame:
    """The first act of each kind."""
    done = pl.col("actor") == "Trak"
    return events.group_by("ticket").agg(
        *(
            at.filter((kind == of) & done).min().alias(of)
            for of in ("acknowledged", "responded", "escalated")
        ),
        at.filter(kind == "closed").min().alias("closed"),
    )  # fmt: skip


def _verdict(due: str, act: str, running: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """State and deadline of a duty that an act performs, within a group."""
    when, acted = pl.col(due), pl.col(act)
    breach = when.filter(running & (when < pl.min_horizontal(until, acted))).min()
    met = when.filter(running & (at < acted) & (acted <= until)).max()
    open_still = when.filter(pl.col("last") & running).max()
    state = (
        pl.when(breach.is_not_null()).then(BREACHED)
        .when(acted.first().is_not_null()).then(MET)
        .when(over.first()).then(ENDED)
        .when(open_still.is_not_null()).then(PENDING)
        .otherwise(SUSPENDED)
    )  # fmt: skip
    deadline = (
        pl.when(breach.is_not_null()).then(breach)
        .when(acted.first().is_not_null()).then(met)
        .when(~over.first()).then(open_still)
    )  # fmt: skip
    return state, deadline


def _told(dated: pl.LazyFrame, acts: pl.LazyFrame) -> pl.LazyFrame:
    """The three duties that an opening sets off, a row a ticket."""
    running = ~(resolved | waiting)
    dated = dated.with_columns((pl.col("last") & ~resolved & closed.is_not_null()).any().over("ticket").alias("over"))
    acknowledge, acknowledge_deadline = _verdict("a", "acknowledged", ~resolved)
    respond, respond_deadline = _verdict("r", "responded", running)
    breach = pl.col("s").filter(running & (pl.col("s") < until)).min()
    solved = pl.when(pl.col("waited")).then(None).otherwise(pl.col("s")).filter(kind == "resolved").last()
    open_still = pl.col("s").filter(pl.col("last") & running).max()
    resolve = (
        pl.when(breach.is_not_null()).then(BREACHED).when(resolved.last()).then(MET).when(over.first()).then(ENDED)
        .when(open_still.is_not_null()).then(PENDING).otherwise(SUSPENDED)
    )  # fmt: skip
    resolve_deadline = (
        pl.when(breach.is_not_null()).then(breach).when(resolved.last()).then(solved)
        .when(~over.first()).then(open_still)
    )  # fmt: skip
    return dated.group_by("ticket").agg(
        over.first(),
        acknowledge.alias("acknowledge"), acknowledge_deadline.alias("acknowledge_deadline"),
        respond.alias("respond"), respond_deadline.alias("respond_deadline"),
        resolve.alias("resolve"), resolve_deadline.alias("resolve_deadline"),
    )  # fmt: skip


def outcome(frames: Frames) -> Outcome:
    found = frames.verdicts
    names = ("acknowledge", "respond", "resolve", "escalate")
    states = np.stack([found[name].fill_null(ABSENT).to_numpy() for name in names], axis=1).astype(np.uint8)
    return Outcome(states, np.stack([found[f"{name}_deadline"].fill_null(NONE).to_numpy() for name in names], axis=1))


def main(directory: Path, out: Path) -> None:
    """The file of events in, a file of states and deadlines out."""
    frames = Frames(directory)
    frames.judge()
    frames.verdicts.write_parquet(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
