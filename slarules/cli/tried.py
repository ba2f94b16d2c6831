"""Files whose scenarios were run: what each gave, what it reached, and its figures recorded anew."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve, frozen

from slarules.cli.files import replace
from slarules.diagnostics import Diagnostic, has_errors, in_order
from slarules.loader import BOM, LoadedScenarios, load_scenarios
from slarules.scenario.coverage import Coverage, coverage
from slarules.scenario.reachable import reachable
from slarules.scenario.reached import Reached, reached_of
from slarules.scenario.reading import read_all
from slarules.scenario.run import Outcome, run
from slarules.scenario.updating import Refused, updated


@frozen
class Tried:
    """A file whose scenarios were run."""

    path: str
    loaded: LoadedScenarios
    outcomes: tuple[Outcome, ...]
    diagnostics: tuple[Diagnostic, ...]
    reached: Reached | None = None
    """What they reached of their policy, where that was asked for."""

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)

    @property
    def unreadable(self) -> bool:
        return self.loaded.file.unreadable


@frozen
class Update:
    """A file with the figures of its failing expectations recorded anew."""

    path: str
    diff: str
    """What changes, line by line; empty where nothing can."""
    text: str
    amended: int
    refused: tuple[Refused, ...]
    problem: str | None = None
    """Why the file cannot be written at all."""


def try_file(path: str, wanted: Sequence[str] = (), reaching: bool = False) -> Tried:
    """Runs the sound scenarios of a file whose titles have one of ``wanted`` in them, whatever the case; or all."""
    loaded = load_scenarios(path)
    contract, tree = loaded.policy.contract, loaded.policy.tree
    if contract is None or tree is None or has_errors(loaded.file.diagnostics):
        return Tried(path, loaded, (), loaded.diagnostics)
    scripts, problems = read_all(contract, loaded.file.scenarios)
    texts = [text.casefold() for text in wanted]
    chosen = [s for s in scripts if not texts or any(text in s.title.casefold() for text in texts)]
    reached = reached_of(contract, tree) if reaching else None
    outcomes = tuple(run(contract, script, reached) for script in chosen)
    return Tried(path, loaded, outcomes, in_order((*loaded.diagnostics, *problems)), reached)


def coverages(tried: Sequence[Tried]) -> list[Coverage]:
    """What the scenarios of each policy reach, whichever of the files they stand in."""
    by_policy: dict[Path, list[Tried]] = {}
    for one in tried:
        if one.reached is not None:
            by_policy.setdefault(Path(one.loaded.policy.path).resolve(), []).append(one)
    found = []
    for several in by_policy.values():
        policy = several[0].loaded.policy
        assert policy.contract is not None and policy.tree is not None
        possible = reachable(policy.contract, policy.tree)
        ran = sum(len(one.outcomes) for one in several)
        found.append(coverage(policy.path, ran, possible, [one.reached for one in several if one.reached]))
    return found


# ---- Recording anew -------------------------------------------------------------------------------------------


def update(one: Tried) -> Update | None:
    """The file as it should be; None where every expectation holds, or nothing could be run."""
    contract, source = one.loaded.policy.contract, one.loaded.file.policy
    if contract is None or source is None or not one.failed:
        return None
    found = updated(contract, source, one.outcomes)
    diff = "".join(
        line if line.endswith("\n") else f"{line}\n"
        for line in difflib.unified_diff(
            source.text.splitlines(True), found.text.splitlines(True), one.path, one.path, n=2
        )
    )
    return Update(one.path, diff, found.text, found.amended, found.refused)


def written(change: Update, data: bytes) -> Update:
    """Writes the file in place of ``data``, with the line ends that it had; refused where they are mixed."""
    body = data.removeprefix(BOM)
    ends = {b"\r\n": body.count(b"\r\n"), b"\n": body.count(b"\n") - body.count(b"\r\n")}
    if ends[b"\r\n"] and (ends[b"\n"] or body.count(b"\r") != ends[b"\r\n"]):
        return evolve(change, problem="its lines end in different ways; write them in one, with `slarules fmt`")
    text = change.text.replace("\n", "\r\n") if ends[b"\r\n"] else change.text
    mark = BOM if data.startswith(BOM) else b""
    try:
        replace(Path(change.path), mark + text.encode("utf-8"))
    except OSError as problem:
        return evolve(change, problem=(problem.strerror or str(problem)).lower())
    return change
