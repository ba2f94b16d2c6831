"""The pages on engines and on other libraries: their Python runs as it is written, where the library is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import fences, put_files

LIBRARIES = {
    "docs/engines.md": "pyarrow",
    "docs/pandas.md": "pandas",
    "docs/polars.md": "polars",
    "docs/duckdb.md": "duckdb",
}


@pytest.mark.parametrize("page", LIBRARIES)
def test_python_runs_as_written(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(LIBRARIES[page], reason=f"{LIBRARIES[page]} is not installed (the extra `peers`)")
    put_files("docs/commands.md", tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    shown = [fence for fence in fences(page) if fence.kind == "python"]
    assert shown
    for fence in shown:
        exec(compile("\n" * (fence.line - 1) + fence.text, page, "exec"), names)
    names.clear()  # a library may mind what is alive when Python ends
