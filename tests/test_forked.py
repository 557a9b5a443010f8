from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import factories
import pytest

from gcm_align.errors import ReaderStoppedError
from gcm_align.reading import forked, process, read_apart, read_document
from gcm_align.reading.sandbox import texts_apart
from gcm_align.settings import Settings

pytestmark = pytest.mark.skipif(not forked.AVAILABLE, reason="there is no nursery on this system")


@pytest.fixture(autouse=True)
def own_nursery() -> Iterator[None]:
    """Give each test a nursery of its own, and leave none behind."""
    forked.close()
    yield
    forked.close()


def home() -> forked.Nursery:
    """Return the nursery of this process."""
    (found,) = forked._open
    return found


def field(pid: int, name: str) -> str:
    """Return what the system says of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(line.split(":")[1].strip() for line in lines if line.startswith(f"{name}:"))


def started() -> tuple[forked.Forked, threading.Thread]:
    """Return a child that waits for its task, and what reads its answer."""
    with tempfile.TemporaryFile() as said:
        child = forked.start(said, os.environ)
    assert child is not None
    reader = threading.Thread(target=child.stdout.read)
    reader.start()
    return child, reader


def ended(child: forked.Forked, reader: threading.Thread) -> int:
    """End a child, and return how it ended."""
    child.kill()
    code = child.wait(10)
    reader.join(10)
    child.stdin.close()
    child.stdout.close()
    return code


def test_a_forked_reader_gives_what_a_fresh_one_gives(tmp_path: Path) -> None:
    """Documents and the second reader's texts are the same, the first and the fifth time."""
    path = factories.policy(tmp_path / "policy.pdf")
    wanted = read_document(path, settings=Settings())
    for _ in range(5):
        assert read_apart(path, settings=Settings()) == wanted
        with texts_apart(path, wanted, Settings()) as texts:
            assert texts.contains(1, "Labour inspectors will visit")
    pid = home().pid
    read_apart(path, settings=Settings())
    assert home().pid == pid


def test_each_document_has_a_process_of_its_own() -> None:
    """Two at a time are two processes, each the head of a group, neither the nursery's."""
    first, second = started(), started()
    pids = {home().pid, first[0].pid, second[0].pid, os.getpid()}
    assert len(pids) == 4
    assert len({os.getpgid(pid) for pid in pids}) == 4
    assert [ended(*own) for own in (first, second)] == [-signal.SIGKILL, -signal.SIGKILL]


def test_the_nursery_holds_the_reading_stage_alone(tmp_path: Path) -> None:
    """It runs one thread, holds no model, and is as it was before it forked."""
    path = factories.policy(tmp_path / "policy.pdf")
    for _ in range(3):
        read_apart(path, settings=Settings())
    pid = home().pid
    assert field(pid, "Threads") == "1"
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    assert "pdfium" in maps  # all of the reading stage, from the third document on
    assert not [name for name in ("torch", "onnxruntime", "spacy") if f"/{name}" in maps]
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")
    assert limits == Path("/proc/self/limits").read_text(encoding="utf-8")


def test_a_child_holds_no_socket_and_no_other_child_s_files() -> None:
    """What a hostile document could speak to is its own three files."""
    first, second = started(), started()
    open_files = Path(f"/proc/{second[0].pid}/fd")
    end = time.monotonic() + 10
    while time.monotonic() < end and len(list(open_files.iterdir())) > 4:
        time.sleep(0.01)
    found = [str(path.readlink()) for path in open_files.iterdir()]
    assert not [name for name in found if name.startswith("socket:")]
    assert len([name for name in found if name.startswith("pipe:")]) <= 3  # one is a copy
    for own in (first, second):
        ended(*own)


def test_a_dead_reader_takes_nothing_with_it(tmp_path: Path) -> None:
    """After a child was killed the nursery forks the next."""
    child, reader = started()
    pid = home().pid
    os.kill(child.pid, signal.SIGSEGV)
    assert child.wait(10) == -signal.SIGSEGV
    assert ended(child, reader) == -signal.SIGSEGV
    assert read_apart(factories.policy(tmp_path / "p.pdf"), settings=Settings()).quality.pages == 3
    assert home().pid == pid


def test_a_dead_nursery_is_replaced(tmp_path: Path) -> None:
    """The document after its death is read by a process started anew, the next is forked."""
    path = factories.policy(tmp_path / "policy.pdf")
    first = read_apart(path, settings=Settings())
    pid = home().pid
    os.kill(pid, signal.SIGKILL)
    assert read_apart(path, settings=Settings()) == first
    assert not forked._open
    assert read_apart(path, settings=Settings()) == first
    assert home().pid != pid


def test_a_child_whose_nursery_died_is_ended() -> None:
    """Nobody can wait for it any more, so it is not left to run."""
    child, reader = started()
    os.kill(home().pid, signal.SIGKILL)
    time.sleep(0.1)
    assert child.poll() is not None
    reader.join(10)
    assert not reader.is_alive()
    child.stdin.close()
    child.stdout.close()


def test_where_nothing_can_be_forked_a_process_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a system without a nursery documents are read all the same."""
    monkeypatch.setattr(forked, "AVAILABLE", False)
    path = factories.policy(tmp_path / "policy.pdf")
    assert read_apart(path, settings=Settings()) == read_document(path, settings=Settings())
    assert not forked._open


def test_a_child_is_where_its_parent_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path counts from the folder of the moment, wherever the nursery was started."""
    factories.policy(tmp_path / "policy.pdf")
    read_apart(tmp_path / "policy.pdf", settings=Settings())
    monkeypatch.chdir(tmp_path)
    assert read_apart(Path("policy.pdf"), settings=Settings()).quality.pages == 3


def test_limits_hold_in_a_forked_child(tmp_path: Path) -> None:
    """A child that may use less memory than it is forked with reads nothing, and says why."""
    path = factories.policy(tmp_path / "policy.pdf")
    for _ in range(2):
        with pytest.raises(ReaderStoppedError):
            read_apart(path, settings=Settings(max_read_memory=30_000_000))
    assert read_apart(path, settings=Settings()).quality.pages == 3


def test_the_nursery_ends_with_its_parent() -> None:
    """It sees the end of its socket, however the parent ended."""
    lines = (
        "import os, tempfile\nfrom gcm_align.reading import forked\n"
        "forked.start(tempfile.TemporaryFile(), os.environ)\n"
        "print(forked._open[0].pid, flush=True)\nos.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, check=False
    )
    pid, end = int(done.stdout), time.monotonic() + 20
    while time.monotonic() < end and Path(f"/proc/{pid}").exists():
        if field(pid, "State").startswith("Z"):
            return  # it has ended; who adopted it has not looked yet
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_a_copy_of_the_parent_has_a_nursery_of_its_own(tmp_path: Path) -> None:
    """A process that was forked with an open socket neither uses it nor keeps it open."""
    lines = (
        "import os, sys\nfrom pathlib import Path\n"
        "from gcm_align.reading import forked, read_apart\n"
        "from gcm_align.settings import Settings\n"
        "path = Path(sys.argv[1])\n"
        "read_apart(path, settings=Settings())\n"
        "first = forked._open[0].pid\n"
        "child = os.fork()\n"
        "empty = not forked._open\n"
        "read_apart(path, settings=Settings())\n"
        "if child == 0:\n"
        "    sound = empty and forked._open[0].pid != first\n"
        "    forked.close()\n"
        "    os._exit(not sound)\n"
        "sound = os.waitpid(child, 0)[1] == 0 and forked._open[0].pid == first\n"
        "sys.exit(not sound)"
    )
    path = factories.policy(tmp_path / "policy.pdf")
    subprocess.run([sys.executable, "-c", lines, str(path)], check=True)


def test_the_environment_of_the_moment_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task carries the environment, so that a later change reaches the reader."""
    read_apart(factories.policy(tmp_path / "policy.pdf"), settings=Settings())
    monkeypatch.setenv("GCM_ALIGN_TEST", "\udcff odd")
    place = json.loads(json.dumps(process._place()))
    assert place["environment"]["GCM_ALIGN_TEST"] == "\udcff odd"
    assert place["environment"]["OMP_NUM_THREADS"] == "1"
