from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from gcm_align import artifacts
from gcm_align.artifacts import data_path, models_path, sha256_of, verify_artifact
from gcm_align.errors import ArtifactError

OURS = '[project]\nname = "gcm-align"\n'


def lay_out(root: Path, *, pyproject: str | None, inside: bool = False) -> Path:
    """Make a package under root/src, with data beside pyproject.toml or inside the package."""
    package = root / "src" / "gcm_align"
    package.mkdir(parents=True)
    (root / "data").mkdir()
    if inside:
        (package / "data").mkdir()
    if pyproject is not None:
        (root / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    return package


def test_data_and_models_are_found() -> None:
    """The installed package finds both folders, and a file in one."""
    assert data_path("gcm.json").is_file()
    assert data_path("schema", "framework.schema.json").is_file()
    assert models_path().is_dir()


def test_editable_install_reads_the_repository(tmp_path: Path) -> None:
    """Without a folder in the package, the one beside our pyproject.toml is taken."""
    package = lay_out(tmp_path, pyproject=OURS)
    assert artifacts._find_root(package, "data") == tmp_path / "data"


def test_wheel_reads_its_own_copy(tmp_path: Path) -> None:
    """A folder inside the package wins over one that happens to stand beside it."""
    package = lay_out(tmp_path, pyproject=OURS, inside=True)
    assert artifacts._find_root(package, "data") == package / "data"


@pytest.mark.parametrize(
    "pyproject", [None, '[project]\nname = "other"\n', "not toml [", "project = 3", "[tool.x]\n"]
)
def test_stray_data_folder_is_not_ours(tmp_path: Path, pyproject: str | None) -> None:
    """A data/ of another project, two levels above the package, is never read."""
    package = lay_out(tmp_path, pyproject=pyproject)
    assert artifacts._find_root(package, "data") == package / "data"


def test_missing_artifact_says_what_to_do() -> None:
    """A missing file is named with its path, and the message says how to get it back."""
    with pytest.raises(ArtifactError, match=r"nowhere\.json.*Install gcm-align again"):
        data_path("nowhere.json")
    with pytest.raises(ArtifactError, match=r"models/none/x\.bin"):
        models_path("none", "x.bin")


def test_digest_is_of_the_bytes(tmp_path: Path) -> None:
    """The digest equals hashlib's, also where the file is longer than one chunk."""
    file = tmp_path / "weights.bin"
    content = bytes(range(256)) * 5000
    file.write_bytes(content)
    assert sha256_of(file) == hashlib.sha256(content).hexdigest()
    assert verify_artifact(file, sha256_of(file).upper()) == file


def test_altered_artifact_is_refused(tmp_path: Path) -> None:
    """One changed byte is reported with both digests."""
    file = tmp_path / "weights.bin"
    file.write_bytes(b"a")
    wanted = sha256_of(file)
    file.write_bytes(b"b")
    with pytest.raises(ArtifactError) as caught:
        verify_artifact(file, wanted)
    assert wanted in str(caught.value)
    assert sha256_of(file) in str(caught.value)


def test_digest_of_nothing_is_our_error(tmp_path: Path) -> None:
    """A missing file or a folder gives our error, never a bare OSError."""
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(ArtifactError, match="cannot be read"):
            sha256_of(path)
