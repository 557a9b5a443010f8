"""Files to documents of the formats in ``sniffing.READ``, told apart by their content."""

from gcm_align.reading.collecting import Collection, Source, collected
from gcm_align.reading.reader import read_document
from gcm_align.reading.sandbox import read_apart

__all__ = ["Collection", "Source", "collected", "read_apart", "read_document"]
