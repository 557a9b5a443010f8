"""The examples are short, and run as they stand."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.mark.parametrize(
    ("name", "words"),
    [("align_policy.py", "13.h"), ("match_clauses.py", "6.h")],
)
def test_example(name: str, words: str, cache_dir: Path) -> None:
    """An example has at most 15 lines of code and prints what it promises."""
    path = EXAMPLES / name
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert len(lines) - len(docstring.splitlines()) <= 15
    done = subprocess.run(
        [sys.executable, str(path)],
        capture_output=True,
        text=True,
        env={**os.environ, "GCM_ALIGN_CACHE_DIR": str(cache_dir)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert words in done.stdout
