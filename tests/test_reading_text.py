from __future__ import annotations

from pathlib import Path

import factories
import pytest

from gcm_align.reading import read_document
from gcm_align.settings import Settings
from gcm_align.types import BlockKind, Document

MARKDOWN = f"""---
title: "Return and Reintegration Policy"
source: made for this test
---

# Return policy

<!-- a note of the editor that no reader sees -->

## 1. Services

{factories.PROSE}

The Ministry **shall**:

- open [twelve centres](https://example.org);
- train *their* staff.

| Activity | Body |
| --- | --- |
| Train consuls | Foreign Ministry |
| Open a register | Labour Office |

---

## 2. Data

> {factories.MORE}
"""

LAW = """\
LAW ON THE ENTRY OF FOREIGN WORKERS

CHAPTER II
Permits

Article 5. Renewal of permits

(1) The Director shall renew a permit within thirty days, where the worker
(a) is employed; or
(b) was dismissed without fault.
\f
Article 6. Appeals

A worker may appeal against a refusal to the Labour Court.
"""


def read(path: Path, data: str | bytes) -> Document:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_document(path, settings=Settings())


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.block_text(b) for b in document.blocks if b.kind is kind]


@pytest.fixture
def markdown(tmp_path: Path) -> Document:
    return read(tmp_path / "policy.md", MARKDOWN)


def test_markdown_is_known_by_its_content(tmp_path: Path) -> None:
    """The name of the file is not asked."""
    assert read(tmp_path / "policy.txt", MARKDOWN).media_type == "text/markdown"


def test_markdown_headings_make_the_section_path(markdown: Document) -> None:
    """Levels nest; the front matter gives the title and is no text."""
    assert markdown.title == "Return and Reintegration Policy"
    assert "made for this test" not in markdown.text
    paragraph = next(b for b in markdown.blocks if b.kind is BlockKind.PARAGRAPH)
    assert paragraph.section == ("Return policy", "1. Services")


def test_markdown_marks_are_no_words(markdown: Document) -> None:
    """Emphasis, links, comments and quotation marks go; the words stay."""
    assert texts(markdown, BlockKind.LIST_ITEM) == ["open twelve centres;", "train their staff."]
    assert "editor" not in markdown.text
    assert texts(markdown, BlockKind.PARAGRAPH)[-1] == factories.MORE


def test_markdown_items_carry_their_lead_in(markdown: Document) -> None:
    """The stem above a list belongs to each item."""
    items = [b for b in markdown.blocks if b.kind is BlockKind.LIST_ITEM]
    assert {b.lead_in for b in items} == {"The Ministry shall:"}


def test_markdown_tables_are_read_by_row(markdown: Document) -> None:
    """A pipe table gives a header and rows with named cells."""
    rows = [b for b in markdown.blocks if b.kind is BlockKind.TABLE_ROW]
    assert [markdown.block_text(b) for b in rows] == [
        "Train consuls\nForeign Ministry", "Open a register\nLabour Office",
    ]  # fmt: skip
    assert {b.columns for b in rows} == {("Activity", "Body")}


def test_plain_text_has_the_headings_of_a_law(tmp_path: Path) -> None:
    """Titles, chapters and articles head what follows, and a form feed starts a page."""
    document = read(tmp_path / "law.txt", LAW)
    assert document.media_type == "text/plain"
    assert document.quality.pages == 2
    item = next(b for b in document.blocks if document.block_text(b).startswith("(b)"))
    assert item.section[-1] == "Article 5. Renewal of permits"
    appeal = next(b for b in document.blocks if b.kind is BlockKind.PARAGRAPH and b.page == 2)
    assert (
        document.block_text(appeal) == "A worker may appeal against a refusal to the Labour Court."
    )


def test_plain_items_complete_their_stem(tmp_path: Path) -> None:
    """Sub-paragraphs of a law carry the words that they complete."""
    document = read(tmp_path / "law.txt", LAW)
    item = next(b for b in document.blocks if document.block_text(b).startswith("(a)"))
    assert item.lead_in.endswith("where the worker")


def test_letters_after_h_go_on(tmp_path: Path) -> None:
    """Item (i) after (h) is a letter of the same list, not a Roman one."""
    marks = "abcdefghij"
    items = "\n".join(f"({mark}) measure number {n};" for n, mark in enumerate(marks))
    document = read(tmp_path / "list.txt", f"The Office shall carry out:\n{items}\n")
    leads = [b.lead_in for b in document.blocks if b.kind is BlockKind.LIST_ITEM]
    assert leads == ["The Office shall carry out:"] * len(marks)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """UTF-8, UTF-16 and Windows text give the same words; a guess is reported."""
    text = "Los extranjeros tendrán derecho a la educación."
    document = read(tmp_path / "ley.txt", text.encode(encoding))
    assert document.text == text
    assert bool(document.quality.warnings) == (encoding == "cp1252")
    assert document.quality.share_read == 1.0


def test_line_ends_do_not_matter(tmp_path: Path) -> None:
    """Windows line ends give the same text."""
    one = read(tmp_path / "a.txt", LAW)
    two = read(tmp_path / "b.txt", LAW.replace("\n", "\r\n"))
    assert one.text == two.text


def test_front_matter_gives_the_language_of_a_short_text(tmp_path: Path) -> None:
    """Where the words are too few to tell, the front matter's language is taken."""
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: Loi\nlanguage: fr\n---\n# Loi\n", encoding="utf-8")
    document = read_document(path, settings=Settings())
    assert (document.title, document.language) == ("Loi", "fr")
