"""What git knows: which files changed since a ref."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from gcm_align.errors import GitError

_SECONDS = 60  # git answers in milliseconds; a hung network file system must not hang CI


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Absolute paths that differ from a ref in the working tree, files not yet added included."""

    present: frozenset[Path]
    deleted: frozenset[Path]


def changes_since(ref: str, folder: Path) -> Changes:
    """
    Return what changed between where this branch left a ref and the working tree.

    Raises:
        GitError: git is not installed, this is no repository, or the ref is unknown.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel").strip("\n"))
    if ref.startswith("-"):
        raise _unknown(ref)
    try:
        commit = _git(top, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").strip()
    except GitError:
        raise _unknown(ref) from None
    try:
        base = _git(top, "merge-base", commit, "HEAD").strip() or commit
    except GitError:  # no common history, or HEAD has no commit yet: compare with the ref itself
        base = commit
    named = _git(top, "diff", "--name-status", "--no-renames", "-z", base, "--").split("\0")
    pairs = list(zip(named[::2], named[1::2], strict=False))
    new = _git(top, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    return Changes(
        present=frozenset(
            top / name for name in (*(n for s, n in pairs if s != "D"), *new) if name
        ),
        deleted=frozenset(top / name for status, name in pairs if status == "D"),
    )


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "core.quotepath=off", *words]
    try:
        done = subprocess.run(  # noqa: S603 (a fixed list; the ref is checked above)
            command, cwd=folder, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(
            "git cannot be asked",
            value=f"{type(error).__name__}",
            expected="git on the PATH, answering within a minute",
            hint="Install git, or leave --changed-since out.",
        ) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(
            "git refuses",
            value=f"git {words[0]}: {said[-1] if said else f'exit code {done.returncode}'}",
            expected="a git repository",
            hint="Run inside the repository, or leave --changed-since out.",
        )
    return done.stdout.decode("utf-8", "surrogateescape")


def _unknown(ref: str) -> GitError:
    return GitError(
        "git does not know the ref",
        value=repr(ref),
        expected="a branch, tag or commit that this clone holds",
        hint="Fetch it first; in CI, fetch the whole history (fetch-depth: 0, GIT_DEPTH: 0).",
    )
