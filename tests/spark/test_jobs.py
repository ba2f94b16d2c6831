"""The job of examples/spark judges a file, says what it left out, and tells what is wrong without a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from tests.spark.logs import ROOT

JOBS = ROOT / "examples" / "spark"
POLICY = str(ROOT / "contracts" / "trak" / "policy.sla")
LINES = """\
{"id": "1", "subject": "R-1", "type": "opened", "at": "2026-03-02T15:00:00Z", "actor": "Customer", "sequence": 1}
{"id": "2", "subject": "R-1", "type": "closed", "at": "2026-03-02T16:00:00Z", "actor": "Trak", "sequence": 2}
{"id": "3", "type": "opened", "at": "2026-03-02T16:00:00Z", "sequence": 3}
"""


@pytest.fixture
def job(spark: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(JOBS))
    monkeypatch.setattr(spark, "stop", lambda: None)

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["judge_log.py", *words])
        import judge_log

        return int(judge_log.main())

    yield run
    for name in ("judge_log", "events"):
        sys.modules.pop(name, None)


def test_a_log_is_judged(job: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log.jsonl").write_text(LINES, "utf-8")
    asked = [POLICY, str(tmp_path / "log.jsonl"), str(tmp_path / "out"), "--as-of", "2026-03-03T00:00:00Z"]
    assert job(*asked, "--position", "sequence") == 0
    said = capsys.readouterr()
    assert said.err == "set aside 1 rows, E0626: `subject` is null\n"
    assert "ended" in said.out
    assert job(*asked, "--position", "place") == 1
    assert "the events have no column `place`" in capsys.readouterr().err
