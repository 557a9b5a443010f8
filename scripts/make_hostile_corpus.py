"""Write the hostile corpus: more than 300 files that no reader may be stopped by.

    python scripts/make_hostile_corpus.py DIR [--kind bombs]

One folder for each kind of harm. The files are made here, byte for byte the same each time;
nothing is taken from real documents, and no file does harm by lying on a disk.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import hostile_containers
import hostile_pages
import hostile_pdf
import hostile_texts

KINDS = {
    **hostile_pdf.KINDS,
    **hostile_pages.KINDS,
    **hostile_containers.KINDS,
    **hostile_texts.KINDS,
}


def hostile_files(kinds: Sequence[str] = ()) -> Iterator[tuple[str, str, bytes]]:
    """Yield kind, name and bytes of each file; of all kinds where none is named."""
    for kind in kinds or KINDS:
        for name, data in KINDS[kind]():
            yield kind, name, data


def write_corpus(folder: Path, kinds: Sequence[str] = ()) -> list[Path]:
    """Write the files, each kind in a folder of its own, and return their paths."""
    paths = []
    for kind, name, data in hostile_files(kinds):
        path = folder / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        paths.append(path)
    return paths


def main() -> None:
    """Write the corpus and say how much there is of each kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", action="append", default=[], choices=sorted(KINDS))
    options = parser.parse_args()
    paths = write_corpus(options.folder, options.kind)
    for kind in options.kind or KINDS:
        own = [path for path in paths if path.parent.name == kind]
        size = sum(path.stat().st_size for path in own)
        print(f"{kind}: {len(own)} files, {size / 1e6:.1f} MB")
    print(f"{len(paths)} files in {options.folder}")


if __name__ == "__main__":
    main()
