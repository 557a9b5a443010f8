"""The command line as its users call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
POLICY = ROOT / "examples" / "policies" / "norland-labour-migration-policy.md"
CLAUSES = [
    {"id": "6.h", "text": "No employer may keep a migrant's passport.", "polarity": "positive"},
    {"id": "3.a", "text": "A public website explains visas and fees.", "polarity": "positive"},
    {
        "id": "13.h",
        "text": "Children without papers shall be held in the detention centre.",
        "polarity": "negative",
        "kind": "contradiction",
    },
]
FILES = ("evidence.csv", "gaps.csv", "matrix.csv", "matrix.xlsx", "report.html", "report.json")


@pytest.fixture(scope="module")
def environment(cache_dir: Path) -> dict[str, str]:
    return {**os.environ, "GCM_ALIGN_CACHE_DIR": str(cache_dir), "COLUMNS": "100"}


def run(environment: dict[str, str], *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gcm_align.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def report(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    done = run(environment, "analyse", POLICY, "-o", out)
    assert done.returncode == 0, done.stderr
    assert POLICY.name in done.stdout
    assert len(done.stdout.splitlines()) <= 45, "the summary is one screen"
    (out / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    return out


def test_the_readme_shows_the_real_summary(report: Path) -> None:
    """Line by line, but for the folder at the end."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    printed = (report / "stdout.txt").read_text(encoding="utf-8")
    lines = [line.rstrip() for line in printed.split("Written:")[0].splitlines()]
    assert len(lines) > 10
    assert "\n".join(lines) in readme


def test_analyse_writes_every_output(report: Path) -> None:
    assert {path.name for path in report.iterdir()} >= set(FILES)


def test_quiet_prints_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(environment, "analyse", POLICY, "-o", tmp_path, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unreadable_file_gives_3_and_the_others_finish(
    environment: dict[str, str], tmp_path: Path
) -> None:
    missing = tmp_path / "no-such-law.pdf"
    done = run(environment, "analyse", missing, POLICY, "-o", tmp_path / "out", "-q")
    assert done.returncode == 3
    assert "no-such-law.pdf" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "matrix.csv").is_file()


def test_version(environment: dict[str, str]) -> None:
    from gcm_align import __version__

    assert run(environment, "--version").stdout == f"gcm-align {__version__}\n"


@pytest.mark.parametrize("command", ["analyse", "actions", "explain", "evaluate"])
def test_help_of_each_command(environment: dict[str, str], command: str) -> None:
    """The overview lists the command, and its own help opens with what it does."""
    assert command in run(environment, "--help").stdout
    done = run(environment, command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_actions_looks_up_by_id_and_by_words(environment: dict[str, str]) -> None:
    assert run(environment, "actions", "13.h").stdout.startswith("13.h")
    assert len(run(environment, "actions").stdout.splitlines()) == 187
    found = run(environment, "actions", "remittances", "costs").stdout
    assert "20." in found


def test_explain_says_why(environment: dict[str, str], report: Path) -> None:
    done = run(environment, "explain", report, "6.h")
    assert done.returncode == 0
    for words in ("Level:", "Why:", "Score:", "Force:", "passport"):
        assert words in done.stdout


def test_explain_of_an_unknown_action_is_a_clear_error(
    environment: dict[str, str], report: Path
) -> None:
    done = run(environment, "explain", report, "99.z")
    assert done.returncode == 2
    assert "99.z" in done.stderr
    assert "Traceback" not in done.stderr


def test_evaluate_prints_figures_beside_bm25(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "clauses.json"
    path.write_text(json.dumps(CLAUSES), encoding="utf-8")
    table = run(environment, "evaluate", path).stdout
    for words in ("R@1", "R@5", "R@10", "MRR", "BM25", "Near misses", "Contradictions"):
        assert words in table
    figures = json.loads(run(environment, "evaluate", path, "--format", "json").stdout)
    assert figures["n_positive"] == 2
    assert [r["name"] for r in figures["rankings"]][:2] == ["gcm-align", "BM25, action text"]
    assert figures["rankings"][0]["recall"]["1"] == 1.0
    assert figures["contradictions_flagged"] == 1.0


def test_a_broken_clause_file_names_row_and_field(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "clauses.json"
    path.write_text(json.dumps([CLAUSES[0], {"id": "99.z", "text": "x"}]), encoding="utf-8")
    done = run(environment, "evaluate", path)
    assert done.returncode == 2
    assert "clauses[1]" in done.stderr
    assert "'id'" in done.stderr


def test_a_missing_model_is_a_clear_error(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(environment, "analyse", POLICY, "-o", tmp_path, "--model", str(tmp_path / "none"))
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
