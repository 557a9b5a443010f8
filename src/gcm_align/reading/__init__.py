"""Files to documents: PDF, Markdown and plain text, told apart by their content."""

from gcm_align.reading.reader import read_document

__all__ = ["read_document"]
