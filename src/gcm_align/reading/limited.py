"""ZIP containers with limits: what they may hold before a byte of it is unpacked.

A Word file and an OpenDocument text are containers too. A ZIP declares the size of each
member and may lie; so members are read in pieces and the count is our own.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from gcm_align.errors import CorruptFileError, EncryptedFileError, LimitExceededError
from gcm_align.settings import Settings

_PIECE = 1 << 20  # bytes
_ENCRYPTED = 0x1


def open_container(
    data: bytes, name: str, settings: Settings, *, whole: bool = True
) -> zipfile.ZipFile:
    """
    Open a ZIP held in memory and check what it declares.

    Args:
        data: The bytes.
        name: For messages.
        settings: ``max_members`` and ``max_unpacked_bytes``.
        whole: All members are needed, so that the bytes of all of them count.

    Raises:
        CorruptFileError: It cannot be opened.
        LimitExceededError: It declares more members or bytes than the settings allow.
    """
    try:
        container = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _corrupt(name, error) from error
    members = container.infolist()
    if len(members) > settings.max_members:
        raise _too_much(name, f"{len(members)} members", "max_members", settings.max_members)
    declared = sum(member.file_size for member in members)
    if whole and declared > settings.max_unpacked_bytes:
        raise _too_much(
            name, f"{declared} bytes unpacked", "max_unpacked_bytes", settings.max_unpacked_bytes
        )
    return container


def read_member(
    container: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limit: int, setting: str
) -> bytes:
    """
    Unpack one member, and stop at the limit whatever the member declares.

    Raises:
        CorruptFileError: It cannot be unpacked.
        EncryptedFileError: It asks for a password.
        LimitExceededError: It holds more than ``limit`` bytes, the value of ``setting``.
    """
    if member.flag_bits & _ENCRYPTED:
        raise EncryptedFileError(
            "A member of the archive asks for a password",
            value=name,
            expected="an archive that opens without a password",
            hint="Unpack it, and analyse the folder.",
        )
    pieces: list[bytes] = []
    size = 0
    try:
        with container.open(member) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise _too_much(name, f"more than {limit} bytes unpacked", setting, limit)
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError,
            RuntimeError, ValueError) as error:  # fmt: skip
        raise _corrupt(name, error) from error
    return b"".join(pieces)


def check_container(data: bytes, name: str, settings: Settings) -> None:
    """
    Unpack every member of a document's container once, and keep nothing.

    A library that opens the container afterwards cannot meet a bomb in it.

    Raises:
        CorruptFileError: A member cannot be unpacked.
        EncryptedFileError: A member asks for a password.
        LimitExceededError: The members hold more than the settings allow.
    """
    room = settings.max_unpacked_bytes
    with open_container(data, name, settings) as container:
        for member in container.infolist():
            room -= len(read_member(container, member, name, room, "max_unpacked_bytes"))


def _corrupt(name: str, error: Exception) -> CorruptFileError:
    return CorruptFileError(
        "The container cannot be unpacked",
        value=f"{name} ({error or type(error).__name__})",
        expected="a complete ZIP file",
        hint="Download or export it again.",
    )


def _too_much(name: str, found: str, setting: str, limit: int) -> LimitExceededError:
    return LimitExceededError(
        "The archive unpacks to more than is allowed",
        value=f"{name} ({found})",
        expected=f"at most {limit}",
        hint=f"Unpack it and analyse the files you need, or raise the setting {setting}.",
    )
