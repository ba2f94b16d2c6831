"""Diagnostics: what `slarules check` and `slarules lint` say of a file, as the editor shows it."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve
from lsprotocol import types
from pygls.uris import from_fs_path

from slarules.diagnostics import Diagnostic, Level, in_order
from slarules.lint.finding import Finding
from slarules.lsp import desk as desks
from slarules.lsp.desk import Desk, Document
from slarules.lsp.places import Encoding, range_of
from slarules.scenario.reading import read_all
from slarules.source import Span

SEVERITIES = {
    Level.ERROR: types.DiagnosticSeverity.Error,
    Level.WARNING: types.DiagnosticSeverity.Warning,
    Level.NOTE: types.DiagnosticSeverity.Information,
}


def of_check(desk: Desk, document: Document) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a file as it stands: spelling, names, types, quotations, scenarios."""
    loaded = desks.load(desk, document)
    found = loaded.file.diagnostics
    if loaded.policy.contract is not None:
        _, more = read_all(loaded.policy.contract, loaded.file.scenarios)
        found = (*found, *more)
    return tuple(one for one in in_order(found) if one.span.source.name == document.source.name)


def of_lint(desk: Desk, document: Document) -> tuple[tuple[Diagnostic, str], ...]:
    """What a policy says and had better not, each with the name by which it is allowed.

    Nothing of a file of scenarios, nor of a policy that has errors: they come first.
    """
    from slarules.analysis.linting import linted

    if desks.is_of_scenarios(document):
        return ()
    loaded = desks.load(desk, document).policy
    if loaded.contract is None:
        return ()
    found = linted(loaded, desks.scenarios(desk, document)).findings
    here = [one for one in found if one.diagnostic.span.source.name == document.source.name]
    return tuple((_with_ticket(one), one.rule.name) for one in here)


def _with_ticket(one: Finding) -> Diagnostic:
    """The diagnostic, with what the ticket shows that the engine has judged."""
    if one.witness is None:
        return one.diagnostic
    told = "\n".join(part for part in (one.diagnostic.help, f"for example, {one.witness.told}") if part)
    return evolve(one.diagnostic, help=told)


def shown(document: Document, found: Diagnostic, encoding: Encoding) -> types.Diagnostic:
    """A diagnostic as the editor takes it: the message, and what to do on the line below it."""
    return types.Diagnostic(
        range=range_of(_visible(found.span), encoding),
        severity=SEVERITIES[found.level],
        code=found.code,
        code_description=_page(found.code),
        source="slarules",
        message=found.message + (f"\n{found.help}" if found.help else ""),
        related_information=[
            types.DiagnosticRelatedInformation(
                types.Location(_uri(document, span), range_of(span, encoding)), words
            )
            for span, words in found.related
        ],
    )


def _visible(span: Span) -> Span:
    """At least one character wide, so that the place can be seen; a rule's block is shown by its first line."""
    text = span.source.text
    end = span.end if "\n" not in text[span.start : span.end] else text.index("\n", span.start)
    if end > span.start:
        return Span(span.source, span.start, end)
    if span.start < len(text) and text[span.start] != "\n":
        return Span(span.source, span.start, span.start + 1)
    return Span(span.source, max(0, span.start - 1), span.start)


def _uri(document: Document, span: Span) -> str:
    name = span.source.name
    if name == document.path:
        return document.uri
    return from_fs_path(str(Path(name).absolute())) or document.uri


def _page(code: str) -> types.CodeDescription | None:
    """Where the page of a code stands, in a checkout that has the pages."""
    folder = "lint" if code.startswith("L") else "diagnostics"
    page = Path(__file__).resolve().parents[2] / "docs" / folder / f"{code}.md"
    uri = from_fs_path(str(page)) if page.exists() else None
    return types.CodeDescription(uri) if uri else None
