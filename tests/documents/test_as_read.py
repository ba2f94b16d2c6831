"""What never applies as the words are read: told of rules, of consequences, of options, and level by level."""

from __future__ import annotations

from pathlib import Path

from slarules.documents.outline import outline
from slarules.documents.summary.as_read import as_read, never
from slarules.loader import Loaded, load
from slarules.model.contract import Contract
from tests.documents.outlines import section, statements, text_of

POLICY = """slarules 1

contract Acme "Acme support"
  provider Acme     "Acme"
  customer Customer "Customer"
  zone Europe/Rome

fact big of ticket: yes or no

severities 1, 2, 3
  assigned by Customer

clause "Rules"

  reading strict "Is it strict?"
    option yes_it_is
    option it_is_not
    adopt {adopted} because "so"

  table times by severity
    | severity | answer                  |
    | 1        | 1 hour                  |
    | 2        | 4 hours                 |
    | 3        | none                    |

  duty respond
    when ticket opened
    Acme must respond to Customer within answer
    on severity change keep the deadline

  duty strictly
    when ticket opened
    if reading strict is yes_it_is
    Acme must acknowledge ticket within 5 minutes

  duty excuse
    when strictly breached
    Acme must notify Customer within 1 hour

  duty grave
    when ticket opened
    if severity is 1 or 2
    Acme must escalate ticket within 1 hour
    on severity change keep the deadline

  duty after_grave
    when grave breached
    Acme must report to Customer within 1 day
    on severity change keep the deadline

  duty large
    when ticket opened
    if big
    Acme must update ticket within 2 hours

  calendar Hours
    open Monday to Friday 09:00 to 17:00

  duty told
    when ticket opened during Hours
    if big is recorded and (reading strict is it_is_not or not big)
    Acme must close ticket within 9 hours
    on reopening change nothing

  right to_open
    Customer may open ticket
    if reading strict is yes_it_is or during Hours

  right to_close
    Customer may close ticket
    if reading strict is yes_it_is

  scope small
    outside if any of
      (a) reading strict is yes_it_is and not big
      (b) big and reading strict is yes_it_is

  choice way of Customer
    when ticket opened
    if reading strict is yes_it_is
    option call: Acme must ask Customer within 1 hour
    option mail: Acme must update ticket within 1 hour

  prohibition closing
    when ticket closed by Acme
    if reading strict is yes_it_is
    Acme must not close ticket
"""


def policy(folder: Path, adopted: str, changed: tuple[str, str] = ("", "")) -> Loaded:
    """The policy under an option, perhaps with some words in the place of others."""
    folder.mkdir(exist_ok=True)
    path = folder / "policy.sla"
    path.write_text(POLICY.replace("{adopted}", adopted).replace(*changed), "utf-8")
    loaded = load(path)
    assert loaded.contract is not None, [str(d) for d in loaded.diagnostics]
    return loaded


def idle(contract: Contract, level: str | None = None) -> set[str]:
    terms = contract.versions[0]
    read = as_read(contract, terms)
    rules = [*(("duty", name) for name in terms.duties), *(("choice", name) for name in terms.choices),
             *(("prohibition", name) for name in terms.prohibitions), *(("right", name) for name in terms.rights),
             *(("scope", name) for name in terms.scopes)]
    return {name for sort, name in rules if never(sort, name, read, level)}


def test_by_the_option_that_is_adopted(tmp_path: Path) -> None:
    contract = policy(tmp_path, "it_is_not").contract
    assert contract is not None
    assert idle(contract) == {
        "strictly", "excuse", "way", "ask", "update", "closing", "to_close", "small"}
    contract = policy(tmp_path, "yes_it_is").contract
    assert contract is not None
    assert idle(contract) == set()


def test_at_a_level_only_what_it_bars_itself(tmp_path: Path) -> None:
    """A consequence may follow a breach that came at another level."""
    contract = policy(tmp_path, "yes_it_is").contract
    assert contract is not None
    assert idle(contract, "3") == {"grave"}
    assert idle(contract, "1") == set()


def test_the_grid_of_times(tmp_path: Path) -> None:
    below = section(outline(policy(tmp_path, "it_is_not")), "severity")
    grid = below.blocks[-1]
    rows = {text_of(row[0].words): [text_of(cell.words) for cell in row[1:]] for row in grid.rows}  # type: ignore
    assert rows == {
        "respond": ["within 1 hour", "within 4 hours", "not promised"],
        "grave": ["within 1 hour", "within 1 hour", "not owed"],
        "after grave": ["within 1 day", "within 1 day", "within 1 day"],
        "large": ["within 2 hours", "within 2 hours", "within 2 hours"],
        "told": ["within 9 hours", "within 9 hours", "within 9 hours"],
    }


def test_the_statements_say_so(tmp_path: Path) -> None:
    said = statements(outline(policy(tmp_path, "it_is_not")))
    never_applies = {anchor for anchor, one in said.items()
                     if "this never applies" in " ".join(map(text_of, one.sentences))}
    assert never_applies == {
        "duty-strictly", "duty-excuse", "choice-way", "duty-ask", "duty-update", "prohibition-closing",
        "right-to-close", "scope-small"}
