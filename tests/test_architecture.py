from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "gcm_align"

# From the bottom up; a module may import from its own layer's package or from below.
LAYERS = (
    ("errors",),
    ("files", "settings", "transactions"),
    ("record_values", "types"),
    ("artifacts",),
    ("translating",),
    (
        "checked_json", "framework", "framework_rows", "lexicons", "catalogue",
        "vector_cache", "known_vectors",
    ),
    (
        "reading", "linguistics", "passages", "batching", "encoding", "graph_encoding", "matching",
        "scope", "prototypes", "lexical", "indexing", "delivery", "moods", "measures", "tag_rules",
        "force", "programmed", "counter", "counter_rules", "opposed", "denials", "segments",
        "evidence", "levels", "calibration", "abstaining", "pooling", "assessing", "principles",
    ),
    ("keeping",),
    ("engine", "clauses", "reviewed", "figures", "gaps", "coverage", "ahead", "alignment",
        "manifest", "pipeline", "findings", "comparing"),
    ("evaluation", "reporting", "reviewing"),
    ("checking", "serving"),
    ("batch",),
    ("corpus",),
    ("cli",),
)  # fmt: skip
STAGES = {
    "reading", "linguistics", "passages", "encoding", "matching", "scope", "prototypes",
    "force", "counter", "evidence", "assessing",
}  # fmt: skip
# A stage may be cut in several modules, and take from another the type that it is given.
WITHIN_STAGES = {
    ("indexing", "encoding"),  # the Encoder protocol
    ("indexing", "prototypes"),  # known texts
    ("matching", "indexing"),
    ("passages", "linguistics"),
}
SOLE_IMPORTERS = {
    "pdfplumber": {"reading"},
    "pypdfium2": {"reading"},
    "sentence_transformers": {"encoding"},
    "onnxruntime": {"graph_encoding"},
    "bm25s": {"evaluation"},
    "openpyxl": {"reviewing"},
    "docx": {"reporting"},
    "pikepdf": {"reporting"},
    "typst": {"reporting"},
    "pyarrow": {"batch", "reporting"},
    "distributed": {"batch"},
    "duckdb": {"corpus"},
}


def rank_of(name: str) -> int:
    for rank, layer in enumerate(LAYERS):
        if name in layer:
            return rank
    raise AssertionError(f"module {name!r} stands in no layer")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def modules() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if p != PACKAGE / "__init__.py"]


def test_arrows_point_downwards() -> None:
    """No module imports from a layer above its own."""
    upward = []
    for path in modules():
        for name in imports_of(path):
            parts = name.split(".")
            if parts[0] != "gcm_align" or len(parts) == 1:
                continue
            if rank_of(parts[1]) > rank_of(room_of(path)):
                upward.append((path.name, name))
    assert upward == []


def test_stages_do_not_import_each_other() -> None:
    """Only pipeline.py knows the order of the stages."""
    crossing = []
    for path in modules():
        room = room_of(path)
        for name in imports_of(path):
            other = name.split(".")[1] if name.startswith("gcm_align.") else ""
            if room in STAGES and other in STAGES and room != other:
                crossing.append((room, other))
    assert set(crossing) <= WITHIN_STAGES


def test_heavy_libraries_have_one_importer() -> None:
    """Each library that can fail in its own way is imported, and its errors mapped, once."""
    for library, rooms in SOLE_IMPORTERS.items():
        users = {
            room_of(path)
            for path in modules()
            if library in {name.split(".")[0] for name in imports_of(path)}
        }
        assert users <= rooms, (library, users)


def test_importing_the_package_is_light() -> None:
    """Import gcm_align loads none of the heavy libraries."""
    code = (
        "import sys, gcm_align; "
        "print([m for m in ('torch', 'spacy', 'pandas', 'pdfplumber') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
