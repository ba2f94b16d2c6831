"""A small policy with its contract's words and a log, and a way to run commands on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from slarules.cli.main import cli

SOURCE = """SUPPORT

Trak shall acknowledge each request within one hour. Trak will resolve requests within the time of the table, \
counted in business hours. Requests may be sent by e-mail.
"""

POLICY = '''slarules 1

contract Demo "Demo support"
  source   "source.txt"
  provider Trak     "Trak"
  customer Customer "requestor"
  zone America/Denver
  a ticket is called "request"

fact channel of request: one of email, telephone or web
fact satisfied of request: yes or no judged by Customer
fact note of request: text

holidays TrakHolidays supplied by Trak

calendar BusinessHours
  open Monday to Friday 08:00 to 17:00
  closed on TrakHolidays

severities 1, 2
  assigned by Customer
  changed by Customer

reading ack "Is the hour real or open time?"
  > within one hour
  option elapsed: within 1 hour "as clocks go"
  option business: within 1 hour counted in BusinessHours "as support is staffed"
  adopt elapsed because "the words name no hours"

clause "Support"
  > SUPPORT
  information because "a heading"

  > Trak shall acknowledge each request within one hour.
  duty confirm
    when request opened
    Trak must acknowledge to Customer as read in ack

  > Trak will resolve requests within the time of the table, counted in business hours.
  table times by severity
    | severity | fix     |
    | 1        | 2 hours |
    | 2        | 8 hours |
  target resolution
    when request opened
    Trak aims to resolve within fix counted in BusinessHours
    paused while waiting on Customer
    on severity change count again from the start
    on reopening run on
'''
AMOUNTS = """
fact fee of agreement: money in USD

status care of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes active at the end of term

amount total in USD is 10 % of fee
"""
"""What may stand below `POLICY`: an agreement's amount."""

GOOD = '''
scenario "confirmed in an hour, fixed in three"
  supplied TrakHolidays none known until 2027-01-01
  2026-03-02 08:00  T1 opened by Customer, channel email, severity 1
  08:59             T1 acknowledged by Trak
  11:00             T1 resolved by Trak, satisfied
  as of 12:00  expect T1 confirm met
  expect T1 resolution missed at 10:00, performed late by 1 hour
'''

BAD = '''
scenario "wrong [bold]expectations[/bold]"
  2026-03-02 08:00  T1 opened by Customer, channel email, severity 1
  as of 10:00  expect T1 confirm met
'''

EVENTS: list[dict[str, object]] = [
    {"id": "e1", "subject": "T1", "type": "opened", "at": "2026-03-02T15:00:00Z", "actor": "Customer",
     "facts": {"severity": "1", "channel": "email"}},
    {"id": "e2", "subject": "T1", "type": "acknowledged", "at": "2026-03-02T16:30:00Z", "actor": "Trak"},
    {"id": "e3", "subject": "T1", "type": "resolved", "at": "2026-03-02T16:45:00Z", "actor": "Trak"},
    {"id": "e4", "subject": "=T2", "type": "opened", "at": "2026-03-02T15:00:00Z", "actor": "Customer",
     "facts": {"severity": "2"}},
]
SUPPLIED = ["--supplied", "TrakHolidays=none,known until 2027-01-01"]
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, also the working directory, with source.txt, policy.sla and events.jsonl."""
    (tmp_path / "source.txt").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "policy.sla").write_text(POLICY + GOOD, encoding="utf-8")
    lines = [json.dumps(event) for event in EVENTS]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs a command in that folder; the result has ``stdout``, ``stderr`` and ``exit_code``."""

    def invoke(*args: str) -> Result:
        return CliRunner(env={"SLARULES_TRACEBACK": "1"}).invoke(cli, list(args))

    return invoke
