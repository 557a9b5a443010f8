"""pdfminer's reader of page content, with a short cut for what nearly all of it is.

pdfminer takes three calls and a search for each number, name and operator of a page, and logs
each five times. Here one pattern takes a whole token where it stands complete in the buffer
and is written in the common way; everything else (escapes, comments, dictionaries, pictures
within the content, tokens cut by the buffer's end) goes through pdfminer itself. The tokens
are the same, their places too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pdfminer.pdfinterp import PDFContentParser, PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import KWD, LIT, PSKeyword, PSLiteral, keyword_name

# Each alternative ends where pdfminer's own search would end it, and asks for a byte behind it:
# a token at the end of the buffer may go on in the next.
_TOKEN = re.compile(
    rb"""\s*(?:
      ([-+]?[0-9]{1,15}) (?=[^0-9.])
    | ([-+]?(?:[0-9]{1,15}\.[0-9]{0,15}|\.[0-9]{1,15})) (?=[^0-9])
    | ([A-Za-z][^\#/%\[\]()<>{}\s]{0,15}) (?=[/%\[\]()<>{}\s])
    | \(([^()\\]*)\)
    | ([\[\]])
    | /([A-Za-z0-9_]+) (?=[/%\[\]()<>{}\s])
    | <((?:[0-9A-Fa-f]{2})*)> (?=[^>])
    )""",
    re.VERBOSE,
)
_INTEGER, _FLOAT, _WORD, _STRING, _BRACKET, _NAME, _HEX = range(1, 8)
_TRUE_OR_FALSE = frozenset({b"true", b"false"})
# Words that change how the parser goes on.
_STRUCTURE = frozenset(map(KWD, (b"[", b"]", b"<<", b">>", b"{", b"}", b"BI", b"ID")))
_ABSENT = (None, 0)


class QuickParser(PDFContentParser):
    """Gives the objects of a page's content."""

    def nexttoken(self) -> tuple[int, Any]:
        """Return the next token with its place."""
        if self._tokens or self.eof or self._parse1 != self._parse_main:
            return super().nexttoken()
        found = _TOKEN.match(self.buf, self.charpos)
        if found is None or found[_WORD] in _TRUE_OR_FALSE:
            return super().nexttoken()
        kind = found.lastindex or 0
        word = found[kind]
        self.charpos = found.end()
        place = self.bufpos + found.start(kind)
        if kind == _INTEGER:
            return place, int(word)
        if kind == _FLOAT:
            return place, float(word)
        if kind in (_WORD, _BRACKET):
            return place, KWD(word)
        if kind == _NAME:
            return place - 1, LIT(str(word, "ascii"))
        return place - 1, bytes.fromhex(word.decode("ascii")) if kind == _HEX else word

    def nextobject(self) -> tuple[int, Any]:
        """Return the next object with its place; most are a single token."""
        if self.results or self.context or self.curstack:
            return super().nextobject()
        place, token = self.nexttoken()
        if isinstance(token, (int, float, bytes, PSLiteral)) or (
            isinstance(token, PSKeyword) and token not in _STRUCTURE
        ):
            return place, token
        self._tokens.insert(0, (place, token))
        return super().nextobject()


class QuickInterpreter(PDFPageInterpreter):
    """Carries out the content of a page, with each operator looked up once."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._operators: dict[PSKeyword, tuple[Callable[..., None] | None, int]] = {}

    def execute(self, streams: Sequence[object]) -> None:
        """Carry out streams as one; see pdfminer, whose guard against circles this keeps."""
        valid: list[PDFStream] = []
        self.stream_ids.clear()
        for given in streams:
            stream = stream_value(given)
            if stream.objid is not None and stream.objid not in self.parent_stream_ids:
                valid.append(stream)
                self.stream_ids.add(stream.objid)
        try:
            parser = QuickParser(valid)
        except PSEOF:
            return
        while True:
            try:
                _, item = parser.nextobject()
            except PSEOF:
                return
            if isinstance(item, PSKeyword):
                self._operate(item)
            else:
                self.push(item)

    def _operate(self, word: PSKeyword) -> None:
        if word not in self._operators:
            self._operators[word] = self._operator(word)
        operate, wanted = self._operators[word]
        if operate is None:
            return
        if not wanted:
            operate()
            return
        operands = self.pop(wanted)
        if len(operands) == wanted:
            operate(*operands)

    def _operator(self, word: PSKeyword) -> tuple[Callable[..., None] | None, int]:
        """Return what carries out an operator, and how many operands it takes."""
        name = keyword_name(word).replace("*", "_a").replace('"', "_w").replace("'", "_q")
        operate = getattr(self, f"do_{name}", None)
        return _ABSENT if operate is None else (operate, operate.__code__.co_argcount - 1)
