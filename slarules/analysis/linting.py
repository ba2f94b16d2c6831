"""Linting a policy file: its rules and scenarios are examined, and each counterexample is put to the engine first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from slarules.analysis.rules import BY_NAME
from slarules.analysis.witnesses import confirmed
from slarules.diagnostics import Diagnostic, has_errors, in_order
from slarules.lint.examined import Examined
from slarules.lint.finding import Finding
from slarules.lint.rules import report
from slarules.loader import Loaded, load, load_spelling, read_bytes
from slarules.model.verdict import Evaluation
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from slarules.syntax.tree import Node


@frozen
class Linted:
    """A policy file and what lint has to say of it."""

    loaded: Loaded
    """The policy, with its errors."""
    scenarios: tuple[Node, ...]
    """The blocks that try it: its own, and those of files beside it that name it."""
    findings: tuple[Finding, ...] = ()
    """In reading order; those with a counterexample have been confirmed by the engine."""
    allowed: tuple[tuple[Finding, str], ...] = ()
    """Findings that a comment lets stand, each with its reason."""
    shown: Mapping[int, Evaluation] = field(factory=dict)
    """Place of a finding → what the engine says of its counterexample."""
    unconfirmed: tuple[tuple[Finding, str], ...] = ()
    """Findings whose counterexample the engine does not confirm, with what it says: mistakes of ours, never shown."""


def lint_file(path: str | Path, beside: Iterable[str] = (), only: Collection[str] | None = None) -> Linted:
    """The findings of the policy file at ``path``; ``beside`` are files that may hold scenarios for it."""
    loaded = load(path)
    return linted(loaded, scenarios_for(loaded, beside), only)


def linted(loaded: Loaded, scenarios: tuple[Node, ...], only: Collection[str] | None = None) -> Linted:
    """The findings of a policy that is loaded already, tried by these scenarios; ``only`` the rules so named."""
    if loaded.tree is None or loaded.policy is None:
        return Linted(loaded, scenarios)
    found = report(Examined(loaded.tree, loaded.contract, loaded.policy, loaded.text, scenarios), only, BY_NAME)
    findings: list[Finding] = []
    shown: dict[int, Evaluation] = {}
    unconfirmed: list[tuple[Finding, str]] = []
    for one in found.findings:
        if one.witness is not None and loaded.contract is not None:
            seen = confirmed(loaded.contract, one.witness)
            if isinstance(seen, str):
                unconfirmed.append((one, seen))
                continue
            shown[len(findings)] = seen
        findings.append(one)
    return Linted(loaded, scenarios, tuple(findings), found.allowed, shown, tuple(unconfirmed))


def rewritten(loaded: Loaded, text: str) -> Loaded:
    """The same policy with another text, read and resolved again beside the same words of the contract."""
    source = Source(loaded.path, text)
    tree, spelling = parse(source)
    contract, problems = resolve(tree, source, loaded.text)
    found: tuple[Diagnostic, ...] = in_order((*spelling, *problems))
    sound = None if has_errors(found) else contract
    return evolve(loaded, policy=source, tree=tree, contract=sound, diagnostics=found)


def scenarios_for(loaded: Loaded, beside: Iterable[str] = ()) -> tuple[Node, ...]:
    """The policy's own scenarios, and those of the files in its folder, or ``beside``, that name it."""
    path = Path(loaded.path)
    files = [str(one) for one in sorted(path.parent.glob("*.sla"))] if loaded.tree is not None else []
    found = list(loaded.scenarios)
    for name in dict.fromkeys((*files, *beside)):
        other = scenarios_file(name)
        if other is not None and _same(tried_by(other), path):
            found += other.scenarios
    return tuple(found)


def scenarios_file(path: str) -> Loaded | None:
    """What the lines of a file of scenarios say; None for any other file."""
    read, _ = read_bytes(Loaded(path))
    if read.data is None or not re.search(rb"^\s*scenarios\s+of\b", read.data, re.MULTILINE):
        return None
    other = load_spelling(path)
    begun = other.tree.contract if other.tree is not None else None
    return other if begun is not None and begun.kind == "scenarios_of" else None


def tried_by(scenarios: Loaded) -> Path:
    """The policy that a file of scenarios tries."""
    assert scenarios.tree is not None and scenarios.tree.contract is not None
    return Path(scenarios.path).parent / scenarios.tree.contract.one("STRING").text


def _same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError, ValueError):
        return False
