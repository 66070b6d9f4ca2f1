"""Files are written whole or not at all: what stood there stays until the new one is complete."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from goldenthread.writing.files import is_stream, replaced

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
unprivileged = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="the superuser may write anywhere"
)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(b"yesterday")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_when_all_is_written(target: Path) -> None:
    with replaced(target) as file:
        file.write(b"today")
        file.flush()
        assert target.read_bytes() == b"yesterday"
        assert len(names(target.parent)) == 2
    assert target.read_bytes() == b"today"
    assert names(target.parent) == ["list.csv"]


def test_a_new_file_is_made(tmp_path: Path) -> None:
    with replaced(tmp_path / "new.csv") as file:
        file.write(b"today")
        assert not (tmp_path / "new.csv").exists()
    assert (tmp_path / "new.csv").read_bytes() == b"today"


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt, OSError, SystemExit])
@pytest.mark.parametrize("name", ["list.csv", "new.csv"])
def test_a_fault_while_writing_leaves_what_stood_there(target: Path, name: str, fault: type[BaseException]) -> None:
    def write_half() -> None:
        with replaced(target.with_name(name)) as file:
            file.write(b"half")
            raise fault

    with pytest.raises(fault):
        write_half()
    assert names(target.parent) == ["list.csv"]
    assert target.read_bytes() == b"yesterday"


@posix
def test_a_full_disk_leaves_what_stood_there(target: Path) -> None:
    """The system itself ends the writing half-way: no file may grow beyond 10,000 bytes."""
    code = (
        "import resource, signal, sys; from pathlib import Path; from goldenthread.writing.files import replaced\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "with replaced(Path(sys.argv[1])) as file:\n"
        "    for _ in range(1000): file.write(b'today' * 100)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=False)
    assert "File too large" in done.stderr
    assert target.read_bytes() == b"yesterday"
    assert names(target.parent) == ["list.csv"]


def test_a_long_name_is_no_fault(tmp_path: Path) -> None:
    with replaced(tmp_path / ("ü" * 120 + ".csv")) as file:
        file.write(b"today")
    assert len(names(tmp_path)) == 1


@posix
def test_permissions_stay_and_new_files_get_the_usual_ones(target: Path) -> None:
    target.chmod(0o640)
    (target.parent / "usual").write_bytes(b"")
    with replaced(target) as file:
        (half,) = (path for path in target.parent.iterdir() if path.suffix == ".tmp")
        assert stat.S_IMODE(half.stat().st_mode) == 0o640
        file.write(b"today")
    with replaced(target.with_name("new")) as file:
        file.write(b"today")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.with_name("new").stat().st_mode == target.with_name("usual").stat().st_mode


@posix
@unprivileged
def test_a_file_that_may_not_be_written_stays(target: Path) -> None:
    target.chmod(0o444)
    with pytest.raises(PermissionError), replaced(target):
        pass
    assert target.read_bytes() == b"yesterday"


@posix
def test_a_link_stays_and_what_it_leads_to_is_replaced(target: Path) -> None:
    (target.parent / "folder").mkdir()
    link = target.parent / "folder" / "link.csv"
    link.symlink_to(Path("..") / "list.csv")
    with replaced(link) as file:
        file.write(b"today")
    assert link.is_symlink()
    assert target.read_bytes() == b"today"
    assert names(link.parent) == ["link.csv"]


@posix
def test_a_link_to_nothing_makes_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("new.csv")
    with replaced(tmp_path / "link.csv") as file:
        file.write(b"today")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "new.csv").read_bytes() == b"today"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), replaced(tmp_path):
        pass


@posix
def test_devices_and_pipes_are_written_to(tmp_path: Path) -> None:
    with replaced(Path("/dev/null")) as file:
        file.write(b"today")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))
    reader.start()
    with replaced(pipe) as file:
        file.write(b"today")
    reader.join(10)
    assert found == [b"today"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names(tmp_path) == ["pipe"]


@posix
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
def test_standard_output_goes_on_where_it_is(tmp_path: Path, name: str) -> None:
    """It may be a file that a shell has opened, with something in it already."""
    if name == "/proc/self/fd/1" and not Path("/proc/self/fd").exists():
        pytest.skip("this system has no such files")
    (tmp_path / "link").symlink_to("/dev/stdout")
    code = (
        "import sys; from pathlib import Path; from goldenthread.writing.files import replaced\n"
        "with replaced(Path(sys.argv[1])) as file: file.write(b'two,')"
    )
    with (tmp_path / "out").open("wb") as out:
        out.write(b"one,")
        out.flush()
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], stdout=out, check=True)
        subprocess.run([sys.executable, "-c", "print('three')"], stdout=out, check=True)
    assert (tmp_path / "out").read_bytes().split() == [b"one,two,three"]


@posix
def test_what_stands_for_a_stream() -> None:
    assert is_stream(Path("/dev/null"))
    assert is_stream(Path("/dev/stdout"))
    assert not is_stream(Path(__file__))
    assert not is_stream(Path(__file__).parent)
    assert not is_stream(Path("/nothing/here"))
