"""What is loaded once and serves every document: framework, encoder, index, rules."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from gcm_align.artifacts import default_cache_dir
from gcm_align.assessing import Assessor
from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.encoding import DEFAULT_MODEL, CachedEncoder, Encoder, load_encoder
from gcm_align.evidence import stems
from gcm_align.indexing import ActionIndex, build_index, full_text
from gcm_align.keeping.entries import EntryStore, most_bytes
from gcm_align.keeping.readings import reading_store
from gcm_align.known_vectors import load_known_vectors
from gcm_align.prototypes import load_known
from gcm_align.settings import Settings
from gcm_align.vector_cache import VectorCache

log = logging.getLogger("gcm_align")


NOT_FITTED = (
    "the weights and thresholds were fitted for the default model; with this one the order of "
    "passages is usable, levels and probabilities are not."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What is loaded once and serves every document."""

    framework: Framework
    encoder: Encoder
    index: ActionIndex
    assessor: Assessor
    words: tuple[frozenset[str], ...]
    settings: Settings
    readings: EntryStore  # documents as they were read before


def load_engine(
    framework: Framework | None = None,
    *,
    model: str = DEFAULT_MODEL,
    settings: Settings | None = None,
    cache_dir: Path | None = None,
    use_cache: bool = True,
    threads: int | None = None,
) -> Engine:
    """
    Load the framework, the model and the vectors of the actions.

    Args:
        framework: Actions to look for; the Global Compact where left out.
        model: ``default``, a folder, or ``NAME@REVISION`` of the hub.
        settings: Thresholds; defaults where left out.
        cache_dir: Where vectors are kept; the user's cache folder where left out.
        use_cache: Keep vectors between runs.
        threads: That encode; as many as cores where left out.
    """
    settings = settings or Settings()
    framework = framework or load_catalogue()
    encoder: Encoder = load_encoder(model, threads=threads)
    known = load_known_vectors(encoder.sha256)
    if len(known):
        encoder = CachedEncoder(encoder=encoder, cache=known)
    folder = cache_folder(cache_dir, use_cache=use_cache)
    if folder is not None:
        encoder = _with_cache(encoder, folder)
    index = build_index(framework, encoder, load_known(framework))
    if not fits(index, encoder):
        log.warning("Model %s: %s", encoder.name, NOT_FITTED)
    return Engine(
        framework=framework,
        encoder=encoder,
        index=index,
        assessor=Assessor(framework, settings),
        words=tuple(stems(full_text(action)) for action in framework.actions),
        settings=settings,
        readings=reading_store(folder),
    )


def cache_folder(cache_dir: Path | None, *, use_cache: bool) -> Path | None:
    """Return where things are kept between runs, None where nothing is."""
    return (cache_dir or default_cache_dir()) if use_cache else None


def fits(index: ActionIndex, encoder: Encoder) -> bool:
    """Say whether the weights were fitted for this encoder."""
    return index.weights.encoder_sha256 == encoder.sha256


def has_scope(framework: Framework) -> bool:
    """Say whether words tell what is about the framework's subject."""
    # The words of migration say nothing about another set of goals.
    return framework.key == "gcm"


def _with_cache(encoder: Encoder, folder: Path) -> Encoder:
    try:
        return CachedEncoder(encoder=encoder, cache=VectorCache(folder, most_bytes()))
    except OSError as error:
        log.warning("No vectors are kept between runs: %s", error)
        return encoder
