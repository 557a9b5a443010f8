"""Fixtures shared by all tests: loaded once, never changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.encoding import TransformerEncoder, load_encoder
from gcm_align.engine import Engine, load_engine

# The tests are offline whatever the user's environment says.
os.environ["HF_HUB_OFFLINE"] = "1"

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def catalogue() -> Framework:
    return load_catalogue()


@pytest.fixture(scope="session")
def encoder() -> TransformerEncoder:
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
