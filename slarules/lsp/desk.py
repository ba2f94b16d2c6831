"""What lies on the desk: the files that are open in the editor, those beside them, and what is known of each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import RLock

from attrs import Factory, define, field, frozen
from pygls.uris import from_fs_path, to_fs_path

from slarules import loader
from slarules.diagnostics import Diagnostic
from slarules.loader import Loaded, LoadedScenarios
from slarules.lsp.definitions import Definitions, definitions
from slarules.lsp.names import Index, index
from slarules.model.contract import Contract
from slarules.source import Source
from slarules.syntax.parse import parse
from slarules.syntax.tree import Node, PolicyTree

MOST_FILES = 500
"""Policies and files of scenarios that are looked at in one folder of the workspace."""


@frozen(eq=False)
class Good:
    """The last state of a policy in which it could be judged by."""

    contract: Contract
    """What it meant."""
    index: Index
    """Its names."""


@define(eq=False)
class Document:
    """A file, open in the editor or read beside one."""

    uri: str
    """How the editor names it."""
    path: str
    """Where it stands, or would."""
    source: Source
    """Its text now."""
    version: int | None = None
    """The editor's count of its changes; None of a file that is not open."""
    stamp: tuple[int, int] | None = None
    """Of a file that is not open: when it was changed, and its size."""
    good: Good | None = None
    """Its last state in which it could be judged by."""
    findings: tuple[tuple[Diagnostic, str | None], ...] = ()
    """What was last told of it; of what lint says, with the name by which a comment allows it."""
    outcomes: dict[str, str] = field(factory=dict)
    """A scenario's text → what came of its last run."""
    lock: RLock = field(factory=RLock, repr=False)
    """Held while its tree or its names are made."""
    loading: RLock = field(factory=RLock, repr=False)
    """Held while its meaning is found, so that nobody who asks for the tree waits for that."""
    parsed: tuple[PolicyTree, tuple[Diagnostic, ...]] | None = None
    loaded: LoadedScenarios | None = None
    known: Definitions | None = None
    before: Definitions | None = None
    """What an earlier text defined: offered while a new one is not read yet."""
    indexed: tuple[Definitions, Index] | None = None

    @property
    def open(self) -> bool:
        """Whether the editor has it."""
        return self.version is not None


@define
class Desk:
    """Every file that is known."""

    documents: dict[str, Document] = Factory(dict)
    """By path."""
    folders: tuple[str, ...] = ()
    """The workspace's."""

    def put(self, uri: str, text: str, version: int) -> Document:
        """A document's new text."""
        path = path_of(uri)
        old = self.documents.get(path)
        made = Document(uri, path, loader.as_source(path, text), version)
        if old is not None:
            made.good, made.before = old.good, old.known or old.before
            made.findings, made.outcomes = old.findings, old.outcomes
        self.documents[path] = made
        return made

    def take_away(self, uri: str) -> None:
        """A document that the editor closed: its file counts again."""
        self.documents.pop(path_of(uri), None)

    def at(self, uri: str) -> Document | None:
        """The document of a URI that is open."""
        return self.documents.get(path_of(uri))

    def opened(self) -> list[Document]:
        """The documents that are open."""
        return [one for one in list(self.documents.values()) if one.open]

    def file(self, path: str) -> Document | None:
        """The document at a path: as the editor has it, else as it stands on disk; None where neither is."""
        path = os.path.normpath(path)
        held = self.documents.get(path)
        if held is not None and held.open:
            return held
        try:
            stat = os.stat(path)
            stamp = (stat.st_mtime_ns, stat.st_size)
            if held is not None and held.stamp == stamp:
                return held
            data = Path(path).read_bytes()
        except (OSError, ValueError):
            self.documents.pop(path, None)
            return None
        source, _ = loader.decode(path, data)
        if source is None:
            return None
        made = Document(from_fs_path(path) or path, path, source, None, stamp)
        self.documents[path] = made
        return made


def path_of(uri: str) -> str:
    """The path of a URI; of a text that is no file yet, a path in its own name."""
    path = to_fs_path(uri)
    return os.path.normpath(path) if path else uri


# ---- What is known of a document, each made once for a text --------------------------------------------------------


def tree(document: Document) -> PolicyTree:
    """What its lines say."""
    return spelling(document)[0]


def spelling(document: Document) -> tuple[PolicyTree, tuple[Diagnostic, ...]]:
    """What its lines say, and what is wrong with their spelling."""
    with document.lock:
        if document.parsed is None:
            document.parsed = parse(document.source)
        return document.parsed


BEGUN = re.compile(r"^(?:contract\b|scenarios[ \u00a0]+of[ \u00a0]+[\"“]([^\"”\n]*)[\"”])", re.MULTILINE)
"""How a file says what it is; told from its text, since this is asked at each keystroke."""


def is_of_scenarios(document: Document) -> bool:
    """Whether it is a file of scenarios, which names the policy that they try."""
    return policy_path(document) is not None


def policy_of(desk: Desk, document: Document) -> Document | None:
    """The policy that a document is, or whose scenarios it has; None where that cannot be read."""
    if not is_of_scenarios(document):
        return document
    path = policy_path(document)
    return desk.file(path) if path else None


def policy_path(document: Document) -> str | None:
    """The path that a file of scenarios names."""
    begun = BEGUN.search(document.source.text)
    if begun is None or begun[1] is None:
        return None
    return os.path.normpath(os.path.join(os.path.dirname(document.path), begun[1]))


def load(desk: Desk, document: Document) -> LoadedScenarios:
    """What it means; a policy that can be judged by becomes its last good state."""
    with document.loading:
        if document.loaded is not None and not (is_of_scenarios(document) and _stale(desk, document)):
            return document.loaded
        found, problems = spelling(document)
        made = loader.load_parsed(document.source, found, problems, lambda path: _policy(desk, path))
        contract = made.policy.contract
        if contract is not None and not is_of_scenarios(document):
            document.good = Good(contract, names(desk, document))
        document.loaded = made
        return made


def _policy(desk: Desk, path: Path) -> Loaded:
    document = desk.file(str(path))
    if document is None:
        return loader.load(path)
    found, problems = spelling(document)
    if found.contract is not None and found.contract.kind == "scenarios_of":  # which may name this one in turn
        return Loaded(document.path, policy=document.source, tree=found, diagnostics=problems)
    return load(desk, document).file


def _stale(desk: Desk, document: Document) -> bool:
    """Whether the policy of a file of scenarios was changed since."""
    policy = policy_of(desk, document)
    assert document.loaded is not None
    return policy is not None and document.loaded.policy.policy is not policy.source


def contract_of(desk: Desk, document: Document) -> Contract | None:
    """The contract as it was last good; None where it never was."""
    policy = policy_of(desk, document)
    if policy is None:
        return None
    if policy.good is None and not policy.open:
        load(desk, policy)
    return policy.good.contract if policy.good is not None else None


def known_names(desk: Desk, document: Document) -> Definitions:
    """What the policy defines that a document is, or tries."""
    policy = policy_of(desk, document)
    if policy is None:
        return Definitions()
    with policy.lock:
        if policy.known is None:
            policy.known = definitions(tree(policy))
        return policy.known


def names(desk: Desk, document: Document) -> Index:
    """Every name in it."""
    known = known_names(desk, document)
    with document.lock:
        if document.indexed is None or document.indexed[0] is not known:
            document.indexed = (known, index(tree(document), known))
        return document.indexed[1]


# ---- The files beside it ------------------------------------------------------------------------------------------


def files(desk: Desk, beside: Document | None = None) -> Iterator[Document]:
    """Policies and files of scenarios: those open, those in the workspace, those in the folder of ``beside``."""
    folders = [*desk.folders, *([os.path.dirname(beside.path)] if beside is not None else [])]
    seen: set[str] = set()
    for path in (*(one.path for one in desk.opened()), *_found(folders)):
        if path in seen:
            continue
        seen.add(path)
        document = desk.file(path)
        if document is not None:
            yield document


def scenarios_of(desk: Desk, policy: Document) -> list[Document]:
    """The files of scenarios that try a policy."""
    same = os.path.realpath(policy.path)
    found = []
    for one in files(desk, policy):
        named = policy_path(one) if one.path != policy.path else None
        if named is not None and os.path.realpath(named) == same:
            found.append(one)
    return found


def scenarios(desk: Desk, document: Document) -> tuple[Node, ...]:
    """The ``scenario`` blocks that try a policy: its own, and those of files that name it."""
    trees = [tree(one) for one in (document, *scenarios_of(desk, document))]
    return tuple(scenario for one in trees for scenario in one.scenarios)


def _found(folders: Iterable[str]) -> Iterator[str]:
    """Files ``*.sla`` in folders, hidden ones passed over."""
    left = MOST_FILES
    for folder in dict.fromkeys(folders):
        for here, inner, there in os.walk(folder):
            inner[:] = sorted(one for one in inner if not one.startswith(".") and one != "node_modules")
            for name in sorted(there):
                if name.endswith(".sla") and not name.startswith("."):
                    yield os.path.normpath(os.path.join(here, name))
                    left -= 1
                    if left <= 0:
                        return
