"""Cases as a scenario file that `slarules test` runs, expecting what was seen; proved before it is written."""

from __future__ import annotations

import os
from pathlib import Path

from attrs import evolve, frozen

from slarules.diagnostics import Level
from slarules.model.contract import Contract
from slarules.repl.answers import DOUBT, Look, line, remark, wrong
from slarules.repl.judging import contract_of, readings_of
from slarules.repl.moving import Done
from slarules.repl.session import Session
from slarules.repl.written import MARK, written_lines, written_zone
from slarules.scenario.reading import read_all
from slarules.scenario.run import run
from slarules.scenario.writing import supplied_words
from slarules.source import Source
from slarules.syntax.parse import parse

SAVED = "-- saved by slarules repl: what was said, and what was seen"
"""Stands in every saved file."""


@frozen
class Written:
    """A file of scenarios as text, and what of the session it could not say."""

    text: str
    left_out: tuple[str, ...] = ()


def save(session: Session, path: str, look: Look) -> Done:
    """``save FILE``: every case of the session, each as a scenario, with what was seen of it."""
    contract = contract_of(session)
    target = Path(path if path.endswith(".sla") else path + ".sla")
    if not any(case.entries for case in session.state.cases.values()):
        return Done(session, remark("  there is nothing to save yet"), failed=True)
    if target.exists() and not _was_saved(target):
        told = "give it another name: only what a session saved is written over"
        problem = wrong("E0905", f"there is a file `{target}`, and no session saved it", told)
        return Done(session, (problem,), failed=True)
    written = as_scenarios(session, target, seen=True)
    unproved = proved(contract, written.text)
    if unproved is not None:  # the lines are worth more than what they showed
        written = as_scenarios(session, target, seen=False)
    told = f"  saved without what was seen, which cannot be said: {unproved}"
    lines = [line((told, DOUBT))] if unproved is not None else []
    try:
        write(target, written.text)
    except OSError as fault:
        why = (fault.strerror or str(fault)).lower()
        return Done(session, (wrong("E0905", f"cannot write `{target}`: {why}", "name another file"),), failed=True)
    lines.append(line(f"  saved as {target}; `slarules test {target}` runs it"))
    lines += [line(f"  left out: {words}") for words in written.left_out]
    return Done(evolve(session, kept=session.state), tuple(lines))


def write(path: Path, text: str) -> None:
    """The file written as a whole or not at all. Raises ``OSError``."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def as_scenarios(session: Session, path: Path, seen: bool) -> Written:
    """The session's cases as scenarios of its policy; ``seen``: with expectations of what each line showed."""
    assert session.policy is not None
    contract = contract_of(session)
    blocks, left_out = [], []
    for name, case in session.state.cases.items():
        if not case.entries:
            continue
        lines, lost = written_lines(session.policy, case, seen)
        left_out += lost
        head = f'scenario "{name}" in {written_zone(contract, case)}'
        assumed = [f"reading {reading} is {option}" for reading, option in readings_of(contract, case).items()]
        given = supplied_words(case.supplied)
        blocks.append("\n".join([head, *(f"  {words}" for words in (*assumed, *given, *lines))]))
    policy = _from(path, session.policy.path)
    text = "\n\n".join(["slarules 1", f'{SAVED}\nscenarios of "{policy}"', *blocks])
    return Written(text + "\n", tuple(left_out))


def proved(contract: Contract, text: str) -> str | None:
    """Why a text is not a file of scenarios that passes; None: it is."""
    tree, problems = parse(Source("the saved session", text))
    scripts, more = read_all(contract, tree.scenarios)
    errors = [p for p in (*problems, *more) if p.level is Level.ERROR]
    if errors:
        return f"line {errors[0].span.line}: {errors[0].message}"
    rows = text.splitlines()
    for script in scripts:
        for step in run(contract, script).steps:
            missed = step.judged
            if missed is not None and not missed.holds and not rows[step.line.span.line - 1].endswith(MARK):
                return f"line {step.line.span.line}: expected {missed.expected}; seen: {missed.seen}"
    return None


def _was_saved(path: Path) -> bool:
    """Whether a session wrote the file: nobody's own scenarios are ever written over."""
    try:
        return SAVED in path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False


def _from(path: Path, policy: str) -> str:
    """The policy's path from the folder of the file."""
    try:
        return Path(os.path.relpath(Path(policy).resolve(), path.resolve().parent)).as_posix()
    except ValueError:  # another drive
        return Path(policy).as_posix()


def put_aside(session: Session, path: Path) -> None:
    """Writes what was said, without what was seen, so that nothing is lost. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, as_scenarios(session, path, seen=False).text)
