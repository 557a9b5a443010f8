"""The action, the hook and the snippet, run as the platforms run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_factory import Gate, git, repository, write

ROOT = Path(__file__).resolve().parents[1]
PRE_COMMIT = shutil.which("pre-commit", path=Gate(Path(), Path(), Path()).environment["PATH"])
_WHO = ("NAME", "EMAIL")


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return loaded


class Runner:
    """A composite action's shell steps, as GitHub's runner starts them."""

    def __init__(self, gate: Gate, folder: Path, temp: Path) -> None:
        self.gate = gate
        self.folder = folder
        self.temp = temp
        temp.mkdir()
        self.output = temp / "output"
        self.summary = temp / "summary"

    def run(self, step: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run one step by its id; inputs that are not given have their defaults."""
        found = action()
        values = {f"inputs.{k}": str(v.get("default", "")) for k, v in found["inputs"].items()}
        values |= {f"inputs.{k.replace('_', '-')}": v for k, v in inputs.items()}
        values |= {"runner.temp": str(self.temp), "github.action_path": str(ROOT)}
        body = next(item for item in found["runs"]["steps"] if item.get("id") == step)
        script = self.temp / f"{step}.sh"
        script.write_text(body["run"], encoding="utf-8")
        environment = {
            name: re.sub(r"\$\{\{ *(\S+?) *\}\}", lambda m: values[m[1]], text)
            for name, text in body["env"].items()
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.folder,
            env=self.gate.environment
            | environment
            | {
                # The texts of the tests are in this cache already.
                "GCM_ALIGN_CACHE_DIR": str(self.gate.cache),
                "GITHUB_OUTPUT": str(self.output),
                "GITHUB_STEP_SUMMARY": str(self.summary),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    def outputs(self) -> dict[str, str]:
        """Return what the step wrote for later steps."""
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def runner(gate: Gate, tmp_path: Path) -> Runner:
    folder = repository(tmp_path / "laws", {"README.md": "Laws.\n"})
    gate.put(folder, **{"good acts": "good", "bills": "detains"})
    return Runner(gate, folder, tmp_path / "temp")


def test_the_action_is_whole() -> None:
    """Every step has a shell or a pinned action, every input is used, no script holds one."""
    found = action()
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for step in found["runs"]["steps"]:
        if "run" in step:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"], "an input must not become code"
        else:
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])
    for name in found["inputs"]:
        assert f"inputs.{name}" in text
    written = set(re.findall(r'echo "([\w-]+)=', text))
    assert written == set(found["outputs"])


def test_the_action_checks(runner: Runner) -> None:
    """Annotations, a summary, SARIF, JSON and the exit code of the gate."""
    done = runner.run("check")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=bills/act.md,")
    outputs = runner.outputs()
    assert outputs["exit-code"] == "1"
    sarif = json.loads((runner.folder / outputs["sarif-file"]).read_text(encoding="utf-8"))
    assert sarif["runs"][0]["results"][0]["ruleId"] == "new-contradiction"
    assert json.loads(Path(outputs["report-json"]).read_text(encoding="utf-8"))["exit_code"] == 1
    summary = runner.summary.read_text(encoding="utf-8")
    assert summary.startswith("## gcm-align\n")
    assert "`bills/act.md:9`" in summary


def test_the_action_takes_its_inputs(runner: Runner) -> None:
    """Paths by line, with blanks in them, and further arguments; nothing of it is run as code."""
    paths = "good acts/*.md\n$(touch ran)\n`touch ran`; touch ran\n"
    done = runner.run("check", paths=paths, allow_unassessed="true", args="--fail-on warning\n-q")
    assert runner.outputs()["exit-code"] == "0", done.stderr + done.stdout
    assert not list(runner.folder.rglob("ran"))
    assert "3 documents checked" in done.stdout
    strict = runner.run("check", paths="bills\n", fail_on="note", baseline="none.json")
    assert strict.returncode == 2
    assert "The baseline cannot be read" in strict.stderr


def test_the_action_installs(wheel: Path, tmp_path: Path) -> None:
    """The install step puts a working command where pip is told to."""
    site = tmp_path / "site"
    steps = action()["runs"]["steps"]
    body = next(item["run"] for item in steps if item.get("id") == "install")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GCM_INSTALL": str(wheel),
        "GCM_ACTION": str(ROOT),
        "PIP_TARGET": str(site),
        "PIP_NO_DEPS": "1",  # they are here already, and would be 1.5 GB again
        "PIP_NO_INDEX": "1",
        "PIP_NO_CACHE_DIR": "1",
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", body]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    done = subprocess.run(
        [str(site / "bin" / "gcm-align"), "--version"],
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("gcm-align ")


@pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed (extra dev)")
def test_the_hook_stops_a_commit(gate: Gate, tmp_path: Path) -> None:
    """Pre-commit, installed into a repository, refuses a contradiction and lets the rest pass."""
    hooks = tmp_path / "hooks"
    write(hooks, {".pre-commit-hooks.yaml": (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")})
    repository(hooks, {})
    revision = git(hooks, "rev-parse", "HEAD").strip()
    config = {
        "repos": [{"repo": str(hooks), "rev": revision, "hooks": [{"id": "gcm-align-system"}]}]
    }
    laws = repository(tmp_path / "laws", {".pre-commit-config.yaml": yaml.safe_dump(config)})
    who = {f"GIT_{r}_{k}": "clerk@norland.invalid" for r in ("AUTHOR", "COMMITTER") for k in _WHO}
    environment = gate.environment | who | {"PRE_COMMIT_HOME": str(tmp_path / "home")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=laws,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    installed = run("pre-commit", "install")
    assert installed.returncode == 0, installed.stderr
    gate.put(laws, bills="detains")
    run("git", "add", "-A")
    refused = run("git", "commit", "-m", "Bill")
    assert refused.returncode == 1
    assert "new-contradiction" in refused.stdout + refused.stderr
    gate.put(laws, bills="good")
    write(laws, {"README.md": "Bills.\n"})
    run("git", "add", "-A")
    passed = run("git", "commit", "-m", "Bill")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    write(laws, {"README.md": "Bills of Norland.\n"})
    run("git", "add", "-A")
    assert run("git", "commit", "-m", "Readme").returncode == 0, "a README alone is no fault"
