"""The Python face: ``slarules.load`` and what it gives."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

import slarules
from slarules.loader import load_scenarios
from tests.cli.conftest import AMOUNTS, EVENTS, POLICY

SUPPLIED = {"TrakHolidays": slarules.Supplied(known_until=date(2027, 1, 1))}
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=-7)))


def states(evaluation: slarules.Evaluation) -> dict[str, str]:
    return {f"{v.subject} {v.duty}": v.state for v in evaluation.verdicts}


def test_dictionaries_and_events_and_each_way_to_say_the_instant(folder: Path) -> None:
    policy = slarules.load("policy.sla")
    assert policy.contract.name == "Demo" and policy.diagnostics == ()
    found = policy.evaluate(EVENTS, as_of=NOON, supplied=SUPPLIED)
    assert states(found) == {
        "T1 confirm": "breached", "T1 resolution": "reached", "=T2 confirm": "breached", "=T2 resolution": "pending",
    }
    for as_of in ("2026-03-02T12:00:00-07:00", found.as_of):
        assert policy.evaluate(EVENTS, as_of=as_of, supplied=SUPPLIED) == found
    event = slarules.Event("e1", "T1", "opened", found.as_of, "Customer", {"severity": "1"})
    assert states(policy.evaluate([event], as_of=found.as_of, supplied=SUPPLIED))["T1 confirm"] == "pending"


def test_pythons_own_times_and_numbers(folder: Path) -> None:
    event = {"id": 1, "subject": "T1", "type": "opened", "at": NOON, "facts": {"severity": 1, "weight": 0.5}}
    found = slarules.load(folder / "policy.sla").evaluate([event], as_of=NOON, supplied=SUPPLIED)
    assert states(found) == {"T1 confirm": "pending", "T1 resolution": "pending"}


def test_readings_and_reasons(folder: Path) -> None:
    policy = slarules.load("policy.sla")
    assert policy.evaluate([], as_of=0, readings={"ack": "business"}).readings == {"ack": "business"}
    reasons = policy.explain(EVENTS, "T1", "confirm", as_of=NOON, supplied=SUPPLIED)
    assert len(reasons) == 1 and reasons[0].text.startswith("T1 confirm#1: breached")
    assert policy.explain(EVENTS, "nobody", as_of=NOON) == ()


def test_reasons_for_an_amount(folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + AMOUNTS, "utf-8")
    policy = slarules.load("policy.sla")
    log = [{"id": "a", "subject": "A1", "type": "started", "at": "2026-01-01T00:00:00Z", "facts": {"fee": "200 USD"}}]
    for name in (None, "total"):
        reasons = policy.explain([*EVENTS, *log], "A1", name, as_of=NOON, supplied=SUPPLIED)
        assert [one.text for one in reasons] == ["A1 `total` comes to 20.00 USD, as of Mon 2026-03-02 12:00 (-07:00)"]
    assert policy.explain([*EVENTS, *log], "T1", "total", as_of=NOON, supplied=SUPPLIED) == ()


def test_a_wrong_policy_raises_the_readable_list(folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY.replace("Customer as read", "Custmer as read"), "utf-8")
    with pytest.raises(slarules.PolicyError) as raised:
        slarules.load("policy.sla")
    assert [d.code for d in raised.value.diagnostics] == ["E0303"]
    assert str(raised.value).endswith(
        ":30: error[E0303]: `Custmer` is no party\n  help: did you mean `Customer`?"
    )
    with pytest.raises(slarules.PolicyError, match="there is no such file"):
        slarules.load("nowhere.sla")
    (folder / "a.sla").write_text('slarules 1\nscenarios of "policy.sla"\n')
    with pytest.raises(slarules.PolicyError, match="holds no contract"):
        slarules.load("a.sla")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"as_of": "2026-03-02T12:00:00"}, "names no zone"),
        ({"as_of": datetime(2026, 3, 2)}, "has no zone"),
        ({"as_of": -1}, "outside 1970"),
        ({"as_of": None}, "text, a datetime or microseconds are wanted, not NoneType"),
        ({"as_of": date(2026, 3, 2)}, "not date"),
        ({"readings": {"akc": "business"}}, "no reading `akc`"),
        ({"readings": {"ack": "never"}}, "no option `never`"),
        ({"supplied": {"Holidays": slarules.Supplied()}}, "no supplied list or calendar 'Holidays'"),
        ({"events": [{"id": "e1"}]}, r"events\[0\]: `subject` is missing"),
        ({"events": ["opened"]}, r"events\[0\]: an Event or a dictionary is wanted, not str"),
        ({"events": [EVENTS[0] | {"at": "2026-03-02T08:00:60Z"}]}, r"events\[0\]: .*second 60"),
    ],
)
def test_what_cannot_be_meant(folder: Path, arguments: dict[str, object], said: str) -> None:
    wanted: dict[str, object] = {"events": EVENTS, "as_of": 0} | arguments
    with pytest.raises(ValueError, match=said):
        slarules.load("policy.sla").evaluate(wanted.pop("events"), **wanted)  # type: ignore[arg-type]


def test_the_exported_names(folder: Path) -> None:
    assert slarules.Calendar.__module__ == "slarules.calendars.calendar"
    assert all(hasattr(slarules, name) for name in slarules.__all__)
    assert set(slarules.__all__) <= set(dir(slarules))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        slarules.nothing  # noqa: B018


def test_loading_scenarios(folder: Path) -> None:
    loaded = load_scenarios("policy.sla")
    assert loaded.file is loaded.policy and len(loaded.file.scenarios) == 1
    assert load_scenarios("a\0b").file.unreadable


def test_a_subject_or_a_rule_that_is_no_text_is_told(folder: Path) -> None:
    policy, wrong = slarules.load("policy.sla"), 7
    with pytest.raises(ValueError, match="subject: the id of a ticket or agreement is wanted, not int"):
        policy.explain(EVENTS, wrong, as_of=NOON)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="duty: the name of a rule is wanted, not int"):
        policy.why_not(EVENTS, "T1", wrong, as_of=NOON)  # type: ignore[arg-type]
