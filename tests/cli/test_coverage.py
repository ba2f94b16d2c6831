"""``slarules coverage``: each sentence of the contract with what became of it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import POLICY, Run


def test_the_ledger(run: Run) -> None:
    result = run("coverage", "policy.sla")
    assert result.exit_code == 2
    rows = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "1 SUPPORT information a heading" in rows
    assert "3 Trak shall acknowledge each request within one hour. encoded reading ack; duty confirm" in rows
    assert "3 Requests may be sent by e-mail. missing" in rows
    assert rows[-1] == (
        "Demo support: 4 sentences of source.txt, 2 encoded, 1 information, 1 missing; 75 % accounted for"
    )


def test_only_the_missing(run: Run) -> None:
    result = run("coverage", "policy.sla", "--missing", "--fail-on", "never")
    assert result.exit_code == 0
    assert "Requests may be sent" in result.stdout and "Trak shall" not in result.stdout


def test_all_accounted_for(run: Run, folder: Path) -> None:
    more = '\n  > Requests may be sent by e-mail.\n  not encoded because "no one owes anything"\n'
    (folder / "policy.sla").write_text(POLICY + more, "utf-8")
    result = run("coverage", "policy.sla")
    assert result.exit_code == 0
    assert "100 % accounted for" in result.stdout


def test_without_a_text_there_is_no_ledger(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY.replace('  source   "source.txt"\n', ""), "utf-8")
    result = run("coverage", "policy.sla")
    assert result.exit_code == 1
    assert "names no text" in result.stderr


def test_a_policy_with_errors(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY.replace("America/Denver", "America/Devner"), "utf-8")
    result = run("coverage", "policy.sla")
    assert result.exit_code == 3
    assert result.stdout == "" and "America/Denver" in result.stderr


IDLE = """
  reading {name} "Do requests by e-mail count?"
    > Requests may be sent by e-mail.
    option yes "they are requests"
    option no  "only the telephone is named"
    adopt yes because "they are named"
    changes nothing because "no time hangs on it"
"""


def test_a_reading_on_which_nothing_hangs_encodes_nothing(run: Run, folder: Path) -> None:
    """It asks about the words; what becomes of them, the remark beside it says."""
    noted = '\n  > Requests may be sent by e-mail.\n  not encoded because "no one owes anything"\n'
    for more, is_ in (("", "information reading by_email"),
                      (noted, "not encoded no one owes anything; reading by_email")):
        (folder / "policy.sla").write_text(POLICY + more + IDLE.format(name="by_email"), "utf-8")
        result = run("coverage", "policy.sla")
        assert result.exit_code == 0, result.stdout
        rows = [" ".join(line.split()) for line in result.stdout.splitlines()]
        assert f"3 Requests may be sent by e-mail. {is_}" in rows
