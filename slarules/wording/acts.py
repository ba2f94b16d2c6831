"""What is done, to what and towards whom: "respond to Customer about the request", "apply a release"."""

from __future__ import annotations

from slarules.wording.grammar import quoted, words
from slarules.wording.voice import AGREEMENT, ANY, Voice

_TO_IT = {"respond": "respond to", "report": "report on", "ask": "ask about", "update": "give an update on",
          "notify": "give notice of", "elect": "elect on", "agree": "agree on", "invoice": "send an invoice for",
          "pay": "pay for", "designate": "designate a person for", "confirm_severity": "confirm the severity of"}
"""Built-in acts, as they are done to a subject."""
_TOWARDS = {"respond": "respond to {}", "report": "report to {}", "ask": "ask {}", "update": "give an update to {}",
            "notify": "notify {}", "escalate": "escalate {it} to {}", "acknowledge": "acknowledge {it} to {}",
            "pay": "pay {}", "invoice": "send an invoice to {}", "agree": "agree with {}",
            "designate": "designate a person to {}", "confirm_severity": "confirm the severity of {it} to {}",
            "resolve": "resolve {it} for {}", "close": "close {it} towards {}", "open": "open {it} with {}"}
"""Built-in acts, as they are done towards a party."""
_OF_ITSELF = {"acknowledge": "acknowledge {it}", "resolve": "resolve {it}", "close": "close {it}",
              "reopen": "reopen {it}", "cancel": "cancel {it}", "escalate": "escalate {it}", "open": "open {it}",
              "respond": "respond to {it}", "report": "report on {it}", "ask": "ask about {it}",
              "update": "give an update on {it}", "terminate": "terminate {it}", "start": "start {it}",
              "invoice": "send an invoice", "designate": "designate a person", "notify": "give notice",
              "confirm_severity": "confirm the severity of {it}"}
"""Built-in acts with nothing said of what they are done to."""
_TELLING = frozenset(("respond", "report", "ask", "update", "notify", "agree"))
"""Acts that are about something."""


def done(act: str, object: str | None, to: str | None, kind: str | None, voice: Voice, first: bool = False) -> str:
    """The act as a verb phrase in its base form. ``first``: its subject was not spoken of before (`a request`)."""
    it = voice.some(kind) if first else voice.the(kind)
    if act in ("terminate", "start") and kind == AGREEMENT:
        it = "the agreement"
    if "_" in act and act not in _TOWARDS:
        return _by_its_name(act, object, to, kind, voice, it)
    if object is not None and _is_it(object, kind, voice):
        towards = f" to {words(to)}" if to else ""
        return f"{_TO_IT.get(act, words(act))} {it}{towards}"
    if object is not None:
        return f"{_person(act, object)}{f' for {words(to)}' if to else ''}{_about(act, kind, it)}"
    if to is not None:
        said = _TOWARDS.get(act, words(act) + " to {}")
        return said.format(words(to), it=it) + ("" if "{it}" in said else _about(act, kind, it))
    if act in _OF_ITSELF:
        said = _OF_ITSELF[act]
        return said.format(it=it) + ("" if "{it}" in said else _about(act, kind, it))
    return words(act) + _about(act, kind, it)


def _by_its_name(act: str, object: str | None, to: str | None, kind: str | None, voice: Voice, it: str) -> str:
    """An act of several words is no English verb: it is called by its name, and done `towards Customer`."""
    said = f"perform the act {quoted(act)}"
    if object is not None and _is_it(object, kind, voice):
        return f"{said} on {it}" + (f" towards {words(to)}" if to else "")
    towards = [f"on {words(object)}"] if object is not None else []
    towards += [f"towards {words(to)}"] if to is not None else []
    return " ".join((said, *towards)) + _about(act, kind, it)


def _is_it(object: str, kind: str | None, voice: Voice) -> bool:
    return object == kind or words(object).lower() == voice.noun(kind).lower()


def _person(act: str, object: str) -> str:
    said = {"ask": "ask", "update": "give an update to", "notify": "notify", "report": "report to",
            "respond": "respond to", "escalate": "escalate to"}
    return f"{said.get(act, words(act))} {words(object)}"


def _about(act: str, kind: str | None, it: str) -> str:
    """What the act is about, where the words do not make it the act's object."""
    if kind == AGREEMENT:
        return " under the agreement"
    if kind in (None, ANY):
        return ""
    return f" about {it}" if act in _TELLING else f" in respect of {it}"
