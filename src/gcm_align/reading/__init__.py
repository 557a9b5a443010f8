"""Files to documents: PDF, Markdown and plain text, told apart by their content."""

from gcm_align.reading.reader import read_document
from gcm_align.reading.sandbox import read_apart

__all__ = ["read_apart", "read_document"]
