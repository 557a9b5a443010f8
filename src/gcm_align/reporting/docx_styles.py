"""The styles of the Word report: real headings, lists and captions to edit in one place."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor

from gcm_align.reporting.palette import DARK, INK, LINE, PANEL, RED, RED_PANEL, SOFT

MARGIN = Mm(22)
TEXT_WIDTH = Emu(Mm(210) - 2 * MARGIN)
SERIF, SANS = "Georgia", "Arial"  # on every desktop, or with a twin of the same widths
HEADINGS = {1: (18, 26), 2: (13, 18), 3: (11, 12)}  # size and space before, in points


def dress(document: Any, language: str) -> None:
    """Set page, fonts and styles of a new document."""
    section = document.sections[0]
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Mm(22)
    _font(document.styles["Normal"], SANS, 10, INK)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    _language(document, language)
    for level, (size, before) in HEADINGS.items():
        _heading(document.styles[f"Heading {level}"], size, before)
    _font(document.styles["Title"], SERIF, 30, INK, bold=True)
    _no_border(document.styles["Title"])
    _font(document.styles["Subtitle"], SANS, 13, SOFT, italic=False)
    _font(document.styles["Caption"], SANS, 9.5, INK, bold=True)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Caption"].paragraph_format.space_before = Pt(8)
    _font(document.styles["Quote"], SERIF, 10.5, INK, italic=False)
    document.styles["Quote"].paragraph_format.left_indent = Mm(7)
    _own_styles(document)
    _table_style(document)


def _own_styles(document: Any) -> None:
    note = _style(document, "Note", 9, SOFT)
    note.paragraph_format.space_after = Pt(6)
    banner = _style(document, "Banner", 10, INK)
    _side(banner, DARK, PANEL[1:])
    banner.paragraph_format.space_before = Pt(10)
    banner.paragraph_format.keep_with_next = True
    alert = _style(document, "Alert", 10.5, INK)
    _side(alert, RED, RED_PANEL[1:])
    alert.paragraph_format.keep_with_next = True
    _style(document, "Tabletext", 8.5, INK).paragraph_format.space_after = Pt(0)
    _style(document, "After table", 4, INK).paragraph_format.space_after = Pt(4)
    contents = _style(document, "Contents heading", 18, INK)
    _font(contents, SERIF, 18, INK, bold=True)
    for level in (1, 2):
        entry = _style(document, f"toc {level}", 11 if level == 1 else 10, INK)
        entry.paragraph_format.left_indent = Mm(0 if level == 1 else 7)
        entry.paragraph_format.space_after = Pt(2)
        entry.paragraph_format.tab_stops.add_tab_stop(
            TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
        entry.font.bold = level == 1
    for name in ("Header", "Footer"):
        _font(document.styles[name], SANS, 8.5, SOFT)
    document.styles["Footer"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _heading(style: Any, size: float, before: float) -> None:
    _font(style, SERIF, size, INK, bold=True)
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(5)
    style.paragraph_format.keep_with_next = True


def _style(document: Any, name: str, size: float, ink: str) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    _font(style, SANS, size, ink)
    return style


def _font(
    style: Any, name: str, size: float, ink: str, *, bold: bool = False, italic: bool = False
) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = name, Pt(size), bold, italic
    font.color.rgb = RGBColor.from_string(ink[1:])
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # The template's theme fonts would win over the name.
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    for kind in ("hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), name)


def _language(document: Any, language: str) -> None:
    """Tell the spelling checker, and programs that read aloud, the language."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for mark in defaults.iter(qn("w:lang")):
        mark.set(qn("w:val"), "en-GB" if language == "en" else language)


def _no_border(style: Any) -> None:
    border = style.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)


def _side(style: Any, colour: str, fill: str) -> None:
    """Put a bar at the left of a paragraph and a tint behind it."""
    properties = style.element.get_or_add_pPr()
    bar = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="6" '
        f'w:color="{colour[1:]}"/></w:pBdr>'
    )
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shade.set(qn(f"w:{key}"), value)
    properties.append(bar)
    properties.append(shade)
    style.paragraph_format.left_indent = Mm(4)


def _table_style(document: Any) -> None:
    """Add one table style: thin lines between rows, room in the cells."""
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE[1:]}"/>'
        for side in ("top", "bottom", "insideH")
    )
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 30), ("left", 50), ("bottom", 30), ("right", 50))
    )
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Reporttable">'
            f'<w:name w:val="Report table"/><w:basedOn w:val="TableNormal"/><w:tblPr>'
            f"<w:tblBorders>{edges}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar>"
            f"</w:tblPr></w:style>"
        )
    )
