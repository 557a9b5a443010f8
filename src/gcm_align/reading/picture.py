"""A page as a picture with its evidence marked, drawn in a process of its own.

Run as ``python -P -m gcm_align.reading.picture``: a task on standard input, a PNG on output.
The file is as hostile as when it is read, so the same limits hold.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gcm_align.errors import ReaderStoppedError
from gcm_align.settings import Settings
from gcm_align.types import Box

SCALE = 1.6  # pixels a point: 115 dots an inch, small print is legible
MOST_PIXELS = 12_000_000  # an A0 plan at that scale; larger pages are drawn smaller
_MARK = (255, 214, 0)  # multiplied with the page, so that words stay black


def page_picture(path: Path, page: int, boxes: Sequence[Box], *, settings: Settings) -> bytes:
    """
    Return one page of a PDF as PNG, with these boxes of it marked.

    Args:
        path: The PDF.
        page: From 1.
        boxes: In points from the top left; those of other pages are left out.
        settings: ``max_page_seconds`` and ``max_read_memory`` hold.

    Raises:
        ReaderStoppedError: The page cannot be drawn within the limits.
    """
    task = {
        "path": str(path),
        "page": page,
        "boxes": [[b.x0, b.top, b.x1, b.bottom] for b in boxes if b.page == page],
        "settings": settings.as_dict(),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "gcm_align.reading.picture"],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=2 * settings.max_page_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _stopped(path, page, "it took too long") from None
    if done.returncode or not done.stdout.startswith(b"\x89PNG"):
        raise _stopped(path, page, f"its process ended with code {done.returncode}")
    return done.stdout


def _stopped(path: Path, page: int, why: str) -> ReaderStoppedError:
    return ReaderStoppedError(
        "The page cannot be drawn",
        value=f"{path.name}, page {page} ({why})",
        expected="a page of a PDF that can be opened",
        hint="Open the file itself at this page.",
        page=page,
    )


def main() -> None:
    """Draw what the task says."""
    # Libraries may print; the channel is for the picture alone.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    task = json.loads(sys.stdin.buffer.read())
    import PIL.Image
    import PIL.ImageChops
    import PIL.ImageDraw
    import PIL.PngImagePlugin  # noqa: F401 (loaded before anything is refused)
    import pypdfium2  # noqa: F401

    from gcm_align.reading.child import limit_processor, limit_resources, refuse

    settings = Settings(**task["settings"])
    limit_resources(settings)
    limit_processor(settings, page=True)
    sys.addaudithook(refuse)
    channel.write(_draw(task))
    channel.flush()
    os._exit(0)


def _draw(task: dict[str, Any]) -> bytes:
    import pypdfium2
    from PIL import Image, ImageChops, ImageDraw

    pdf = pypdfium2.PdfDocument(task["path"])
    page = pdf[task["page"] - 1]
    width, height = page.get_size()
    scale = min(SCALE, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    marks = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(marks)
    for x0, top, x1, bottom in task["boxes"]:
        pen.rectangle([x0 * scale, top * scale, x1 * scale, bottom * scale], fill=_MARK)
    out = io.BytesIO()
    ImageChops.multiply(picture, marks).save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
