"""Batches over real processes: of this machine, and of a cluster, with one killed on the way."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_factory import MadeLoad, batch, contents, write_documents

from gcm_align.batch.cluster import run_dask
from gcm_align.batch.dataset import read_documents
from gcm_align.batch.rows import Made
from gcm_align.batch.run import Instrument, Request, run_batch
from gcm_align.batch.schema import WRITTEN
from gcm_align.batch.sources import Item
from gcm_align.batch.summary import Summary
from gcm_align.batch.work import EngineLoad, Task
from gcm_align.errors import IncompatibleArtifactError, UsageError

TESTS = Path(__file__).parent
MANY = {f"{number:02}.md": f"slow 13.h={number % 5} 6.h=NR" for number in range(12)}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_documents(tmp_path_factory.mktemp("source"), MANY)


@pytest.fixture(scope="module")
def wanted(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What two processes of this machine make of the documents, undisturbed."""
    out = tmp_path_factory.mktemp("wanted") / "out"
    summary = batch(source, out, jobs=2)
    assert summary.contents["documents"]["assessed"] == len(MANY)
    assert len(list((out.parent / "loads").iterdir())) == 2, "each process loads once"
    return contents(out)


def test_a_process_that_dies_costs_its_document_alone(tmp_path: Path) -> None:
    texts = {"a.md": "13.h=3", "b.md": "die", "c.md": "6.h=2", "d.md": "6.h=NR"}
    source = write_documents(tmp_path / "source", texts)
    summary = batch(source, tmp_path / "out", jobs=1)
    assert [(row["name"], row["error"]) for row in summary.failures] == [("b.md", "WorkerDied")]
    assert "SIGKILL" in summary.failures[0]["message"]
    assert summary.contents["documents"] == {"assessed": 3, "read in part": 0, "unread": 1}


def test_a_killed_run_loses_at_most_the_document_in_hand(
    source: Path, wanted: dict[str, bytes], tmp_path: Path
) -> None:
    """What it left is whole, and the next run ends with the bytes of an undisturbed one."""
    out = tmp_path / "out"
    code = "import batch_factory; batch_factory.main()"
    paths = [str(TESTS), *sys.path]
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(source), str(out)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: len(list(out.glob("documents/*/[!.]*.parquet"))) >= 3, process)
    process.kill()
    process.wait()
    rows = read_documents(out)
    assert 3 <= len(rows) < len(MANY)
    for row in rows:
        assert len(list(out.glob(f"*/*/{row['document']}.parquet"))) == len(WRITTEN)
    summary = batch(source, out, jobs=2)
    assert summary.unchanged == len(rows), "nothing that was done is done again"
    assert contents(out) == wanted


def wait_until(holds: object, process: subprocess.Popen[bytes]) -> None:
    assert callable(holds)
    for _ in range(600):
        if holds():
            return
        assert process.poll() is None, "the batch ended before it could be killed"
        time.sleep(0.02)
    raise AssertionError("the batch did nothing for twelve seconds")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Give the address of a scheduler with two worker processes, on this machine alone."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as made,
    ):
        yield made.scheduler_address


def on_cluster(source: Path, out: Path, address: str) -> Summary:
    loads = out.parent / "loads"
    loads.mkdir()
    request = Request(sources=(source,), out=out, engine="dask", address=address)
    instrument = Instrument(load=MadeLoad(folder=str(loads)), digest="one")
    return run_batch(request, instrument=instrument)


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(
    source: Path, wanted: dict[str, bytes], tmp_path: Path, cluster: str
) -> None:
    """The document of the dead worker is done by another; models are loaded once a worker."""
    out, killed = tmp_path / "out", []

    def kill_one() -> None:
        for _ in range(600):
            if len(list(out.glob("documents/*/[!.]*.parquet"))) >= 3:
                pids = sorted(int(path.name) for path in (tmp_path / "loads").iterdir())
                os.kill(pids[0], signal.SIGKILL)
                killed.append(pids[0])
                return
            time.sleep(0.02)

    killer = threading.Thread(target=kill_one)
    killer.start()
    summary = on_cluster(source, out, cluster)
    killer.join()
    assert len(killed) == 1
    assert summary.failures == ()
    assert contents(out) == wanted
    # Two at the start, and the one that took the place of the dead; each loaded once.
    assert 2 <= len(list((tmp_path / "loads").iterdir())) <= 3


def test_workers_need_not_see_the_files(tmp_path: Path, cluster: str) -> None:
    """The bytes travel with the task: the file may be gone before a worker takes it."""
    path = write_documents(tmp_path / "source", {"a.md": "13.h=3"}) / "a.md"
    data = path.read_bytes()
    item = Item(path=path, name="a.md", sha256=hashlib.sha256(data).hexdigest())
    path.unlink()
    (tmp_path / "loads").mkdir()
    task = Task(key="k", item=item, instrument="one", data=data)
    made = list(run_dask([task], MadeLoad(folder=str(tmp_path / "loads")), address=cluster))
    assert [sorted(answer.files) for _, answer in made if isinstance(answer, Made)] == [
        sorted(WRITTEN)
    ]


def test_a_document_that_kills_every_worker_becomes_a_failure(tmp_path: Path, cluster: str) -> None:
    source = write_documents(tmp_path / "source", {"a.md": "die"})
    summary = on_cluster(source, tmp_path / "out", cluster)
    assert [row["error"] for row in summary.failures] == ["WorkerDied"]


def test_an_address_where_nothing_answers_is_told(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr("gcm_align.batch.cluster._WAIT_SECONDS", 1)
    with pytest.raises(UsageError, match="The cluster cannot be used: tcp"):
        on_cluster(source, tmp_path / "out", "tcp://127.0.0.1:9")


def test_a_worker_with_another_release_is_refused() -> None:
    """Else a dataset would hold verdicts of two instruments under the name of one."""
    load = EngineLoad(framework="", model="default", instrument="other", libraries="pyarrow 1")
    with pytest.raises(IncompatibleArtifactError, match="A worker has another gcm-align"):
        load()
