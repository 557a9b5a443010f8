"""Hostile text: web pages, legal XML, plain text and Markdown, and wrong extensions."""

from __future__ import annotations

import zlib

from hostile_containers import ENTITIES, SENTENCE, Files, paragraph, word


def legal(body: str, before: str = "") -> bytes:
    """Return an Akoma Ntoso act with a body of raw XML."""
    space = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
    act = f'<akomaNtoso xmlns="{space}"><act><body>{body}</body></act></akomaNtoso>'
    return f'<?xml version="1.0"?>{before}{act}'.encode()


def _section(text: str = SENTENCE) -> str:
    return f"<section><num>1.</num><content><p>{text}</p></content></section>"


def pages() -> Files:
    """Web pages and legal XML: depth, entities, scripts, remote parts, broken coding."""
    body = f"<p>{SENTENCE}</p>"
    for name, inside in {
        "sound": body,
        "deep": "<div>" * 50_000 + body,
        "deep-lists": "<ul><li>" * 5_000 + "text",
        "deep-tables": "<table><tr><td>" * 3_000 + "text",
        "spans-huge": "<table><tr><td colspan=99999999 rowspan=99999999>a</td></tr></table>",
        "start-huge": f"<ol start='{'9' * 5_000}' type=a><li>{SENTENCE}</li></ol>",
        "script": "<script>while(1){}</script><img src=x onerror=alert(1)>" + body,
        "remote": "<base href='http://192.0.2.1/'><link rel=stylesheet href='a.css'>"
        "<iframe src='http://192.0.2.1/'></iframe><img src='file:///etc/passwd'>" + body,
        "refresh": "<meta http-equiv=refresh content='0;url=http://192.0.2.1/'>" + body,
        "unclosed": "<p " * 30_000,
        "attribute-huge": f"<p title='{'a' * 2_000_000}'>{SENTENCE}</p>",
        "coding-unknown": "<meta charset='utf-1234'>" + body,
        "coding-false": "<meta charset='utf-16'>" + body,
        "nuls": "<p>The State\x00 shall\x00 open centres.</p>",
        "entities": "&#xD800;&#0;&#x110000;&#99999999999;&lt" * 500 + body,
        "comment-open": "<!-- " + body * 100,
        "empty": "",
        "paragraphs": "<p>a" * 100_000,
    }.items():
        yield f"{name}.html", f"<!DOCTYPE html><html><body>{inside}</body></html>".encode()
    yield "latin.html", b"<!doctype html><html><p>\xe9\xe0\xff The State shall.</p>"
    yield "sound.xml", legal(_section())
    for name, (before, use) in ENTITIES.items():
        yield f"entity-{name}.xml", legal(_section(use), before)
    yield "deep.xml", legal("<section>" * 50_000 + "</section>" * 50_000)
    yield "open.xml", legal("<section><num>1")
    sheet = "<?xml-stylesheet href='http://192.0.2.1/a.xsl' type='text/xsl'?>"
    yield "stylesheet.xml", legal(_section(), sheet)
    include = (
        "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"
    )
    yield "include.xml", legal(_section(include))
    yield "number-huge.xml", legal(f"<section><num>{'9' * 100_000}</num></section>")
    yield "other.xml", b"<?xml version='1.0'?><rss><channel/></rss>"
    yield "coding.xml", b"<?xml version='1.0' encoding='UTF-32'?><akomaNtoso/>"


def texts() -> Files:
    """Plain text and Markdown: wrong codings, endless lines, depth, numbers without end."""
    yield "empty.pdf", b""
    yield "empty.txt", b""
    for byte in (0x00, 0x0A, 0x25, 0x41, 0xFF):
        yield f"byte-{byte:02x}.txt", bytes([byte])
    sentence = SENTENCE.encode()
    for name, data in {
        "utf-8-broken": sentence * 20 + b"\xc3\x28\xf0\x9f\xff",
        "utf-8-overlong": sentence * 20 + b"\xc0\xaf\xe0\x80\xaf",
        "utf-16": SENTENCE.encode("utf-16"),
        "utf-16-odd": SENTENCE.encode("utf-16") + b"\x00",
        "utf-16-surrogate": b"\xff\xfe\x00\xd8A\x00",
        "utf-16-no-mark": SENTENCE.encode("utf-16-le"),
        "utf-8-surrogate": sentence + b"\xed\xa0\x80",
        "mark-alone": b"\xef\xbb\xbf",
        "cp1252-holes": sentence * 20 + b"\x81\x8d\x8f",
        "line-endless": b"word " * 400_000,
        "word-endless": b"a" * 2_000_000,
        "lines-empty": b"\n" * 1_000_000 + sentence,
        "returns": b"\r" * 300_000 + sentence,
        "form-feeds": b"\f" * 100_000 + sentence,
        "dots": b"Chapter 1 " + b"." * 200_000 + b" 9\n",
        "blanks": b"a" + b" " * 500_000 + b"b",
        "brackets": b"(" * 100_000 + sentence,
        "digits": b"9" * 200_000 + b". " + sentence,
        "numbering": b"1." * 100_000 + b" " + sentence,
        "roman": b"(" + b"i" * 100_000 + b") " + sentence,
        "combining": ("a" + "\u0301" * 200_000).encode(),
        "right-to-left": ("\u202e" + SENTENCE + "\u2066" * 50_000).encode(),
        "ligatures": ("\ufdfa" * 100_000).encode(),
        "private": ("\ue000\uf0b7 " * 50_000 + SENTENCE).encode(),
        "headings": b"1. Title\n\n" * 30_000,
        "items": b"(a) item;\n" * 30_000,
        "hyphens": b"pro-\n" * 100_000,
        "controls": b"\x1b[2J\x07\x08" + sentence * 40,
        "formula": b"=cmd|' /C calc'!A0\n\n@SUM(1)\n\n" + sentence,
    }.items():
        yield f"{name}.txt", data
    for name, data in {
        "quotes": b">" * 50_000 + b" text",
        "headings": b"# A\n\n" * 30_000,
        "levels": b"#" * 50_000 + b" text\n\n# A\n",
        "table": b"# A\n\n|a|b|\n|-|-|\n" + b"|c" * 100_000 + b"|\n",
        "table-rows": b"|a|b|\n|---|---|\n" + b"|c|d|\n" * 30_000,
        "emphasis": b"# A\n\n" + b"*" * 100_000 + b"a" + b"_" * 100_000,
        "links": b"# A\n\n" + b"[" * 50_000 + b"](" * 50_000,
        "front-open": b"---\na: b\n" * 20_000 + b"# A\n",
        "front-code": b"---\na: !!python/object/apply:os.system ['true']\n---\n\n# A\n\n"
        + sentence,
        "code-open": b"# A\n\n```\n" + sentence * 1_000,
        "lists": b"# A\n\n" + b"".join(b" " * n + b"- a\n" for n in range(2_000)),
        "html": b"# A\n\n<script>alert(1)</script><img src=http://192.0.2.1/>\n\n" + sentence,
    }.items():
        yield f"md-{name}.md", data


def extensions() -> Files:
    """Files under a name that their content does not have."""
    picture = b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(5_000))
    for name, data in {
        "word.pdf": word(paragraph()),
        "text.pdf": SENTENCE.encode(),
        "text.docx": SENTENCE.encode(),
        "picture.pdf": picture,
        "picture.txt": picture,
        "jpeg.pdf": b"\xff\xd8\xff\xe0" + bytes(500),
        "web.pdf": b"<!DOCTYPE html><html><p>" + SENTENCE.encode(),
        "program.txt": b"MZ" + bytes(range(256)) * 40,
        "elf.pdf": b"\x7fELF" + bytes(range(256)) * 40,
        "old-word.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
        "rich.pdf": b"{\\rtf1 {\\object\\objdata 0105}}",
        "script.ps.pdf": b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n",
        "pickle.txt": b"\x80\x04\x95\x1a" + bytes(7) + b"\x8c\x05posix\x8c\x06system\x93.",
        "comma.csv": b"a,b\n1,2\n" * 400,
        "object.json": b'{"a": ' * 30_000,
    }.items():
        yield f"named-{name}", data


KINDS = {"pages": pages, "texts": texts, "extensions": extensions}
