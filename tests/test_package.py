"""The wheel and the editable install: data and models are found in both."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROBE = (
    "import gcm_align, pathlib\n"
    "from gcm_align import load_catalogue, match\n"
    "from gcm_align.reporting import writing\n"
    "assert len(load_catalogue().actions) == 187\n"
    "print(match(['No employer shall keep a passport of a migrant.']).iloc[0].idxmax())\n"
    "print(pathlib.Path(gcm_align.__file__).parent)\n"
)


def probe(folder: Path, path: str) -> list[str]:
    """Run the probe away from the repository, with one folder on the path."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "GCM_ALIGN_CACHE_DIR": str(folder / "cache")},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_wheel_works_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, with src/ out of the way, it finds its data and its model."""
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    first, where = probe(tmp_path, str(unpacked))
    assert first == "6.h"
    assert Path(where) == unpacked / "gcm_align"


def test_the_checkout_finds_its_data_and_model(tmp_path: Path) -> None:
    """From src/, as an editable install has it, the same clause finds the same action."""
    first, where = probe(tmp_path, str(ROOT / "src"))
    assert first == "6.h"
    assert Path(where) == ROOT / "src" / "gcm_align"


def test_the_weights_stay_small() -> None:
    """All that models/ holds is below 60 MB, and nothing in it is pickled."""
    files = [p for p in (ROOT / "models").rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) < 60_000_000
    assert {p.suffix for p in files} <= {".safetensors", ".onnx", ".json", ".md", ""}
