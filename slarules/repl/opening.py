"""Files brought into a session: policies, and scenarios whole or line by line; logs are for `logs`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve

from slarules.diagnostics import has_errors
from slarules.loader import load_scenarios
from slarules.repl import changes
from slarules.repl.answers import FAINT, STRONG, Answer, Look, Part, line, remark, wrong
from slarules.repl.judging import clock_words, contract_of, evaluated, has_option, now_of, tell_of, zone_in, zone_of
from slarules.repl.logs import load_log
from slarules.repl.moving import Done, expected_and_seen, judgement, looked_for, with_entry
from slarules.repl.policy import opened
from slarules.repl.session import Case, Entry, Session, State, changed, moved_on
from slarules.scenario.reading import read_all
from slarules.scenario.script import Script
from slarules.scenario.writing import event_words

CASE = re.compile(r"[A-Za-z_]\w*")
"""A scenario's title that is the name of a case: a saved session's."""
NAMED = re.compile(r"\s+(?:with\s+(?P<mapping>\S+)|(?P<title>\"[^\"]*\"))$")


def load_file(session: Session, path: str, look: Look) -> Done:
    """``load FILE``: a policy, a file of scenarios, or a log of events, told by what it is."""
    found = NAMED.search(path)
    plain = path[: found.start()] if found else path
    if not plain.endswith(".sla"):
        return load_log(session, plain, found["mapping"] if found else None)
    if _is_of_scenarios(plain):
        return _scenario(session, plain, (found["title"] or "").strip('"') if found else "", slowly=False)
    return policy(session, plain)


def replay(session: Session, path: str, look: Look) -> Done:
    """``replay FILE``: a scenario said line by line, with what each line changes."""
    found = NAMED.search(path)
    plain = path[: found.start()] if found else path
    return _scenario(session, plain, (found["title"] or "").strip('"') if found else "", slowly=True)


def _is_of_scenarios(path: str) -> bool:
    try:
        text = Path(path).read_bytes()[:100_000].decode("utf-8", "replace")
    except (OSError, ValueError):
        return False
    return re.search(r"^scenarios\s+of\b", text, re.MULTILINE) is not None


# ---- Policies ---------------------------------------------------------------------------------------------


def policy(session: Session, path: str) -> Done:
    """The session under another policy; its lines are kept."""
    found = opened(path)
    if found.good is None:
        unread = any(problem.code == "E0100" for problem in found.newest)
        if unread or (session.policy is not None and session.policy.contract is not None):
            kept = remark("  the policy stays what it was") if session.policy is not None else ()
            return Done(session, (*found.newest, *kept), failed=True)
    return Done(evolve(session, policy=found), (*found.newest, *_introduced(evolve(session, policy=found))))


def reload(session: Session, _: None, look: Look) -> Done:
    """``reload``: the policy's file looked at again."""
    if session.policy is None:
        return Done(session, remark("  there is no policy yet: `load FILE`"), failed=True)
    return reloaded(session)


def reloaded(session: Session) -> Done:
    """The policy as its file has it now; with errors in it, the last good state goes on and they are told."""
    assert session.policy is not None
    found = opened(session.policy.path, session.policy)
    following = evolve(session, policy=found)
    if found.is_behind or found.contract is None:
        said = "the last good state goes on" if found.contract is not None else "nothing can be judged yet"
        head = line((f"  `{found.path}` has errors: {said}", STRONG))
        return Done(following, (*found.newest, head), failed=True)
    before = None
    if session.policy.contract is not None and session.case.entries:
        before = judgement(session.policy.contract, session.case)
    after = judgement(found.contract, session.case) if session.case.entries else None
    told: Answer = changes.told(before, after, tell_of(following)) if after is not None else ()
    head = line((f"  `{found.path}` read again", STRONG), "" if told else ("; no verdict changes" if after else ""))
    return Done(following, (*found.newest, head, *_left_behind(following), *told))


def _left_behind(session: Session) -> Answer:
    """Readings that the policy no longer has are left out of the judging; they are told."""
    contract, readings = contract_of(session), session.case.readings
    gone = [name for name, option in readings.items() if not has_option(contract, name, option)]
    return tuple(line(f"  the policy has no reading `{name}` as it is set: `undo`, or set it again") for name in gone)


def _introduced(session: Session) -> Answer:
    """Which contract it is."""
    assert session.policy is not None
    contract = session.policy.contract
    if contract is None:
        told = "it has errors: mend the file, it is looked at again before each command"
        return (line((f"  {session.policy.path}: {told}", STRONG)),)
    terms = contract.versions[-1]
    promises = "1 promise" if len(terms.duties) == 1 else f"{len(terms.duties)} promises"
    readings = "1 reading" if len(contract.readings) == 1 else f"{len(contract.readings)} readings"
    many = f"{promises}, {readings}" if contract.readings else promises
    return (line((contract.title, STRONG), (f"  {many}; times in {zone_in(session)}", FAINT)),)


# ---- Scenarios --------------------------------------------------------------------------------------------


def _scenario(session: Session, path: str, title: str, slowly: bool) -> Done:
    """One scenario of a file as the present case, under the policy that the file names."""
    found = load_scenarios(path)
    contract = found.policy.contract
    if contract is None or has_errors(found.diagnostics):
        return Done(session, found.diagnostics, failed=True)
    scripts, problems = read_all(contract, found.file.scenarios)
    if len(scripts) > 1 and not title and all(CASE.fullmatch(script.title) for script in scripts):
        return _cases(_under(session, found.policy.path), path, scripts, problems)
    chosen = [script for script in scripts if title.casefold() in script.title.casefold()]
    if len(chosen) != 1:
        return Done(session, (*problems, *_which(path, title, chosen or scripts)), failed=True)
    following, script = _under(session, found.policy.path), chosen[0]
    parts: list[Part] = [*problems, line((script.title, STRONG), (f"  from {path}", FAINT))]
    return _played(following, _empty(script, following), script, parts, slowly)


def _under(session: Session, path: str) -> Session:
    """The session under the policy in a file, unless it is already."""
    same = session.policy is not None and Path(session.policy.path).absolute() == Path(path).absolute()
    return session if same else evolve(session, policy=opened(path))


def _empty(script: Script, session: Session) -> Case:
    """What a scenario assumes, before anything happens in it."""
    return Case(readings=script.readings, supplied=script.supplied, zone=_own_zone(script, session))


def _cases(session: Session, path: str, scripts: Sequence[Script], problems: Answer) -> Done:
    """The cases of a session that was saved, each under its name."""
    cases: dict[str, Case] = {}
    for script in scripts:
        done = _played(session, _empty(script, session), script, [], False)
        cases[script.title] = done.session.case
    following = moved_on(session, State(cases, scripts[0].title))
    names = ", ".join(f"`{name}`" for name in cases)
    return Done(following, (*problems, line((f"cases {names}", STRONG), (f"  from {path}", FAINT))))


def _own_zone(script: Script, session: Session) -> str | None:
    contract = contract_of(session)
    return None if zone_of(contract, Case(readings=script.readings)) == script.zone else script.zone


def _which(path: str, title: str, scripts: Sequence[Script]) -> Answer:
    """Several scenarios, or none: which is meant must be said."""
    if not scripts:
        return (wrong("E0905", f"there is no scenario in `{path}` that can be run", "look at it: `slarules test`"),)
    said = f"no one scenario of `{path}` is meant by `{title}`" if title else f"`{path}` has {len(scripts)} scenarios"
    told = f'say which, by some words of its title: `load {path} "{scripts[0].title}"`'
    titles = [line((f"  {script.title}", FAINT)) for script in scripts[:12]]
    more = [line((f"  and {len(scripts) - 12} more", FAINT))] if len(scripts) > 12 else []
    return (wrong("E0905", said, told), *titles, *more)


def _played(session: Session, case: Case, script: Script, parts: list[Part], slowly: bool) -> Done:
    """The script's lines one after the other; ``slowly``: with what each one changes."""
    contract = contract_of(session)
    failed, many = False, 0
    for said in script.lines:
        entry = Entry(said.at, said.event, said.expected)
        before = judgement(contract, case) if slowly and case.entries else None
        case = with_entry(case, entry)
        following = changed(session, case)
        if said.event is not None and slowly:
            words = event_words(said.event, script.zone, said.at)
            parts.append(line((f"{clock_words(said.at, script.zone)}  {words}", STRONG)))
            parts += changes.told(before, evaluated(contract, case), tell_of(following))
        if said.expected is not None:
            judged = looked_for(contract, case, entry)
            failed |= not judged.holds
            many += 1
            if slowly or not judged.holds:
                parts.append(expected_and_seen(judged))
    if many and not failed:
        parts.append(line((f"  {many} expectation{'' if many == 1 else 's'}, all as expected", FAINT)))
    parts.append(line((f"  the clock is at {clock_words(now_of(case), script.zone)}", FAINT)))
    return Done(changed(session, case), tuple(parts), failed=failed)
