"""Reading files while their writer types: after a short pause, aside, and never for a text that is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from attrs import define, field

from slarules.lsp import desk as desks
from slarules.lsp import diagnostics, inlay
from slarules.lsp.desk import Desk, Document
from slarules.lsp.linting import Findings, lint
from slarules.source import Source
from slarules.syntax.parse import parse

LOG = logging.getLogger("slarules.lsp")
PAUSE = 0.015
"""Seconds without a keystroke after which a text is checked, where the one before it is not checked yet."""
LONGER_PAUSE = 0.5
"""Seconds after that until it is linted, which takes longer: counterexamples are put to the engine."""

T = TypeVar("T")
Publish = Callable[[Document, Findings], None]


@define
class Work:
    """What is to be done, file by file."""

    desk: Desk
    publish: Publish
    """Shows what was found in a document."""
    refresh: Callable[[], None]
    """Tells the editor that hints and lenses may have changed."""
    quick: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1, "check"))
    """Checks texts, one after the other."""
    slow: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1, "aside"))
    """Does what the writer asks for and what may take seconds: a check must not wait for that."""
    one_lint: asyncio.Lock = field(factory=asyncio.Lock)
    """Held while a file is linted: however many are opened at once, one is linted at a time."""
    waiting: dict[str, asyncio.Task[None]] = field(factory=dict)
    """Path → what is begun for its text."""
    unchecked: dict[str, Document] = field(factory=dict)
    """Path → the document whose check is begun and not shown."""

    def warm_up(self) -> None:
        """Builds the parser while the editor is still showing its first file."""
        self.quick.submit(parse, Source("", "slarules 1\n"))

    def changed(self, document: Document) -> None:
        """A document has a new text; what was begun for the one before is dropped."""
        self._begin(document, PAUSE if document.path in self.unchecked else 0)
        for other in self.desk.opened():
            if other.path != document.path and desks.policy_path(other) == document.path:
                self._begin(other, PAUSE)

    def everything(self) -> None:
        """Files beside those that are open were changed: everything is read again."""
        for document in self.desk.opened():
            document.loaded = None
            self._begin(document, 0)

    def gone(self, document: Document) -> None:
        """A document was closed: nothing is shown of it any more."""
        begun = self.waiting.pop(document.path, None)
        if begun is not None:
            begun.cancel()
        self.unchecked.pop(document.path, None)
        self.publish(document, ())

    def end(self) -> None:
        """The server is going to stop: what is begun is dropped."""
        for begun in self.waiting.values():
            begun.cancel()
        self.waiting.clear()

    async def aside(self, what: Callable[..., T], *given: object) -> T:
        """Does something that takes a while, while other questions are answered."""
        return await asyncio.get_running_loop().run_in_executor(self.slow, what, *given)

    def _begin(self, document: Document, pause: float) -> None:
        begun = self.waiting.get(document.path)
        if begun is not None:
            begun.cancel()
        self.unchecked[document.path] = document
        self.waiting[document.path] = asyncio.get_running_loop().create_task(self._read(document, pause))

    async def _read(self, document: Document, pause: float) -> None:
        try:
            await asyncio.sleep(pause)
            found = await self._unless_gone(document, self._check, self.quick)
            if found is None:
                return
            self._show(document, found)
            self._checked(document)
            await self._unless_gone(document, self._prepare, self.quick)
            self.refresh()
            await asyncio.sleep(LONGER_PAUSE)
            async with self.one_lint:
                more = await lint(self.desk, document)
            if more and self._is_current(document):
                self._show(document, (*found, *more))
        except asyncio.CancelledError:
            raise
        except Exception:
            self._checked(document)
            LOG.exception("%s could not be read", document.path)

    def _checked(self, document: Document) -> None:
        """Its check is over, unless one for a newer text is begun."""
        if self.unchecked.get(document.path) is document:
            del self.unchecked[document.path]

    async def _unless_gone(
        self, document: Document, what: Callable[[Document], Findings], thread: ThreadPoolExecutor
    ) -> Findings | None:
        """What is found in a document; None where it has another text by now."""

        def done() -> Findings | None:
            return what(document) if self._is_current(document) else None

        found = await asyncio.get_running_loop().run_in_executor(thread, done)
        return found if self._is_current(document) else None

    def _is_current(self, document: Document) -> bool:
        return self.desk.documents.get(document.path) is document

    def _check(self, document: Document) -> Findings:
        """Step by step, and no further for a text that is gone: the next one waits for this thread."""
        steps: tuple[Callable[[], object], ...] = (
            lambda: desks.spelling(document),
            lambda: desks.names(self.desk, document),
            lambda: desks.load(self.desk, document),
        )
        for step in steps:
            if not self._is_current(document):
                return ()
            step()
        return tuple((one, None) for one in diagnostics.of_check(self.desk, document))

    def _prepare(self, document: Document) -> Findings:
        inlay.prepare(document)
        return ()

    def _show(self, document: Document, found: Findings) -> None:
        document.findings = found
        self.publish(document, found)


