"""The fixed words of the annotated PDF: English, in one place."""

from __future__ import annotations

from gcm_align.reporting.wording import SUGGESTIONS

AUTHOR = "gcm-align {package}"
ROOT = "{framework}: what the text says"
SIGNS = {"C1": "△", "C2": "▲"}
LEVEL = "{sign} {name}"
REVIEW = "{level}, suggested {suggested} {name}"
SHORT = "{action} {level}"
COUNTER = "{sign} {flag} {action}"
LINE = (
    "{short} ({text}). Probability above gap: {probability}; this passage alone: {alone} "
    "{alone_name}."
)
COUNTER_LINE = "{short}: this clause stands against “{text}”."
CLOSING = SUGGESTIONS
OUTLINE_LINE = "{short}"
OUTLINE_OBJECTIVE = "{number} {label}"
