"""Write what the encoder computes, without its weights: ``graph.onnx`` and its card.

    python scripts/export_encoder.py

The weights stay in the safetensors files that they came in; each tensor of the graph that is
one of them is named after it, with a mark where the graph wants it transposed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

from gcm_align.encoding import load_trained
from gcm_align.graph_encoding import CARD, GRAPH, INPUT, OUTPUT, TRANSPOSED

SMALL = 1_000  # values; constants below it stay in the graph
ELSEWHERE = "weights"  # what the graph says of where the tensors are; they are handed over


class UnitVector(torch.nn.Module):
    """One text's tokens to the mean of their vectors, of length one."""

    def __init__(self, bert: Any) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Shape: (1, n_tokens) to (1, n_dimensions)."""
        hidden = self.bert(input_ids=ids).last_hidden_state
        return torch.nn.functional.normalize(hidden.mean(dim=1), dim=1)


def main() -> None:
    """Trace the trained model, take its weights out and name them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("models") / "encoder")
    out: Path = parser.parse_args().out
    bert = load_trained()[0].auto_model
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = Path(folder) / "whole.onnx"
        traced = torch.onnx.export(
            UnitVector(bert).eval(),
            (torch.arange(1000, 1017)[None],),
            dynamo=True,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_shapes={"ids": {1: torch.export.Dim("n_tokens", min=2, max=512)}},
        )
        assert traced is not None
        traced.save(whole)
        graph = onnx.load(whole)
    names = without_weights(graph, bert.state_dict())
    plain(graph)
    content = graph.SerializeToString(deterministic=True)
    (out / GRAPH).write_bytes(content)
    card = {
        "made_by": "scripts/export_encoder.py",
        "sha256": hashlib.sha256(content).hexdigest(),
        "weights": names,
    }
    (out / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(f"{len(names)} tensors taken out, {len(content) / 1e3:.0f} kB left")


def without_weights(model: onnx.ModelProto, weights: dict[str, torch.Tensor]) -> list[str]:
    """Name each tensor after its weight and take its values out; return the names."""
    known = {key: value.numpy() for key, value in weights.items()}
    names: dict[str, str] = {}
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        key = name_of(values, known)
        if not key and values.size >= SMALL:
            raise SystemExit(f"{tensor.name} {values.shape} is none of the model's weights")
        if not key or tensor.data_type != onnx.TensorProto.FLOAT:
            continue
        if key in names.values():
            raise SystemExit(f"{tensor.name} and another tensor are both {key}")
        names[tensor.name] = tensor.name = key
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=ELSEWHERE)
    for node in model.graph.node:
        for at, name in enumerate(node.input):
            node.input[at] = names.get(name, name)
    return sorted(names.values())


def name_of(values: npt.NDArray[Any], known: dict[str, npt.NDArray[Any]]) -> str:
    """Return the weight that a tensor is, marked where it is transposed; "" for none."""
    for key, own in known.items():
        if own.shape == values.shape and np.array_equal(own, values):
            return key
        if own.ndim == 2 and own.T.shape == values.shape and np.array_equal(own.T, values):
            return key + TRANSPOSED
    return ""


def plain(model: onnx.ModelProto) -> None:
    """Take out what the tracer notes for its own use: where in which file it was."""
    model.ClearField("metadata_props")
    model.graph.ClearField("value_info")
    for item in (model.graph, *model.graph.node, *model.graph.initializer):
        item.ClearField("doc_string")
        item.ClearField("metadata_props")


if __name__ == "__main__":
    main()
