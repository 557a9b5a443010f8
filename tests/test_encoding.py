from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from gcm_align.artifacts import models_path
from gcm_align.encoding import (
    CachedEncoder,
    Encoder,
    load_encoder,
    load_packaged,
    load_trained,
    text_key,
)
from gcm_align.errors import ArtifactError
from gcm_align.graph_encoding import GRAPH, load_session
from gcm_align.vector_cache import VectorCache

TEXTS = [
    "The Ministry shall license every recruitment agency.",
    "Remittances.",
    (
        "No child shall be detained because of the status of a parent, and the court shall say so "
        "within two days of the arrest, in a language that the child understands."
    ),
    "",
    "Training of consular officers / Ministry of Foreign Affairs / 2027",
]


def test_vectors_are_unit_and_in_order(encoder: Encoder) -> None:
    """Row i is the unit vector of text i."""
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(vectors[2], encoder.encode([TEXTS[2]])[0])


@pytest.mark.parametrize("model", ["default", "folder"])
def test_a_vector_depends_on_its_text_alone(model: str, tmp_path: Path) -> None:
    """Order, company and threads do not change a single bit."""
    if model == "folder":
        load_packaged().model.save(str(tmp_path / "mine"))
        model = str(tmp_path / "mine")
    many = [f"{text} {number}" for number in range(20) for text in TEXTS]
    encoder = load_encoder(model, threads=2)
    vectors = encoder.encode(many)
    np.testing.assert_array_equal(vectors, encoder.encode(many[::-1])[::-1])
    np.testing.assert_array_equal(vectors[:7], encoder.encode(many[:7]))
    np.testing.assert_array_equal(vectors, load_encoder(model, threads=1).encode(many))


def test_the_graph_agrees_with_sentence_transformers(encoder: Encoder) -> None:
    """The default encoder is the trained model as its own library runs it, up to rounding."""
    texts = [*TEXTS, " ".join(TEXTS) * 40]  # the last is cut
    plain = load_trained().encode(texts, normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(encoder.encode(texts), plain, atol=1e-6)


def test_no_texts_give_an_empty_table(encoder: Encoder) -> None:
    """Nothing in, a table of no rows out."""
    assert encoder.encode([]).shape == (0, 384)


def test_second_time_reads_the_cache(encoder: Encoder, tmp_path: Path) -> None:
    """The same texts are encoded once, whatever their number, and come back bit for bit."""
    first = CachedEncoder(encoder=encoder, cache=VectorCache(tmp_path))
    vectors = first.encode(TEXTS * 2)
    assert first.encoded == len(TEXTS)
    second = CachedEncoder(encoder=encoder, cache=VectorCache(tmp_path))
    np.testing.assert_array_equal(second.encode(TEXTS * 2), vectors)
    assert second.encoded == 0


def test_keys_tell_models_and_texts_apart() -> None:
    """Two pairs never share a key, even where their joined characters are the same."""
    assert text_key("ab", "c") != text_key("a", "bc")
    assert text_key("a", "b") == text_key("a", "b")


def test_a_damaged_cache_is_made_anew(
    encoder: Encoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is no database is set aside with a warning, and the run goes on."""
    (tmp_path / "vectors.sqlite").write_bytes(b"not a database" * 100)
    cached = CachedEncoder(encoder=encoder, cache=VectorCache(tmp_path))
    with caplog.at_level(logging.WARNING):
        assert cached.encode(TEXTS[:1]).shape == (1, 384)
    assert "damaged" in caplog.text
    assert (tmp_path / "vectors.damaged").exists()


def test_a_folder_is_loaded_with_its_digest(encoder: Encoder, tmp_path: Path) -> None:
    """A model given by path has the same vectors, and a digest of its own files."""
    load_trained().save(str(tmp_path / "mine"))
    mine = load_encoder(str(tmp_path / "mine"))
    assert mine.revision == "local"
    assert mine.sha256 != encoder.sha256
    np.testing.assert_allclose(mine.encode(TEXTS), encoder.encode(TEXTS), atol=1e-5)


@pytest.mark.parametrize("damage", ["graph", "weight"])
def test_a_damaged_graph_is_an_error_of_the_tree(damage: str, tmp_path: Path) -> None:
    """A graph that cannot be read, or whose weights are others, says so and what to do."""
    graph = tmp_path / GRAPH
    whole = models_path("encoder", GRAPH).read_bytes()
    graph.write_bytes(whole[:1000] if damage == "graph" else whole)
    with pytest.raises(ArtifactError, match="graph cannot be loaded") as caught:
        load_session(graph, {"embeddings.LayerNorm.bias": np.zeros(384, np.float32)})
    assert caught.value.exit_code == 4


def test_a_model_out_of_reach_is_an_error_of_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub name without a network names the model and says what to do."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ArtifactError, match="no-such-team/no-such-model") as caught:
        load_encoder("no-such-team/no-such-model@abc")
    assert caught.value.exit_code == 4
