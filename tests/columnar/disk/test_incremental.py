"""Yesterday's verdicts and today's events give what one judging of the whole log gives, and little is judged again."""

from __future__ import annotations

import os
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from slarules.columnar.disk import incremental, resuming
from slarules.columnar.disk.incremental import Again, judge_again
from slarules.columnar.disk.ranges import Sizes
from slarules.columnar.disk.resuming import OtherRun
from slarules.columnar.judging import judge
from slarules.columnar.log.columns import table_of
from slarules.columnar.verdicts import writing
from slarules.model.event import Event, Raw
from slarules.model.value import HOUR
from tests.columnar.disk.test_resuming import log, of_kinds
from tests.columnar.larger import TINY, Heard, batches_of, many_requests, whole
from tests.laws.histories import LAWS, START, trak

KINDS: list[Raw] = [1, "1", True, Decimal("1.0")]
FEW = settings(LAWS, max_examples=int(os.environ.get("SLARULES_LARGER_EXAMPLES", "12")), phases=[Phase.generate])
AS_OF = START + 300 * HOUR


Told = tuple[dict[str, Any], Again]


def again(state: Path, events: list[Event], as_of: int, sizes: Sizes = TINY, **more: Any) -> Told:
    heard = Heard()
    found = judge_again(
        more.pop("contract", trak()), more.pop("readings", None), batches_of(events, [7, 3]), as_of, state=state,
        memory=1 << 40,
        write=heard.write, subjects=heard.subject, tell=heard.findings.append, sizes=sizes, **more,
    )  # fmt: skip
    return heard.whole(found.summary), found


def at_once(events: list[Event], as_of: int) -> dict[str, Any]:
    return whole(judge(trak(), None, table_of(events), as_of))


@pytest.mark.parametrize("first", [1, "1"])
def test_what_comes_later_may_be_of_another_kind(first: Raw, tmp_path: Path) -> None:
    events = of_kinds(log(), [first, *KINDS])
    for begin in range(0, 60, 12):
        found, _ = again(tmp_path, events[begin : begin + 12], AS_OF)
    assert found["verdicts"] == at_once(events, AS_OF)["verdicts"]


@FEW
@given(many_requests(), st.data())
def test_a_log_that_grows_is_judged_as_one(events: list[Event], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), min_size=1, max_size=3)))
    offsets = st.sampled_from([0, HOUR, 30 * HOUR, 300 * HOUR])
    instants = [data.draw(st.sampled_from(events)).at + data.draw(offsets) for _ in range(len(cuts) + 1)]
    if data.draw(st.integers(0, 4)):
        instants.sort()
    sizes = Sizes(data.draw(st.sampled_from([1, 4_000])), 1_000, 1_000, data.draw(st.sampled_from([1, 30])))
    with TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patched:
        patched.setattr(incremental, "_MANY", 2.0)  # so that small logs are judged by names, too
        for (first, last), as_of in zip(pairwise([0, *cuts, len(events)]), instants, strict=True):
            found, _ = again(Path(directory, "state"), events[first:last], as_of, sizes)
            assert found == at_once(events[:last], as_of)


def test_only_what_can_have_changed_is_judged_again(tmp_path: Path) -> None:
    first = log()
    for n in range(25):
        first.append(Event(f"e{n}-2", f"T{n:03}", "resolved", START + (n + 3) * HOUR, "Trak", {"satisfied": True}))
        first.append(Event(f"e{n}-3", f"T{n:03}", "closed", START + (n + 90) * HOUR, "Trak"))
    _, found = again(tmp_path / "state", first, AS_OF)
    assert found.why_all == "there was no state yet" and found.judged == 30
    today = [Event("late", "T003", "updated", AS_OF + HOUR, "Trak"), Event("new", "T5", "opened", AS_OF, "Customer")]
    told, found = again(tmp_path / "state", today, AS_OF + 2 * HOUR)
    assert found.why_all is None
    assert found.judged == 2 + 5  # those with events, and the five that are still open
    assert told == at_once([*first, *today], AS_OF + 2 * HOUR)
    told, found = again(tmp_path / "state", [], AS_OF + 2 * HOUR)
    assert found.judged == 0
    assert told == at_once([*first, *today], AS_OF + 2 * HOUR)


def test_the_file_of_verdicts_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    events = log(60)
    for name in ("verdicts.jsonl", "verdicts.csv", "verdicts.parquet"):
        state, target, expected = tmp_path / f"state of {name}", tmp_path / name, tmp_path / f"all {name}"
        for piece, as_of in ((events[:70], AS_OF - HOUR), (events[70:], AS_OF)):
            judge_again(
                trak(), None, batches_of(piece, [9]), as_of, state=state, memory=1 << 40, sizes=TINY,
                write=lambda tables, target=target: writing.write(target, tables),
            )  # fmt: skip
        writing.write(expected, iter([judge(trak(), None, table_of(events), AS_OF).verdicts]))
        assert target.read_bytes() == expected.read_bytes()


def test_a_state_is_of_one_contract_and_its_readings(tmp_path: Path) -> None:
    again(tmp_path / "state", log(), AS_OF)
    name, reading = next(iter(trak().readings.items()))
    other = next(option.name for option in reading.options if option.name != reading.adopted)
    with pytest.raises(OtherRun, match="another one: the readings differs; remove the folder to begin again"):
        again(tmp_path / "state", [], AS_OF, readings={name: other})


def test_a_state_is_of_one_release_of_zones_and_of_one_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What other calendars, another text or another engine judged is no part of what this one says."""
    again(tmp_path / "state", log(), AS_OF)
    for name, other in (("__version__", "0.0.9"), ("version", lambda package: "1970.1")):
        with monkeypatch.context() as patched:
            patched.setattr(resuming, name, other)
            with pytest.raises(OtherRun, match=r"the (version of slarules|release of zones and holidays) differs"):
                again(tmp_path / "state", [], AS_OF)
    amended = evolve(trak(), versions=tuple(evolve(terms, duties={}) for terms in trak().versions))
    with pytest.raises(OtherRun, match="the contract differs"):
        again(tmp_path / "state", [], AS_OF, contract=amended)
    found, _ = again(tmp_path / "state", [], AS_OF)
    assert found == at_once(log(), AS_OF)


def test_a_file_that_is_in_the_state_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "today.jsonl"
    path.write_text("an event")
    again(tmp_path / "state", log(), AS_OF, files=resuming.files_of([path]))
    with pytest.raises(OtherRun, match=r"the event file `today.jsonl` \(1\) is in .* already: name only the events"):
        again(tmp_path / "state", log(), AS_OF, files=resuming.files_of([path]))


def test_a_run_that_fails_leaves_the_state_as_it_was(tmp_path: Path) -> None:
    events = log()
    again(tmp_path / "state", events[:40], AS_OF)

    def failing(tables: Any) -> None:
        next(tables)
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        judge_again(
            trak(), None, batches_of(events[40:], [5]), AS_OF, state=tmp_path / "state", memory=1 << 40, write=failing,
            sizes=TINY,
        )  # fmt: skip
    found, _ = again(tmp_path / "state", events[40:], AS_OF)
    assert found == at_once(events, AS_OF)
    ours = {"state.json", ".slarules"}
    assert all(p.name in ours or p.name.startswith(("run-", "judged-1-")) for p in (tmp_path / "state").iterdir())


def test_what_was_noted_of_each_stretch_is_added_up(tmp_path: Path) -> None:
    events = log()
    again(tmp_path / "state", events[:40], AS_OF, noted=lambda: {"rows": 41, "rejected": {"E0626": 1}})
    _, found = again(tmp_path / "state", events[40:], AS_OF, noted=lambda: {"rows": 22, "rejected": {"E0630": 2}})
    assert found.summary.noted == {"rows": 63, "rejected": {"E0626": 1, "E0630": 2}}


def test_many_days_stay_in_few_runs(tmp_path: Path) -> None:
    events = log(40)
    sizes = Sizes(run=1 << 20, rows=1_000, row=1_000)
    for day in range(0, 80, 8):
        again(tmp_path / "state", events[day : day + 8], AS_OF, sizes)
    assert len(list((tmp_path / "state").glob("run-*.arrow"))) < 5
    found, _ = again(tmp_path / "state", [], AS_OF + HOUR, sizes)
    assert found == at_once(events, AS_OF + HOUR)
