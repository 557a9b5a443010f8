"""Make a small repository of laws with two commits, and what a check says of the second.

    python examples/legislation-ci/build.py FOLDER          # the repository and outputs
    python examples/legislation-ci/build.py --renew         # outputs/ beside this file

The first commit holds two acts, the configuration, the files of three CI systems and the
baseline that accepts the acts as they are. The second softens Article 3 of one act to a power
to give guidance, and adds a bill that orders what Article 2 of the other act prohibits.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUTPUTS = HERE / "outputs"
FILES = {
    "human": "human.txt",
    "json": "check.json",
    "sarif": "check.sarif",
    "junit": "junit.xml",
    "github": "github.txt",
    "gitlab": "gl-code-quality-report.json",
    "markdown": "summary.md",
}
# The same commits on every machine, and the day that suppressions are measured against.
IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in {
        "NAME": "Clerk of Norland",
        "EMAIL": "clerk@norland.invalid",
        "DATE": "2026-11-02T09:00:00Z",
    }.items()
}
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    **IDENTITY,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "SOURCE_DATE_EPOCH": "1795392000",
}


def build(folder: Path, outputs: Path) -> int:
    """Make the repository, check its second commit into every format, return the exit code."""
    folder.mkdir(parents=True)
    run(folder, "git", "init", "--quiet", "--initial-branch", "main")
    commit(folder, "first", "Acts as in force", "gcm-align", "baseline", "write")
    commit(folder, "second", "Soften Article 3; add the removal bill")
    words = [f"--output={name}={outputs.resolve() / file}" for name, file in FILES.items()]
    return run(folder, "gcm-align", "check", *words, allowed=(0, 1))


def commit(folder: Path, state: str, message: str, *command: str) -> None:
    """Lay a state over the folder, run a command there, and commit."""
    shutil.copytree(HERE / state, folder, dirs_exist_ok=True)
    if command:
        run(folder, *command)
    run(folder, "git", "add", "--all")
    run(folder, "git", "commit", "--quiet", "--message", message)


def run(folder: Path, *command: str, allowed: tuple[int, ...] = (0,)) -> int:
    """Run a command in the folder; end with what it said where it fails."""
    done = subprocess.run(  # noqa: S603 (git and gcm-align)
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if done.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)}: {done.stderr or done.stdout}")
    return done.returncode


def main() -> None:
    """Build where the command line says; --renew writes outputs/ beside this file."""
    words = sys.argv[1:]
    if words == ["--renew"]:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "norland"
            build(folder, OUTPUTS)
            shutil.copyfile(folder / "gcm-align-baseline.json", OUTPUTS / "gcm-align-baseline.json")
        print(f"Written: {OUTPUTS}")
    elif len(words) == 1:
        folder = Path(words[0])
        code = build(folder / "norland", folder / "outputs")
        print(f"Made: {folder / 'norland'}; the check of its second commit gives {code}.")
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
