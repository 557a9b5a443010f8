"""What a batch assesses: a folder, files, or a manifest, as one list of named documents."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gcm_align.batch.rows import Failure
from gcm_align.errors import MissingFileError, UnreadableFileError, UsageError
from gcm_align.reading.collecting import Collection, looks_like_document
from gcm_align.reading.sniffing import READ


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A document as its source states it; ``sha256`` is empty until its bytes are read."""

    path: Path
    name: str  # in the dataset, with slashes
    country: str = ""
    title: str = ""
    date: str = ""
    status: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in a source that is no document to assess: a row, or a file without bytes."""

    name: str
    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Everything that the sources of a batch name."""

    items: tuple[Item, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()


def read_sources(paths: Sequence[Path], unpacked: Collection | None = None) -> Source:
    """
    Return the documents that folders, files, manifests and archives name, by name.

    Bad rows, files without bytes and members that cannot be unpacked are faults; they never
    stop the rest.

    Args:
        paths: Folders, files, or manifests (``.csv``).
        unpacked: What ``collected()`` found in archives.

    Raises:
        UsageError: A source is not there, a manifest cannot be read at all, nothing is named,
            or two documents have one name.
    """
    from gcm_align.batch.manifest import read_manifest

    items: list[tuple[Path, Item]] = []
    faults: list[Fault] = []
    warnings: list[str] = []
    for path in paths:
        if path.is_dir():
            found, left_out = _folder(path)
            items += [(path, item) for item in found]
            warnings += [_left_out(path, left_out)] if left_out else []
        elif path.suffix.lower() == ".csv" and path.is_file():
            manifest = read_manifest(path)
            items += [(path.parent, item) for item in manifest.items]
            faults += manifest.faults
            warnings += manifest.warnings
        else:
            items.append((path.parent, Item(path=path, name=path.name)))
    if unpacked is not None:
        items += [(own.path.parent, Item(path=own.path, name=own.name)) for own in unpacked.sources]
        faults += [
            Fault(name=own.path, failure=Failure(error=own.error, message=own.message))
            for own in unpacked.skipped
        ]
        warnings += [f"{name} is of no kind that is read" for name in unpacked.others]
    named = _named(items)
    if not named and not faults:
        raise UsageError(
            "There is nothing to assess",
            value=", ".join(map(str, paths)),
            expected=f"documents: {READ}",
            hint="Give a folder or archive of documents, files, or a manifest CSV with a column "
            "'path'.",
        )
    return Source(items=named, faults=tuple(faults), warnings=tuple(warnings))


def list_folder(folder: Path) -> Iterator[Path]:
    """Give every file under a folder, in order; hidden files and folders are left out."""
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(path) / name for name in sorted(names) if not name.startswith("."))


def with_digest(item: Item) -> Item | Fault:
    """Return a document with the digest of its bytes, or why it has none."""
    try:
        with item.path.open("rb") as file:
            return replace(item, sha256=hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        kind = MissingFileError if missing else UnreadableFileError
        message = f"{item.name} cannot be read ({error.strerror}). Check the path and its rights."
        return Fault(name=item.name, failure=Failure(error=kind.__name__, message=message))


def _folder(folder: Path) -> tuple[list[Item], list[Path]]:
    kept, left_out = [], []
    for path in list_folder(folder):
        if looks_like_document(path):
            kept.append(Item(path=path, name=path.relative_to(folder).as_posix()))
        else:
            left_out.append(path)
    return kept, left_out


def _left_out(folder: Path, files: Sequence[Path]) -> str:
    kinds = ", ".join(sorted({path.suffix.lower() or path.name for path in files}))
    return f"{folder}: {len(files)} files are of no kind that is read ({kinds})"


def _named(items: Sequence[tuple[Path, Item]]) -> tuple[Item, ...]:
    """Return each file once, by name; a name that two share gets its source's in front."""
    once = {item.path.resolve(): (root, item) for root, item in items}
    counts = Counter(item.name for _, item in once.values())
    found: dict[str, Item] = {}
    for root, item in once.values():
        name = item.name
        if counts[name] > 1:
            name = f"{root.resolve().name}/{name}"
        if name in found:
            raise UsageError(
                "Two documents have the same name",
                value=f"{found[name].path}, {item.path}",
                expected="one name for each document of a dataset",
                hint="Name them in a manifest CSV, with paths that tell them apart.",
            )
        found[name] = replace(item, name=name)
    return tuple(found[name] for name in sorted(found))
