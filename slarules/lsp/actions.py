"""Code actions: the mends that `check` and `lint` know, and letting a finding stand for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from slarules.diagnostics import Diagnostic, Edit
from slarules.lsp.desk import Document
from slarules.lsp.diagnostics import shown
from slarules.lsp.places import Encoding, position, range_of
from slarules.syntax.layout import lay_out

KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll)
Findings = Iterable[tuple[Diagnostic, str | None]]


def actions(
    document: Document, findings: Findings, start: int, end: int, only: Iterable[str] | None, encoding: Encoding
) -> list[types.CodeAction]:
    """What can be done about what was found between two offsets, and about everything that has one certain mend."""
    current = [one for one in findings if one[0].span.source is document.source]
    wanted = None if only is None else [str(getattr(kind, "value", kind)) for kind in only]
    found: list[types.CodeAction] = []
    if _asked(wanted, "quickfix"):
        for diagnostic, name in current:
            if diagnostic.span.start <= end and start <= max(diagnostic.span.end, diagnostic.span.start + 1):
                found += _of_one(document, diagnostic, name, encoding)
    mends = [one.edit for one, _ in current if one.edit is not None]
    if _asked(wanted, "source.fixAll") and mends:
        found.append(_all(document, mends, encoding))
    return found


def _asked(wanted: list[str] | None, kind: str) -> bool:
    return wanted is None or any(kind == one or kind.startswith(f"{one}.") or not one for one in wanted)


def _of_one(
    document: Document, diagnostic: Diagnostic, name: str | None, encoding: Encoding
) -> Iterator[types.CodeAction]:
    told = [shown(document, diagnostic, encoding)]
    if diagnostic.edit is not None:
        yield types.CodeAction(
            title=_title(diagnostic.edit),
            kind=types.CodeActionKind.QuickFix,
            diagnostics=told,
            is_preferred=True,
            edit=_edit(document, [diagnostic.edit], encoding),
        )
    if name is not None:
        yield types.CodeAction(
            title=f"let it stand: `-- allow {name}:` and your reason",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=told,
            edit=_allow(document, diagnostic, name, encoding),
        )


def _title(edit: Edit) -> str:
    old = " ".join(edit.span.text.split())
    if not edit.text:
        return f"remove `{old}`"
    new = edit.text if len(edit.text) <= 60 else edit.text[:60] + "…"
    if not new.strip() or not old:
        return f"write `{new}` here" if new.strip() else "put blanks there"
    return f"write `{' '.join(new.split())}` instead of `{old}`"


def _edit(document: Document, mends: Iterable[Edit], encoding: Encoding) -> types.WorkspaceEdit:
    return types.WorkspaceEdit(
        changes={document.uri: [types.TextEdit(range_of(one.span, encoding), one.text) for one in mends]}
    )


def _all(document: Document, mends: Iterable[Edit], encoding: Encoding) -> types.CodeAction:
    """Every mend, those left out that touch one before."""
    kept: list[Edit] = []
    for one in sorted(mends, key=lambda one: (one.span.start, one.span.end)):
        if not kept or one.span.start > kept[-1].span.end:
            kept.append(one)
    return types.CodeAction(
        title=f"mend everything that has one certain mend ({len(kept)})",
        kind=types.CodeActionKind.SourceFixAll,
        edit=_edit(document, kept, encoding),
    )


def _allow(document: Document, diagnostic: Diagnostic, name: str, encoding: Encoding) -> types.WorkspaceEdit:
    """A comment above the line that is spoken of; its reason is left to its writer, and lint asks for it."""
    source, at = document.source, diagnostic.span.start
    lines = [line for line in lay_out(source)[0].lines if line.start <= at]
    begin = source.line_starts[source.line_of(lines[-1].start if lines else at) - 1]
    text = source.line_text(source.line_of(begin))
    blanks = text[: len(text) - len(text.lstrip())]
    place = position(source, begin, encoding)
    comment = types.TextEdit(types.Range(place, place), f"{blanks}-- allow {name}: \n")
    return types.WorkspaceEdit(changes={document.uri: [comment]})
