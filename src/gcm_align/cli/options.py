"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FrameworkOption = Annotated[
    Path | None,
    typer.Option(
        "--framework",
        metavar="FILE",
        help="Another set of goals and actions (JSON; schema in data/schema). "
        "Default: the Global Compact for Migration.",
    ),
]
ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME",
        help="Encoder: 'default' (installed, offline), a folder, or NAME@REVISION of the hub.",
    ),
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache-dir",
        metavar="DIR",
        help="Where readings, vectors and verdicts are kept between runs. Default: the user's "
        "cache folder, or GCM_ALIGN_CACHE_DIR.",
    ),
]
NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Keep nothing between runs.")]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="NAMES",
        help="What to write, with commas: html, docx, pdf, json, csv, xlsx, parquet, figures "
        "(PNG and SVG), annotated (each PDF with its evidence marked).",
    ),
]
