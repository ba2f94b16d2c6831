"""Judge any file of duty cases: `python -m tests.duty_cases FILE`.

Each case is turned into policy text, so that the language is tried and not only the engine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from slarules.calendars.zones import micros
from slarules.engine.evaluate import evaluate
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Unknown
from slarules.model.verdict import Evaluation, Verdict
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse

PARTIES = {"provider": "Provider", "customer": "Customer"}
DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
BUILT_IN = frozenset(
    [
        "opened",
        "asked",
        "acknowledged",
        "responded",
        "updated",
        "severity_changed",
        "waiting",
        "resumed",
        "workaround",
        "resolved",
        "closed",
        "reopened",
        "cancelled",
        "escalated",
        "reported",
        "agreed",
        "elected",
        "out_of_scope",
        "started",
        "renewal_notice",
        "invoiced",
        "purchase_order_received",
        "paid",
        "hours_purchased",
        "hours_logged",
        "contact_designated",
        "contact_removed",
        "terms_changed",
        "terminated",
        "notified",
        "recorded",
        "corrected",
        "retracted",
    ]
)
BUILT_IN_FACTS = frozenset(["automatic", "written", "who", "on", "severity", "hours", "caller", "role"])
AGREEMENT_EVENTS = frozenset(
    [
        "started",
        "renewal_notice",
        "invoiced",
        "purchase_order_received",
        "paid",
        "hours_purchased",
        "hours_logged",
        "contact_designated",
        "contact_removed",
        "terms_changed",
        "terminated",
    ]
)


def instant(text: str) -> int:
    """Microseconds of an RFC 3339 time."""
    return micros(datetime.fromisoformat(text.replace("Z", "+00:00")))


def party(name: str) -> str:
    return PARTIES.get(name, name)


# ---- The contract as policy text -------------------------------------------------------------------------------------


def policy_text(case: Mapping[str, Any]) -> str:
    """The case's contract, written in the language."""
    case = _with_milestones(case)
    contract = case["contract"]
    lines = [
        "slarules 1",
        "",
        'contract Case "a case"',
        '  provider Provider "provider"',
        '  customer Customer "customer"',
        f"  zone {contract.get('zone', 'UTC')}",
        "",
    ]
    lines += _declarations(case)
    lines += ["", 'clause "1"']
    body = [*_calendars(contract), *_severities(case), *_term(contract), *_roles(case), *_allowance(case)]
    versions = _versions(contract)
    if len(versions) == 1:
        body += [line for duty in versions[0][1] for line in _duty(duty, contract, case)]
        body += [line for choice in contract.get("choices", []) for line in _choice(choice, contract, case)]
        return "\n".join([*lines, *(f"  {line}" if line else "" for line in body)]) + "\n"
    lines += [f"  {line}" if line else "" for line in body]
    for number, (since, duties, until) in enumerate(versions):
        lines += ["", f'clause "version {number + 1}"']
        if since or until:
            lines.append(f"  in force from {since or '1970-01-01'}" + (f" to {until}" if until else ""))
        lines += [f"  {line}" if line else "" for duty in duties for line in _duty(duty, contract, case)]
    lines += [
        f"  {line}" if line else ""
        for choice in contract.get("choices", [])
        for line in _choice(choice, contract, case)
    ]
    return "\n".join(lines) + "\n"


def _with_milestones(case: Mapping[str, Any]) -> Mapping[str, Any]:
    """The case with milestones that are duties spelt as their performance: `after diagnosis performed`."""
    copy: dict[str, Any] = json.loads(json.dumps(case))
    names = {d["name"] for d in _all_duties(copy["contract"])}
    for part in _walk(copy["contract"]):
        for key in AFTER:
            if isinstance(part.get(key), str) and part[key] in names:
                part[key] = f"{part[key]} performed"  # type: ignore[index]
    return copy


def _versions(contract: Mapping[str, Any]) -> list[tuple[str | None, list[Any], str | None]]:
    """(in force from, duties, to) of each version, earliest first."""
    amendments = contract.get("versions") or []
    if isinstance(amendments, Mapping):
        amendments = [
            {"from": since, **(terms if isinstance(terms, Mapping) else {"duties": terms})}
            for since, terms in amendments.items()
        ]
    found: list[tuple[str | None, list[Any]]] = [(None, contract.get("duties", []))] if contract.get("duties") else []
    for amendment in amendments:
        since = next((str(v) for k, v in amendment.items() if "from" in k or "since" in k or k == "date"), None)
        found.append((since[:10] if since else None, amendment.get("duties", [])))
    found.sort(key=lambda v: v[0] or "")
    for i in range(1, len(found)):  # an amendment replaces the duties that it names
        amended = {duty["name"]: duty for duty in found[i][1]}
        kept = [amended.pop(duty["name"], duty) for duty in found[i - 1][1]]
        found[i] = (found[i][0], kept + list(amended.values()))
    out: list[tuple[str | None, list[Any], str | None]] = []
    for i, (since, duties) in enumerate(found):
        until = None
        if i + 1 < len(found):
            following = found[i + 1][0]
            until = date.fromordinal(date.fromisoformat(following).toordinal() - 1).isoformat() if following else None
        out.append((since, duties, until))
    return out or [(None, [], None)]


def _all_duties(contract: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    duties = [d for _, version, _ in _versions(contract) for d in version]
    for choice in contract.get("choices", []):
        duties += [d for option in choice["options"].values() for d in option]
    return duties


def _declarations(case: Mapping[str, Any]) -> list[str]:
    contract = case["contract"]
    lines = ["event act_done of ticket act perform"]
    types = {e["type"] for e in case["events"]}
    for duty in _all_duties(contract):
        types.update(duty.get("performed_by", {}).get("events", []))
        types.update(_types_in(duty))
    types.update(t for c in contract.get("choices", []) for t in _types_in(c))
    lines += [f"event {name} of ticket" for name in sorted(types - BUILT_IN)]
    for choice in contract.get("choices", []):
        for option in choice["options"].values():
            lines += [f"event did_{duty['name']} of ticket act {duty['name']}" for duty in option]
    presumed = contract.get("presumed") or {}
    if not isinstance(presumed, Mapping):
        presumed = dict.fromkeys(presumed, True)
    for name, values in sorted(_facts(contract, presumed).items()):
        for event in case["events"]:
            changes = event.get("set", {})
            for facts in (event.get("facts", {}), changes, changes.get("facts", {})):
                values |= {facts[name]} if name in facts and not isinstance(facts[name], dict) else set()
        lines.append(f"fact {name} of ticket: {_fact_type(values)}" + _presumed(presumed.get(name)))
    for name in sorted(_dates_in(contract) - set(_facts(contract, presumed))):
        lines.append(f"fact {name} of ticket: date")
    return lines


def _presumed(value: Any) -> str:
    return "" if value is None else f" presumed {_literal(value)} until recorded"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _fact_type(values: set[Any]) -> str:
    if all(isinstance(v, bool) for v in values):
        return "yes or no"
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return "number"
    return "one of " + ", ".join(sorted({*map(str, values), "something_else"}))


def _walk(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from _walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(part)


def _types_in(rule: Any) -> set[str]:
    found: set[str] = set()
    for part in _walk(rule):
        for key in ("event", "happened", *AFTER, "until"):
            named = part.get(key)
            found.update([named] if isinstance(named, str) else named if isinstance(named, list) else [])
        found.update(_joint(part))
    return {t for t in found if isinstance(t, str) and " " not in t and t not in ("term", "trigger")}


AFTER = ("after", "from_event", "milestone", "after_event", "starts_at")
"""Keys under which a target may name what it runs from."""
JOINT = ("both", "joint", "all_of", "all_events")
"""Keys under which a trigger may name events that must all have happened (R35)."""


def _joint(trigger: Mapping[str, Any]) -> list[str]:
    for key in JOINT:
        if isinstance(trigger.get(key), list) and all(isinstance(t, str) for t in trigger[key]):
            return list(trigger[key])
    return []


def _facts(contract: Mapping[str, Any], presumed: Mapping[str, Any]) -> dict[str, set[Any]]:
    facts: dict[str, set[Any]] = {}
    for part in _walk([contract.get("duties", []), contract.get("versions", []), contract.get("choices", [])]):
        if isinstance(part.get("fact"), str) and "is" in part:
            wanted = part["is"] if isinstance(part["is"], list) else [part["is"]]
            facts.setdefault(part["fact"], set()).update(wanted)
    for name, value in presumed.items():
        facts.setdefault(name, set()).add(value)
    return {name: values for name, values in facts.items() if name not in BUILT_IN_FACTS}


def _dates_in(contract: Mapping[str, Any]) -> set[str]:
    return {
        str(p["fact"])
        for p in _walk([contract.get("duties", []), contract.get("versions", []), contract.get("choices", [])])
        if p.get("kind") == "date_fact"
    }


def _window(pair: list[str]) -> str:
    opens, closes = pair
    over = closes <= opens and closes != "24:00"
    return f"{opens} to {closes}" + (" next day" if over else "")


def _windows(pairs: list[list[str]]) -> str:
    return " and ".join(_window(p) for p in pairs)


def _calendars(contract: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, calendar in contract.get("calendars", {}).items():
        if name == "always":
            continue
        supplied = _supplied_name(name, calendar)
        if supplied:
            lines.append(f"holidays {supplied} supplied by Provider")
        lines.append(f"calendar {name}")
        for key, words in (("union", "any"), ("intersection", "all")):
            if calendar.get(key):
                parts = ", ".join(_calendar_name(p) for p in calendar[key])
                lines.append(f"  open whenever {words} of {parts} {'is' if words == 'any' else 'are'} open")
        if calendar.get("minus"):
            first, second = (_calendar_name(p) for p in calendar["minus"])
            lines.append(f"  open whenever {first} is open but not {second}")
        if calendar.get("zone"):
            lines.append(f"  zone {calendar['zone']}")
        for day, pairs in calendar.get("weekly", {}).items():
            lines += [f"  open {DAYS[day]} {_windows(pairs)}"] if pairs else []
        for day, pairs in calendar.get("extra_open", {}).items():
            lines.append(f"  on {day} open {_windows(pairs)}")
        for day, pairs in calendar.get("extra_closed", {}).items():
            lines.append(f"  closed on {day} {_windows(pairs)}")
        lines += (
            [f"  closed on {supplied}"] if supplied else [f"  closed on {day}" for day in calendar.get("closed", [])]
        )
        if "weekly" in calendar:
            lines.append("  clock changes shift forward")
        lines.append("")
    return lines


def _supplied_name(name: str, calendar: Mapping[str, Any]) -> str | None:
    if calendar.get("known_until") or calendar.get("unbound"):
        return str(calendar.get("name") or f"{name}Holidays")
    return None


def _calendar_name(name: str | None) -> str:
    return "Always" if name in (None, "always") else str(name)


def levels_of(case: Mapping[str, Any]) -> list[str]:
    """Every severity that the case mentions, gravest first."""
    found: set[str] = set()
    for part in _walk(case["contract"]):
        if part.get("kind") == "by_severity":
            found.update(str(k) for k in part["table"])
        if "severity" in part:
            wanted = part["severity"] if isinstance(part["severity"], list) else [part["severity"]]
            found.update(str(v) for v in wanted)
    for event in case["events"]:
        for facts in (event.get("facts", {}), event.get("set", {}), event.get("set", {}).get("facts", {})):
            if isinstance(facts, Mapping) and facts.get("severity") is not None:
                found.add(str(facts["severity"]))
    return sorted(found, key=lambda v: (len(v), v))


def _severities(case: Mapping[str, Any]) -> list[str]:
    levels = levels_of(case)
    if not levels:
        return []
    lines = [f"severities {', '.join(levels)}"]
    changed_by = case["contract"].get("severity_changed_by")
    if changed_by:
        names = changed_by if isinstance(changed_by, list) else [changed_by]
        lines.append("  assigned by Provider, Customer")
        lines.append(f"  changed by {', '.join(party(n) for n in names)}")
    return [*lines, ""]


def _term(contract: Mapping[str, Any]) -> list[str]:
    term = contract.get("term")
    if not term:
        return []
    length = _civil(term)
    grace = term.get("grace_days")
    lines = [
        "status maintenance of agreement",
        "  state active",
        "    begins when agreement started",
        f"    lasts {length}",
        "    becomes active at the end of term if any of",
        "      purchase_order_received has happened this term",
        "      paid has happened this term",
        f"    becomes {'grace' if grace else 'expired'} at the end of term",
    ]
    if grace:
        lines += [
            "  state grace",
            "    becomes active when purchase_order_received or paid",
            f"    becomes expired after {grace} days",
        ]
    lines += ["  state expired", "    becomes active when purchase_order_received or paid"]
    runs = "expiry" if term.get("reinstates") == "from_expiry" else "the event"
    return [*lines, f"  a reinstated term runs from {runs}", ""]


def _civil(target: Mapping[str, Any]) -> str:
    if target.get("months"):
        rounding = target.get("rounding") or "down"
        return f"{target['months']} months rounding {rounding}"
    return f"{target['days']} days"


def _roles(case: Mapping[str, Any]) -> list[str]:
    rights = sorted({str(p["right"]) for p in _walk(case["contract"]) if isinstance(p.get("right"), str)})
    if not rights:
        return []
    lines = ["role Caller of Customer", "  designated by Customer", "  identified by caller", ""]
    for right in rights:
        lines += [f"right {right}", "  only Caller may open", ""]
    return lines


def _allowance(case: Mapping[str, Any]) -> list[str]:
    if not any(e["type"] in ("hours_purchased", "hours_logged") for e in case["events"]):
        return []
    return [
        "allowance block of Customer in hours",
        "  increases on hours_purchased by hours",
        "  decreases on hours_logged by hours",
        "",
    ]


# ---- Duties ----------------------------------------------------------------------------------------------------------


def _duty(duty: Mapping[str, Any], contract: Mapping[str, Any], case: Mapping[str, Any], indent: str = "") -> list[str]:
    lines = _table(duty, case)
    lines.append(f"duty {duty['name']}")
    trigger = duty["trigger"]
    lines += [f"  {line}" for line in _trigger_lines(trigger)]
    lines += [f"  {line}" for line in _duty_lines(duty, case)]
    return [*(indent + line for line in lines), ""]


def _trigger_lines(trigger: Mapping[str, Any]) -> list[str]:
    lines = []
    if trigger.get("breach_of"):
        lines.append(f"when {trigger['breach_of']} breached")
    elif _joint(trigger):
        lines.append("when both " + " and ".join(_joint(trigger)))
    elif trigger.get("each_term") or trigger.get("event") == "term":
        lines.append("once each term of maintenance")
    else:
        kinds = trigger["event"] if isinstance(trigger["event"], list) else [trigger["event"]]
        by = f" by {party(trigger['actor'])}" if trigger.get("actor") else ""
        lines.append("when " + " or ".join(f"{kind}{by}" for kind in kinds))
    for word in ("when", "unless"):
        if trigger.get(word):
            lines.append(f"{'if' if word == 'when' else 'unless'} {_condition(trigger[word])}")
    return lines


def _duty_lines(duty: Mapping[str, Any], case: Mapping[str, Any], act: str = "perform") -> list[str]:
    bearer = party(duty.get("bearer", "provider"))
    lines = [f"{bearer} must {act} {_limit(duty)}".rstrip()]
    performed = duty.get("performed_by") or {}
    by = f" by {party(performed['actor'])}" if performed.get("actor") else ""
    if performed.get("events"):
        patterns = " or ".join(f"{kind}{by}" for kind in performed["events"])
        automatic = "" if performed.get("automatic_counts", True) else " and not automatic"
        lines.append(f"performed when {patterns}{automatic}")
    if duty.get("paused_while"):
        lines.append("paused while waiting on any of " + ", ".join(party(p) for p in duty["paused_while"]))
    if duty.get("until"):
        lines.append("until " + " or ".join(duty["until"]))
    if duty.get("while"):
        lines.append(f"while {_condition(duty['while'])}")
    lines += _severity_lines(duty.get("on_severity_change")) if levels_of(case) else []
    policy = {"resume": "run on", "restart": "begin again", "ignore": "change nothing", None: "change nothing"}
    lines.append(f"on reopening {policy[duty.get('on_reopen')]}")
    return lines


def _severity_lines(policy: Any) -> list[str]:
    words = {
        "recount": "count again from the start",
        "restart": "start again",
        "keep": "keep the deadline",
        None: "keep the deadline",
    }
    if isinstance(policy, Mapping):
        return [f"if severity rises, {words[policy.get('up')]}", f"if severity falls, {words[policy.get('down')]}"]
    return [f"on severity change {words[policy]}"]


def _counted(target: Mapping[str, Any]) -> str:
    kind = target["kind"]
    after = next((target[k] for k in AFTER if isinstance(target.get(k), str)), None)
    tail = f" after {after}" if after and after != "trigger" else ""
    basis = f" counted in {_calendar_name(target['calendar'])}" if target.get("calendar") and kind != "elapsed" else ""
    if kind in ("elapsed", "business"):
        return f"{_seconds(target['seconds'])}{tail}{basis}"
    if kind == "business_days":
        return f"{target['days']} days{tail}{basis}"
    return f"{_civil(target)}{tail}"


def _seconds(seconds: float) -> str:
    for unit, size in (("hours", 3600), ("minutes", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


def _limit(duty: Mapping[str, Any]) -> str:
    recurring = duty.get("recurring")
    target = duty.get("target") or {"kind": "none"}
    if recurring and recurring.get("mode") == "each_day_of":
        return f"each day of {_calendar_name(recurring.get('calendar'))}"
    word = "every" if recurring else "in less than" if duty.get("strict") else "within"
    return _stated(target, word, duty)


def _stated(target: Mapping[str, Any], word: str, duty: Mapping[str, Any]) -> str:
    match target["kind"]:
        case "none":
            return ""
        case "by_severity":
            return f"{word} time_{duty['name']}"
        case "date_fact":
            if target.get("calendar"):
                close = f"{target['fact']} in {_calendar_name(target['calendar'])}"
                return f"by the close of {close}" + _otherwise(target)
            return f"by the end of {target['fact']}" + _otherwise(target)
        case "before_expiry":
            return f"no later than {_civil(target)} before the term ends"
        case "sooner_of" | "later_of":
            parts = next(v for v in target.values() if isinstance(v, list))
            word = "in less than" if duty.get("strict") else "within"
            first, second = (_stated(p, word, duty) for p in parts)
            return f"by the {target['kind'].split('_')[0]} of {first} and {second}"
    return f"{word} {_counted(target)}"


def _otherwise(target: Mapping[str, Any]) -> str:
    for key, value in target.items():
        if key.startswith("otherwise"):
            if isinstance(value, Mapping):
                return f" otherwise within {_counted(value)}"
            return f" otherwise within {value} {'days' if 'days' in key else 'seconds'}"
    return ""


def _table(duty: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    target = duty.get("target") or {}
    if target.get("kind") != "by_severity":
        return []
    lines = [f"table times_{duty['name']} by severity", f"  | severity | time_{duty['name']} |"]
    for level in levels_of(case):
        cell = target["table"].get(level)
        lines.append(f"  | {level} | {'none' if cell is None or cell['kind'] == 'none' else _counted(cell)} |")
    return [*lines, ""]


def _condition(condition: Mapping[str, Any]) -> str:
    """A condition in the language's words, in parentheses where it has parts."""
    for word, joint in (("all", " and "), ("any", " or ")):
        if word in condition:
            return "(" + joint.join(_closed(c) for c in condition[word]) + ")"
    if "not" in condition:
        return f"not {_closed(condition['not'])}"
    if "fact" in condition:
        wanted = condition["is"] if isinstance(condition["is"], list) else [condition["is"]]
        return f"{condition['fact']} is any of {', '.join(_literal(v) for v in wanted)}"
    if "severity" in condition:
        wanted = condition["severity"] if isinstance(condition["severity"], list) else [condition["severity"]]
        return f"severity is any of {', '.join(str(v) for v in wanted)}"
    if "happened" in condition:
        kinds = condition["happened"] if isinstance(condition["happened"], list) else [condition["happened"]]
        return "(" + " or ".join(f"{kind} has happened" for kind in kinds) + ")"
    if "status_in" in condition:
        return f"maintenance is any of {', '.join(condition['status_in'])}"
    if "right" in condition:
        return f"right {condition['right']} holds"
    raise ValueError(f"a condition of an unknown kind: {sorted(condition)}")


def _closed(condition: Mapping[str, Any]) -> str:
    text = _condition(condition)
    return text if text.startswith("(") or "any of" not in text else f"({text})"


def _choice(choice: Mapping[str, Any], contract: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    tables = [line for option in choice["options"].values() for duty in option for line in _table(duty, case)]
    both = choice["elector"] in ("both", "mutual", None)
    who = "by agreement of both parties" if both else f"of {party(choice['elector'])}"
    lines = [*tables, f"choice {choice['name']} {who}"]
    lines += [f"  {line}" for line in _trigger_lines(choice["trigger"])]
    for option, duties in choice["options"].items():
        lines.append(f"  option {option}")
        for duty in duties:
            lines += [f"    {line}" for line in _duty_lines(duty, case, act=duty["name"])]
    if choice.get("within_seconds"):
        lines.append(f"  within {_seconds(choice['within_seconds'])} otherwise {choice['otherwise']}")
    return [*lines, ""]


# ---- Events ----------------------------------------------------------------------------------------------------------


def events_of(case: Mapping[str, Any]) -> list[Event]:
    """The case's events, in the order in which they arrived."""
    agreement = next(
        (e.get("subject") for e in case["events"] if e["type"] in AGREEMENT_EVENTS and e.get("subject")), None
    )
    return [_event(raw, agreement) for raw in case["events"]]


def _event(raw: Mapping[str, Any], agreement: str | None) -> Event:
    of_agreement = raw["type"] in AGREEMENT_EVENTS
    facts = dict(raw.get("facts", {}))
    changes = dict(raw.get("set", {}))
    facts.update(changes.pop("facts", {}))
    if "at" in changes:
        changes["at"] = instant(changes["at"])
    if "actor" in changes:
        changes["actor"] = party(changes["actor"])
    facts.update(changes)
    sequence = raw.get("seq")
    return Event(
        id=raw["id"],
        subject=raw.get("subject") or ((agreement or "A") if of_agreement else "T"),
        type=raw["type"],
        at=instant(raw["at"]),
        actor=raw.get("actor"),
        facts=facts,
        source=raw.get("source", "desk"),
        sequence=sequence,
        recorded_at=instant(raw["recorded_at"]) if raw.get("recorded_at") else None,
        target=raw.get("target"),
    )


def supplied_of(contract: Mapping[str, Any]) -> dict[str, Supplied]:
    """The lists that the case gives for calendars whose holidays are supplied."""
    given = {}
    for name, calendar in contract.get("calendars", {}).items():
        listed = _supplied_name(name, calendar)
        if listed and not calendar.get("unbound"):
            days = tuple(date.fromisoformat(d) for d in calendar.get("closed", []))
            given[listed] = Supplied(days, known_until=date.fromisoformat(calendar["known_until"]))
    return given


# ---- Judging ---------------------------------------------------------------------------------------------------------


def contract_of(case: Mapping[str, Any]) -> Contract:
    """The case's contract, through the language."""
    source = Source(str(case.get("id", "case")), policy_text(case))
    tree, problems = parse(source)
    contract, more = resolve(tree, source, None, calendars_check=False)
    if contract is None:
        told = "\n".join(f"{d.span}: {d.code} {d.message}" for d in (*problems, *more))
        raise ValueError(f"the policy text was refused:\n{told}\n{source.text}")
    return contract


def disagreements(case: Mapping[str, Any]) -> list[str]:
    """Where the engine and the case differ, in words; empty where they agree."""
    contract = contract_of(case)
    events = events_of(case)
    found = []
    for number, evaluation in enumerate(case["evaluations"]):
        seen = evaluate(
            contract,
            None,
            events,
            instant(evaluation["as_of"]),
            supplied=supplied_of(case["contract"]),
            upto=evaluation.get("log_upto"),
        )
        found += [
            f"evaluations[{number}] as of {evaluation['as_of']}: {what}"
            for what in compared(evaluation["expect"], seen)
        ]
    return found


def compared(expect: Mapping[str, Any], seen: Evaluation) -> list[str]:
    """Each field in which an evaluation differs from what is expected."""
    found: list[str] = []
    duties = {v.label: v for v in seen.verdicts if v.rule in ("duty", "target")}
    wanted = expect.get("duties", {})
    found += [
        f"{label}: an instance that should not be ({duties[label].state})" for label in duties if label not in wanted
    ]
    for label, fields in wanted.items():
        if label not in duties:
            found.append(f"{label}: no instance")
            continue
        for field, value in fields.items():
            got = field_of(duties[label], field)
            if got != value:
                found.append(f"{label}.{field}: expected {value}, seen {got}")
    for name, field in (
        ("next_change_at", iso(seen.next_change_at)),
        ("impossible", [f.event for f in seen.findings if f.code == "impossible"]),
    ):
        if name in expect and expect[name] != field:
            found.append(f"{name}: expected {expect[name]}, seen {field}")
    return found + _rest(expect, seen)


def _rest(expect: Mapping[str, Any], seen: Evaluation) -> list[str]:
    found = []
    if "flags" in expect:
        flags = sorted({flag for v in seen.verdicts for flag in v.flags if flag == "tie_sensitive"})
        wanted = sorted(f for f in expect["flags"] if f == "tie_sensitive")
        if flags != wanted:
            found.append(f"flags: expected {wanted}, seen {flags}")
    if "status" in expect:
        states = sorted(str(state) for state in seen.statuses.values())
        if states != [str(expect["status"])]:
            found.append(f"status: expected {expect['status']}, seen {states}")
    if "choices" in expect:
        choices = [
            {
                "name": v.duty,
                "state": v.state,
                "elected": v.elected,
                "at": iso(v.deadline if v.state == "lapsed" else v.performed_at),
            }
            for v in seen.verdicts
            if v.rule == "choice"
        ]
        if choices != expect["choices"]:
            found.append(f"choices: expected {expect['choices']}, seen {choices}")
    if "allowance" in expect:
        level = seen.allowances[0] if seen.allowances else None
        got = (
            None
            if level is None
            else {
                "balance": _number(level.balance),
                "draws": [
                    {"event": d.event, "covered": _number(d.covered), "excess": _number(d.excess)} for d in level.draws
                ],
            }
        )
        if got != expect["allowance"]:
            found.append(f"allowance: expected {expect['allowance']}, seen {got}")
    return found


def _number(value: Any) -> Any:
    if isinstance(value, Unknown):
        return None
    return int(value) if value == int(value) else float(value)


def field_of(verdict: Verdict, field: str) -> Any:
    """A verdict's field as the cases write it: times as text, durations in seconds."""
    value = getattr(verdict, {"late_by_counted": "late_by_counted"}.get(field, field))
    if field in ("triggered_at", "deadline", "performed_at", "next_change_at"):
        return iso(value)
    if field in ("consumed", "allowed", "late_by", "late_by_counted"):
        return None if value is None else value // 1_000_000 if value % 1_000_000 == 0 else value / 1e6
    return list(value) if isinstance(value, tuple) else value


def iso(at: int | None) -> str | None:
    """An instant as the cases write it."""
    if at is None:
        return None
    text = datetime.fromtimestamp(at // 1_000_000, tz=__import__("datetime").timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{at % 1_000_000:06d}".rstrip("0") if at % 1_000_000 else "") + "Z"


def main(path: str) -> int:
    """Judge every case of a file; print each disagreement and, last, the count."""
    cases = json.loads(Path(path).read_text("utf-8"))
    cases = cases["cases"] if isinstance(cases, dict) else cases
    failed = 0
    for case in cases:
        try:
            found = disagreements(case)
        except (ValueError, KeyError) as wrong:
            found = [f"could not be judged: {wrong!r}"]
        failed += bool(found)
        for what in found:
            print(f"{case['id']}: {what}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
