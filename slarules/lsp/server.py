"""The server: each request of an editor is handed to the file of its feature; no fault of ours ever reaches it."""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from slarules.lsp import (
    actions,
    completion,
    definition,
    diagnostics,
    folding,
    formatting,
    hover,
    inlay,
    lenses,
    references,
    rename,
    symbols,
    tokens,
)
from slarules.lsp.desk import Desk, Document
from slarules.lsp.linting import Findings
from slarules.lsp.places import Encoding, offset
from slarules.lsp.work import Work
from slarules.version import __version__

LOG = logging.getLogger("slarules.lsp")
Handler = Callable[..., Any]


class Server(LanguageServer):
    """A language server with its desk and its work."""

    def __init__(self) -> None:
        super().__init__("slarules", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.desk = Desk()
        self.work = Work(self.desk, self._publish, self._refresh)

    @property
    def encoding(self) -> Encoding:
        """How the editor counts columns."""
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Logs a fault; the editor is not bothered with it."""
        LOG.error("a fault in %s: %s", getattr(source, "__name__", source), error)

    def _publish(self, document: Document, found: Findings) -> None:
        shown = [diagnostics.shown(document, one, self.encoding) for one, _ in found]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, shown, document.version))

    def _refresh(self) -> None:
        """Asks the editor to ask for the hints again: they are of the contract as it was last good."""
        can = self.client_capabilities.workspace
        if can is not None and can.inlay_hint is not None and can.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def outcome_is_new(self) -> None:
        """Asks the editor to ask for the lenses again, since a scenario was run."""
        can = self.client_capabilities.workspace
        if can is not None and can.code_lens is not None and can.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)


def server() -> Server:
    """A server with every feature."""
    made = Server()
    _lifetime(made)
    _documents(made)
    _places(made)
    _names(made)
    _whole_files(made)
    _beside(made)
    _workspace(made)
    return made


def _guarded(empty: Any) -> Callable[[Handler], Handler]:
    """A handler whose faults are logged, and which then answers with ``empty``; what it refuses, it refuses."""

    def guard(handler: Handler) -> Handler:
        def fault() -> Any:
            LOG.exception("a fault in %s", handler.__name__)
            return empty

        if inspect.iscoroutinefunction(handler):

            @functools.wraps(handler)
            async def later(*given: Any) -> Any:
                try:
                    return await handler(*given)
                except (JsonRpcException, asyncio.CancelledError):
                    raise
                except Exception:
                    return fault()

            return later

        @functools.wraps(handler)
        def now(*given: Any) -> Any:
            try:
                return handler(*given)
            except JsonRpcException:
                raise
            except Exception:
                return fault()

        return now

    return guard


def _at(ls: Server, params: Any) -> tuple[Document, int] | None:
    """The document that is asked about, and the place in it."""
    document = ls.desk.at(params.text_document.uri)
    return None if document is None else (document, offset(document.source, params.position, ls.encoding))


# ---- The life of the server and of documents ----------------------------------------------------------------------


def _lifetime(ls: Server) -> None:
    @ls.feature(types.INITIALIZED)
    @_guarded(None)
    def initialized(ls: Server, _: types.InitializedParams) -> None:
        paths = (to_fs_path(uri) for uri in ls.workspace.folders)
        root = ls.workspace.root_path
        ls.desk.folders = tuple(dict.fromkeys(path for path in (*paths, root) if path))
        ls.work.warm_up()

    @ls.feature(types.SHUTDOWN)
    @_guarded(None)
    def shut_down(ls: Server, _: None) -> None:
        ls.work.end()


def _documents(ls: Server) -> None:
    @ls.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @_guarded(None)
    def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        one = params.text_document
        ls.work.changed(ls.desk.put(one.uri, one.text, one.version))

    @ls.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    @_guarded(None)
    def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        text = ls.workspace.get_text_document(params.text_document.uri).source
        ls.work.changed(ls.desk.put(params.text_document.uri, text, params.text_document.version))

    @ls.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    @_guarded(None)
    def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        document = ls.desk.at(params.text_document.uri)
        if document is not None:
            ls.desk.take_away(params.text_document.uri)
            ls.work.gone(document)

    @ls.feature(types.TEXT_DOCUMENT_DID_SAVE)
    @_guarded(None)
    def did_save(ls: Server, _: types.DidSaveTextDocumentParams) -> None:
        """Nothing to do: what counts is the text, and that is known."""

    @ls.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @_guarded(None)
    def files_changed(ls: Server, _: types.DidChangeWatchedFilesParams) -> None:
        ls.work.everything()


# ---- Questions about a place --------------------------------------------------------------------------------------


def _places(ls: Server) -> None:
    @ls.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=list(completion.TRIGGERS))
    )
    @_guarded(types.CompletionList(False, []))
    def complete(ls: Server, params: types.CompletionParams) -> types.CompletionList:
        found = _at(ls, params)
        return completion.complete(ls.desk, *found, ls.encoding) if found else types.CompletionList(False, [])

    @ls.feature(types.TEXT_DOCUMENT_HOVER)
    @_guarded(None)
    def hovers(ls: Server, params: types.HoverParams) -> types.Hover | None:
        found = _at(ls, params)
        return hover.hover(ls.desk, *found, ls.encoding) if found else None

    @ls.feature(types.TEXT_DOCUMENT_DEFINITION)
    @_guarded([])
    def defined(ls: Server, params: types.DefinitionParams) -> list[types.Location]:
        found = _at(ls, params)
        return definition.definition(ls.desk, *found, ls.encoding) if found else []

    @ls.feature(types.TEXT_DOCUMENT_REFERENCES)
    @_guarded([])
    def referred(ls: Server, params: types.ReferenceParams) -> list[types.Location]:
        found = _at(ls, params)
        with_definitions = params.context.include_declaration
        return references.references(ls.desk, *found, with_definitions, ls.encoding) if found else []

    @ls.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    @_guarded([])
    def highlighted(ls: Server, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        found = _at(ls, params)
        return references.highlights(ls.desk, *found, ls.encoding) if found else []


def _names(ls: Server) -> None:
    @ls.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    @_guarded(None)
    def prepare(ls: Server, params: types.PrepareRenameParams) -> types.Range | None:
        found = _at(ls, params)
        return rename.prepare(ls.desk, *found, ls.encoding) if found else None

    @ls.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    @_guarded(None)
    async def renames(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
        found = _at(ls, params)
        if found is None:
            return None
        return await ls.work.aside(rename.rename, ls.desk, *found, params.new_name, ls.encoding)


# ---- Questions about a whole file ----------------------------------------------------------------------------------


def _whole_files(ls: Server) -> None:
    @ls.feature(types.TEXT_DOCUMENT_FORMATTING)
    @_guarded(None)
    async def formats(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        document = ls.desk.at(params.text_document.uri)
        return await ls.work.aside(formatting.formatting, document, ls.encoding) if document else None

    @ls.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    @_guarded([])
    def outlines(ls: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        document = ls.desk.at(params.text_document.uri)
        return symbols.outline(document, ls.encoding) if document else []

    @ls.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    @_guarded([])
    def folds(ls: Server, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        document = ls.desk.at(params.text_document.uri)
        return folding.folding(document) if document else []

    @ls.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, tokens.LEGEND)
    @_guarded(types.SemanticTokens([]))
    def coloured(ls: Server, params: types.SemanticTokensParams) -> types.SemanticTokens:
        document = ls.desk.at(params.text_document.uri)
        return tokens.tokens(ls.desk, document, ls.encoding) if document else types.SemanticTokens([])


# ---- What stands beside the text, and what can be done with it ------------------------------------------------------


def _beside(ls: Server) -> None:
    @ls.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    @_guarded([])
    def hinted(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
        document = ls.desk.at(params.text_document.uri)
        if document is None:
            return []
        first, last = (offset(document.source, at, ls.encoding) for at in (params.range.start, params.range.end))
        return inlay.hints(ls.desk, document, first, last, ls.encoding)

    @ls.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(list(actions.KINDS)))
    @_guarded([])
    async def acts(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        document = ls.desk.at(params.text_document.uri)
        if document is None:
            return []
        found: Findings = document.findings
        if not found or found[0][0].span.source is not document.source:
            checked = await ls.work.aside(diagnostics.of_check, ls.desk, document)
            found = tuple((one, None) for one in checked)
        first, last = (offset(document.source, at, ls.encoding) for at in (params.range.start, params.range.end))
        return actions.actions(document, found, first, last, params.context.only, ls.encoding)

    @ls.feature(types.TEXT_DOCUMENT_CODE_LENS)
    @_guarded([])
    def lensed(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
        document = ls.desk.at(params.text_document.uri)
        return lenses.lenses(document, ls.encoding) if document else []


# ---- The workspace ------------------------------------------------------------------------------------------------


def _workspace(ls: Server) -> None:
    @ls.feature(types.WORKSPACE_SYMBOL)
    @_guarded([])
    async def named(ls: Server, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        return await ls.work.aside(symbols.workspace, ls.desk, params.query, ls.encoding)

    @ls.command(lenses.RUN)
    @_guarded({"title": "", "passed": None, "text": "the scenario could not be run"})
    async def runs(ls: Server, argument: Any = None) -> dict[str, Any]:
        told = await ls.work.aside(lenses.run_scenario, ls.desk, argument)
        ls.window_log_message(types.LogMessageParams(types.MessageType.Info, told["text"]))
        first = told["text"].split("\n", 2)
        kind = types.MessageType.Info if told["passed"] else types.MessageType.Warning
        line = first[0] if told["passed"] is not None else " ".join(first)
        ls.window_show_message(types.ShowMessageParams(kind, line))
        ls.outcome_is_new()
        return dict(told)
