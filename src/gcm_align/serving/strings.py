"""Words of the pages that no template holds; English here, translated where they are said."""

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
STATUSES: Mapping[str, str] = {
    "in force": "in force",
    "draft": "draft",
}
ROLES: Mapping[str, str] = {
    "reader": "reader",
    "reviewer": "reviewer",
}
MODE_NAMES: Mapping[str, str] = {
    "drafts": "two drafts",
    "documents": "documents of one country",
    "countries": "countries",
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
TEACH = (
    "Upload a policy or a law. Within a minute or so you see, for each of the 187 actions of the "
    "Global Compact for Migration, whether the document speaks to it, in which clause, on which "
    "page, and what works against it. No file leaves this computer's own server."
)
# Kept with a run in English, said in the reader's language.
INTERNAL = "The assessment failed for a reason of our own. It is in the server's log."
DIED = "It ended the process that read it, several times."
NO_TOKEN = "A token is needed: Authorization: Bearer TOKEN."  # noqa: S105 (words, no secret)
NOT_YET = "This document has not been assessed yet."
WRONG_LOGIN = "The name or the password is wrong."
NO_DOCUMENT = (
    "It is no document that is read: PDF, Word, OpenDocument, web page, Markdown or plain text."
)
EMPTY_ARCHIVE = "There is no document in it. Check the archive, or upload the files themselves."
UPLOAD_ARCHIVES = "An archive holds several documents. Send it to /api/archives."
DIFFERS = "{action}: {other} decided {theirs}, you decided {own}. Both decisions are kept."
