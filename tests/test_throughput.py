from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
KEPT = BENCHMARKS / "throughput.json"


@pytest.fixture(scope="module")
def throughput() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        spec = importlib.util.spec_from_file_location("throughput", BENCHMARKS / "throughput.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, "throughput", module)  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module


def test_a_row_that_takes_too_long_is_left_out(
    throughput: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A process is ended at its limit; the rows after it are measured and kept all the same."""
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    with pytest.raises(TimeoutError, match="took more than 0 s"):
        throughput.measure(sleeper, {}, 0.3)
    made = dict(zip([(1, n, 2) for n in (10, 100, 500)], rows(throughput), strict=False))
    made[100, 2, 2] = rows(throughput)[4]

    def measured(documents: int, pages: int, cores: int, _most: float) -> object:
        if documents == 10:
            raise TimeoutError("too long")
        return made.get((documents, pages, cores))

    monkeypatch.setattr(throughput, "measured", measured)
    asked = ["--pages", "10", "--documents", "10", "100", "--cores", "2", "-o", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["throughput.py", *asked])
    throughput.main()
    kept = throughput.load(tmp_path / "throughput.json")
    assert [row.key for row in kept] == [(1, 10, 2), (100, 2, 2)]
    assert "Left out: (10, 2, 2): too long" in capsys.readouterr().err


def rows(throughput: ModuleType) -> list[object]:
    def row(documents: int, pages: int, cores: int) -> object:
        seconds = 5 + 0.1 * documents * pages / cores
        return throughput.Row(
            documents=documents, pages=pages, cores=cores, cold=seconds, warm=1.0,
            naive=2 * seconds, peak_mb=700,
        )  # fmt: skip

    amounts = [(1, pages, 2) for pages in (10, 100, 500)]
    amounts += [(count, 2, 2) for count in (10, 100, 1000)]
    return [row(*amount) for amount in amounts]


def test_the_table_of_the_readme_is_what_was_measured(throughput: ModuleType) -> None:
    """README.md says of speed what the kept JSON says, to the letter."""
    if not KEPT.exists():
        pytest.skip("benchmarks/throughput.json has not been measured yet")
    text = (BENCHMARKS.parent / "README.md").read_text(encoding="utf-8")
    assert throughput.into_readme(text, throughput.load(KEPT)) == text


def test_rows_are_kept_and_found_again(throughput: ModuleType, tmp_path: Path) -> None:
    """An interrupted run keeps its rows, each with what was asked of it."""
    made = rows(throughput)
    throughput.save(made[:2], tmp_path / "throughput.json")
    found = throughput.load(tmp_path / "throughput.json")
    assert [row.key for row in found] == [(1, 10, 2), (1, 100, 2)]
    assert found == made[:2]


def test_growth_and_cost_are_those_of_the_rows(throughput: ModuleType) -> None:
    """Seconds that grow by 0.05 a page on two cores cost 0.1 core-seconds a page."""
    text = throughput.report(rows(throughput))
    assert "one document on 2 cores: 5.0 s to start and 0.050 s a page" in text
    assert "the farthest row is 0 % off" in text
    assert "0.100 core-seconds a page and no start-up: 2 cores 13.9 h, 64 cores 0.4 h" in text


def test_a_single_size_cannot_tell_the_start_from_the_pages(throughput: ModuleType) -> None:
    """The cost says that the start-up is in it."""
    many = rows(throughput)[3:4]  # ten documents
    assert "core-seconds a page and the start-up in it:" in throughput.report(many)


def test_the_table_replaces_the_old_one_alone(throughput: ModuleType) -> None:
    """What stands around the table in README.md stays as it is."""
    text = f"before\n{throughput.OPEN}| last year |\n{throughput.CLOSE}after\n"
    made = throughput.into_readme(text, rows(throughput))
    assert made.startswith("before\n")
    assert made.endswith("after\n")
    assert "last year" not in made
    assert throughput.into_readme(made, rows(throughput)) == made
