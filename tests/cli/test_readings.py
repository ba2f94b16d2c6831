"""``slarules readings``: what each ambiguity is worth on a log, on the screen and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import SUPPLIED, Run

LOG = ["readings", "policy.sla", "evenings.jsonl", "--as-of", "2026-03-05T00:00:00Z", *SUPPLIED]


def evenings(folder: Path) -> None:
    """T1 is opened at 16:30 in Denver and confirmed at 08:15: late by the clock, in time by business hours."""
    rows = [
        ("T1", "opened", "2026-03-02T23:30:00Z", "Customer", {"severity": 1}),
        ("T1", "acknowledged", "2026-03-03T15:15:00Z", "Trak", {}),
        ("T2", "opened", "2026-03-03T16:00:00Z", "Customer", {"severity": 2}),
        ("T2", "acknowledged", "2026-03-03T16:30:00Z", "Trak", {}),
    ]
    lines = [
        json.dumps({"id": f"e{n}", "subject": s, "type": t, "at": at, "actor": who, "facts": facts})
        for n, (s, t, at, who, facts) in enumerate(rows)
    ]
    (folder / "evenings.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def test_it_tells_what_flips_for_whom_and_by_how_much(run: Run, folder: Path) -> None:
    evenings(folder)
    found = json.loads(run(*LOG, "--flips", "ack=business", "--json").stdout)
    (reading,) = found["readings"]
    (option,) = reading["options"]
    assert (reading["reading"], reading["judged_by"], option["option"], option["nothing"]) == (
        "ack", "elapsed", "business", None)
    assert (option["flips"], option["arisen"], option["vanished"], option["judged"]) == (1, 0, 0, 2)
    assert option["favours"] == [{"bearer": "Trak", "to_kept": 1, "to_broken": 0, "broken": -1}]
    assert option["lateness"] == {"gained": 0.0, "lost": 885.0, "unperformed": 0}  # 17:30 to 08:15 next day
    assert option["deadlines"]["later"] == 1 and option["deadlines"]["largest"] == 900.0  # 17:30 to 08:30
    (flip,) = found["flips"][0]["verdicts"]
    assert (flip["subject"], flip["rule"]) == ("T1", "confirm")
    assert (flip["before"]["state"], flip["before"]["deadline"]) == ("breached", "2026-03-03T00:30:00Z")
    assert (flip["after"]["state"], flip["after"]["deadline"]) == ("met", "2026-03-03T15:30:00Z")


def test_the_base_is_what_readings_say(run: Run, folder: Path) -> None:
    evenings(folder)
    found = json.loads(run(*LOG, "--readings", "ack=business", "--json").stdout)
    (option,) = found["readings"][0]["options"]
    assert found["base"] == {"ack": "business"} and option["option"] == "elapsed"
    assert option["favours"] == [{"bearer": "Trak", "to_kept": 0, "to_broken": 1, "broken": 1}]


def test_the_screen(run: Run, folder: Path) -> None:
    evenings(folder)
    shown = run(*LOG, "--flips", "ack").stdout
    assert "for Trak: 1 fewer" in shown and "−885 min" in shown
    assert "ack = business: verdicts that come out otherwise (all)" in shown
    row = next(line for line in shown.splitlines() if line.strip().startswith("T1"))
    assert row.split() == ["T1", "confirm#1,", "severity", "1", "breached", "2026-03-02", "17:30", "MST", "met",
                           "2026-03-03", "08:30", "MST"]  # fmt: skip


def test_a_document_of_it(run: Run, folder: Path) -> None:
    evenings(folder)
    assert run(*LOG, "-o", "stakes.md").exit_code == 0
    said = " ".join((folder / "stakes.md").read_text("utf-8").split())
    assert (
        "Request T1, “confirm”, severity 1. Read as “elapsed” it is due on Monday 2 March 2026 at 17:30 and is broken; "
        "read as “business” it is due on Tuesday 3 March 2026 at 08:30 and is kept. "
        "It was done on Tuesday 3 March 2026 at 08:15."
    ) in said


def test_mistakes_are_told(run: Run, folder: Path) -> None:
    evenings(folder)
    for arguments, told in (
        (["--flips", "ak"], "the contract has no reading `ak`; did you mean `ack`?"),
        (["--flips", "ack=busines"], "the reading `ack` has no option `busines`; did you mean `business`?"),
        (["--flips", "ack=elapsed"], "the log is judged by `ack` = `elapsed`: name another of its options"),
        (["--pairs", "some"], "`some` is neither a number nor `all`"),
    ):
        result = run(*LOG, *arguments)
        assert result.exit_code == 1 and told in " ".join(result.stderr.split()), result.stderr
