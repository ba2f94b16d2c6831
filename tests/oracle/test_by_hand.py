"""A few rules that the given cases do not show, reckoned by hand."""

from __future__ import annotations

from typing import Any

from .stepper import judge

Json = dict[str, Any]


def story(duties: list[Json], lines: list[str], as_of: str, **contract: Any) -> Json:
    """Lines of `HH:MM type [actor] [name=value ...]`, all on one day, in UTC; the provider's unless said."""
    events: list[Json] = []
    for number, line in enumerate(lines):
        at, kind, *rest = line.split()
        event: Json = {"id": f"e{number}", "type": kind, "at": f"2025-03-04T{at}:00Z", "actor": "provider"}
        event["facts"] = {}
        for word in rest:
            name, _, value = word.partition("=")
            if not value:
                event["actor"] = word
            elif name == "target":
                event["target"] = value
            else:
                event["facts"][name] = int(value) if value.isdigit() else value
        if kind == "corrected":
            event["set"] = {"facts": event.pop("facts")}
        events.append(event)
    whole = {"zone": "UTC", "duties": duties, **contract}
    result = judge(whole, events, f"2025-03-04T{as_of}:00Z")
    return {name: _short(entry) for name, entry in result["duties"].items()}


def _short(entry: Json) -> str:
    times = [entry.get(name) for name in ("triggered_at", "deadline", "performed_at")]
    shown = [entry["state"], *("-" if time is None else time[11:16] for time in times)]
    return " ".join([*shown, *(["owed"] if entry["owed"] else [])])


def duty(name: str, minutes: int | Json, act: str, event: str = "opened", **more: Any) -> Json:
    target = {"kind": "elapsed", "seconds": minutes * 60} if isinstance(minutes, int) else minutes
    how = {"events": [act], "actor": "provider"}
    return {"name": name, "trigger": {"event": event}, "target": target, "performed_by": how, **more}


def levels(*minutes: int) -> Json:
    rows = {str(level): {"kind": "elapsed", "seconds": one * 60} for level, one in enumerate(minutes, start=1)}
    return {"kind": "by_severity", "table": rows}


def test_recount_never_dates_a_breach_before_the_change() -> None:
    """R6."""
    duties = [duty("fix", levels(60, 480), "resolved", on_severity_change="recount", on_reopen="resume")]
    told = ["08:00 opened severity=2", "10:00 severity_changed severity=1"]
    assert story(duties, told, "11:00") == {"fix#1": "breached 08:00 10:00 - owed"}
    assert story(duties, [*told, "10:00 resolved"], "11:00") == {"fix#1": "met 08:00 10:00 10:00"}


def test_the_first_assignment_lets_the_duty_run_from_its_own_start() -> None:
    """R9, R24: with the floor; a correction answers without one."""
    duties = [duty("fix", levels(60, 480), "resolved", on_severity_change="restart", on_reopen="resume")]
    assert story(duties, ["08:00 opened"], "08:30") == {"fix#1": "undetermined 08:00 - -"}
    late = ["08:00 opened", "10:00 severity_changed severity=1"]
    assert story(duties, late, "11:00") == {"fix#1": "breached 08:00 10:00 - owed"}
    early = ["08:00 opened", "08:30 severity_changed severity=1"]
    assert story(duties, early, "08:45") == {"fix#1": "pending 08:00 09:00 - owed"}
    corrected = ["08:00 opened", "10:00 corrected target=e0 severity=1"]
    assert story(duties, corrected, "10:30") == {"fix#1": "breached 08:00 09:00 - owed"}


def test_no_act_is_suspended_by_the_resolution_of_its_instant() -> None:
    """R9, R16: what was done as the ticket was resolved has its deadline, also where the duty is known later."""
    known = {"event": "opened", "when": {"fact": "channel", "is": ["email"]}}
    duties = [{**duty("note", 240, "responded"), "trigger": known, "on_reopen": "ignore"}]
    for resolved, expected in (("09:00", "12:00"), ("08:30", "-")):
        acts = sorted([f"{resolved} resolved", "09:00 responded"], key=lambda act: (act[:5], act))
        told = ["08:00 opened", *acts, "10:00 asked channel=email"]
        assert story(duties, told, "11:00") == {"note#1": f"met 08:00 {expected} 09:00"}


def test_what_follows_from_an_act_is_set_off_by_it_also_where_the_duty_is_known_later() -> None:
    """R8, R9: then, and due with the answer at the earliest."""
    known = {"event": "opened", "when": {"fact": "channel", "is": ["email"]}}
    after = {**duty("then", 30, "informed"), "trigger": {"outcome": "met", "of": "note"}}
    duties = [{**duty("note", 240, "responded"), "trigger": known}, after]
    told = ["08:00 opened", "09:00 responded", "10:00 asked channel=email"]
    assert story(duties, told[:2], "09:50") == {"note#1": "undetermined 08:00 - -"}
    assert story(duties, told, "10:00")["then#1"] == "breached 09:00 10:00 - owed"
    done = [*told[:2], "09:20 informed", told[2]]
    assert story(duties, done, "10:00")["then#1"] == "met 09:00 10:00 09:20"


def test_reopening() -> None:
    """R7: on the newest instance, what the resolution performed."""
    told = ["08:00 opened", "09:00 resolved", "12:00 reopened customer"]
    for rule, expected in (
        ("resume", {"fix#1": "pending 08:00 13:00 - owed"}),
        ("restart", {"fix#1": "met 08:00 10:00 09:00", "fix#2": "pending 12:00 14:00 - owed"}),
        ("ignore", {"fix#1": "met 08:00 10:00 09:00"}),
    ):
        assert story([duty("fix", 120, "resolved", on_reopen=rule)], told, "12:30") == expected
    late = ["08:00 opened", "11:00 resolved", "12:00 reopened customer"]
    fix = duty("fix", 120, "resolved", on_reopen="resume")
    assert story([fix], late, "12:30") == {"fix#1": "breached 08:00 10:00 - owed"}
    assert story([fix], [*late, "13:00 resolved"], "14:00") == {"fix#1": "breached 08:00 10:00 13:00"}


def test_a_suspended_duty_has_no_deadline() -> None:
    """R16, R18."""
    duties = [duty("answer", 60, "responded", paused_while=["customer"])]
    told = ["08:00 opened", "08:30 waiting on=customer"]
    assert story(duties, told, "12:00") == {"answer#1": "suspended 08:00 - - owed"}
    assert story(duties, [*told, "11:00 responded"], "12:00") == {"answer#1": "met 08:00 - 11:00"}
    resumed = [*told, "11:00 resumed customer"]
    assert story(duties, resumed, "11:10") == {"answer#1": "pending 08:00 11:30 - owed"}


def test_endings_and_what_was_breached_before() -> None:
    """R1, R19: ended beats breached; an earlier breach stands and is no longer owed."""
    duties = [duty("answer", 60, "responded"), duty("fix", 120, "resolved", on_reopen="resume")]
    told = ["08:00 opened", "10:00 closed"]
    assert story(duties, told, "11:00") == {"answer#1": "breached 08:00 09:00 -", "fix#1": "ended 08:00 - -"}


def test_retractions_can_be_retracted() -> None:
    """R3."""
    duties = [duty("answer", 60, "responded")]
    told = ["08:00 opened", "08:30 responded", "11:00 retracted target=e1"]
    assert story(duties, told, "11:00") == {"answer#1": "breached 08:00 09:00 - owed"}
    again = [*told, "12:00 retracted target=e2"]
    assert story(duties, again, "11:00") == {"answer#1": "met 08:00 09:00 08:30"}


def test_the_sooner_and_the_later_and_what_they_run_from() -> None:
    """R33, and R7: a time that began before its trigger stood still before it."""
    two = [{"kind": "elapsed", "seconds": 4 * 3600}, {"kind": "elapsed", "seconds": 3600, "after": "acknowledged"}]
    for kind, before, after in (
        ("sooner_of", "breached 08:00 12:00 - owed", "pending 08:00 10:00 - owed"),
        ("later_of", "pending 08:00 - - owed", "pending 08:00 12:00 - owed"),
    ):
        duties = [duty("answer", {"kind": kind, "of": two}, "responded")]
        assert story(duties, ["08:00 opened"], "12:30") == {"answer#1": before}
        assert story(duties, ["08:00 opened", "09:00 acknowledged"], "09:30") == {"answer#1": after}
    since = {"kind": "elapsed", "seconds": 2 * 3600, "after": "acknowledged"}
    told = ["08:00 opened", "09:00 acknowledged", "09:30 waiting on=customer", "10:30 resumed customer", "10:40 asked"]
    calling = [duty("call", since, "responded", event="asked", paused_while=["customer"])]
    assert story(calling, told, "11:00") == {"call#1": "pending 10:40 12:00 - owed"}
    running = [duty("call", since, "responded", event="asked")]
    assert story(running, told, "12:00") == {"call#1": "breached 10:40 11:00 - owed"}


def test_a_ticket_keeps_the_terms_of_its_opening() -> None:
    """R27: an amendment is in force from its date's first instant."""
    amended = [{"from": "2025-03-04", "duties": [duty("answer", 30, "responded")]}]
    for since, expected in (("2025-03-04", "08:30"), ("2025-03-05", "09:00")):
        amended[0]["from"] = since
        seen = story([duty("answer", 60, "responded")], ["08:00 opened"], "08:10", versions=amended)
        assert seen == {"answer#1": f"pending 08:00 {expected} - owed"}


def test_an_act_of_unknown_actor() -> None:
    """R23: undetermined, as no certain act came in time."""
    fix = duty("fix", 60, "responded")
    events = [
        {"id": "e1", "type": "opened", "at": "2025-03-04T08:00:00Z", "actor": "customer"},
        {"id": "e2", "type": "responded", "at": "2025-03-04T08:30:00Z"},
    ]
    result = judge({"zone": "UTC", "duties": [fix]}, events, "2025-03-04T10:00:00Z", None)
    assert result["duties"]["fix#1"]["missing"] == ["actor of e2"]


def dated(minutes: int | None = None) -> Json:
    instead = {"kind": "elapsed", "seconds": (minutes or 0) * 60}
    return {"kind": "date_fact", "fact": "agreed", **({"otherwise": instead} if minutes else {})}


def test_a_date_that_a_fact_gives() -> None:
    """R29, and R6 where it is recorded anew; hours that stand in for it are paused (R16)."""
    over = ["08:00 opened agreed=2025-03-01"]
    assert story([duty("plan", dated(), "responded")], over, "09:00") == {"plan#1": "could_not_arise 08:00 - -"}
    instead = duty("plan", dated(60), "responded", paused_while=["customer"])
    told = [*over, "08:30 waiting on=customer", "10:00 resumed customer"]
    assert story([instead], told, "10:10") == {"plan#1": "pending 08:00 10:30 - owed"}
    moved = ["08:00 opened agreed=2025-03-09", "10:00 recorded agreed=2025-03-03"]
    assert story([duty("plan", dated(), "responded")], moved[:1], "09:00") == {"plan#1": "pending 08:00 00:00 - owed"}
    later = ["08:00 opened", "10:00 recorded agreed=2025-03-09"]
    assert story([duty("plan", dated(), "responded")], later[:1], "09:00") == {"plan#1": "undetermined 08:00 - -"}
    assert story([duty("plan", dated(), "responded")], later, "11:00") == {"plan#1": "pending 08:00 00:00 - owed"}


def test_joint_triggers_and_those_by_one_party() -> None:
    """R35: the later event; R9: an unknown actor."""
    both = duty("call", 60, "responded")
    both["trigger"] = {"both": ["opened", "acknowledged"]}
    assert story([both], ["08:00 opened"], "12:00") == {}
    told = ["08:00 opened", "09:00 acknowledged"]
    assert story([both], told, "09:30") == {"call#1": "pending 09:00 10:00 - owed"}
    ours = duty("call", 60, "responded")
    ours["trigger"] = {"event": ["asked", "waiting"], "actor": "customer"}
    assert story([ours], ["08:00 opened", "09:00 asked provider"], "09:30") == {}
    assert story([ours], ["08:00 opened", "09:00 asked customer"], "09:30") == {"call#1": "pending 09:00 10:00 - owed"}


def remedy(**more: Any) -> Json:
    work = duty("work", {"kind": "none"}, "x")
    options = {"soon": [duty("soon", 60, "resolved", on_reopen="ignore")], "work": [work]}
    return {"name": "remedy", "elector": "customer", "trigger": {"breach_of": "answer"}, "options": options, **more}


def test_choices() -> None:
    """R22: from the election; by the right party, once; lapsing into the option named."""
    duties, choices = [duty("answer", 60, "responded")], [remedy()]
    told = ["08:00 opened", "08:30 elected customer remedy=work", "10:00 elected provider remedy=work"]
    late = "breached 08:00 09:00 - owed"
    assert story(duties, told, "11:00", choices=choices) == {"answer#1": late}
    told += ["11:00 elected customer remedy=soon", "11:10 elected customer remedy=work"]
    expected = {"answer#1": late, "soon#1": "pending 11:00 12:00 - owed"}
    assert story(duties, told, "11:30", choices=choices) == expected
    lapsing = [remedy(within_seconds=3600, otherwise="work")]
    expected = {"answer#1": late, "work#1": "pending 10:00 - - owed"}
    assert story(duties, told[:1], "10:00", choices=lapsing) == expected


def test_terms_renewed_and_reinstated() -> None:
    """R20: the state at an instant, half-open; what is paid in a term renews it at its end."""
    term = {"days": 2, "grace_days": 1, "reinstates": "from_event"}
    started = {"id": "a", "type": "started", "at": "2025-03-03T09:00:00Z", "actor": "provider", "subject": "A1"}
    whole = {"zone": "UTC", "duties": [], "term": term}

    def state(as_of: str, *paid: str) -> Any:
        events = [started] + [
            {"id": f"p{number}", "type": "paid", "at": at, "actor": "customer", "subject": "A1"}
            for number, at in enumerate(paid)
        ]
        return judge(whole, events, as_of)["status"]

    assert state("2025-03-04T23:59:00Z") == "active"
    assert [state("2025-03-05T00:00:00Z"), state("2025-03-06T00:00:00Z")] == ["grace", "expired"]
    assert state("2025-03-06T23:59:00Z", "2025-03-03T10:00:00Z", "2025-03-04T10:00:00Z") == "active"
    assert state("2025-03-07T00:00:00Z", "2025-03-03T10:00:00Z", "2025-03-04T10:00:00Z") == "grace"
    assert state("2025-03-07T23:59:00Z", "2025-03-06T10:00:00Z") == "active"


def test_days_whose_openness_nobody_knows() -> None:
    """R30, R15: asked of the dates after the start's alone."""
    office = {"zone": "UTC", "weekly": {"tue": [["09:00", "17:00"]], "wed": [["09:00", "17:00"]]}}
    calendars = {"office": {**office, "known_until": "2025-03-04", "name": "List"}}
    days = duty("fix", {"kind": "business_days", "days": 1, "calendar": "office"}, "responded")
    whole = {"zone": "UTC", "duties": [days], "calendars": calendars}
    events = [{"id": "e1", "type": "opened", "at": "2025-03-04T10:00:00Z", "actor": "customer"}]
    for as_of, expected in (("2025-03-05T08:59:00Z", "pending"), ("2025-03-05T09:00:00Z", "undetermined")):
        assert judge(whole, events, as_of)["duties"]["fix#1"]["state"] == expected


def test_a_boundary_act_serves_the_ending_period() -> None:
    """R4."""
    duties = [duty("news", 60, "updated", recurring={"mode": "rolling"}, until=["resolved"], on_reopen="ignore")]
    told = ["08:00 opened", "09:00 updated", "09:30 resolved"]
    expected = {"news#1": "met 08:00 09:00 09:00", "news#2": "ended 09:00 - -"}
    assert story(duties, told, "12:00") == expected
