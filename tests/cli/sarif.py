"""The part of SARIF 2.1.0 that lint's log uses, as a schema: what the standard demands, and no other names."""

from __future__ import annotations

from typing import Any


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """An object with these properties and no other: a misspelt one would be ignored by whoever reads the log."""
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT = {"type": "string", "minLength": 1}
_FROM_ONE = {"type": "integer", "minimum": 1}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_URI = {"type": "string", "format": "uri-reference", "pattern": r"^[A-Za-z0-9._~!$&'()*+,;=:@/?%#-]+$"}
_MESSAGE = _object(("text",), text=_TEXT)
_ARTIFACT = _object(("uri",), uri=_URI)
_REGION = _object(
    ("startLine",), startLine=_FROM_ONE, startColumn=_FROM_ONE, endLine=_FROM_ONE, endColumn=_FROM_ONE)
_LOCATION = _object(
    ("physicalLocation",), id={"type": "integer", "minimum": 0}, message=_MESSAGE,
    physicalLocation=_object(("artifactLocation",), artifactLocation=_ARTIFACT, region=_REGION))
_REPLACEMENT = _object(("deletedRegion",), deletedRegion=_REGION, insertedContent=_object((), text={"type": "string"}))
_FIX = _object(("artifactChanges",), artifactChanges={"minItems": 1, **_list(
    _object(("artifactLocation", "replacements"), artifactLocation=_ARTIFACT,
            replacements={"minItems": 1, **_list(_REPLACEMENT)}))})
_SUPPRESSION = _object(("kind",), kind={"enum": ["inSource", "external"]}, justification=_TEXT)
_RESULT = _object(
    ("message",), ruleId=_TEXT, ruleIndex={"type": "integer", "minimum": 0}, level=_LEVEL, message=_MESSAGE,
    locations=_list(_LOCATION), relatedLocations={"uniqueItems": True, **_list(_LOCATION)}, fixes=_list(_FIX),
    suppressions={"uniqueItems": True, **_list(_SUPPRESSION)})
_RULE = _object(
    ("id",), id=_TEXT, name=_TEXT, shortDescription=_MESSAGE, help=_MESSAGE,
    defaultConfiguration=_object((), level=_LEVEL))
_NOTIFICATION = _object(
    ("message",), level=_LEVEL, message=_MESSAGE, descriptor=_object(("id",), id=_TEXT), locations=_list(_LOCATION))
_INVOCATION = _object(
    ("executionSuccessful",), executionSuccessful={"type": "boolean"},
    toolExecutionNotifications=_list(_NOTIFICATION))
_DRIVER = _object(
    ("name",), name=_TEXT, semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
    rules={"uniqueItems": True, **_list(_RULE)})
_RUN = _object(
    ("tool",), tool=_object(("driver",), driver=_DRIVER), columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=_list(_INVOCATION), results=_list(_RESULT))

SARIF: dict[str, Any] = _object(
    ("version", "runs"), version={"const": "2.1.0"}, runs={"minItems": 1, **_list(_RUN)},
    **{"$schema": {"type": "string", "format": "uri"}})
