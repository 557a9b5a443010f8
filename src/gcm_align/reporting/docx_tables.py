"""Tables of the Word report: real tables, a head that is repeated, tinted levels."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from gcm_align.reporting.docx_styles import TEXT_WIDTH
from gcm_align.reporting.docx_text import clean
from gcm_align.reporting.palette import HEAD, TINTS
from gcm_align.reporting.story import Cell, Table


def add_table(document: Any, table: Table) -> None:
    """
    Append a table.

    The rows are made as XML: python-docx looks each cell up again, which takes a minute
    for a thousand rows.
    """
    shell = document.add_table(rows=0, cols=len(table.head), style="Report table")
    shell.autofit = False
    widths = [round(share * TEXT_WIDTH.twips) for share in table.widths]
    for column, width in zip(shell._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))
    head = tuple(Cell(text=text, bold=True) for text in table.head)
    shell._tbl.append(_row(head, widths, table.numbers, head=True))
    for row in table.rows:
        shell._tbl.append(_row(row, widths, table.numbers, head=False))
    document.add_paragraph(style="After table")


def _row(cells: tuple[Cell, ...], widths: list[int], numbers: frozenset[int], *, head: bool) -> Any:
    row = OxmlElement("w:tr")
    properties = _child(row, "w:trPr")
    _child(properties, "w:cantSplit")
    if head:
        _child(properties, "w:tblHeader")
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        row.append(_cell(cell, width, flush_right=place in numbers, head=head))
    return row


def _cell(cell: Cell, width: int, *, flush_right: bool, head: bool) -> Any:
    box = OxmlElement("w:tc")
    properties = _child(box, "w:tcPr")
    _child(properties, "w:tcW", w=str(width), type="dxa")
    ink = ""
    if head:
        _child(properties, "w:shd", val="clear", color="auto", fill=HEAD[1:])
        ink = "FFFFFF"
    elif cell.state in TINTS:
        fill, colour = TINTS[cell.state]
        _child(properties, "w:shd", val="clear", color="auto", fill=fill[1:])
        ink = colour[1:]
    paragraph = _child(box, "w:p")
    style = _child(paragraph, "w:pPr")
    _child(style, "w:pStyle", val="Tabletext")
    if head:
        _child(style, "w:keepNext")
    if flush_right:
        _child(style, "w:jc", val="right")
    run = _child(paragraph, "w:r")
    dress = _child(run, "w:rPr")
    if cell.bold:
        _child(dress, "w:b")
    if ink:
        _child(dress, "w:color", val=ink)
    text = _child(run, "w:t")
    text.set(qn("xml:space"), "preserve")
    text.text = clean(cell.text)
    return box


def _child(parent: Any, name: str, **values: str) -> Any:
    child = OxmlElement(name)
    for key, value in values.items():
        child.set(qn(f"w:{key}"), value)
    parent.append(child)
    return child
