"""Which files a check reads: paths, folders and patterns, less what is left out."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gcm_align.checking.configuration import CheckConfig, matches
from gcm_align.checking.git import changes_since
from gcm_align.errors import UsageError

_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The files of a check by name, and whether they are all that there are."""

    files: dict[str, Path]  # path from the root -> where it is
    deleted: tuple[str, ...]  # names that are gone since the ref
    complete: bool  # every text of the configuration, so that what is missing is gone


def select(config: CheckConfig, paths: Sequence[str], *, start: Path, since: str) -> Selection:
    """
    Return the files to check, in order of their names.

    Args:
        config: ``paths``, ``include`` and ``exclude`` are used; those of the root.
        paths: What the command line names, from ``start``; empty for the configuration's.
        start: The working directory.
        since: A git ref: only files that changed since are taken; "" for all.

    Raises:
        UsageError: Nothing is there to check; a file that is named and missing is kept, and
            is reported as unread.
        GitError: git cannot tell what changed.
    """
    base = start if paths else config.root
    found: dict[str, Path] = {}
    left_out = False
    for text in paths or config.paths:
        for path in _expand(text, base, config):
            name = name_of(path, config.root)
            if matches(name, config.exclude):
                left_out = True
            else:
                found[name] = path
    # A hook that is given a README alone has nothing to do, and no fault.
    if not found and not left_out and not since:
        raise UsageError(
            "There is nothing to check",
            value=", ".join(paths or config.paths),
            expected=f"files that match {', '.join(config.include)}",
            hint="Name other paths, or set include and exclude in the configuration.",
        )
    deleted: tuple[str, ...] = ()
    if since:
        changes = changes_since(since, start)
        present = {path.resolve() for path in changes.present}
        found = {name: path for name, path in found.items() if path.resolve() in present}
        deleted = tuple(sorted(name_of(path, config.root) for path in changes.deleted))
    return Selection(
        files=dict(sorted(found.items())), deleted=deleted, complete=not paths and not since
    )


def name_of(path: Path, root: Path) -> str:
    """Return a path from the root, with slashes on every system."""
    return Path(os.path.relpath(path, root)).as_posix()


def _expand(text: str, base: Path, config: CheckConfig) -> Iterator[Path]:
    path = base / text
    if path.is_dir():
        yield from _search(path, config)
    elif path.exists() or not _MAGIC & set(text):
        yield path
    else:
        # A pattern that the shell did not expand: quoted, or in the configuration.
        for match in sorted(glob.glob(text, root_dir=base, recursive=True)):  # noqa: PTH207 (absolute patterns)
            if (base / match).is_dir():
                yield from _search(base / match, config)
            else:
                yield base / match


def _search(folder: Path, config: CheckConfig) -> Iterator[Path]:
    for path, folders, names in os.walk(folder):
        here = Path(path)
        kept = [n for n in folders if not matches(name_of(here / n, config.root), config.exclude)]
        folders[:] = sorted(kept)
        for name in sorted(names):
            if matches(name_of(here / name, config.root), config.include):
                yield here / name
