"""Every word that the pages say beside those of the reports: in one place, to be translated."""

from __future__ import annotations

from collections.abc import Mapping

WHY: Mapping[str, str] = {
    "contradiction": "It is said to order the opposite of the action.",
    "tension": "It is said to narrow the action.",
    "needs-review": "The machine cannot tell.",
    "operationalised": "The highest level is claimed.",
    "gap": "Nothing was found; a gap is a claim too.",
    "sample": "Drawn at random, to see what nobody would have looked at.",
}
FORMS: Mapping[str, str] = {
    "html": "Whole report",
    "docx": "Word",
    "pdf": "PDF",
    "xlsx": "Excel",
    "csv": "CSV tables",
    "parquet": "Parquet tables",
    "figures": "Figures",
    "json": "JSON",
    "annotated": "The document with its evidence marked",
}
COMPARISON_FORMS: Mapping[str, str] = {
    "html": "Page to keep",
    "xlsx": "Excel",
    "csv": "CSV table",
}
MODES: Mapping[str, str] = {
    "drafts": "two drafts (the one uploaded first is the older)",
    "documents": "documents of one country",
    "countries": "countries",
}
STATES: Mapping[str, str] = {
    "queued": "waits for its turn",
    "running": "is being assessed",
    "done": "assessed",
    "failed": "could not be assessed",
    "cancelled": "cancelled",
}
STAGES: Mapping[str, str] = {
    "": "starting",
    "read": "reading page",
    "encode": "encoding passage",
    "assess": "weighing the evidence",
}
FAULTS: Mapping[int, str] = {
    400: "The form was not complete. Go back, reload the page and try again.",
    401: "Log in first.",
    403: "Your account may read, not change. Ask for the role of a reviewer.",
    404: "There is nothing here. It may have been removed, or the address is wrong.",
    405: "This page cannot be used in that way.",
    413: "That is more than the server takes at once. Upload fewer or smaller files.",
    419: "The page was open for too long, or came from elsewhere. Reload it and try again.",
    429: "Too many wrong passwords. Wait a quarter of an hour.",
    500: "Something of ours failed. Nothing was lost; the server's log has the details.",
}
NOT_YET = "This document has not been assessed yet."
WRONG_LOGIN = "The name or the password is wrong."
NO_DOCUMENT = (
    "It is no document that is read: PDF, Word, OpenDocument, web page, Markdown or plain text."
)
EMPTY_ARCHIVE = "There is no document in it. Check the archive, or upload the files themselves."
UPLOAD_ARCHIVES = "An archive holds several documents. Send it to /api/archives."
DIFFERS = "{action}: {other} decided {theirs}, you decided {own}. Both decisions are kept."
