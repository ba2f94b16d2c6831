"""A Word file taken apart, for tests: its parts as trees, and what may follow what in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

ORDER: Mapping[str, str] = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs suppressAutoHyphens bidi "
    "spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs strike noProof vanish color sz szCs u vertAlign lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "tcBorders": "top left bottom right insideH insideV",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "pBdr": "top left bottom right",
    "tbl": "bookmarkStart tblPr tblGrid tr",
    "tr": "trPr tc",
    "sdt": "sdtPr sdtContent",
    "docPartObj": "docPartGallery docPartCategory docPartUnique",
    "numPr": "ilvl numId",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg",
    "style": "name basedOn next link autoRedefine uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr trPr tcPr "
    "tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "numbering": "abstractNum num",
    "abstractNum": "multiLevelType lvl",
    "lvl": "start numFmt pStyle lvlText lvlJc pPr rPr",
    "num": "abstractNumId lvlOverride",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol listSeparator",
}
"""Element → those of its children that are used here, in the order of ISO/IEC 29500. Word refuses a file, or drops
what it finds, where they stand in another."""


def parts(data: bytes) -> dict[str, Any]:
    """Each XML part of the file as a tree, by name."""
    with ZipFile(BytesIO(data)) as file:
        return {name: etree.fromstring(file.read(name)) for name in file.namelist() if name.endswith((".xml", ".rels"))}


def body(data: bytes) -> Any:
    return parts(data)["word/document.xml"].find(f"{W}body")


def said(element: Any) -> str:
    """The text of an element as a reader sees it: line breaks and tabs are such."""
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    found = element.iter(f"{W}t", f"{W}br", f"{W}tab")
    return "".join(signs.get(part.tag, part.text or "") for part in found if part.getparent().tag == f"{W}r")


def attribute(element: Any, path: str, name: str = "val") -> str | None:
    """An attribute of the first element at the path, its names without prefixes."""
    found = element.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(W + name)


def style(element: Any) -> str | None:
    """A paragraph's style."""
    return attribute(element, "pPr/pStyle")


def misplaced(root: Any) -> Iterator[str]:
    """What stands where it may not: ``pPr: spacing after ind``."""
    for element in root.iter():
        if not isinstance(element.tag, str) or not element.tag.startswith(W):
            continue
        allowed = ORDER.get(element.tag.removeprefix(W))
        if allowed is None:
            continue
        order, last = allowed.split(), 0
        for child in element:
            if not isinstance(child.tag, str):
                continue
            name = child.tag.removeprefix(W)
            if name not in order:
                yield f"{element.tag.removeprefix(W)}: {name} is unknown"
            elif order.index(name) < last:
                yield f"{element.tag.removeprefix(W)}: {name} after {order[last]}"
            else:
                last = order.index(name)
