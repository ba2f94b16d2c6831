"""A small contract with a rule of each kind that is compared, and how to load it with some of its words otherwise."""

from __future__ import annotations

from pathlib import Path

from slarules.comparison.sides import Side, side
from slarules.loader import Loaded, load

SOURCE = """SUPPORT

The provider shall acknowledge each request sent by email within 30 minutes. The provider will fix requests within the
time of the table, in business hours, and escalate at once what is late. It sends a report every day while a request of
the first level is open. It must not change the system outside the maintenance. The customer may open requests at any
time, and keeps somebody at hand. Requests on hardware are no requests.
"""

POLICY = '''slarules 1

contract Small "Small support"
  source   "source.txt"
  provider Desk   "provider"
  customer Client "customer"
  zone Europe/Berlin
  a ticket is called "request"

fact channel of request: one of email, telephone or web
fact hardware of request: yes or no presumed no until recorded
fact urgent of request: yes or no presumed no until recorded
fact contact_there of request: yes or no
fact complete of request: yes or no

calendar Hours
  open Monday to Friday 09:00 to 17:00
  closed on 2026-12-25

severities 1, 2
  assigned by Client
  changed by Client

reading ack "Is the half hour real or open time?"
  > within 30 minutes
  option elapsed: within 30 minutes "as clocks go"
  option business: within 30 minutes counted in Hours "as the desk is staffed"
  adopt elapsed because "the words name no hours"

clause "Support"
  > SUPPORT
  information because "a heading"

  > The provider shall acknowledge each request sent by email within 30 minutes.
  duty confirm
    when request opened
    if channel is email
    Desk must acknowledge request to Client as read in ack

  > The provider will fix requests within the time of the table, in business hours,
  > and escalate at once what is late.
  table times by severity
    | severity | fix     |
    | 1        | 2 hours |
    | 2        | 8 hours |
  duty resolution
    when request opened
    Desk must resolve request within fix counted in Hours
    performed when request resolved by Desk and complete
    paused while waiting on Client
    on severity change count again from the start
    on reopening run on
  target escalation
    when resolution breached
    Desk aims to escalate request to Client within 30 minutes
    on severity change keep the deadline
    on reopening change nothing

  > It sends a report every day while a request of the first level is open.
  duty daily
    when request opened
    if severity is 1
    Desk must report to Client every 24 hours until request resolved
    on severity change keep the deadline
    on reopening change nothing

  > It must not change the system outside the maintenance.
  prohibition no_change
    when request updated by Desk
    if urgent
    Desk must not update request

  > The customer may open requests at any time, and keeps somebody at hand.
  right ask
    Client may open request
    if channel is any of email, telephone
  duty at_hand
    when request opened
    Client must keep contact_there until request resolved
    on reopening change nothing

  > Requests on hardware are no requests.
  scope software
    outside if hardware
'''


def made(folder: Path, *changes: tuple[str, str], name: str = "policy.sla", words: str = SOURCE) -> Loaded:
    """The contract loaded, each first text in its policy replaced by the second, which must stand there."""
    folder.mkdir(parents=True, exist_ok=True)
    policy = POLICY
    for old, new in changes:
        assert old in policy, old
        policy = policy.replace(old, new)
    (folder / "source.txt").write_text(words, "utf-8")
    (folder / name).write_text(policy, "utf-8")
    loaded = load(folder / name)
    assert loaded.contract is not None, [d.message for d in loaded.diagnostics]
    return loaded


def as_side(loaded: Loaded, **readings: str) -> Side:
    """The contract as it is compared."""
    assert loaded.contract is not None
    return side(loaded.contract, readings)
