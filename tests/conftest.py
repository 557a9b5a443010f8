"""Fixtures shared by all tests: loaded once, never changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from check_factory import DRAWN, TEXTS, Gate, write

from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.encoding import Encoder, load_encoder
from gcm_align.engine import Engine, load_engine

# The tests are offline whatever the user's environment says.
os.environ["HF_HUB_OFFLINE"] = "1"

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def catalogue() -> Framework:
    return load_catalogue()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def engine(cache_dir: Path) -> Engine:
    return load_engine(cache_dir=cache_dir)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with the national documents is not here")
    return SHARED


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is released."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def gate(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Gate:
    """The command installed from the wheel, with every text of the tests in its cache."""
    site = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, "--target", str(site), str(wheel)], check=True, capture_output=True)
    texts = tmp_path_factory.mktemp("gate") / "texts"
    made = Gate(site=site, cache=tmp_path_factory.mktemp("gate-cache"), texts=texts)
    write(texts, {f"{name}/act.md": text for name, text in TEXTS.items()})
    for name, draw in DRAWN.items():
        (texts / name).mkdir()
        draw(texts / name / "act.pdf")
    for state in ("first", "second"):
        shutil.copytree(REPOSITORY / "examples" / "legislation-ci" / state, texts / state)
    done = made.run(texts, "check", "--exit-zero", "-q", ".")
    assert done.returncode == 0, done.stderr
    return made
