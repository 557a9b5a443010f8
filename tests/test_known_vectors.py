"""The shipped vectors are those that the encoder would compute, and serve no other."""

from __future__ import annotations

import numpy as np

from gcm_align.catalogue import Framework
from gcm_align.encoding import Encoder, text_key
from gcm_align.indexing import full_text
from gcm_align.known_vectors import load_known_vectors
from gcm_align.prototypes import load_known


def test_every_action_and_phrasing_is_known(catalogue: Framework, encoder: Encoder) -> None:
    known = load_known_vectors(encoder.sha256)
    texts = [a.text for a in catalogue.actions] + [full_text(a) for a in catalogue.actions]
    texts += [text.text for text in load_known(catalogue)]
    keys = {text_key(encoder.sha256, text) for text in texts}
    assert len(known.get(sorted(keys))) == len(keys)


def test_they_equal_fresh_ones(catalogue: Framework, encoder: Encoder) -> None:
    """Up to the last bits, which differ between machines."""
    texts = [action.text for action in catalogue.actions[:40]]
    known = load_known_vectors(encoder.sha256).get([text_key(encoder.sha256, t) for t in texts])
    shipped = np.stack([known[text_key(encoder.sha256, t)] for t in texts])
    assert np.allclose(shipped, encoder.encode(texts), atol=1e-4)


def test_another_encoder_gets_none() -> None:
    assert len(load_known_vectors("0" * 64)) == 0
