"""What was uploaded, to documents: a file is one, an archive holds several."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from threading import Semaphore

from gcm_align.errors import GcmAlignError
from gcm_align.reading.collecting import collected, is_packed
from gcm_align.serving import strings
from gcm_align.serving.library import Entry, Library, clean, safe_name
from gcm_align.settings import Settings
from gcm_align.translating import gettext as _

# Smaller than on the command line: somebody waits for the answer.
LIMITS = Settings(max_members=500, max_read_seconds=120)
_TURN = Semaphore(1)  # one archive at a time: each may take the memory and disk of a reading


@dataclass(slots=True, kw_only=True)
class Taken:
    """What came of an upload: documents, and what was refused with the reason."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)  # name, why in plain words

    def add(self, other: Taken) -> None:
        """Put what came of another file to it."""
        self.entries += [entry for entry in other.entries if entry not in self.entries]
        self.refused += other.refused


def take(
    library: Library,
    data: bytes,
    name: str,
    *,
    country: str,
    status: str,
    user: str,
    limits: Settings = LIMITS,
) -> Taken:
    """
    Keep an uploaded document, or each document of an uploaded archive.

    An archive is unpacked by a process with limits, into a folder that nobody else may read
    and that is gone afterwards; see collected(). Nothing that is refused stops the rest.

    Args:
        library: Where documents are kept and their runs queued.
        data: The bytes of the file.
        name: What the browser calls it.
        country: Whose document it is, as the user says.
        status: One of library.STATUSES.
        user: Who uploads it.
        limits: ``max_members``, ``max_bytes``, ``max_unpacked_bytes``, ``max_ratio``.
    """

    def keep(content: bytes, called: str) -> Taken:
        try:
            entry = library.add(content, called, country=country, status=status, user=user)
        except GcmAlignError as error:
            shown = clean(called)
            return Taken(refused=[(shown, f"{error.what} ({error.value}). {error.hint}")])
        return Taken(entries=[entry])

    with tempfile.TemporaryDirectory(prefix="gcm-align-upload-") as folder:
        path = Path(folder, safe_name(name))
        path.write_bytes(data)
        if not is_packed(path):
            return keep(data, name)
        taken = Taken()
        with _TURN, collected([path], limits) as found:
            for source in found.sources:
                taken.add(keep(source.path.read_bytes(), source.name or name))
            for skipped in found.skipped:
                # Without the folder of this server, which is nobody's business.
                words = skipped.message.replace(f"{folder}/", "")
                taken.refused.append((skipped.path.replace(f"{folder}/", ""), words))
            taken.refused += [(other, _(strings.NO_DOCUMENT)) for other in found.others]
        if not taken.entries and not taken.refused:
            taken.refused.append((path.name, _(strings.EMPTY_ARCHIVE)))
        return taken
