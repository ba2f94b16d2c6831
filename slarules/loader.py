"""From a path to a contract: the passes in one list, and every problem that they met."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from slarules.diagnostics import Diagnostic, error, has_errors, in_order, warning
from slarules.source import Source, Span
from slarules.syntax.parse import parse
from slarules.syntax.tree import Node, PolicyTree

if TYPE_CHECKING:
    from slarules.model.contract import Contract

LARGEST = 16_000_001
"""Bytes that are read at most; four million characters, the parser's own limit, never need so many."""
BOM = b"\xef\xbb\xbf"
NO_TEXT = {b"%PDF-": "a PDF", b"PK\x03\x04": "a Word document or packed otherwise", b"{\\rtf": "rich text (RTF)",
           b"\xd0\xcf\x11\xe0": "a Word document of the old kind"}
"""How a file begins in which a contract may have come → what it is."""
HALVES = re.compile("[\ud800-\udfff]")
UNREADABLE = "E0100"
"""The code of a file that cannot be read at all: nothing could be run."""


@frozen
class Loaded:
    """What loading a policy file gave. Whatever a mistake kept from being made is None."""

    path: str
    """As the user wrote it; every diagnostic names it so."""
    data: bytes | None = None
    """The file as it stands on disk."""
    policy: Source | None = None
    """Its text, decoded."""
    tree: PolicyTree | None = None
    """What its lines say, as far as they can be read."""
    text: Source | None = None
    """The contract's own words, from the file that ``source "…"`` names."""
    contract: Contract | None = None
    """What it means; None where a mistake keeps it from being judged by."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Everything wrong with it, in reading order."""
    text_data: bytes | None = None
    """That file as it stands on disk."""

    @property
    def unreadable(self) -> bool:
        """Whether the policy file itself could not be read at all."""
        return any(d.code == UNREADABLE for d in self.diagnostics)

    @property
    def scenarios(self) -> tuple[Node, ...]:
        """The scenarios of the file, in order; of one with examples, that of each row."""
        return self.tree.scenarios if self.tree else ()


@frozen
class LoadedScenarios:
    """What loading a file with scenarios gave: a policy file with its own, or a file of nothing else."""

    file: Loaded
    """The file itself; of a file of scenarios only its tree, never a contract."""
    policy: Loaded
    """The policy that the scenarios try; the same as ``file`` where they stand in the policy."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything wrong with either file, in reading order."""
        if self.file is self.policy:
            return self.file.diagnostics
        return in_order((*self.file.diagnostics, *self.policy.diagnostics))


Pass = Callable[[Loaded], tuple[Loaded, tuple[Diagnostic, ...]]]


def read_bytes(loaded: Loaded) -> tuple[Loaded, tuple[Diagnostic, ...]]:
    """The file's bytes. E0100 where they cannot be had; E0108 where there are too many."""
    where = _nowhere(loaded.path)
    try:
        data = _bytes(Path(loaded.path))
    except (OSError, ValueError) as problem:
        message = f"cannot read `{loaded.path}`: {_why(problem)}"
        return loaded, (error(UNREADABLE, where, message, "say where the policy file is"),)
    if len(data) >= LARGEST:
        told = "a policy file may have 4,000,000 characters; is this an event log?"
        return loaded, (error("E0108", where, "the file is too large", told),)
    return evolve(loaded, data=data), ()


def decode_policy(loaded: Loaded) -> tuple[Loaded, tuple[Diagnostic, ...]]:
    """The file's text."""
    assert loaded.data is not None
    source, problems = decode(loaded.path, loaded.data)
    return (loaded if source is None else evolve(loaded, policy=source)), problems


def parse_policy(loaded: Loaded) -> tuple[Loaded, tuple[Diagnostic, ...]]:
    """The file's tree; mistakes in its spelling are each reported and left out."""
    assert loaded.policy is not None
    tree, problems = parse(loaded.policy)
    return evolve(loaded, tree=tree), problems


def read_text(loaded: Loaded) -> tuple[Loaded, tuple[Diagnostic, ...]]:
    """The contract's own words, from the file beside the policy. E0405 where they cannot be had."""
    stated = _text_path(loaded.tree)
    if stated is None:
        return loaded, ()
    name = stated.text
    path, why = _below(Path(loaded.path).parent, name)
    if path is None:
        told = 'name it from there: `source "source.txt"`'
        told = f"put the contract's text beside the policy, or in a folder below it, and {told}"
        return loaded, (error("E0405", stated.span, f"`{name}` {why}", told),)
    try:
        data = _bytes(path)
    except (OSError, ValueError) as problem:
        message = f"cannot read the contract's text `{name}`: {_why(problem)}"
        return loaded, (error("E0405", stated.span, message, f"it is looked for as `{path}`"),)
    if len(data) >= LARGEST:
        message = f"the contract's text `{name}` is too large"
        return loaded, (error("E0405", stated.span, message, "is it the right file?"),)
    source, problems = decode(str(path), data)
    if source is not None and not source.text.strip():
        message = f"the contract's text `{name}` is empty"
        problems += (error("E0405", stated.span, message, "put the contract's words in it"),)
        source = None  # that no quotation stands in it goes without saying
    return evolve(loaded, text=source, text_data=data), problems


def resolve_policy(loaded: Loaded) -> tuple[Loaded, tuple[Diagnostic, ...]]:
    """The contract: every name found, every type checked, every quotation verified."""
    from slarules.resolve.build import resolve  # half of what is loaded, which the style alone does not need

    assert loaded.tree is not None and loaded.policy is not None
    contract, problems = resolve(loaded.tree, loaded.policy, loaded.text)
    return evolve(loaded, contract=contract), tuple(problems)


PASSES: tuple[Pass, ...] = (read_bytes, decode_policy, parse_policy, read_text, resolve_policy)
"""A policy, from its bytes to its meaning."""
SPELLING: tuple[Pass, ...] = (read_bytes, decode_policy, parse_policy)
"""A file of scenarios: their meaning is found against the policy that they name, in ``scenario``."""
MEANING: tuple[Pass, ...] = (read_text, resolve_policy)
"""What is left to do of a policy that is parsed."""


def load(path: str | Path) -> Loaded:
    """The contract of a policy file, with everything wrong with it. Never raises for what stands in a file.

    With an error among the diagnostics there is no contract: it must not be judged by.
    """
    loaded = _run(Loaded(str(path)), PASSES)
    return evolve(loaded, contract=None) if has_errors(loaded.diagnostics) else loaded


def load_spelling(path: str | Path) -> Loaded:
    """What the lines of a file say, and nothing of their meaning. Never raises for what stands in a file."""
    return _run(Loaded(str(path)), SPELLING)


def load_scenarios(path: str | Path) -> LoadedScenarios:
    """The scenarios of a file and the policy they try. Never raises for what stands in a file.

    A file that begins ``scenarios of "policy.sla"`` names its policy by a path from its own folder; any other
    is a policy file with its own scenarios.
    """
    file = _run(Loaded(str(path)), SPELLING)
    if _is_of_scenarios(file):
        return _with_policy(file, load)
    policy = _meant(file)
    return LoadedScenarios(policy, policy)


def load_parsed(
    source: Source,
    tree: PolicyTree,
    problems: tuple[Diagnostic, ...],
    policies: Callable[[Path], Loaded] = load,
) -> LoadedScenarios:
    """The same of a text that is not saved yet, as an editor has it: parsed, with what is wrong with its spelling.

    The source's name says where it will stand: the contract's words, and the policy of a file of scenarios, are looked
    for from there; ``policies`` loads the latter, which may be unsaved itself.
    """
    read = Loaded(source.name, policy=source, tree=tree, diagnostics=problems)
    if _is_of_scenarios(read):
        return _with_policy(read, policies)
    policy = _meant(read)
    return LoadedScenarios(policy, policy)


def _meant(policy: Loaded) -> Loaded:
    """The policy, whose spelling was read, with its contract; without one where anything is wrong."""
    found = policy if policy.tree is None else _run(policy, MEANING)
    return evolve(found, contract=None) if has_errors(found.diagnostics) else found


def _with_policy(file: Loaded, policies: Callable[[Path], Loaded]) -> LoadedScenarios:
    """A file of scenarios with the policy that it names."""
    assert file.tree is not None and file.tree.contract is not None
    named = file.tree.contract.one("STRING")
    if _is_absolute(named.text):
        problem = error(
            "E0113",
            named.span,
            f"`{named.text}` is not a path from this file's folder",
            'name the policy from here: `scenarios of "policy.sla"`',
        )
        return LoadedScenarios(_with(file, problem), Loaded(named.text))
    policy = policies(Path(file.path).parent / named.text)
    if policy.unreadable:
        problem = error(
            "E0113",
            named.span,
            f"the policy `{named.text}` cannot be read",
            "name the policy by its path from this file's folder",
        )
        return LoadedScenarios(_with(file, problem), evolve(policy, diagnostics=()))
    if _is_of_scenarios(policy):
        problem = error(
            "E0113",
            named.span,
            f"`{named.text}` is itself a file of scenarios",
            "name the policy that they try",
        )
        return LoadedScenarios(_with(file, problem), evolve(policy, diagnostics=(), contract=None))
    return LoadedScenarios(file, policy)


def decode(name: str, data: bytes) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The text of a file's bytes, line ends as ``\\n``. W0103: a byte-order mark; E0104: it is not UTF-8."""
    problems: tuple[Diagnostic, ...] = ()
    body = data
    if data.startswith(BOM):
        body = data[len(BOM) :]
        message = "the file begins with a byte-order mark"
        problems = (warning("W0103", _nowhere(name), message, "save it as UTF-8 without one"),)
    kind = next((kind for sign, kind in NO_TEXT.items() if body.startswith(sign)), None)
    if kind is not None:
        told = "copy its words into a file of plain text, saved as UTF-8, and name that one"
        return None, (error("E0104", _nowhere(name), f"the file is {kind}, and no plain text", told),)
    if body[:200].count(0) * 3 > len(body[:200]):  # without its mark each letter brings a byte of nothing
        return None, (error("E0104", _nowhere(name), "the file is UTF-16, not UTF-8", "save it as UTF-8"),)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return None, (_not_utf8(name, body, wrong),)
    return as_source(name, text), problems


def as_source(name: str, text: str) -> Source:
    """A text with line ends as ``\n``; halves of characters, which an editor may send, become U+FFFD."""
    if not text.isascii():
        text = HALVES.sub("\ufffd", text)
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def _run(loaded: Loaded, passes: tuple[Pass, ...]) -> Loaded:
    """The passes one after the other, until one of spelling gives back what it got: it made nothing."""
    problems = list(loaded.diagnostics)
    for step in passes:
        before = loaded
        loaded, met = step(loaded)
        problems += met
        if (loaded is before and step in SPELLING) or _is_of_scenarios(loaded):
            break
    return evolve(loaded, diagnostics=in_order(problems))


def _is_of_scenarios(loaded: Loaded) -> bool:
    begun = loaded.tree.contract if loaded.tree else None
    return begun is not None and begun.kind == "scenarios_of"


def _bytes(path: Path) -> bytes:
    """The file's first ``LARGEST`` bytes. Raises ``OSError``, or ``ValueError`` for what is no path."""
    with path.open("rb") as file:
        return file.read(LARGEST)


def _not_utf8(name: str, body: bytes, wrong: UnicodeDecodeError) -> Diagnostic:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return error("E0104", _nowhere(name), "the file is UTF-16, not UTF-8", "save it as UTF-8")
    line = body.count(b"\n", 0, wrong.start) + 1
    shown = Source(name, body.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n"))
    at = len(body[: wrong.start].decode("utf-8").replace("\r\n", "\n"))
    message = f"the file is not UTF-8: byte {body[wrong.start]:#04x} at offset {wrong.start}, in line {line}"
    return error("E0104", Span(shown, at, at + 1), message, "save it as UTF-8")


def _text_path(tree: PolicyTree | None) -> Node | None:
    """The path in ``source "…"``."""
    contract = tree.contract if tree else None
    stated = contract.first("source_file") if contract else None
    return stated.first("STRING") if stated else None


def _below(folder: Path, name: str) -> tuple[Path | None, str]:
    """The file in the folder or below, links followed; or None and why it is not there."""
    if not name.strip() or "\x00" in name:
        return None, "is no file name"
    if _is_absolute(name) or "\\" in name:
        return None, "is not a path from the policy's folder, with `/` between its parts"
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as problem:
        return None, f"cannot be followed: {_why(problem)}"
    return (path, "") if inside else (None, "leads out of the policy's folder")


def _is_absolute(name: str) -> bool:
    return PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).anchor)


def _with(loaded: Loaded, problem: Diagnostic) -> Loaded:
    return evolve(loaded, diagnostics=in_order((*loaded.diagnostics, problem)))


def _nowhere(name: str) -> Span:
    """A place in a file of which there is nothing to show."""
    return Span(Source(name, ""), 0, 0)


def _why(problem: Exception) -> str:
    """The system's reason, in lower case, without its number."""
    match problem:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "it is a folder"
        case PermissionError():
            return "it may not be read"
        case OSError():
            return (problem.strerror or str(problem)).lower()
        case _:
            return "that is no file name"
