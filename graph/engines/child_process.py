"""Runs a function in a process of its own, which can be ended: what hangs, fills the memory or crashes does so there.

    found = run_in_child(function, argument, limits=LIMITS)

The process starts anew with the parent's module path, and knows nothing of the parent's main module: scripts need no
`if __name__ == "__main__"`. The function and its arguments must be picklable.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from ...ontology import GoldenthreadError
from ..store import StoreError
from .query_limits import Limits, out_of_memory, out_of_time

Result = TypeVar("Result")

#: How long a process may take to start and to take in its data, in seconds, on a slow laptop with a virus scanner.
_STARTING = 180.0
#: What `faulthandler` ends the process with when its time is up. Faults end it by a signal, or on Windows with
#: another number.
_TIME_IS_UP = 1
_START = "import sys; sys.path[:] = {path!r}; from {module} import serve; serve()"


def run_in_child(function: Callable[..., Result], *arguments: object, limits: Limits) -> Result:
    """Call `function(*arguments)` in a process of its own, and return what it returned.

    Args:
        function: importable by name. It calls `restrict` when its data are ready; from then on the limits hold.
        arguments: what it is given.
        limits: of time and memory.

    Raises:
        LimitError: it took more time or memory than it may.
        StoreError: the process could not be started.
        GoldenthreadError, sqlite3.Error: the function raised it; other errors become a StoreError.

    """
    path = [each or os.getcwd() for each in sys.path]  # noqa: PTH109 - as text
    command = [sys.executable, "-I", "-c", _START.format(path=path, module=__name__)]
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows no black window
    try:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=hidden
        ) as process:  # fmt: skip
            try:
                output, _ = process.communicate(pickle.dumps((function, arguments)), timeout=_STARTING + limits.seconds)
            except subprocess.TimeoutExpired as error:
                raise out_of_time(limits) from error
            finally:
                process.kill()
    except OSError as error:
        raise StoreError(
            f"The process that answers queries could not be started: {error.strerror or error}. Try again."
        ) from error
    if not output:
        raise out_of_time(limits) if process.returncode == _TIME_IS_UP else out_of_memory(limits)
    result, raised = pickle.loads(output)
    if isinstance(raised, MemoryError):
        raise out_of_memory(limits) from raised
    if raised is not None:
        raise raised
    return cast("Result", result)


def restrict(limits: Limits) -> None:
    """In the child: from now on time and memory are limited, and no file or socket can be opened.

    On Windows files, sockets and memory are not limited in this way; the time is everywhere.
    """
    # The process is ended by a thread that waits for no lock of Python's, so that it ends libraries as well.
    nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the process ends
    faulthandler.dump_traceback_later(limits.seconds, exit=True, file=nowhere)
    if sys.platform == "win32":
        return
    import resource

    statm = Path("/proc/self/statm")
    held = int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
    with suppress(OSError, ValueError):  # macOS does not take every limit
        resource.setrlimit(resource.RLIMIT_AS, (held + limits.memory_mb * 1_000_000,) * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def serve() -> None:
    """In the child: do what standard input asks for, and write the answer to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    try:
        function, arguments = cast("tuple[Callable[..., Any], tuple[Any, ...]]", pickle.load(sys.stdin.buffer))
        answer = pickle.dumps((function(*arguments), None), protocol=pickle.HIGHEST_PROTOCOL)
    except (GoldenthreadError, sqlite3.Error, MemoryError) as error:
        answer = pickle.dumps((None, error), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        answer = pickle.dumps((None, _unforeseen(error)), protocol=pickle.HIGHEST_PROTOCOL)
    faulthandler.cancel_dump_traceback_later()
    sys.stdout.buffer.write(answer)
    sys.stdout.flush()


def _unforeseen(error: Exception) -> StoreError:
    """An error by its kind and place; its own words could hold words of a document."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return StoreError(
        f"The query could not be answered: {type(error).__name__}{where}. Write it in another way, and report this."
    )
