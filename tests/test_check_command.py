"""The command as CI runs it: what it selects, its outputs, its exit codes, its end."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from check_factory import BASELINE, TEXTS, Gate, check_result, finding, git, repository, write

import gcm_align.cli
from gcm_align.checking.cache import ResultCache
from gcm_align.checking.outcomes import Unread
from gcm_align.errors import EXIT_INTERNAL
from gcm_align.findings import INTERNAL, CheckResult, Severity, exit_code
from gcm_align.reporting.checks import render

ACTS = {"a": "good", "b": "detains", "c": "bare"}


def names(gate: Gate, folder: Path, *words: str) -> list[str]:
    """Return the documents that a check takes."""
    return [item["path"] for item in gate.check(folder, *words)["documents"]]


@pytest.fixture
def acts(gate: Gate, tmp_path: Path) -> Path:
    """A git repository with three acts, one of which orders the detention of children."""
    folder = tmp_path / "acts"
    gate.put(folder, **ACTS)
    return repository(folder, {"README.md": "Acts of Norland.\n"})


# --- what is selected


def test_folders_files_and_patterns(gate: Gate, acts: Path) -> None:
    """A folder is searched, a file is taken, a quoted pattern is expanded; each text once."""
    write(acts, {"gcm-align.toml": 'include = ["act.*"]\n', "a/old/notes.csv": "1,2\n"})
    assert names(gate, acts) == ["a/act.md", "b/act.md", "c/act.md"]
    assert names(gate, acts, "[ab]/*.md", "a", "a/act.md") == ["a/act.md", "b/act.md"]
    assert names(gate, acts, "**/*.md", "--exclude", "b", "--exclude", "README*") == [
        "a/act.md",
        "c/act.md",
    ]
    assert names(gate, acts / "a", ".", "../c") == ["a/act.md", "c/act.md"]
    assert names(gate, acts, "--include", "b/*") == ["b/act.md"]


def test_nothing_to_check_is_a_fault_of_usage(gate: Gate, acts: Path) -> None:
    """A pattern of nothing gives 2; a README that is left out on purpose gives 0."""
    done = gate.run(acts, "check", "laws/*.md")
    assert done.returncode == 2
    assert "There is nothing to check: laws/*.md. Expected" in done.stdout + done.stderr
    assert gate.run(acts, "check", "README.md").returncode == 0
    missing = gate.check(acts, "laws/act.md")
    assert missing["exit_code"] == 3, "a file that is named must be there"
    assert missing["findings"][0]["error"] == "MissingFileError"


def test_changed_since(gate: Gate, acts: Path) -> None:
    """Changed, new and untracked files since the branch left the ref; the rest is untouched."""
    assert gate.run(acts, "baseline", "write").returncode == 0
    git(acts, "add", "-A")
    git(acts, "commit", "-qm", "Baseline")
    git(acts, "checkout", "-qb", "bill")
    gate.put(acts, a="reflowed", new="softened")
    git(acts, "add", "-A")
    git(acts, "commit", "-qm", "Bill")
    gate.put(acts, untracked="bare")
    git(acts, "checkout", "-q", "main")
    gate.put(acts, later="good")
    git(acts, "add", "later")
    git(acts, "commit", "-qm", "Another act")
    git(acts, "checkout", "-q", "bill")
    shutil.rmtree(acts / "c")
    found = gate.check(acts, "--changed-since", "main")
    assert [d["path"] for d in found["documents"]] == [
        *("a/act.md", "new/act.md", "untracked/act.md"),
    ]
    assert found["exit_code"] == 0, "the contradiction in b was accepted and is not touched"
    assert names(gate, acts, "new", "--changed-since", "main") == ["new/act.md"]
    git(acts, "stash", "-q", "-u")
    git(acts, "checkout", "-q", "main")
    assert names(gate, acts, "--changed-since", "HEAD") == []


def test_a_ref_that_git_does_not_know(gate: Gate, acts: Path, tmp_path: Path) -> None:
    """An unknown ref, an option in its place and a folder without git give 2 and say why."""
    for ref in ("origin/main", "--output=x"):
        done = gate.run(acts, "check", f"--changed-since={ref}")
        assert done.returncode == 2
        assert "fetch-depth: 0" in done.stderr
    gate.put(tmp_path / "plain", a="good")
    done = gate.run(tmp_path / "plain", "check", "--changed-since", "main")
    assert done.returncode == 2
    assert "git refuses" in done.stderr


# --- exit codes


UNREAD: dict[str, Any] = {"rule_id": "unread-document", "error": "CorruptFileError"}


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (check_result(), 0),
        (check_result(finding()), 1),
        (check_result(finding(severity=Severity.WARNING)), 0),
        (check_result(finding(severity=Severity.WARNING), fail_on=Severity.WARNING), 1),
        (check_result(finding(suppressed="Repealed.", suppressed_until="2027-01-01")), 0),
        (check_result(finding(**UNREAD)), 3),
        (check_result(finding(**UNREAD), allow_unassessed=True), 0),
        (check_result(finding(severity=Severity.WARNING, **UNREAD)), 0),
        (check_result(finding(1), finding(2, **UNREAD)), 1),
        (check_result(finding(1), finding(2, **UNREAD | {"error": INTERNAL})), 4),
    ],
)
def test_the_exit_code_follows_from_the_findings(result: CheckResult, code: int) -> None:
    """An internal fault before a failed gate before an unread document."""
    assert exit_code(result) == code


def test_exit_codes_of_the_command(gate: Gate, acts: Path, tmp_path: Path) -> None:
    """0 clean, 1 a gate failed, 2 usage, 3 unread, 4 the model is missing; --exit-zero."""
    gate.put(tmp_path / "scan", scan="scan")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    assert gate.run(acts, "check", "a").returncode == 0
    assert gate.run(acts, "check", "b").returncode == 1
    assert gate.run(acts, "check", "b", "--exit-zero").returncode == 0
    assert gate.run(acts, "check", "b", GCM_ALIGN_EXIT_ZERO="1").returncode == 0
    assert gate.run(acts, "check", "--no-such-option").returncode == 2
    assert gate.run(acts, "check", "--fail-on", "never").returncode == 2
    assert gate.run(acts, "check", "--baseline", str(tmp_path / "broken.json")).returncode == 2
    assert gate.run(acts, "check", "--baseline", "none.json").returncode == 2
    assert gate.run(tmp_path / "scan", "check").returncode == 3
    assert gate.run(tmp_path / "scan", "check", "--allow-unassessed").returncode == 0
    missing = gate.run(acts, "check", "a", "--model", str(tmp_path / "no-model"))
    assert missing.returncode == 4, missing.stderr
    assert "Traceback" not in missing.stderr


def test_exit_codes_are_documented(gate: Gate, tmp_path: Path) -> None:
    """The help of the program and of the gate names every code; a look-up of nothing is usage."""
    for words in (("--help",), ("check", "--help")):
        text = " ".join(gate.run(tmp_path, *words, COLUMNS="100").stdout.split())
        for words_of_code in ("0 clean", "1 a gate failed", "2 usage", "4 internal", "130"):
            assert words_of_code in text
        assert "3 a document could not be assessed" in text
    assert gate.run(tmp_path, "actions", "no-such-word").returncode == 2


def test_a_fault_of_ours_is_no_failed_gate(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception that nobody expected gives 4, in every command."""

    def broken() -> None:
        raise RuntimeError("never expected")

    monkeypatch.setattr(gcm_align.cli, "app", broken)
    with pytest.raises(SystemExit) as left:
        gcm_align.cli.main()
    assert left.value.code == EXIT_INTERNAL
    assert "never expected" in caplog.text


# --- outputs


def test_several_outputs_in_one_run(gate: Gate, acts: Path) -> None:
    """Every format may be written beside what is printed, to files of the caller's choice."""
    forms = ("human", "json", "sarif", "junit", "github", "gitlab", "markdown")
    words = [part for name in forms for part in ("--output", f"{name}=out/{name}.txt")]
    done = gate.run(acts, "check", "b", *words, "--format", "sarif")
    assert done.returncode == 1
    assert done.stdout == (acts / "out" / "sarif.txt").read_text(encoding="utf-8")
    for name in forms:
        text = (acts / "out" / f"{name}.txt").read_text(encoding="utf-8")
        assert "reception centre" in text
        assert "\x1b" not in text
    assert sorted(p.name for p in (acts / "out").iterdir()) == sorted(f"{n}.txt" for n in forms)


def test_fingerprints_outlive_a_shift_of_lines(gate: Gate, tmp_path: Path) -> None:
    """The same clause further down in other line breaks is the same alert for GitHub."""
    found = []
    for name in ("detains", "moved"):
        gate.put(tmp_path / name, acts=name)
        log = json.loads(gate.run(tmp_path / name, "check", "--format", "sarif").stdout)
        found.append(log["runs"][0]["results"])
    before, after = found
    prints = [[item["partialFingerprints"] for item in results] for results in found]
    assert prints[0] == prints[1] != []
    lines = [r[0]["locations"][0]["physicalLocation"]["region"] for r in (before, after)]
    assert lines[0]["startLine"] != lines[1]["startLine"]
    for name, region in zip(("detains", "moved"), lines, strict=True):
        held = TEXTS[name].split("\n")[region["startLine"] - 1 : region["endLine"]]
        assert " ".join(held) == " ".join(before[0]["message"]["text"].split("“")[1][:-1].split())


def test_quiet_when_all_is_well(gate: Gate, acts: Path) -> None:
    """Nothing at all with --quiet; one line without."""
    done = gate.run(acts, "check", "a", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = gate.run(acts, "check", "a")
    assert done.stdout == "1 document checked: nothing found. The gate passes.\n"
    assert "new-contradiction" in gate.run(acts, "check", "b", "--quiet").stdout


def test_colours_on_a_terminal_only(gate: Gate, acts: Path) -> None:
    """A pipe gets plain lines, a terminal colours; the words are the same."""
    plain = gate.run(acts, "check", "b").stdout
    leader, follower = pty.openpty()
    environment = gate.environment | {"TERM": "xterm-256color", "COLUMNS": "200"}
    command = [str(gate.site / "bin" / "gcm-align"), "check", "b"]
    subprocess.run(command, cwd=acts, env=environment, stdout=follower, check=False, timeout=120)
    os.close(follower)
    parts = []
    while part := _read(leader):
        parts.append(part)
    coloured = b"".join(parts).decode().replace("\r\n", "\n")
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # Linux says so at the end of a terminal
        return b""


# --- time, the cache, and the end


def workers(cache: Path) -> list[int]:
    """Return the processes that assess for one cache."""
    done = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True
    )
    lines = [line.split(None, 1) for line in done.stdout.splitlines()]
    ours = ("gcm_align.checking.worker", str(cache))
    return [int(pid) for pid, arguments in lines if all(word in arguments for word in ours)]


def wait_for_worker(cache: Path) -> int:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if found := workers(cache):
            return found[0]
        time.sleep(0.02)
    raise AssertionError("no process was started")


def test_the_time_budget(gate: Gate, acts: Path, tmp_path: Path) -> None:
    """What was not done is named and gives 3; what is in the cache is done."""
    cache = tmp_path / "cache"
    shutil.copytree(gate.cache / "verdicts", cache / "verdicts")
    write(acts, {"new/act.md": TEXTS["good"] + "\nThis Act applies from 1 March 2027.\n"})
    words = ("a", "new", "--time-budget", "1")
    found = gate.check(acts, *words, GCM_ALIGN_CACHE_DIR=str(cache))
    assert found["exit_code"] == 3
    assert [(f["document"], f["error"]) for f in found["findings"]] == [
        ("new/act.md", "TimeBudgetExceeded")
    ]
    assert [d["assessed"] for d in found["documents"]] == [True, False]
    assert workers(cache) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(gate: Gate, acts: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C and a CI's stop give 130, no process is left, and no output is half written."""
    process = gate.start(
        acts, "check", "--output", "json=out.json", GCM_ALIGN_CACHE_DIR=str(tmp_path / "cache")
    )
    wait_for_worker(tmp_path / "cache")
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert workers(tmp_path / "cache") == []
    assert not (acts / "out.json").exists()


def test_a_document_that_kills_its_process(gate: Gate, acts: Path, tmp_path: Path) -> None:
    """The process dies, the run goes on and names the document: exit code 3."""
    process = gate.start(
        acts, "check", "a", "--format", "json", GCM_ALIGN_CACHE_DIR=str(tmp_path / "cache")
    )
    os.kill(wait_for_worker(tmp_path / "cache"), signal.SIGKILL)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 3, said
    found = json.loads(out)["findings"][0]
    assert found["error"] == "WorkerDied"
    assert "SIGKILL" in found["message"]


def test_killed_at_any_moment(gate: Gate, acts: Path, tmp_path: Path) -> None:
    """After kill -9 at random moments the next run gives the bytes of an undisturbed one."""
    expected = gate.run(acts, "check", "b", "--format", "json").stdout
    accepted = gate.run(acts, "baseline", "write", "b")
    assert accepted.returncode == 0, accepted.stderr
    baseline = (acts / BASELINE).read_bytes()
    (acts / BASELINE).unlink()
    cache = {"GCM_ALIGN_CACHE_DIR": str(tmp_path / "cache"), "GCM_ALIGN_JOBS": "1"}
    draw = Random(time.time_ns())  # noqa: S311 (moments, no secrets)
    for words in (("check", "b", "--output", "json=out.json"), ("baseline", "write", "b")) * 2:
        process = gate.start(acts, *words, **cache)
        time.sleep(draw.uniform(0.1, 2.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        if (acts / "out.json").exists():
            assert (acts / "out.json").read_text(encoding="utf-8") == expected
        if (acts / BASELINE).exists():
            assert (acts / BASELINE).read_bytes() == baseline
            (acts / BASELINE).unlink()
    assert gate.run(acts, "check", "b", "--format", "json", **cache).stdout == expected
    assert gate.run(acts, "baseline", "write", "b", **cache).returncode == 0
    assert (acts / BASELINE).read_bytes() == baseline


def test_two_jobs_on_one_damaged_cache(gate: Gate, acts: Path, tmp_path: Path) -> None:
    """Two runs at once on truncated and altered entries mend them and change no verdict."""
    expected = gate.run(acts, "check", "b", "--format", "json").stdout
    cache = tmp_path / "cache"
    shutil.copytree(gate.cache, cache)
    entries = sorted((cache / "verdicts").glob("*/*.entry"))
    whole = {path: path.read_bytes() for path in entries}
    for number, path in enumerate(entries):
        content = whole[path]
        path.write_bytes(content[:-20] if number % 2 else content[:40] + b"?" + content[40:])
    words = ("check", "b", "--format", "json")
    runs = [gate.start(acts, *words, GCM_ALIGN_CACHE_DIR=str(cache)) for _ in range(2)]
    for process in runs:
        out, said = process.communicate(timeout=240)
        assert (process.returncode, said) == (1, "")
        assert out == expected
    assert sum(path.read_bytes() == whole[path] for path in entries) == 1
    left = [path for path in (cache / "verdicts").rglob(".*") if path.is_file()]
    assert left == [], "nothing half written is left"


def test_an_entry_is_trusted_only_whole(tmp_path: Path) -> None:
    """Every shortened entry, and each with one byte changed, is as if it were not there."""
    cache = ResultCache(tmp_path, "made-with")
    outcome = Unread(error="EmptyFileError", message="The file holds no bytes.")
    key = cache.key(b"bytes", "act.md")
    cache.put(key, outcome)
    assert cache.get(key) == outcome
    assert cache.get(cache.key(b"other", "act.md")) is None
    assert cache.key(b"bytes", "act.md") != ResultCache(tmp_path, "other").key(b"bytes", "act.md")
    path = next(tmp_path.glob("*/*.entry"))
    content = path.read_bytes()
    for at in range(len(content)):
        path.write_bytes(content[:at])
        assert cache.get(key) is None
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert cache.get(key) is None


def test_a_warm_run_loads_no_model(gate: Gate, acts: Path) -> None:
    """When nothing changed, none of the heavy libraries is imported and no process started."""
    done = gate.run(acts, "check", PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert "gcm_align.checking.check" in loaded
    assert not loaded & {"torch", "numpy", "spacy", "pandas", "pdfplumber", "pypdfium2"}


def test_no_cache_keeps_nothing(tmp_path: Path) -> None:
    """Without a folder nothing is written and nothing found."""
    cache = ResultCache(None, "made-with")
    cache.put("key", Unread(error="EmptyFileError", message="x"))
    assert cache.get("key") is None
    assert render(check_result(), "human") == (
        "0 documents checked: nothing found. The gate passes.\n"
    )
