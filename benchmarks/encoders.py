"""What the encoder's run-time costs and changes: seconds, and verdicts that differ.

    python benchmarks/encoders.py ../shared/documents

Three encoders with the same weights, in one run: sentence-transformers, the graph of
``models/encoder`` (which is what gcm-align runs), and the same graph with its matrices in
int8. Each document is read and parsed once; its passages are encoded by all three and the
verdicts are given three times. Cosines are against sentence-transformers.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from gcm_align.artifacts import models_path
from gcm_align.encoding import TransformerEncoder, load_encoder, load_trained, load_weights
from gcm_align.engine import Engine, load_engine
from gcm_align.errors import ReadingError
from gcm_align.graph_encoding import CARD, GRAPH, GraphEncoder
from gcm_align.matching import Leads, score_passages
from gcm_align.pipeline import conclude, encode_passages, prepare
from gcm_align.types import Assessment, Reading

PLAIN, FP32, INT8 = "sentence-transformers", "graph", "graph, int8"


@contextmanager
def encoders() -> Iterator[dict[str, Any]]:
    """Give the three encoders, on all cores."""
    graph = load_encoder()
    assert isinstance(graph, GraphEncoder)
    plain = TransformerEncoder(
        model=load_trained(), name=PLAIN, revision="", sha256="", threads=graph.threads
    )
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "int8.onnx"
        whole.write_bytes(with_weights().SerializeToString())
        quantize_dynamic(
            whole, small, weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul"],
        )  # fmt: skip
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        session = ort.InferenceSession(str(small), options, providers=["CPUExecutionProvider"])
        yield {PLAIN: plain, FP32: graph, INT8: replace(graph, session=session)}


def with_weights() -> onnx.ModelProto:
    """Return the graph with its weights inside."""
    model = onnx.load(models_path("encoder", GRAPH), load_external_data=False)
    card = json.loads(models_path("encoder", CARD).read_text(encoding="utf-8"))
    weights = load_weights(card["weights"])
    for at, tensor in enumerate(model.graph.initializer):
        if tensor.name in weights:
            full = numpy_helper.from_array(weights[tensor.name], tensor.name)
            model.graph.initializer[at].CopyFrom(full)
    return model


def verdicts(
    path: Path,
    reading: Reading,
    engine: Engine,
    texts: list[str],
    vectors: npt.NDArray[np.float32],
    leads: Leads,
) -> tuple[Assessment, ...]:
    """Give the verdicts on a document whose passages have these vectors."""
    scores = score_passages(texts, vectors, engine.index, reading.scope, leads)
    return conclude(path, replace(reading, scores=scores), engine)[0]


def main() -> None:
    """Print one row a document and encoder, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("documents", type=Path)
    files = sorted(p for p in parser.parse_args().documents.iterdir() if p.name != "README.md")
    engine, sums = load_engine(use_cache=False), Counter[tuple[str, str]]()
    print(
        "document | encoder | seconds | cosine, mean | least | levels | abstentions | first quote"
    )
    with encoders() as made:
        for each in made.values():
            each.encode(["The first call makes room."] * 8)
        for path in files:
            try:
                reading = prepare(path, engine)
            except ReadingError as error:
                print(f"{path.name} | {error.what}")
                continue
            base_vectors = base = None
            for name, encoder in made.items():
                start = time.perf_counter()
                texts, vectors, leads = encode_passages(reading.passages, encoder)
                seconds = time.perf_counter() - start
                found = verdicts(path, reading, engine, texts, vectors, leads)
                base_vectors = vectors if base_vectors is None else base_vectors
                base = base or found
                cosines = (vectors * base_vectors).sum(axis=1)
                other = differing(base, found)
                print(
                    f"{path.name} | {name} | {seconds:.2f} | {cosines.mean():.4f} "
                    f"| {cosines.min():.4f} | {' | '.join(str(n) for n in other)}", flush=True
                )  # fmt: skip
                for what, value in zip(("levels", "abstentions", "quotes"), other, strict=True):
                    sums[name, what] += value
                sums[name, "milliseconds"] += round(1000 * seconds)
                sums[name, "pairs"] += len(found)
    for (name, what), value in sums.items():
        print(f"{name}: {value:,} {what}")


def differing(base: tuple[Assessment, ...], found: tuple[Assessment, ...]) -> tuple[int, int, int]:
    """Count the pairs whose level, abstention and first quote differ."""
    pairs = list(zip(base, found, strict=True))
    return (
        sum(a.suggested != b.suggested for a, b in pairs),
        sum(a.level != b.level for a, b in pairs),
        sum([e.quote for e in a.evidence[:1]] != [e.quote for e in b.evidence[:1]]
            for a, b in pairs),
    )  # fmt: skip


if __name__ == "__main__":
    main()
