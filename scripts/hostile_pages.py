"""Hostile PDF pages: what they draw, with which fonts and pictures, and how much of it."""

from __future__ import annotations

import io
import random
import zlib

from hostile_pdf import HUGE, SENTENCES, Files, build, flate, parts, stream, writing

_BOMB = 1 << 29  # bytes: half a gibibyte


def nesting() -> Files:
    """Arrays, dictionaries, strings, states and marks far deeper than any writer makes."""
    depth = 50_000
    for name, body in {
        "array": b"[" * depth + b"]" * depth,
        "dictionary": b"<</A" * depth + b" 1 " + b">>" * depth,
        "array-open": b"[" * depth,
        "string": b"(" * depth + b")" * depth,
    }.items():
        yield f"deep-{name}.pdf", build(parts(catalogue=b"/Lang 4 0 R", extra={4: body}))
    text = writing(SENTENCES[0])
    for name, content in {
        "states": b"q " * depth + text,
        "marks": b"/P <</MCID 0>> BDC " * depth + text,
        "array-shown": b"BT /F1 9 Tf " + b"[" * depth + b"] TJ ET",
        "numbers": b"1 " * 400_000 + text,
        "restores": b"Q " * depth + text,
        "unfinished": text[:60],
        "inline-picture": b"BI /W 9 /H 9 ID " + b"\x00" * 20_000 + text,
    }.items():
        yield f"deep-{name}.pdf", build(parts([flate(content)]))


def bombs() -> Files:
    """A few bytes that unpack to a gibibyte, or that draw without end."""
    once = _zeros()
    twice = zlib.compress(once, 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    yield "bomb-flate.pdf", build(parts([stream(once, b"/Filter /FlateDecode")]))
    yield "bomb-flate-twice.pdf", build(parts([stream(twice, filters)]))
    sound = stream(writing(SENTENCES[0]))
    yield "bomb-on-page-2.pdf", page_bomb()
    many = b"/Filter [" + b"/FlateDecode " * 5_000 + b"]"
    yield "bomb-filters.pdf", build(parts([stream(once[:2000], many)]))
    yield (
        "bomb-run-length.pdf",
        build(parts([stream(b"\x81 " * 10**6, b"/Filter /RunLengthDecode")])),
    )
    yield "bomb-lzw.pdf", build(parts([stream(b"\x80\x0b" * 10**5, b"/Filter /LZWDecode")]))
    predictor = b"/DecodeParms << /Predictor 15 /Columns %d /Colors 32 >>" % HUGE
    yield "bomb-predictor.pdf", build(parts([flate(writing(SENTENCES[0]), predictor)]))
    for name, factor, levels in (("forms", 8, 9), ("forms-wide", 3000, 2)):
        forms = {}
        for level in range(levels):
            draws = b"/X Do " * factor if level + 1 < levels else b"BT /F1 9 Tf (x) Tj ET"
            below = b"/Resources << /XObject << /X %d 0 R >> /Font << /F1 3 0 R >> >>" % (
                51 + level
            )
            forms[50 + level] = stream(draws, b"/Subtype /Form /BBox [0 0 9 9] " + below)
        own = b"/XObject << /X 50 0 R >>"
        yield (
            f"bomb-{name}.pdf",
            build(parts([stream(b"/X Do"), sound], resources=own, extra=forms)),
        )
    shown = b"BT /F1 9 Tf " + b"(a) Tj " * 1_000_000 + b"ET"
    yield "bomb-text.pdf", build(parts([flate(shown), sound]))
    yield "bomb-rectangles.pdf", build(parts([flate(b"5 5 9 9 re S " * 60_000), sound]))
    yield "bomb-curve.pdf", build(parts([flate(b"0 0 m " + b"1 1 2 2 3 3 c " * 300_000 + b"S")]))
    yield (
        "bomb-long-line.pdf",
        build(parts([flate(b"BT /F1 9 Tf (" + b"word " * 400_000 + b") Tj ET")])),
    )
    grid = b"".join(b"%d 0 0.4 800 re 0 %d 600 0.4 re " % (x, x) for x in range(600)) + b"f"
    yield "bomb-grid.pdf", build(parts([flate(grid + b" " + writing(SENTENCES[0]))]))


def page_bomb(size: int = _BOMB) -> bytes:
    """Return three pages, the second of which unpacks twice, to ``size`` bytes."""
    sound = stream(writing(SENTENCES[0]))
    twice = zlib.compress(_zeros(size), 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    return build(parts([sound, stream(twice, filters), sound]))


def _zeros(size: int = _BOMB) -> bytes:
    packer, out = zlib.compressobj(9), io.BytesIO()
    piece = bytes(1 << 20)
    for _ in range(size >> 20):
        out.write(packer.compress(piece))
    out.write(packer.flush())
    return out.getvalue()


def boxes() -> Files:
    """Pages and letters of sizes that no paper has."""
    for name, page in {
        "huge": b"/MediaBox [0 0 200000 200000]",
        "endless": b"/MediaBox [0 0 1e38 1e38]",
        "negative": b"/MediaBox [0 0 -595 -842]",
        "turned-round": b"/MediaBox [595 842 0 0]",
        "none": b"/MediaBox [0 0 0 0]",
        "missing": b"",
        "short": b"/MediaBox [0 0]",
        "words": b"/MediaBox [/A /B (c) null]",
        "self": b"/MediaBox 10 0 R",
        "far": b"/MediaBox [1e9 1e9 1000000595 1000000842]",
        "crop-outside": b"/MediaBox [0 0 595 842] /CropBox [9000 9000 9100 9100]",
        "crop-none": b"/MediaBox [0 0 595 842] /CropBox [9 9 9 9]",
        "rotate-odd": b"/MediaBox [0 0 595 842] /Rotate 45",
        "rotate-huge": b"/MediaBox [0 0 595 842] /Rotate 99999999990",
        "rotate-word": b"/MediaBox [0 0 595 842] /Rotate (x)",
        "unit": b"/MediaBox [0 0 595 842] /UserUnit 1e30",
    }.items():
        yield f"box-{name}.pdf", build(parts(page=page))
    text = b"(The State shall) Tj ET"
    for name, content in {
        "font-huge": b"BT /F1 1e30 Tf " + text,
        "font-zero": b"BT /F1 0 Tf " + text,
        "font-negative": b"BT /F1 -11 Tf 72 700 Td " + text,
        "font-missing": b"BT /F9 11 Tf 72 700 Td " + text,
        "matrix-zero": b"BT /F1 11 Tf 0 0 0 0 0 0 Tm " + text,
        "matrix-huge": b"1e300 0 0 1e300 0 0 cm " * 4 + b"BT /F1 11 Tf " + text,
        "matrix-word": b"/a /b /c (d) [] << >> cm BT /F1 11 Tf " + text,
        "place-far": b"BT /F1 11 Tf 1e15 -1e15 Td " + text,
        "spacing": b"BT /F1 11 Tf 1e9 Tc -1e9 Tw 1e20 Tz 72 700 Td " + text,
        "operands-missing": b"BT Tf Td Tj TJ Tm cm re m l c h f S Do gs sh BI ID EI ET",
        "noise": bytes(random.Random(5).randrange(256) for _ in range(20_000)),
    }.items():
        yield f"draw-{name}.pdf", build(parts([flate(content)]))


def fonts() -> Files:
    """Fonts and character maps that loop, lie, or name files outside the package."""
    for name, cmap in {
        "range-huge": b"1 beginbfrange <0000> <FFFFFFFF> <0041> endbfrange",
        "range-back": b"1 beginbfrange <FF> <00> <0041> endbfrange",
        "surrogate": b"1 beginbfrange <00> <FF> <D800> endbfrange",
        "controls": b"1 beginbfrange <00> <FF> <0000> endbfrange",
        "long": b"1 beginbfchar <54> <" + b"0041" * 20_000 + b"> endbfchar",
        "use-self": b"/Loop usecmap /Loop /CMapName def",
        "open": b"1 beginbfrange [[[[[[ <00>",
    }.items():
        font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >>"
        yield f"cmap-{name}.pdf", build(parts(fonts=font, extra={4: stream(cmap)}))
    for name, encoding in {
        "up": b"/..#2F..#2F..#2F..#2Ftmp#2Fevil",
        "absolute": b"/#2Ftmp#2Fevil",
        "stream": b"4 0 R",
        "long": b"/" + b"A" * 5_000,
    }.items():
        font = (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding %b /DescendantFonts [<< "
            b"/Type /Font /Subtype /CIDFontType0 /BaseFont /A /CIDSystemInfo << /Registry "
            b"(..#2Fevil) /Ordering (Japan1) /Supplement 0 >> /W [0 %d 500] >>] >>"
        ) % (encoding, HUGE)
        extra = {4: stream(b"", b"/CMapName /..#2Fevil /UseCMap /..#2Fevil")}
        yield f"cmap-name-{name}.pdf", build(parts(fonts=font, extra=extra))
    for name, body in {
        "widths": b"/FirstChar -999999999 /LastChar %d /Widths [1e30]" % HUGE,
        "differences": b"/Encoding << /Differences [99999999 /A -5 /B (c) /uniD800 /u110000] >>",
        "descriptor": b"/FontDescriptor << /Flags -1 /FontBBox [1 2] /Ascent /x /FontFile 4 0 R >>",
    }.items():
        font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica %b >>" % body
        program = stream(b"%!PS-AdobeFont " + b"\xff" * 900, b"/Length1 99999999")
        yield f"font-{name}.pdf", build(parts(fonts=font, extra={4: program}))
    glyphs = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs "
        b"<< /a 4 0 R >> /Encoding << /Differences [84 /a] >> /FirstChar 84 /LastChar 84 /Widths "
        b"[1] /Resources << /Font << /F1 3 0 R >> >> >>"
    )
    yield (
        "font-draws-itself.pdf",
        build(parts(fonts=glyphs, extra={4: stream(b"BT /F1 1 Tf (T) Tj ET")})),
    )
    form = {50: stream(b"/X Do", b"/Subtype /Form /Resources << /XObject << /X 50 0 R >> >>")}
    own = b"/XObject << /X 50 0 R >>"
    yield "form-draws-itself.pdf", build(parts([stream(b"/X Do")], resources=own, extra=form))


def pictures() -> Files:
    """Pictures whose size or coding lies; the page is looked at for ink."""
    for name, kind in {
        "jpeg": b"/Filter /DCTDecode",
        "jpeg-2000": b"/Filter /JPXDecode",
        "jbig2": b"/Filter /JBIG2Decode",
        "fax": b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d >>" % HUGE,
        "raw": b"",
    }.items():
        for size in (9, HUGE):
            shape = b"/Subtype /Image /Width %d /Height %d /BitsPerComponent 8 " % (size, size)
            noise = bytes(random.Random(size).randrange(256) for _ in range(3_000))
            picture = {50: stream(noise, shape + b"/ColorSpace /DeviceGray " + kind)}
            drawn = [stream(b"500 0 0 700 50 50 cm /X Do")]
            own = b"/XObject << /X 50 0 R >>"
            yield (
                f"picture-{name}-{size}.pdf",
                build(parts(drawn, resources=own, extra=picture)),
            )


KINDS = {
    "nesting": nesting,
    "bombs": bombs,
    "boxes": boxes,
    "fonts": fonts,
    "pictures": pictures,
}
