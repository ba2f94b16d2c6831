"""The summaries that stand beside the contracts are what the command writes today, on any machine.

``make summaries`` writes them anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from slarules.cli.main import cli
from tests.documents.outlines import ROOT

CONTRACTS = ("collabware", "copiun", "cpi", "trak")
ELSEWHERE = {"TZ": "Asia/Tokyo", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_recorded_summary_is_the_one_of_today(name: str, tmp_path: Path) -> None:
    made = tmp_path / "summary.md"
    result = CliRunner().invoke(cli, ["summary", str(ROOT / "contracts" / name / "policy.sla"), "-o", str(made)])
    assert result.exit_code == 0, result.output
    recorded = (ROOT / "contracts" / name / "summary.md").read_text("utf-8")
    assert made.read_text("utf-8") == recorded, "the summary has changed: `make summaries`, and read the difference"


def test_the_same_bytes_on_any_machine(tmp_path: Path) -> None:
    """Written by another process, elsewhere, under another zone, language and order of hashes."""
    policy = ROOT / "contracts" / "copiun" / "policy.sla"
    asked = [["summary", str(policy), "-o", f"out.{ending}"] for ending in ("html", "md")]
    code = f"from click.testing import CliRunner; from slarules.cli.main import cli\n" \
           f"for asked in {asked!r}: assert CliRunner().invoke(cli, asked).exit_code == 0"
    written = {}
    for place, environment in (("here", {"PYTHONHASHSEED": "1"}), ("there", ELSEWHERE)):
        folder = tmp_path / place
        folder.mkdir()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=folder,
                       env={**os.environ, "PYTHONPATH": str(ROOT), **environment})
        written[place] = [(folder / f"out.{ending}").read_bytes() for ending in ("html", "md")]
    assert written["here"] == written["there"]
    assert not any(str(ROOT).encode() in made for made in written["here"]), "no path of the machine"
