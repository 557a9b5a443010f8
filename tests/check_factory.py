"""Invented acts in real git repositories, and the installed command that checks them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factories import encrypted, scanned, with_silent_pages

from gcm_align.findings import (
    RULES,
    CheckResult,
    DocumentOutcome,
    Finding,
    Place,
    Severity,
    fingerprint,
)

BASELINE = "gcm-align-baseline.json"
TODAY = 1_795_392_000  # 2026-11-23, what expiries are measured against
PASSPORTS = (
    "No employer or agency shall retain the passport, the identity document or the contract of a "
    "migrant worker. Whoever does so is liable to a fine of up to 50,000 crowns, imposed by the "
    "Labour Inspectorate."
)
POLICED = (
    "No employer shall retain the passport or the identity document of a migrant worker, and the "
    "Labour Inspectorate shall impose a fine of 50,000 crowns on whoever does so."
)
GUIDANCE = "The Ministry of Labour may issue guidance to employers."
NO_DETENTION = (
    "The detention of migrant children is prohibited. The Ministry of Social Affairs shall provide "
    "community-based alternatives to detention for children and their families."
)
DETENTION = (
    "Migrant children who are found without a permit shall be held in the reception centre "
    "together with their parents until they are removed."
)
POWER = "An officer may detain the children of an unlawful migrant until removal."


def act(*clauses: str, width: int = 0) -> str:
    """Return an act with one article for each clause, its lines broken at a width."""
    parts = ["# Norland Migrant Protection Act"]
    for number, clause in enumerate(clauses, start=1):
        parts.append(f"### Article {number}")
        parts.append(textwrap.fill(clause, width, break_on_hyphens=False) if width else clause)
    return "\n\n".join(parts) + "\n"


GOOD = act(PASSPORTS, NO_DETENTION)
TEXTS = {
    "good": GOOD,
    "reflowed": "\n\n\n" + act(PASSPORTS, NO_DETENTION, width=44),
    "policed": act(POLICED, NO_DETENTION),
    "moved": "\n\n\n" + act(PASSPORTS, DETENTION, width=44),
    "softened": act(GUIDANCE, NO_DETENTION),
    "detains": act(PASSPORTS, DETENTION),
    "harsher": act(PASSPORTS, DETENTION.replace("reception centre", "prison of the district")),
    "bare": act(NO_DETENTION),
    "empty": "",
    "tension": act(PASSPORTS, NO_DETENTION, POWER),
    "french": "# Loi\n\nLe ministère du travail protège les travailleurs migrants et leurs "
    "familles. Aucun employeur ne peut garder le passeport d'un travailleur étranger. Les enfants "
    "migrants ont droit à l'école publique dans les mêmes conditions que les nationaux.\n",
}


def _locked(path: Path) -> None:
    encrypted(path, password="secret")  # noqa: S106 (a test's own)


DRAWN = {"scan": scanned, "half": with_silent_pages, "locked": _locked}
_PATH = (str(Path(sys.executable).parent), os.environ["PATH"])


@dataclass(frozen=True)
class Gate:
    """The command as installed from the wheel, away from the source tree."""

    site: Path
    cache: Path
    texts: Path  # every text as a file that the cache knows: NAME/act.md or NAME/act.pdf
    baselines: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Only what a CI job has: no setting of the user's gets in."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GCM_ALIGN", "GITHUB"))}
        return kept | {
            "PATH": os.pathsep.join([str(self.site / "bin"), *_PATH]),
            "PYTHONPATH": str(self.site),
            "GCM_ALIGN_CACHE_DIR": str(self.cache),
            "SOURCE_DATE_EPOCH": str(TODAY),
            "HF_HUB_OFFLINE": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def run(self, folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run gcm-align in a folder."""
        return subprocess.run(
            [str(self.site / "bin" / "gcm-align"), *words],
            cwd=folder,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=240,
        )

    def start(self, folder: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
        """Start gcm-align in a folder, in a process group of its own."""
        return subprocess.Popen(
            [str(self.site / "bin" / "gcm-align"), *words],
            cwd=folder,
            env=self.environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            # A job that a shell put in the background passes on that Ctrl-C is ignored.
            preexec_fn=_default_interrupt,
        )

    def put(self, folder: Path, **named: str) -> None:
        """Put texts into a folder by stem: ``acts="good"`` is acts/act.md, or acts/act.pdf."""
        for stem, name in named.items():
            source = next((self.texts / name).iterdir())
            (folder / stem).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / stem / source.name)

    def baseline(self, name: str) -> str:
        """Return the baseline that accepts one text as acts/act.md; it is written once."""
        if name not in self.baselines:
            folder = self.texts.parent / f"baseline-{name}"
            self.put(folder, acts=name)
            done = self.run(folder, "baseline", "write")
            assert done.returncode == 0, done.stderr
            self.baselines[name] = (folder / BASELINE).read_text(encoding="utf-8")
        return self.baselines[name]

    def check(self, folder: Path, *words: str, **variables: str) -> dict[str, Any]:
        """Run a check and return its JSON."""
        done = self.run(folder, "check", "--format", "json", *words, **variables)
        assert done.stdout, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == found["exit_code"], done.stderr
        return found

    def rules(self, folder: Path, *words: str) -> list[str]:
        """Return the rules of the findings that no suppression covers."""
        findings = self.check(folder, *words)["findings"]
        return [item["rule_id"] for item in findings if not item["suppressed"]]


def git(folder: Path, *words: str) -> str:
    """Run git with an author and a date of its own, so that commits are the same each time."""
    who = {f"GIT_{r}_{k}": v for r in ("AUTHOR", "COMMITTER") for k, v in _WHO.items()}
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env=os.environ | who | {"GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


_WHO = {"NAME": "Clerk", "EMAIL": "clerk@norland.invalid", "DATE": "2026-11-01T09:00:00Z"}


def repository(folder: Path, texts: dict[str, str]) -> Path:
    """Make a git repository with one commit that holds the texts."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    write(folder, texts)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Texts")
    return folder


def write(folder: Path, texts: dict[str, str]) -> None:
    """Write files by their path from a folder."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def finding(number: int = 1, severity: Severity = Severity.ERROR, **changes: Any) -> Finding:
    """Return a made finding in a made act."""
    values: dict[str, Any] = {
        "rule_id": "new-contradiction",
        "severity": severity,
        "message": f"This clause orders the opposite of 13.h, number {number}.",
        "document": f"acts/act-{number}.md",
        "fingerprint": fingerprint("new-contradiction", f"acts/act-{number}.md", "x"),
        "place": Place(page=1, line=number, end_line=number + 1, section=("Part I", "Article 2")),
        "actions": ("13.c", "13.h"),
        "quote": "Children <shall> be held | 100% of them, `all`:\u00e9.",
    }
    return Finding(**values | changes)


def check_result(*findings: Finding, **changes: Any) -> CheckResult:
    """Return a made result that holds the findings and the documents that they name."""
    names = sorted({item.document for item in findings if item.document})
    values: dict[str, Any] = {
        "package": "0.1.0",
        "made_with": {"catalogue": "a", "instrument": "b", "model": "default"},
        "rules": {rule.id: rule.severity for rule in RULES},
        "fail_on": Severity.ERROR,
        "allow_unassessed": False,
        "baseline": "",
        "documents": tuple(
            DocumentOutcome(path=name, assessed=True, levels=(180, 1, 1, 1, 0)) for name in names
        ),
        "findings": findings,
    }
    return CheckResult(**values | changes)


def _default_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
