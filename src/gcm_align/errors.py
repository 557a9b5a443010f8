"""The one exception tree.

::

    GcmAlignError
    ├── UsageError              the call cannot be carried out as given
    │   ├── SettingsError       a setting is out of range
    │   ├── ConfigurationError  a configuration file or variable is wrong (names the line)
    │   ├── BaselineError       a baseline file cannot be used (names the entry)
    │   └── GitError            git cannot answer
    ├── CatalogueError          a framework file is broken (names row and field)
    ├── ArtifactError           a model or data file is missing or altered
    │   └── IncompatibleArtifactError   two artefacts do not belong together
    ├── ReportError             a report file cannot be used
    ├── ReviewError             a review cannot be taken (names sheet, row and column of a file)
    │   └── ReviewStoreError    a store of reviews cannot be used
    └── ReadingError            a document cannot be read
        ├── MissingFileError
        ├── NotAFileError
        ├── UnreadableFileError     permissions or input/output
        ├── EmptyFileError
        ├── UnsupportedFormatError
        ├── CorruptFileError
        ├── EncryptedFileError
        ├── NoTextError             nothing on any page could be read as text
        ├── LimitExceededError
        └── ReaderStoppedError      the process that read it died or ran over a limit

Every message holds four things: what failed, the value, what was expected, what to do.

Exit codes, the same in every command: 0 clean or done; 1 a gate failed; 2 usage or
configuration; 3 a document could not be assessed; 4 internal, or a model is missing; 130
interrupted.
"""

from __future__ import annotations

EXIT_CLEAN = 0
EXIT_GATE_FAILED = 1
EXIT_USAGE = 2
EXIT_UNASSESSED = 3
EXIT_INTERNAL = 4
EXIT_INTERRUPTED = 130  # what a shell reports for SIGINT


class GcmAlignError(Exception):
    """Base of every error that gcm-align raises on purpose."""

    exit_code = EXIT_USAGE

    def __init__(self, what: str, *, value: object, expected: str, hint: str) -> None:
        self.what = what
        self.value = value
        self.expected = expected
        self.hint = hint
        super().__init__(f"{what}: {value}. Expected {expected}. {hint}")


class UsageError(GcmAlignError):
    """The call cannot be carried out as given."""


class SettingsError(UsageError):
    """A setting is out of range."""


class ConfigurationError(UsageError):
    """A configuration file or variable is wrong; the message names file and line."""


class BaselineError(UsageError):
    """A baseline file cannot be used; the message names the entry."""


class GitError(UsageError):
    """git cannot answer what was asked of it."""


class CatalogueError(GcmAlignError):
    """A framework file is broken; the message names the row and the field."""


class ArtifactError(GcmAlignError):
    """A model or data file is missing or altered."""

    exit_code = EXIT_INTERNAL


class IncompatibleArtifactError(ArtifactError):
    """Two artefacts do not belong together."""


class ReportError(GcmAlignError):
    """A report file cannot be used."""


class ReviewError(GcmAlignError):
    """A review cannot be taken; of a workbook, the message names sheet, row and column."""


class ReviewStoreError(ReviewError):
    """A store of reviews is damaged, newer than this version, or cannot be opened."""


class ServerDataError(GcmAlignError):
    """The data folder of the web application cannot be used."""


class ReadingError(GcmAlignError):
    """A document cannot be read."""

    exit_code = EXIT_UNASSESSED


class MissingFileError(ReadingError):
    """There is no file at the path."""


class NotAFileError(ReadingError):
    """The path is a folder or a special file."""


class UnreadableFileError(ReadingError):
    """The operating system refused to hand over the bytes."""


class EmptyFileError(ReadingError):
    """The file holds no bytes."""


class UnsupportedFormatError(ReadingError):
    """The content is of no format that gcm-align reads."""


class CorruptFileError(ReadingError):
    """The content claims a format and breaks its rules."""


class EncryptedFileError(ReadingError):
    """The file asks for a password."""


class NoTextError(ReadingError):
    """Nothing on any page could be read as text."""


class LimitExceededError(ReadingError):
    """The file is larger than a limit in the settings allows."""


class ReaderStoppedError(ReadingError):
    """The process that read the file died or ran over a limit; ``page`` is where, else 0."""

    def __init__(self, what: str, *, value: object, expected: str, hint: str, page: int) -> None:
        self.page = page
        super().__init__(what, value=value, expected=expected, hint=hint)
