"""Random cases in the schema of the duty cases: a contract, what happened, and the instants at which to
judge.

Every event, target and `as_of` stands on a whole minute, so that a stepper of one minute is exact; times
are drawn so that they often coincide (an act exactly at a deadline, a pause that begins at the closing).
Tickets are short, two to six days, in weeks of which most hold a change of the clocks.

Not generated at all: window ends inside the hour that a zone skips or repeats, events of one instant
whose order R12 leaves to chance (`tie_sensitive`), choices. Only with `wide=True`: amendments (R27),
times that run from a milestone, the sooner or the later of two (R33).

Rules on which the text leaves a doubt are met by chance all the same: whoever compares two judges should
ask the stepper for the doubts of a case (`judge(..., doubts=...)`, named in `stepper.DOUBTS`) and set
those cases apart. Only with `doubtful=True` are these generated on purpose:

- waiting or resumed on a resolved ticket; reopened after an end without resolution (R7, R18, R19)
- a recurring duty per date with a pause or with reopening, or on overnight windows (R4, R31)
- a rolling duty with a severity table under `keep` or `restart`, or with a guard on an unknown fact (R4,
  R9)
- an act of unknown actor on a recurring duty (R4, R23)
- `while` and `until` on duties that may be breached and owed, more often; `while` on an unknown severity
  (R9, R19)
- a severity that changes on a resolved ticket (R7)
- resolved and reopened at one instant (R1, R7)
- a retraction of the opening, of a waiting or of a resumption (R18)
- `restart` of a consequence on reopening (R7, R10)
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from .wall import date_after, first_instant, seconds, written

Json = dict[str, Any]

HOUR = 3600
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK = (*WORKDAYS, "sat", "sun")

PERIODS: tuple[tuple[str, str], ...] = (
    # A Thursday or so before the clocks change, and a zone in which they do.
    ("2025-03-06", "America/New_York"),
    ("2025-10-30", "America/New_York"),
    ("2025-03-07", "America/Denver"),
    ("2025-10-31", "America/Los_Angeles"),
    ("2025-03-27", "Europe/Rome"),
    ("2025-10-23", "Europe/Rome"),
    ("2025-10-24", "Europe/London"),
    ("2025-04-03", "Pacific/Auckland"),
    ("2025-09-25", "Pacific/Auckland"),
    ("2025-04-03", "Australia/Lord_Howe"),  # by half an hour
    ("2025-04-03", "America/Santiago"),  # 24:00 becomes 23:00
    ("2025-09-04", "America/Santiago"),  # a day that begins at 01:00
    # Weeks without a change.
    ("2025-06-11", "Asia/Kolkata"),
    ("2025-12-29", "America/Denver"),  # the year ends
    ("2025-01-29", "UTC"),  # the month ends
    ("2024-02-27", "Europe/Rome"),  # a leap day
)


def calendars_of(period: str, zone: str) -> Json:
    """The calendars that tickets of one period choose from; fixed, so that a run reads each minute once."""
    office = {day: [["09:00", "17:00"]] for day in WORKDAYS}
    lunch = {day: [["08:00", "12:00"], ["13:00", "17:30"]] for day in WORKDAYS}
    start = date.fromisoformat(period)
    day = [(start + timedelta(days=after)).isoformat() for after in range(6)]
    return {
        "office": {"zone": zone, "weekly": office},
        "lunch": {"zone": zone, "weekly": {**lunch, "sat": [["09:00", "13:00"]]}},
        "round": {"zone": zone, "weekly": {one: [["00:00", "24:00"]] for one in WEEK}},
        "night": {"zone": zone, "weekly": {one: [["22:00", "06:00"]] for one in (*WORKDAYS, "sun")}},
        "holiday": {"zone": zone, "weekly": office, "closed": [day[1], day[4]]},
        "irregular": {
            "zone": zone,
            "weekly": lunch,
            "extra_open": {day[3]: [["12:00", "20:00"]]},
            "extra_closed": {day[2]: [["10:00", "11:30"]], day[1]: [["15:00", "18:00"]]},
        },
        "elsewhere": {"zone": "Asia/Kolkata" if zone != "Asia/Kolkata" else "Europe/Rome", "weekly": office},
        "either": {"union": ["office", "night"]},
        "both": {"intersection": ["lunch", "round"]},
        "without": {"minus": ["round", "office"]},
    }


COMPOSITE = {"either": ["office", "night"], "both": ["lunch", "round"], "without": ["round", "office"]}


class _Draft:
    """What is being drawn: the generator's scratch paper."""

    def __init__(self, rng: random.Random, doubtful: bool) -> None:
        self.rng = rng
        self.doubtful = doubtful
        self.period, self.zone = rng.choice(PERIODS)
        self.pool = calendars_of(self.period, self.zone)
        self.used: set[str] = set()
        self.severities = rng.random() < 0.75
        self.reopens = rng.random() < 0.45
        self.duties: list[Json] = []
        self.spans: list[int] = []

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def calendar(self, *, simple: bool = False, dated: bool = False) -> str:
        names = ["office", "lunch", "round", "holiday", "irregular", "elsewhere"]
        if not dated or self.doubtful:
            names.append("night")
        if not simple and not dated:
            names += ["night", "either", "both", "without"]
        name = self.rng.choice(names)
        self.used.update([name, *COMPOSITE.get(name, [])])
        return name

    def target(self, *, short: bool = False, zero: bool = False) -> Json:
        rng = self.rng
        if zero and self.chance(0.2):
            return {"kind": "elapsed", "seconds": 0}
        kind = rng.choices(
            ["elapsed", "business", "business_days", "civil"], [45, 35, 0 if short else 12, 0 if short else 8]
        )[0]
        if kind == "elapsed":
            choices = [15, 30, 60, 90, 120, 240] if short else [30, 60, 120, 240, 480, 600, 1440, 2160, 2880]
            span = 60 * rng.choice(choices)
            self.spans.append(span)
            return {"kind": kind, "seconds": span}
        if kind == "business":
            choices = [15, 30, 60, 120, 240] if short else [30, 60, 120, 240, 450, 480, 540, 960]
            span = 60 * rng.choice(choices)
            self.spans.append(span)
            return {"kind": kind, "seconds": span, "calendar": self.calendar()}
        if kind == "business_days":
            return {"kind": kind, "days": rng.choice([1, 1, 2, 3]), "calendar": self.calendar(simple=True)}
        if self.chance(0.2):
            return {"kind": kind, "months": 1, "rounding": rng.choice(["up", "down"])}
        return {"kind": kind, "days": rng.choice([1, 1, 2, 3])}

    def table(self) -> Json:
        if self.chance(0.5):  # one calendar and one kind throughout, as contracts mostly have it
            name = self.calendar() if self.chance(0.5) else None
            rows = []
            for minutes in sorted(self.rng.sample([30, 60, 120, 240, 480, 600, 960, 1440], 3)):
                row: Json = {"kind": "elapsed" if name is None else "business", "seconds": minutes * 60}
                if name is not None:
                    row["calendar"] = name
                self.spans.append(minutes * 60)
                rows.append(row)
        else:
            rows = [self.target() for _ in range(3)]
        return {"kind": "by_severity", "table": {str(level): row for level, row in enumerate(rows, start=1)}}

    def severity_rule(self) -> Any:
        rules = ["recount", "restart", "keep"]
        if self.chance(0.25):
            return {"up": self.rng.choice(rules), "down": self.rng.choice(rules)}
        return self.rng.choice(rules)

    def levels(self) -> Json:
        return {"severity": self.rng.choice([[1], [1, 2], [2, 3], [3]])}

    def guard(self, *, known: bool) -> Json:
        """A condition on the facts channel and down, or on the severity where that is known."""
        by_channel = {"fact": "channel", "is": self.rng.choice([["telephone"], ["email", "form"]])}
        down = {"fact": "down", "is": [True]}
        roll = self.rng.random()
        if known:
            return self.levels()
        if roll < 0.4:
            return by_channel
        if roll < 0.6:
            return {"any": [by_channel, down]}
        if roll < 0.8:
            return {"all": [by_channel, {"not": down}]}
        return {"all": [by_channel, self.levels()]} if self.severities else down


def _response(draft: _Draft) -> None:
    rng = draft.rng
    duty: Json = {
        "name": "response",
        "bearer": "provider",
        "trigger": {"event": "opened"},
        "target": draft.table() if draft.severities and draft.chance(0.4) else draft.target(),
        "performed_by": {
            "events": rng.choice([["responded"], ["responded", "acknowledged"]]),
            "actor": "provider",
        },
    }
    if duty["target"]["kind"] == "by_severity":
        duty["on_severity_change"] = draft.severity_rule()
    roll = rng.random()
    if roll < 0.2:
        duty["trigger"]["unless"] = draft.guard(known=False)
    elif roll < 0.4:
        duty["trigger"]["when"] = draft.guard(known=False)
    elif roll < 0.5 and draft.severities:
        duty["trigger"]["when"] = draft.guard(known=True)
    if draft.chance(0.25):
        duty["performed_by"]["automatic_counts"] = False
    if draft.chance(0.3):
        duty["paused_while"] = rng.choice([["customer"], ["customer", "third_party"]])
    if draft.chance(0.08):
        duty["strict"] = True
    if draft.chance(0.08 if not draft.doubtful else 0.3):
        duty["until"] = ["workaround"]
    if draft.severities and draft.chance(0.06 if not draft.doubtful else 0.25):
        duty["while"] = {"severity": [1, 2]}
    draft.duties.append(duty)


def _resolution(draft: _Draft) -> None:
    rng = draft.rng
    duty: Json = {
        "name": "resolution",
        "bearer": "provider",
        "trigger": {"event": "opened"},
        "target": draft.table() if draft.severities and draft.chance(0.8) else draft.target(),
        "performed_by": {"events": ["resolved"], "actor": "provider"},
        "on_reopen": rng.choice(["resume", "resume", "restart", "ignore"]),
    }
    if duty["target"]["kind"] == "by_severity":
        duty["on_severity_change"] = draft.severity_rule()
    if draft.chance(0.6):
        duty["paused_while"] = rng.choice([["customer"], ["third_party"], ["customer", "third_party"]])
    if draft.chance(0.05):
        duty["strict"] = True
    draft.duties.append(duty)


def _answer(draft: _Draft) -> None:
    draft.duties.append(
        {
            "name": "answer",
            "bearer": "provider",
            "trigger": {"event": "asked"},
            "target": draft.target(short=True),
            "performed_by": {"events": ["responded", "updated"], "actor": "provider"},
        }
    )


def _updates(draft: _Draft) -> None:
    rng = draft.rng
    hours = rng.choice([6, 8, 12, 24])
    target: Json = {"kind": "elapsed", "seconds": hours * HOUR}
    if draft.chance(0.35):
        target = {"kind": "business", "seconds": rng.choice([8, 9, 16]) * HOUR, "calendar": draft.calendar()}
    duty: Json = {
        "name": "updates",
        "bearer": "provider",
        "trigger": {"event": "opened"},
        "target": target,
        "performed_by": {"events": ["updated"], "actor": "provider"},
        "recurring": {"mode": "rolling"},
        "until": ["resolved"],
        "on_reopen": rng.choice(["resume", "restart", "ignore"]),
    }
    if draft.severities and draft.chance(0.2):
        rows = {
            str(level): {"kind": "elapsed", "seconds": h * HOUR} for level, h in enumerate((6, 12, 24), 1)
        }
        duty["target"] = {"kind": "by_severity", "table": rows}
        duty["on_severity_change"] = draft.severity_rule() if draft.doubtful else "recount"
    if draft.chance(0.35):
        duty["paused_while"] = ["customer"]
    if draft.severities and draft.chance(0.25):
        duty["while"] = rng.choice([{"severity": [1]}, {"severity": [1, 2]}])
    if draft.doubtful and draft.chance(0.2):
        duty["trigger"]["when"] = draft.guard(known=False)
    draft.spans.append(duty["target"].get("seconds", 8 * HOUR))
    draft.duties.append(duty)


def _daily(draft: _Draft, cause: str | None) -> None:
    rng = draft.rng
    name = "always" if draft.chance(0.35) else draft.calendar(dated=True)
    duty: Json = {
        "name": "daily",
        "bearer": "provider",
        "trigger": {"event": "opened"} if cause is None else {"breach_of": cause},
        "target": {"kind": "none"},
        "performed_by": {"events": ["reported"], "actor": "provider"},
        "recurring": {"mode": "each_day_of", "calendar": name},
        "until": ["resolved"],
        "on_reopen": "ignore",
    }
    if draft.doubtful and draft.chance(0.4):
        duty["on_reopen"] = rng.choice(["resume", "restart"])
        duty["paused_while"] = ["customer"]
    if draft.severities and draft.chance(0.2):
        duty["while"] = {"severity": [1, 2]}
    draft.duties.append(duty)


def _escalation(draft: _Draft, cause: str) -> None:
    rng = draft.rng
    duty: Json = {
        "name": "escalate",
        "bearer": "provider",
        "trigger": {"breach_of": cause},
        "target": draft.target(short=True, zero=True),
        "performed_by": {"events": ["escalated"], "actor": "provider"},
    }
    if draft.severities and draft.chance(0.6):
        duty["trigger"]["when"] = draft.levels()
    if draft.chance(0.15):
        duty["trigger"]["unless"] = {"happened": "workaround"}
    if draft.chance(0.3):
        duty["paused_while"] = ["customer"]
    if draft.chance(0.2):
        duty["until"] = ["resolved"]
        duty["on_reopen"] = rng.choice(["ignore", "resume"] + ["restart"] * draft.doubtful)
    draft.duties.append(duty)
    if draft.chance(0.5):
        draft.duties.append(
            {
                "name": "inform",
                "bearer": "provider",
                "trigger": {"breach_of": "escalate"},
                "target": draft.target(short=True),
                "performed_by": {"events": ["informed"], "actor": "provider"},
            }
        )


def _contract(draft: _Draft) -> Json:
    rng = draft.rng
    makers = rng.sample(["response", "resolution", "answer", "updates", "daily"], rng.choice([1, 2, 2, 3]))
    if "response" in makers:
        _response(draft)
    if "resolution" in makers:
        _resolution(draft)
    if "answer" in makers:
        _answer(draft)
    if "updates" in makers:
        _updates(draft)
    causes = [name for name in makers if name in ("response", "resolution", "updates")]
    if causes and draft.chance(0.5):
        _escalation(draft, rng.choice(causes))
    if "daily" in makers:
        _daily(draft, rng.choice(causes) if causes and draft.chance(0.4) else None)
    contract: Json = {"zone": draft.zone, "duties": draft.duties}
    if draft.used:
        contract["calendars"] = {name: one for name, one in draft.pool.items() if name in draft.used}
    if draft.chance(0.1):
        contract["presumed"] = {"down": rng.choice([True, False])}
    if draft.severities and draft.chance(0.2):
        contract["severity_changed_by"] = ["customer"]
    return contract


def _instants(draft: _Draft, opened: int, last: int, count: int) -> list[int]:
    """Whole minutes after the opening, drawn so that they often hit a deadline, a closing or one another."""
    rng, found = draft.rng, set[int]()
    midnight = [first_instant(draft.zone, _ordinal(draft.period) + after) for after in range(7)]
    previous = opened
    while len(found) < count:
        roll = rng.random()
        if roll < 0.25 and draft.spans:
            at = rng.choice([opened, previous]) + rng.choice(draft.spans) + rng.choice([0, 0, -60, 60])
        elif roll < 0.45:
            at = rng.choice(midnight) + rng.choice([0, 6, 8, 9, 12, 13, 17, 22, 24]) * HOUR
        elif roll < 0.75:
            at = previous + 60 * rng.choice([1, 5, 15, 30, 60, 90, 120, 240, 480, 600])
        else:
            at = rng.randrange(opened, last, 60)
        if opened < at < last:
            found.add(at)
            previous = at
        elif roll > 0.4:
            previous = opened
    return sorted(found)


def _ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _opening(draft: _Draft) -> Json:
    rng = draft.rng
    facts: Json = {}
    if draft.severities and not (draft.chance(0.25) and _may_be_unknown(draft)):
        facts["severity"] = rng.choice([1, 2, 3])
        if draft.chance(0.8) and any("severity" in duty.get("while", {}) for duty in draft.duties):
            facts["severity"] = 1  # else the duty would not arise
    if draft.chance(0.7):
        facts["channel"] = rng.choice(["telephone", "email", "form"])
    if draft.chance(0.6):
        facts["down"] = rng.choice([True, False])
    return facts


def _may_be_unknown(draft: _Draft) -> bool:
    """Whether no duty would meet an open question if the severity came later."""
    return draft.doubtful or not any("while" in duty or "recurring" in duty for duty in draft.duties)


def _story(draft: _Draft, opened: int, last: int) -> list[Json]:
    """What happened, in order; legal steps mostly, with some that cannot be (R18)."""
    rng, events = draft.rng, list[Json]()
    facts = _opening(draft)
    waiting: str | None = None
    resolved = over = False
    severity = facts.get("severity")
    recurring = {
        kind for duty in draft.duties if "recurring" in duty for kind in duty["performed_by"]["events"]
    }
    acts = sorted({kind for duty in draft.duties for kind in duty["performed_by"]["events"]} - {"resolved"})
    acts = [*acts, *acts, "updated", "workaround"]
    asking = any(duty["name"] == "answer" for duty in draft.duties)

    def add(at: int, kind: str, actor: str | None, told: Json | None = None) -> None:
        event: Json = {"id": f"e{len(events) + 1:02}", "type": kind, "at": written(at)}
        if actor is not None:
            event["actor"] = actor
        if told:
            event["facts"] = told
        events.append(event)

    def act(at: int, kind: str) -> None:
        roll = rng.random()
        actor: str | None = "provider" if roll < 0.86 else "customer" if roll < 0.94 else None
        if actor is None and kind in recurring and not draft.doubtful:
            actor = "provider"
        told: Json = {}
        if kind in ("responded", "acknowledged"):
            told["automatic"] = draft.chance(0.2)
        if kind == "updated":
            for name, values in (("channel", ["telephone", "email"]), ("down", [True, False])):
                if name not in facts and draft.chance(0.4):
                    told[name] = facts[name] = rng.choice(values)
        add(at, kind, actor, told)

    add(opened, "opened", "customer", dict(facts))
    for at in _instants(draft, opened, last, rng.randint(3, 12)):
        roll = rng.random()
        if roll < 0.05:  # what cannot be
            kind = rng.choice(["opened", "resumed", "reopened", "waiting", "severity_changed", "resolved"])
            told = {"on": waiting or "customer"} if kind == "waiting" else {}
            possible = {
                "resumed": waiting is not None,
                "reopened": resolved or over,
                "waiting": waiting is None,
                "severity_changed": severity is None,
                "resolved": not resolved,
            }
            if not possible.get(kind, False):
                add(
                    at,
                    kind,
                    "customer",
                    told or ({"severity": severity} if kind == "severity_changed" else None),
                )
            continue
        if over:
            if draft.doubtful and draft.chance(0.3):
                add(at, "reopened", "customer")
                over = False
            else:
                act(at, rng.choice(acts))
        elif resolved:
            if draft.reopens and draft.chance(0.6):
                add(at, "reopened", "customer")
                resolved = False
            elif draft.doubtful and draft.chance(0.3):
                waiting = rng.choice(["customer", "third_party"])
                add(at, "waiting", "provider", {"on": waiting})
            elif draft.doubtful and draft.severities and draft.chance(0.3):
                severity = rng.choice([one for one in (1, 2, 3) if one != severity])
                add(at, "severity_changed", "customer", {"severity": severity})
            elif draft.chance(0.3):
                add(at, "closed", "provider")
            else:
                act(at, rng.choice(acts))
        elif roll < (0.5 if not asking else 0.4):
            act(at, rng.choice(acts))
            if draft.chance(0.06):
                waiting = None
                add(at, "resolved", "provider")
                resolved = True
        elif roll < 0.6 and asking:
            add(at, "asked", "customer")
        elif roll < 0.72 and waiting is not None:
            waiting = None
            add(at, "resumed", "customer")
        elif roll < 0.72:
            waiting = rng.choice(["customer", "customer", "third_party"])
            add(at, "waiting", "provider", {"on": waiting})
        elif roll < 0.84 and draft.severities:
            severity = rng.choice([one for one in (1, 2, 3) if one != severity])
            add(at, "severity_changed", "customer", {"severity": severity})
        elif roll < 0.96:
            waiting = None
            actor = "provider" if draft.chance(0.95) else rng.choice(["customer", None])
            add(at, "resolved", actor)
            resolved = True
            if draft.doubtful and draft.chance(0.1):
                add(at, "reopened", "customer")
                resolved = False
        else:
            add(at, rng.choice(["closed", "cancelled"]), "provider")
            over = True
    return events


def _agreement(draft: _Draft, contract: Json, opened: int) -> list[Json]:
    """Now and then a term that runs out near the ticket, a caller's right, or a block of hours."""
    rng, events = draft.rng, list[Json]()
    plain = [
        duty for duty in draft.duties if duty["trigger"].get("event") == "opened" and "recurring" not in duty
    ]
    if plain and draft.chance(0.06):
        contract["term"] = {"months": 12, "rounding": "down", "grace_days": 1, "reinstates": "from_expiry"}
        expiry = _ordinal(draft.period) + rng.choice([-2, 0, 1, 2, 3])
        started = first_instant(draft.zone, date_after(expiry, months=-12, rounding="down")) + 9 * HOUR
        events.append(
            {"id": "a1", "type": "started", "at": written(started), "actor": "provider", "subject": "A1"}
        )
        condition = {"status_in": rng.choice([["active"], ["active", "grace"]])}
        duty = rng.choice(plain)
        if "when" not in duty["trigger"]:
            duty["trigger"]["when"] = condition
        if draft.chance(0.3 if draft.doubtful else 0.1):
            duty.setdefault("while", {"status_in": ["active", "grace"]})
    elif plain and draft.chance(0.06):
        duty = rng.choice(plain)
        if "when" not in duty["trigger"]:
            duty["trigger"]["when"] = {"right": "may_call"}
            for number, kind in enumerate(
                rng.choice([["contact_designated"], ["contact_designated", "contact_removed"]])
            ):
                at = opened - 2 * HOUR + number * rng.choice([1, 3]) * HOUR
                events.append(
                    {
                        "id": f"c{number}",
                        "type": kind,
                        "at": written(at),
                        "actor": "customer",
                        "facts": {"who": "ann"},
                    }
                )
    elif draft.chance(0.03):
        for number, (kind, hours) in enumerate(
            (("purchased", 5), ("logged", 3), ("logged", 4), ("purchased", 2))
        ):
            when = written(opened + number * HOUR)
            events.append(
                {
                    "id": f"h{number}",
                    "type": f"hours_{kind}",
                    "at": when,
                    "actor": "provider",
                    "facts": {"hours": hours},
                }
            )
    return events


def _log(draft: _Draft, events: list[Json]) -> list[Json]:
    """The order of arrival, with late and doubled records, corrections and retractions."""
    rng, log = draft.rng, list(events)
    end = max(seconds(event["at"]) for event in events)

    def later() -> str:
        return str(written(end + HOUR))

    acts = [
        one
        for one in events
        if one["type"] in ("responded", "acknowledged", "updated", "escalated", "reported")
    ]
    if draft.doubtful:
        acts += [one for one in events if one["type"] in ("opened", "waiting", "resumed")]
    if draft.chance(0.12):
        two_sources(rng, log)
    if acts and draft.chance(0.1):
        target = rng.choice(acts)["id"]
        log.append({"id": "r1", "type": "retracted", "at": later(), "actor": "provider", "target": target})
        if draft.chance(0.3):
            log.append({"id": "r2", "type": "retracted", "at": later(), "actor": "provider", "target": "r1"})
    opened = next(event for event in events if event["type"] == "opened")
    if draft.chance(0.12):
        change: Json = {}
        target = opened["id"]
        if "channel" not in opened.get("facts", {}) or draft.chance(0.5):
            change = {"facts": {"channel": rng.choice(["telephone", "email"])}}
        elif "severity" in opened["facts"]:
            change = {"facts": {"severity": rng.choice([1, 2, 3])}}
        if acts and draft.chance(0.4):
            moved = rng.choice(acts)
            target, change = moved["id"], {"at": written(seconds(moved["at"]) + rng.choice([-60, 60, 1800]))}
        if change:
            log.append(
                {
                    "id": "k1",
                    "type": "corrected",
                    "at": later(),
                    "actor": "provider",
                    "target": target,
                    "set": change,
                }
            )
    if draft.chance(0.1):
        log.insert(rng.randrange(1, len(log) + 1), dict(rng.choice(log)))  # the same again: a no-op
        if draft.chance(0.3):  # the same id with other content: the earlier stands (R32)
            log.append({**rng.choice(events), "actor": "customer"})
    if len(log) > 2 and draft.chance(0.25):
        late = rng.randrange(1, len(log))
        event = dict(log.pop(late))
        event["recorded_at"] = written(seconds(event["at"]) + 6 * HOUR)
        log.insert(rng.randrange(late, len(log) + 1), event)
    return log


def two_sources(rng: random.Random, log: list[Json]) -> None:
    """Two sources, each with its own sequence (R12)."""
    for number, event in enumerate(log, start=1):
        event["source"] = rng.choice(["desk", "mail"])
        event["seq"] = number


def random_case(rng: random.Random, *, doubtful: bool = False, wide: bool = False) -> Json:
    """A contract, events and three instants at which to judge, without `expect`."""
    draft = _Draft(rng, doubtful)
    contract = _contract(draft)
    if wide:
        _widened(draft, contract)
    day = first_instant(draft.zone, _ordinal(draft.period) + rng.choice([0, 0, 1, 1, 2, 3]))
    opened = day + 60 * rng.choice([0, 180, 510, 540, 545, 600, 720, 960, 1020, 1080, rng.randrange(1440)])
    last = opened + rng.choice([2, 3, 4, 5, 6]) * 24 * HOUR
    if wide and draft.chance(0.35):
        before, opened = opened, _amended(draft, contract, opened)
        last += opened - before
    extra = _agreement(draft, contract, opened)
    story = _story(draft, opened, last)
    if "may_call" in str(contract) and extra:
        story[0].setdefault("facts", {})["caller"] = rng.choice(["ann", "ann", "bob"])
    events = _log(draft, extra + story)
    asked = sorted({_as_of(draft, story, opened, last) for _ in range(3)})
    evaluations: list[Json] = [{"as_of": written(at)} for at in asked]
    if draft.chance(0.2):
        evaluations.append({"as_of": evaluations[-1]["as_of"], "log_upto": rng.randint(1, len(events))})
    return {
        "id": f"X{rng.getrandbits(48):012x}",
        "contract": contract,
        "events": events,
        "evaluations": evaluations,
    }


# --- what runs from a milestone, the sooner or the later of two, and other terms from a date on


def _widened(draft: _Draft, contract: Json) -> None:
    """Some duties have two limits, or one that runs from what happens later."""
    names = [duty["name"] for duty in draft.duties]
    for duty in draft.duties:
        plain = "recurring" not in duty and duty["target"]["kind"] not in ("none", "by_severity")
        if plain and draft.chance(0.6):
            duty["target"] = _widened_target(draft, [name for name in names if name != duty["name"]])
            _without_circle(draft, duty)
    if draft.chance(0.4):
        run = {"kind": "elapsed", "seconds": draft.rng.choice([30, 60, 240]) * 60, "after": draft.rng.choice(names)}
        follow: Json = {
            "name": "follow",
            "bearer": "provider",
            "trigger": {"event": draft.rng.choice(["opened", "asked"])},
            "target": run,
            "performed_by": {"events": ["informed", "updated"], "actor": "provider"},
        }
        if draft.chance(0.4):
            follow["paused_while"] = ["customer"]
        draft.duties.append(follow)
    contract["calendars"] = {name: one for name, one in draft.pool.items() if name in draft.used}


def _widened_target(draft: _Draft, others: list[str]) -> Json:
    rng = draft.rng

    def after() -> Json:
        told = [*others, "acknowledged", "updated", "asked"]
        target = draft.target(short=draft.chance(0.7))
        return target if target["kind"] == "civil" else {**target, "after": rng.choice(told)}

    if draft.chance(0.2):
        return after()
    first = draft.target() if draft.chance(0.8) else after()
    second = draft.target() if draft.chance(0.4) else after()
    return {"kind": rng.choice(["sooner_of", "later_of"]), "of": [first, second]}


def _without_circle(draft: _Draft, duty: Json) -> None:
    """A time that runs from another duty runs from one that stands before it, so that none waits for itself."""
    before = [one["name"] for one in draft.duties[: draft.duties.index(duty)]]
    names = {one["name"] for one in draft.duties}
    for target in duty["target"].get("of", [duty["target"]]):
        if target.get("after") in names and target["after"] not in before:
            target["after"] = "acknowledged"


def _amended(draft: _Draft, contract: Json, opened: int) -> int:
    """Other terms from a date about the opening on; gives when the ticket is opened, now and then just then (R27)."""
    since = _ordinal(draft.period) + draft.rng.choice([0, 1, 2])
    named = []
    for duty in draft.rng.sample(draft.duties, draft.rng.randint(1, len(draft.duties))):
        if duty["target"]["kind"] in ("elapsed", "business", "business_days", "civil") and "recurring" not in duty:
            named.append({**duty, "target": draft.target()})
        elif "paused_while" in duty:
            named.append({name: one for name, one in duty.items() if name != "paused_while"})
    contract["calendars"] = {name: one for name, one in draft.pool.items() if name in draft.used}
    if not named:
        return opened
    contract["versions"] = [{"from": date.fromordinal(since).isoformat(), "duties": named}]
    first = first_instant(draft.zone, since)
    return int(draft.rng.choice([opened, opened, first, first - 60]))


def _as_of(draft: _Draft, story: list[Json], opened: int, last: int) -> int:
    rng, roll = draft.rng, draft.rng.random()
    if roll < 0.3:
        return seconds(rng.choice(story)["at"]) + rng.choice([0, 0, -60, 60])
    if roll < 0.5 and draft.spans:
        return opened + rng.choice(draft.spans) + rng.choice([0, 0, -60])
    if roll < 0.8:
        return rng.randrange(opened, last, 60)
    return last


# --- what a case contains


def features(case: Json) -> set[str]:
    """The names of what a case exercises, for a test to count what is drawn."""
    contract, events = case["contract"], case["events"]
    found: set[str] = set()
    for duty in contract["duties"]:
        leaves = list(duty["target"].get("table", {"": duty["target"]}).values())
        leaves += duty["target"].get("of", [])
        found |= {f"target {one['kind']}" for one in (duty["target"], *leaves)}
        found |= {"milestone" for one in leaves if "after" in one}
        found |= {f"calendar {one['calendar']}" for one in leaves if "calendar" in one}
        found |= {name for name in ("paused_while", "until", "while", "strict") if name in duty}
        found |= {f"trigger {name}" for name in duty["trigger"]}
        if any(one.get("seconds") == 0 for one in leaves):
            found.add("zero duration")
        rule = duty.get("on_severity_change")
        if rule is not None:
            found |= {"severity up/down"} if isinstance(rule, dict) else {f"severity {rule}"}
        if "on_reopen" in duty:
            found.add(f"reopen {duty['on_reopen']}")
        if "recurring" in duty:
            found.add(f"recurring {duty['recurring']['mode']}")
            if "breach_of" in duty["trigger"]:
                found.add("recurring consequence")
        if "severity" in duty["trigger"].get("when", {}) and "breach_of" in duty["trigger"]:
            found.add("consequence by severity")
        if duty["performed_by"].get("automatic_counts") is False:
            found.add("automatic replies")
    found |= {f"event {event['type']}" for event in events}
    found |= {"unknown actor" for event in events if "actor" not in event}
    found |= {"late record" for event in events if "recorded_at" in event}
    found |= {"sources" for event in events if "seq" in event}
    ids = [event["id"] for event in events]
    if len(set(ids)) < len(ids):
        found.add("duplicate")
    moments = [event["at"] for event in events if event["type"] not in ("corrected", "retracted")]
    if moments != sorted(moments):
        found.add("out of order")
    opened = next(event for event in events if event["type"] == "opened")
    text = str(contract["duties"])
    for fact in ("channel", "down"):
        told = {*opened.get("facts", {}), *contract.get("presumed", {})}
        if f"'{fact}'" in text and fact not in told:
            found.add("unknown fact")
            if any(fact in event.get("facts", {}) for event in events):
                found.add("unknown fact, answered")
    if "by_severity" in text and "severity" not in opened.get("facts", {}):
        found.add("unknown severity")
    found |= {"version"} if "versions" in contract else set()
    found |= {name for name in ("presumed", "term", "severity_changed_by") if name in contract}
    if "may_call" in text:
        found.add("right")
    if any("log_upto" in evaluation for evaluation in case["evaluations"]):
        found.add("log position")
    return found
