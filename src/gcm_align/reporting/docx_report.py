"""``report.docx``: the narrative report, ready to edit, with the same bytes each time.

The one importer of python-docx. Headings, lists, captions and tables are Word's own
styles, so that a reader can change them in one place. The contents are a field with its
entries already in it: right before anyone updates it. They carry links and no page
numbers yet, for a page number is known to the program that lays the text out alone: a
click on the contents and on Word's "Update Table" puts them in. Nothing asks for that as
the file opens, since Word would then warn of "fields that may refer to other files".
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from gcm_align.reporting.docx_styles import TEXT_WIDTH, dress
from gcm_align.reporting.docx_tables import add_table
from gcm_align.reporting.docx_text import add_runs, clean, timestamp
from gcm_align.reporting.story import Heading, Paragraph, Part, Picture, Story, Style, Table

STYLES = {
    Style.BODY: "Normal",
    Style.NOTE: "Note",
    Style.BANNER: "Banner",
    Style.BULLET: "List Bullet",
    Style.NUMBER: "List Number",
    Style.QUOTE: "Quote",
    Style.ALERT: "Alert",
    Style.TERM: "Normal",
}
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can hold: the run's date is inside


def docx_of(story: Story) -> bytes:
    """Print a story as a Word file."""
    document = Document()
    dress(document, story.language)
    _properties(document, story)
    _title_page(document, story)
    _contents(document, story)
    for number, part in enumerate(story.parts):
        _add(document, part, number)
    _feet(document, story)
    return _packed(document)


def _add(document: Any, part: Part, number: int) -> None:
    if isinstance(part, Heading):
        paragraph = document.add_paragraph(style=f"Heading {part.level}")
        if part.new_page:
            paragraph.paragraph_format.page_break_before = True
        add_runs(paragraph, clean(part.text))
        _bookmark(paragraph, f"h_{part.anchor}", number)
    elif isinstance(part, Paragraph):
        paragraph = document.add_paragraph(style=STYLES[part.style])
        for piece in part.pieces:
            add_runs(paragraph, clean(piece.text), bold=piece.bold, italic=piece.italic)
    elif isinstance(part, Table):
        document.add_paragraph(clean(part.caption), style="Caption")
        add_table(document, part)
    else:
        _picture(document, part)


def _picture(document: Any, part: Picture) -> None:
    document.add_paragraph(clean(part.caption), style="Caption")
    shape = document.add_picture(io.BytesIO(part.png), width=TEXT_WIDTH)
    properties = shape._inline.docPr
    properties.set("descr", clean(part.alt))
    properties.set("title", clean(part.caption))


def _title_page(document: Any, story: Story) -> None:
    document.add_paragraph(clean(story.kicker), style="Subtitle")
    document.add_paragraph(clean(story.title), style="Title")
    document.add_paragraph(clean(story.subtitle), style="Subtitle")
    banner = document.add_paragraph(style="Banner")
    for piece in story.banner:
        add_runs(banner, clean(piece.text), bold=piece.bold, italic=piece.italic)
    for name, value in story.facts:
        fact = document.add_paragraph(style="Normal")
        add_runs(fact, f"{clean(name)}: ", bold=True)
        add_runs(fact, clean(value))


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    """Mark a heading, so that the contents can lead to it."""
    start = OxmlElement("w:bookmarkStart")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), _bookmark_name(name))
    end = OxmlElement("w:bookmarkEnd")
    end.set(qn("w:id"), str(number))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)


def _bookmark_name(name: str) -> str:
    """Return a name as Word takes them: letters, digits and low lines, 40 at most."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name)[:40]


def _contents(document: Any, story: Story) -> None:
    """Write the contents as a field whose result is already there."""
    heading = document.add_paragraph(clean(story.words.contents), style="Contents heading")
    heading.paragraph_format.page_break_before = True
    block = _contents_block(heading)
    entries = story.contents
    for place, entry in enumerate(entries):
        paragraph = document.add_paragraph(style=f"toc {entry.level}")
        block.append(paragraph._p)
        if place == 0:
            # Levels 1 and 2, links, as outlined; page numbers from the first update on.
            for kind, text in (
                ("begin", ""),
                ("", r' TOC \o "1-2" \h \z \u '),
                ("separate", ""),
            ):
                paragraph._p.append(_field(kind, text))
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), _bookmark_name(f"h_{entry.anchor}"))
        link.set(qn("w:history"), "1")
        run = parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve"/></w:r>')
        run[0].text = clean(entry.text)
        link.append(run)
        paragraph._p.append(link)
        if place == len(entries) - 1:
            paragraph._p.append(_field("end", ""))


def _contents_block(heading: Any) -> Any:
    """Put a heading into a block that Word takes for contents; return where more goes."""
    block = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:docPartObj>"
        '<w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        "</w:docPartObj></w:sdtPr><w:sdtContent/></w:sdt>"
    )
    heading._p.addprevious(block)
    content: Any = block.find(qn("w:sdtContent"))
    content.append(heading._p)
    return content


def _field(kind: str, text: str) -> Any:
    """Return one run of a field: its beginning, its code or its end."""
    run = OxmlElement("w:r")
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
    else:
        mark = OxmlElement("w:instrText")
        mark.set(qn("xml:space"), "preserve")
        mark.text = text
    run.append(mark)
    return run


def _feet(document: Any, story: Story) -> None:
    """Write the running head, and page of pages in the foot; none on the title page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    add_runs(head, clean(story.words.running_head))
    foot = section.footer.paragraphs[0]
    pieces = story.words.page_of.replace("{page}", "\0PAGE\0").replace("{pages}", "\0NUMPAGES\0")
    for place, text in enumerate(pieces.split("\0")):
        if not place % 2:
            add_runs(foot, text)
            continue
        for kind, code in (("begin", ""), ("", f" {text} "), ("separate", "")):
            foot._p.append(_field(kind, code))
        add_runs(foot, "1")
        foot._p.append(_field("end", ""))


def _properties(document: Any, story: Story) -> None:
    """Set what a file manager shows; the dates are the run's."""
    properties = document.core_properties
    properties.title = clean(story.title)[:255]
    properties.subject = clean(story.kicker)[:255]
    properties.author = properties.last_modified_by = "gcm-align"
    properties.comments = ""
    properties.language = story.language
    properties.revision = 1
    properties.created = properties.modified = timestamp(story.date)


def _packed(document: Any) -> bytes:
    """Return the file with the dates of its parts fixed."""
    loose, packed = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(packed, "w") as target:
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, ZIP_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(item))
    return packed.getvalue()
