"""The last page: what the document was made from, so that anybody can make it again."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version

from slarules.documents.blocks import CODE, Block, Cell, Grid, Paragraph, Run, Section, Words, plain
from slarules.documents.summary.register import Register
from slarules.documents.summary.statements import file_name
from slarules.loader import Loaded
from slarules.version import __version__


def digest(data: str | bytes) -> str:
    """The SHA-256 of bytes, or of a text in UTF-8, in hexadecimal."""
    return sha256(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")).hexdigest()


def section(loaded: Loaded, found: Register, more: tuple[tuple[str, str], ...] = ()) -> Section:
    """Digests, versions and counts. ``more``: what else the document was made from, each with its digest."""
    assert loaded.policy is not None
    rows: list[tuple[Words, Words]] = [_file("Policy", loaded.policy.name, digest(loaded.data or loaded.policy.text))]
    if loaded.text is not None:
        rows.append(_file("The contract’s words", loaded.text.name, digest(loaded.text_data or loaded.text.text)))
    rows += [_file("Also used", name, its) for name, its in more]
    rows += [(plain(what), plain(said)) for what, said in (
        ("Clauses", str(len(found.clauses))),
        ("Rules and definitions", str(sum(entry.sort not in ("reading", "note") for entry in found.entries))),
        ("Ambiguities", str(len(found.contract.readings))),
        ("Versions of the terms", str(len(found.contract.versions))),
        ("Made with", f"slarules {__version__}"),
        ("Zones", f"tzdata {version('tzdata')}"),
        ("Public holidays", f"holidays {version('holidays')}"),
    )]
    says = (
        "The same files and the same versions give exactly this document again. The day on which it is made plays no "
        "part: each date in it comes from the contract, from the policy or from what was asked."
    )
    grid = Grid("What this document was made from", (Cell(plain("What")), Cell(plain("Which"))),
                tuple((Cell(one), Cell(other)) for one, other in rows), (1, 3))
    blocks: tuple[Block, ...] = (Paragraph(plain(says)), grid)
    return Section("What this document was made from", "provenance", blocks, new_page=True)


def _file(what: str, name: str, its: str) -> tuple[Words, Words]:
    return plain(what), (Run(f"{file_name(name)}\nSHA-256: "), Run(its, CODE))
