"""A policy that changes under a session: read again by itself, and its last good state kept."""

from __future__ import annotations

import os
from pathlib import Path

from slarules.repl.answers import Answer
from slarules.repl.loop import Run, begin, take, watch
from slarules.repl.session import Session
from tests.cli.conftest import POLICY
from tests.repl.small import KNOWN, LOOK, OPENED, plain, put, say


def running(folder: Path) -> tuple[Run, list[str]]:
    """A session in use, and what it showed."""
    shown: list[str] = []

    def show(answer: Answer) -> None:
        shown.append(plain(answer))

    run = Run(Session(), show, lambda: LOOK, folder / "unfinished")
    assert begin(run, (str(put(folder)),))
    for text in (KNOWN, OPENED):
        take(run, text)
    shown.clear()
    return run, shown


def write(folder: Path, policy: str, seconds: int) -> None:
    """The policy, changed so many seconds after it was first written."""
    path = put(folder, policy)
    stamp = path.stat()
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + seconds * 1_000_000_000))


def test_a_changed_policy_is_read_again_and_what_it_changes_is_told(tmp_path: Path) -> None:
    run, shown = running(tmp_path)
    watch(run)
    assert shown == []
    write(tmp_path, POLICY.replace("| 1        | 2 hours |", "| 1        | 3 hours |"), 5)
    watch(run)
    assert "read again" in shown[0]
    assert "T1 resolution  pending, due 11:00  (was pending, due 10:00)" in shown[0]
    watch(run)
    assert len(shown) == 1


def test_a_policy_that_stops_parsing_keeps_its_last_good_state(tmp_path: Path) -> None:
    run, shown = running(tmp_path)
    write(tmp_path, POLICY.replace("duty confirm", "dooty confirm"), 5)
    watch(run)
    assert "E0201" in shown[0] and "the last good state goes on" in shown[0]
    watch(run)
    take(run, "status")
    assert len(shown) == 2 and "confirm | pending | 09:00" in shown[1]
    write(tmp_path, POLICY, 10)
    watch(run)
    assert "read again; no verdict changes" in shown[2]


def test_a_policy_that_goes_away_is_told_once(tmp_path: Path) -> None:
    run, shown = running(tmp_path)
    (tmp_path / "policy.sla").unlink()
    watch(run)
    watch(run)
    assert len(shown) == 1 and "E0100" in shown[0]
    take(run, "status")
    assert "confirm | pending" in shown[1]


def test_a_session_may_begin_with_a_broken_policy_and_go_on_when_it_is_mended(tmp_path: Path) -> None:
    shown: list[str] = []
    run = Run(Session(), lambda answer: shown.append(plain(answer)), lambda: LOOK, None)
    put(tmp_path, "slarules 1\ncontract Demo\n  zoone UTC\n")
    begin(run, (str(tmp_path / "policy.sla"),))
    take(run, OPENED)
    assert "E0906" in shown[-1]
    write(tmp_path, POLICY, 5)
    watch(run)
    take(run, OPENED)
    assert "T1 resolution" in shown[-1]


def test_a_reading_that_is_gone_does_not_end_the_session(tmp_path: Path) -> None:
    run, shown = running(tmp_path)
    take(run, "set reading ack = business")
    write(tmp_path, POLICY.replace("option business", "option staffed"), 5)
    watch(run)
    assert "no reading `ack` as it is set" in shown[-1]
    take(run, "status")
    assert "confirm" in shown[-1]


def test_every_change_is_put_aside_until_it_is_saved(tmp_path: Path) -> None:
    run, _ = running(tmp_path)
    assert run.unfinished is not None
    assert "T1 opened by Customer" in run.unfinished.read_text("utf-8")
    kept = run.unfinished
    back = say(Session(), f"load {kept}").session
    assert [event.type for event in back.case.events] == ["opened"]
    take(run, f"save {tmp_path / 'saved.sla'}")
    assert not kept.exists() and run.unfinished is None
    take(run, "advance 1 hour")
    assert run.unfinished is not None and run.unfinished.exists()
    take(run, "quit")
    assert not kept.exists()


def test_a_session_put_aside_is_taken_up_again_as_the_same(tmp_path: Path) -> None:
    run, _ = running(tmp_path)
    take(run, "expect T1 confirm met")  # it is not, and that must not keep the session from coming back
    kept = run.unfinished
    assert kept is not None
    again = Run(Session(), lambda _: None, lambda: LOOK, tmp_path / "unfinished")
    assert begin(again, (str(kept),)) and again.unfinished == kept
    take(again, "advance 1 hour")
    assert again.unfinished == kept and list((tmp_path / "unfinished").iterdir()) == [kept]
    take(again, "quit")
    assert not kept.exists()
