"""A log under two contracts: what turns, when it is due, and what the log does not tell."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

from slarules.cli import logs
from slarules.comparison.history import History, history
from slarules.comparison.matching import matched
from slarules.comparison.sides import side
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.event import Event
from slarules.readers.instants import rfc3339
from tests.comparison.small import as_side, made

MINUTE = 60_000_000
LONGER = ("option elapsed: within 30 minutes ", "option elapsed: within 45 minutes ")


def ticket(name: str, minutes: int | None, day: int = 2, **facts: object) -> list[Event]:
    at = rfc3339(f"2026-03-{day:02d}T09:00:00Z")
    told = [Event(f"{name}-o", name, "opened", at, "Client", {"severity": "1", "channel": "email", **facts})]  # type: ignore[dict-item]
    if minutes is not None:
        told.append(Event(f"{name}-a", name, "acknowledged", at + minutes * MINUTE, "Desk"))
    return told


def test_what_turns_and_by_how_much(tmp_path: Path) -> None:
    a, b = as_side(made(tmp_path / "a")), as_side(made(tmp_path / "b", LONGER))
    log = [*ticket("T1", 20), *ticket("T2", 40), *ticket("T3", 50), *ticket("T4", None)]
    found = history(a, b, matched(a, b), log, rfc3339("2026-03-02T09:35:00Z"))
    own = next(one for one in found.counts if one.pair.ours == ("confirm",))
    assert own.subjects == {("broken", "open"): 3, ("kept", "kept"): 1}
    assert own.moved == (15 * MINUTE,) * 3
    later = history(a, b, matched(a, b), log, rfc3339("2026-03-03T00:00:00Z"))
    own = next(one for one in later.counts if one.pair.ours == ("confirm",))
    assert own.subjects == {("broken", "broken"): 2, ("broken", "kept"): 1, ("kept", "kept"): 1}
    turned = [one for one in later.changes if one.pair == own.pair]
    assert [(one.subject, one.before, one.after, one.month) for one in turned] == [("T2", "broken", "kept", "2026-03")]


def test_each_side_is_what_the_engine_says() -> None:
    """The year of Trak's example log, under a Trak that gives a quarter of an hour more, against two plain runs."""
    loaded = load("contracts/trak/policy.sla").contract
    assert loaded is not None
    a, b = side(loaded), side(loaded, {"immediately": "one_hour"})
    log = logs.read_log({"examples/trak/events.jsonl": None}, False, None)
    assert not isinstance(log, int)
    some = [event for event in log.events if event.subject < "R-0120" or not event.subject.startswith("R-")]
    as_of = rfc3339("2026-01-01T00:00:00Z")
    found = history(a, b, matched(a, b), some, as_of)
    for of, one in enumerate((a, b)):
        seen = evaluate(loaded, one.readings, some, as_of)
        broken = {v.subject for v in seen.verdicts if v.duty == "escalate" and v.state == "breached"}
        counts = [count for count in found.counts if count.pair.ours == ("escalate",)]
        assert sum(c.of("broken", None) if of == 0 else c.of(None, "broken") for c in counts) == len(broken)
    assert {one.pair.ours for one in found.changes} <= {("escalate",)}


def collabware_under_trak(said: dict[str, str]) -> History:
    a, b = (load(f"contracts/{name}/policy.sla").contract for name in ("collabware", "trak"))
    assert a is not None and b is not None
    one, other = side(a), side(b)
    log = logs.read_log({"examples/collabware/events.jsonl": None}, False, None)
    assert not isinstance(log, int)
    return history(one, other, matched(one, other, said), log.events[:300], rfc3339("2025-08-01T00:00:00Z"))


def test_the_example_log_is_what_its_script_makes(tmp_path: Path) -> None:
    script = Path("examples/collabware/make_events.py")
    copied = tmp_path / script.name
    copied.write_bytes(script.read_bytes())
    run_path(str(copied), run_name="__main__")
    for name in ("events.jsonl", "holidays.txt"):
        assert (tmp_path / name).read_bytes() == script.with_name(name).read_bytes()


def test_collabwares_incidents_under_traks_terms() -> None:
    found = collabware_under_trak({"acceptable": "satisfied", "channel.web_form": "web"})
    resolution = [count for count in found.counts if count.pair.ours == ("resolution",)]
    assert sum(count.of("kept", "broken") for count in resolution) > 10
    assert found.untold.events["logged"] > 10
    assert "channel is web_form" not in found.untold.facts
    assert found.missing[1]["make_request", "authorized"] > 10
    assert "escalate" in found.alone[1] and "verify_in_time" in found.alone[0]


def test_what_has_no_word_is_undetermined_and_counted() -> None:
    found = collabware_under_trak({})
    assert found.untold.facts["channel is web_form"] > 5
    assert found.untold.facts["acceptable"] > 10
    assert found.missing[1]["resolution", "satisfied"] > 10
    assert found.missing[1]["confirm_receipt", "channel"] == found.untold.facts["channel is web_form"]
