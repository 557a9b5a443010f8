from __future__ import annotations

from pathlib import Path
from typing import Any

import factories
import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.pdfinterp import PDFContentParser, PDFPageInterpreter
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import PSEOF
from pdfplumber.page import Page

from gcm_align.reading.quick_content import QuickInterpreter, QuickParser
from gcm_align.reading.quick_pages import quick_pages

# What content is made of, whole and broken; put together with and without blanks between.
PARTS = (
    *(b"BT", b"ET", b"Tj", b"TJ", b"T*", b"'", b'"', b"re", b"f*", b"q", b"true", b"false"),
    *(b"12", b"-3", b"+7", b"0.5", b"-.25", b"4.", b".", b"-", b"--5", b"1.2.3", b"12abc"),
    *(b"(abc)", b"(a\\)b)", b"(a(b)c)", b"(open", b"()", b"(\\101)", b"(two\nlines)"),
    *(b"<4142>", b"<414>", b"<41 42>", b"<>", b"<4142>>", b"<zz>", b"<"),
    *(b"/F1", b"/A#42", b"/", b"/a.b", b"[", b"]", b"<<", b">>", b"{", b"}", b"%note\n", b"%"),
    *(b"\x00", b"\xff", b"#", b"9" * 20, b"1." + b"0" * 20, b"x" * 40, b"nan"),
    *(b"BI /W 1 /H 1 ID abc EI ", b"ID", b"EI", b"BI"),
)
contents = st.lists(st.sampled_from(PARTS), max_size=25).flatmap(
    lambda parts: st.lists(
        st.sampled_from((b" ", b"\n", b"", b"\r\n")), min_size=len(parts), max_size=len(parts)
    ).map(lambda gaps: b"".join(part + gap for part, gap in zip(parts, gaps, strict=True)))
)


# Of a character; of anything else all that pdfplumber says.
USED = frozenset(
    ("object_type", "page_number", "text", "x0", "x1", "top", "bottom", "width", "height", "size",
     "upright", "fontname", "matrix")
)  # fmt: skip


def same(item: dict[str, Any]) -> dict[str, Any]:
    """Leave out what counts the pages above, and a picture's own stream."""
    return {key: value for key, value in item.items() if key not in {"doctop", "stream"}}


def told(kind: type[PDFContentParser], streams: list[bytes], size: int) -> list[tuple[str, str]]:
    """Return the objects that a parser gives, with their kinds and places, and how it ends."""
    sized = type("Sized", (kind,), {"BUFSIZ": size})
    found: list[tuple[str, str]] = []
    try:
        parser = sized([PDFStream({}, data) for data in streams])
        while True:
            place, item = parser.nextobject()
            found.append((type(item).__name__, f"{place} {shown(item)}"))
    except Exception as error:
        return [*found, ("end", f"{type(error).__name__} {error}")]


def shown(item: Any) -> str:
    return f"{item.attrs} {item.rawdata!r}" if isinstance(item, PDFStream) else repr(item)


@given(st.lists(contents, min_size=1, max_size=3), st.sampled_from((1, 3, 16, 4096)))
def test_the_short_cut_gives_what_pdfminer_gives(streams: list[bytes], size: int) -> None:
    """Objects, kinds, places and the end are the same, wherever the buffer and a stream end."""
    assert told(QuickParser, streams, size) == told(PDFContentParser, streams, size)


@given(st.binary(max_size=60), st.sampled_from((2, 4096)))
def test_any_bytes_are_read_as_pdfminer_reads_them(data: bytes, size: int) -> None:
    """What is no content at all gives the same objects too."""
    assert told(QuickParser, [data], size) == told(PDFContentParser, [data], size)


def test_an_empty_page_has_no_objects() -> None:
    """A page without streams ends at once, as with pdfminer."""
    assert told(QuickParser, [], 4096) == told(PDFContentParser, [], 4096)
    with pytest.raises(PSEOF):
        QuickParser([])


@pytest.mark.parametrize(
    "make", [factories.policy, factories.table_over_pages, factories.with_silent_pages]
)
def test_a_page_holds_what_pdfplumber_finds_on_it(make: Any, tmp_path: Path) -> None:
    """Characters, lines and rectangles are pdfplumber's, in order, to the last digit."""
    path = make(tmp_path / "policy.pdf")
    with pdfplumber.open(path) as plumber:
        for page, quick in zip(plumber.pages, quick_pages(path.read_bytes()), strict=True):
            assert isinstance(page, Page)
            assert list(quick.objects) == list(page.objects)
            for kind, theirs in page.objects.items():
                assert [same(own) for own in quick.objects[kind]] == [
                    {k: v for k, v in same(own).items() if kind != "char" or k in USED}
                    for own in theirs
                ]


def test_operators_are_looked_up_with_their_odd_names() -> None:
    """Stars and quotes stand for the names that pdfminer gives them; unknown ones do nothing."""
    from pdfminer.pdfdevice import PDFDevice
    from pdfminer.pdfinterp import PDFResourceManager
    from pdfminer.psparser import KWD

    made = QuickInterpreter(PDFResourceManager(), PDFDevice(PDFResourceManager()))
    names = {word: made._operator(KWD(word)) for word in (b"T*", b"'", b'"', b"re", b"nothing")}
    assert [wanted for _, wanted in names.values()] == [0, 1, 3, 4, 0]
    assert names[b"nothing"][0] is None
    assert names[b"'"][0] == PDFPageInterpreter.do__q.__get__(made)
