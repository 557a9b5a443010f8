"""The example repository of invented acts comes out as it is shown."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_factory import BASELINE, Gate, git

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "legislation-ci"
OUTPUTS = EXAMPLE / "outputs"


@pytest.fixture(scope="module")
def built(gate: Gate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that build.py makes: norland/ and outputs/."""
    folder = tmp_path_factory.mktemp("example") / "made"
    done = subprocess.run(
        [sys.executable, str(EXAMPLE / "build.py"), str(folder)],
        env=gate.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("the check of its second commit gives 1.\n")
    return folder


def read(path: Path) -> str:
    """Return a file without the digest of code and libraries, which every change changes."""
    text = path.read_bytes().decode("utf-8")
    return re.sub(r'("instrument": )"[0-9a-f]{16}"', r'\1"0000000000000000"', text)


def loaded(path: Path) -> Any:
    # YAML 1.1 reads the key "on" as true.
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name",
    [
        *("human.txt", "check.json", "check.sarif", "junit.xml", "github.txt"),
        *("gl-code-quality-report.json", "summary.md"),
    ],
)
def test_an_output_comes_out_as_it_is_shown(built: Path, name: str) -> None:
    """Every format is byte for byte what the repository shows; --renew writes it again."""
    assert read(built / "outputs" / name) == read(OUTPUTS / name)


def test_the_baseline_comes_out_as_it_is_shown(built: Path) -> None:
    """The committed baseline is that of the first commit."""
    assert read(built / "norland" / BASELINE) == read(OUTPUTS / BASELINE)
    assert {p.name for p in OUTPUTS.iterdir()} == {
        BASELINE,
        *(p.name for p in (built / "outputs").iterdir()),
    }


def test_the_history_tells_what_happened(built: Path) -> None:
    """Two commits: the second weakens a clause and adds a bill, and the check names both."""
    folder = built / "norland"
    assert len(git(folder, "log", "--format=%H").split()) == 2
    changed = git(folder, "diff", "--name-status", "HEAD~1").split()
    assert changed == ["M", "acts/labour-migration-act.md", "A", "bills/removal-bill.md"]
    diff = git(folder, "diff", "--unified=0", "HEAD~1", "--", "acts").splitlines()
    now = next(line[1:] for line in diff if re.match(r"\+\w", line))
    text = (OUTPUTS / "human.txt").read_text(encoding="utf-8")
    assert f"now:    “{now}”" in text
    assert "acts/labour-migration-act.md:17: error[lost-action] 6.h" in text
    assert "bills/removal-bill.md:9: error[new-contradiction]" in text
    assert git(folder, "status", "--porcelain") == ""


def test_only_what_the_commit_changed(gate: Gate, built: Path) -> None:
    """--changed-since looks at the two files of the second commit alone."""
    found = gate.check(built / "norland", "--changed-since", "HEAD~1")
    assert [item["path"] for item in found["documents"]] == [
        "acts/labour-migration-act.md",
        "bills/removal-bill.md",
    ]
    assert found["exit_code"] == 1


def test_the_gitlab_snippet_runs(gate: Gate, built: Path) -> None:
    """The script lines of .gitlab-ci.yml write the reports that its artifacts name."""
    folder = built / "norland"
    job = loaded(folder / ".gitlab-ci.yml")["gcm-align"]
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(job["script"])],
        cwd=folder,
        env=gate.environment,
        capture_output=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 1
    reports = job["artifacts"]["reports"]
    try:
        shown = (OUTPUTS / "gl-code-quality-report.json").read_bytes()
        assert (folder / reports["codequality"]).read_bytes() == shown
        assert (folder / reports["junit"]).read_bytes() == (OUTPUTS / "junit.xml").read_bytes()
    finally:
        for name in reports.values():
            (folder / name).unlink(missing_ok=True)
    assert job["cache"]["paths"][0] in job["variables"]["GCM_ALIGN_CACHE_DIR"]


def test_the_workflow_uses_what_the_action_has() -> None:
    """Inputs and outputs that the workflow names are those of action.yml, and so are hooks."""
    action = loaded(ROOT / "action.yml")
    steps = loaded(EXAMPLE / "first" / ".github" / "workflows" / "legislation.yml")["jobs"][
        "gcm-align"
    ]["steps"]
    used = next(step for step in steps if "gcm-align@" in step["uses"])
    assert set(used.get("with", {})) <= set(action["inputs"])
    text = (EXAMPLE / "first" / ".github" / "workflows" / "legislation.yml").read_text("utf-8")
    assert set(re.findall(r"steps\.check\.outputs\.([\w-]+)", text)) <= set(action["outputs"])
    hooks = {item["id"] for item in loaded(ROOT / ".pre-commit-hooks.yaml")}
    wanted = loaded(EXAMPLE / "first" / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert {item["id"] for item in wanted} <= hooks
