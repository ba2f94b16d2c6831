"""The policy of a session: loaded, looked at again when its file changes, its last good state kept."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve, frozen

from slarules.diagnostics import Diagnostic
from slarules.loader import Loaded, load
from slarules.model.contract import Contract
from slarules.scenario.vocabulary import Vocabulary, vocabulary

Stamp = tuple[int, int] | None
"""When a file was last changed, and its size; None: it is not there."""


@frozen(eq=False)
class Policy:
    """A policy file as the session knows it."""

    path: str
    """As the user wrote it."""
    watched: tuple[tuple[str, Stamp], ...]
    """The policy file and the contract's text, each as it was when it was read."""
    good: Loaded | None
    """Its last state without errors: what cases are judged by. None: there was none yet."""
    names: Vocabulary | None
    """The names of that state's contract."""
    newest: tuple[Diagnostic, ...]
    """What is wrong with the file as it stands now; with errors, ``good`` is an older state."""
    is_behind: bool = False
    """Whether ``good`` is older than the file."""

    @property
    def contract(self) -> Contract | None:
        """The contract that cases are judged by."""
        return self.good.contract if self.good is not None else None


def opened(path: str, before: Policy | None = None) -> Policy:
    """The policy in a file. Where it has errors, the last good state of ``before`` is kept."""
    text = before.good.text if before is not None and before.good is not None else None
    files = (path, *((text.name,) if text is not None else ()))
    stamps = {file: _stamp(file) for file in files}  # before it is read: what changes meanwhile is seen next time
    loaded = load(path)
    if loaded.text is not None:
        stamps.setdefault(loaded.text.name, _stamp(loaded.text.name))
    watched = tuple(stamps.items())
    if loaded.contract is None:
        good = before.good if before is not None else None
        names = before.names if before is not None else None
        return Policy(path, watched, good, names, loaded.diagnostics, good is not None)
    return Policy(path, watched, loaded, vocabulary(loaded.contract), loaded.diagnostics)


def has_changed(policy: Policy) -> bool:
    """Whether the policy file, or the contract's text, is another than was read."""
    return any(_stamp(file) != stamp for file, stamp in policy.watched)


def looked_at(policy: Policy) -> Policy:
    """The policy with its files as they are now: what was wrong with them is not told again."""
    return evolve(policy, watched=tuple((file, _stamp(file)) for file, _ in policy.watched))


def _stamp(path: str) -> Stamp:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size)
