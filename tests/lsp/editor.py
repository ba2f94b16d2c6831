"""An editor for tests: opens texts in a real server over stdio, and asks about the place of the mark `‸`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import Factory, define
from lsprotocol import types
from pytest_lsp import LanguageClient

from slarules.loader import Loaded, LoadedScenarios, as_source, load, load_parsed
from slarules.syntax.parse import parse

MARK = "‸"
"""The cursor."""



def unsaved(path: Path, text: str, policies: Callable[[Path], Loaded] = load) -> LoadedScenarios:
    """What a text means that is to stand at ``path``; ``policies`` loads the policy of a file of scenarios."""
    source = as_source(str(path), text)
    return load_parsed(source, *parse(source), policies)


POLICY = '''slarules 1

contract Brightline "Brightline support agreement"
  source   "source.txt"
  provider Brightline "Brightline"
  customer Customer   "Customer"
  zone America/New_York
  a ticket is called "request"

fact channel of request: one of telephone, email
fact gone of request: yes or no "the requestor is gone"

clause "1"

  > 1. Support is available Monday to Friday, 9:00 to 17:00 New York time.
  calendar SupportHours
    open Monday to Friday 09:00 to 17:00
    closed on holidays of US

clause "2"

  > The Customer states the severity.
  severities 1, 2
    assigned by Customer

  table times by severity
    > Severity 1: 1 hour. Severity 2: 8 hours.
    every occurrence of 1
    | severity | response_time |
    | 1        | 1 hour        |
    | 2        | 8 hours       |

  reading late "Does the clock run on while nobody is there?"
    > The Customer states the severity.
    option runs: change nothing "no words stop it"
    option stands: party Customer "who is asked cannot be late"
    adopt runs because "no words stop it"

  > 2. Brightline shall respond to each request within the response time of its severity, in support hours.
  duty respond
    when request opened
    unless channel is telephone
    Brightline must respond to Customer within response_time counted in SupportHours
    paused as read in late
    on severity change count again from the start
    on reopening change nothing

scenario "an email is answered in time"
  2026-03-02 16:00  T1 opened by Customer, channel email, severity 2
  expect T1 respond pending, due at 2026-03-03 16:00
  2026-03-03 10:00  T1 responded by Brightline
  expect T1 respond met
'''
SOURCE = '''1. Support is available Monday to Friday, 9:00 to 17:00 New York time.

2. Brightline shall respond to each request within the response time of its severity, in support hours.
The Customer states the severity. Severity 1: 1 hour. Severity 2: 8 hours.
'''
SCENARIOS = '''slarules 1

scenarios of "policy.sla"

scenario "a call"
  2026-03-02 16:00  T1 opened by customer, channel telephone, severity 1
  expect T1 respond not owed
'''

EXAMPLES = '''
scenario "severity <level>"
  2026-03-02 09:00  T1 opened by Customer, channel email, severity <level>
  expect T1 respond pending, due at <due>
  examples
    | level | due              |
    | 1     | 10:00            |
    | 2     | 17:00            |
'''


@define
class Text:
    """A document that the editor shows."""

    uri: str
    text: str
    version: int

    def at(self, words: str) -> types.Position:
        """The place of the mark in ``words``, which stand in the text without it."""
        start = self.text.index(words.replace(MARK, ""))
        before = self.text[: start + words.index(MARK)]
        line = before.count("\n")
        return types.Position(line, len(before.rpartition("\n")[2].encode("utf-16-le")) // 2)

    def within(self, place: types.Range) -> str:
        """The words of a range on one line."""
        line = self.text.split("\n")[place.start.line].encode("utf-16-le")
        return line[place.start.character * 2 : place.end.character * 2].decode("utf-16-le")

    def line(self, place: types.Range) -> str:
        """The line on which a range begins."""
        return self.text.split("\n")[place.start.line]


@define
class Editor:
    """A client of a server, and the folder in which its files are."""

    client: LanguageClient
    folder: Path
    told: list[types.PublishDiagnosticsParams]
    """What was told of files, and not looked at yet."""
    opened: list[Text] = Factory(list)

    def close(self) -> None:
        """Closes what was opened: a file that nobody looks at is not linted."""
        for one in self.opened:
            document = types.TextDocumentIdentifier(one.uri)
            self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def write(self, name: str, text: str) -> Path:
        """A file of the folder."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    async def open(self, name: str, text: str, wait: bool = True) -> Text:
        """Shows a text, whose file need not be there."""
        one = Text((self.folder / name).as_uri(), text, 1)
        self.opened.append(one)
        item = types.TextDocumentItem(one.uri, "slarules", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        if wait:
            await self.checked(one)
        return one

    async def change(self, one: Text, text: str, wait: bool = True) -> None:
        """Its writer has typed: this is the whole text now."""
        one.text, one.version = text, one.version + 1
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(uri=one.uri, version=one.version),
            [types.TextDocumentContentChangeWholeDocument(text)],
        ))
        if wait:
            await self.checked(one)

    async def checked(self, one: Text) -> Sequence[types.Diagnostic]:
        """What is told next of this very text."""
        return (await self.next(lambda told: told.uri == one.uri and told.version == one.version)).diagnostics

    async def next(self, fits: Callable[[types.PublishDiagnosticsParams], bool]) -> types.PublishDiagnosticsParams:
        """The first notice that fits, of those that no test has looked at yet."""
        for _ in range(6000):
            while self.told:
                told = self.told.pop(0)
                if fits(told):
                    return told
            await asyncio.sleep(0.01)
        raise TimeoutError("nothing was told that fits")

    async def policy(self, text: str = POLICY, name: str = "policy.sla", wait: bool = True) -> Text:
        """The policy of these tests beside the contract's words."""
        self.write("source.txt", SOURCE)
        return await self.open(name, text, wait)

    def place(self, one: Text, words: str) -> dict[str, object]:
        """The parameters of a question about the mark in ``words``."""
        return {"text_document": types.TextDocumentIdentifier(one.uri), "position": one.at(words)}


def edited(text: str, edits: Sequence[types.TextEdit]) -> str:
    """A text after edits, as an editor applies them."""
    lines = text.split("\n")

    def offset(place: types.Position) -> int:
        start = sum(len(line) + 1 for line in lines[: place.line])
        if place.line >= len(lines):
            return len(text)
        line = lines[place.line].encode("utf-16-le")[: place.character * 2]
        return start + len(line.decode("utf-16-le"))

    for one in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        text = text[: offset(one.range.start)] + one.new_text + text[offset(one.range.end) :]
        lines = text.split("\n")
    return text
