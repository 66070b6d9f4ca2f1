"""A real Neo4j server for tests: the one that GOLDENTHREAD_TEST_NEO4J names, or one of our own, started once a run.

Our own needs Java 17 and, once, Maven, which fetches the server's jars (116 MB) into a cache folder. Where there is neither, tests
are skipped and say why; with GOLDENTHREAD_REQUIRE_NEO4J=1, as in CI, they fail.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

VERSION = "5.26.16"
_POM = Path(__file__).with_suffix(".xml")
_OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_CONF = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
server.memory.pagecache.size=512m
"""


@dataclass(frozen=True)
class Login:
    """Where a server is, and what lets us in."""

    url: str
    password: str


class Server:
    """A server of our own, over data in `folder`.

    Args:
        folder: for its data, configuration and logs.
        jars: see `find_jars`.
        heap: the most memory for Java's heap, as Java writes it.

    """

    def __init__(self, folder: Path, jars: Path, heap: str = "1g") -> None:
        self.password = secrets.token_urlsafe(12)
        self._home, self._jars, self._heap = folder, jars, heap
        self._port = _free_port()
        self.url = f"neo4j://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "conf").mkdir(parents=True)
        (folder / "conf" / "neo4j.conf").write_text(_CONF.format(port=self._port), encoding="utf-8")

    @property
    def login(self) -> Login:
        return Login(self.url, self.password)

    def start(self) -> None:
        """Start over the data that there are, and wait until it answers."""
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENS]
        command = ["java", f"-Xmx{self._heap}", *opens, "-cp", f"{self._jars}/*", "org.neo4j.server.CommunityEntryPoint"]
        with (self._home / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [*command, f"--home-dir={self._home}", f"--config-dir={self._home / 'conf'}"], stdout=output, stderr=output
            )
        for _ in range(240):
            if self._answers():
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.5)
        said = (self._home / "output.txt").read_text(encoding="utf-8", errors="replace")[-2000:]
        self.kill()
        raise RuntimeError(f"The Neo4j server did not start:\n{said}")

    def _answers(self) -> bool:
        for password in (self.password, "neo4j"):  # a new server has the second, and must be given another
            try:
                with GraphDatabase.driver(self.url, auth=("neo4j", password)) as driver, driver.session(database="system") as session:
                    if password == self.password:
                        session.run("SHOW DATABASES").consume()
                    else:
                        change = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
                        session.run(change, old=password, new=self.password).consume()
                    return True
            except (Neo4jError, DriverError, OSError):
                continue
        return False

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._end(subprocess.Popen.kill)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        self._end(subprocess.Popen.terminate)

    def _end(self, how: object) -> None:
        if self._process is not None:
            how(self._process)  # type: ignore[operator]  # a method of Popen
            self._process.wait(60)
            self._process = None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# -------------------------------------------------------------------------------------------------- what it needs


def jars_folder() -> Path:
    """Return where the server's jars are, or are to be."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("GOLDENTHREAD_TEST_NEO4J_JARS") or cache / f"goldenthread-neo4j-{VERSION}")


def unavailable() -> str | None:
    """Say why there can be no server of our own, or None."""
    if shutil.which("java") is None:
        return "there is no Java on this computer to run a Neo4j server with"
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if not version or int(version[1]) < 17:
        return "the Neo4j server needs Java 17 or newer"
    if not jars_folder().is_dir() and shutil.which("mvn") is None:
        return "there is no Maven on this computer to fetch the Neo4j server with"
    return None


def find_jars() -> Path:
    """Return the folder of the server's jars, fetched when they are not there yet."""
    folder = jars_folder()
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside the place and then renamed, so that nobody finds it half full.
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            to = Path(scratch) / "jars"
            goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={to}"]
            subprocess.run(["mvn", "-q", "-B", "-f", str(_POM), *goal], check=True, cwd=scratch, timeout=900)
            if not folder.is_dir():
                to.rename(folder)
    return folder


# ------------------------------------------------------------------------------------------------------- fixtures


def _own(folder: Path, stack: ExitStack) -> Server:
    why = unavailable()
    if why is not None:
        if os.environ.get("GOLDENTHREAD_REQUIRE_NEO4J") == "1":
            pytest.fail(f"These tests must run here, but {why}.")
        pytest.skip(f"{why[:1].upper()}{why[1:]}.")
    server = Server(folder / "neo4j", find_jars())
    stack.callback(server.stop)
    server.start()
    return server


@pytest.fixture(scope="session")
def neo4j_login(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Login]:
    """The server for all tests of a run."""
    with ExitStack() as stack:
        if url := os.environ.get("GOLDENTHREAD_TEST_NEO4J"):
            yield Login(url, os.environ["NEO4J_PASSWORD"])
        else:
            yield _own(tmp_path_factory.mktemp("server"), stack).login


@pytest.fixture
def own_neo4j_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill and start again."""
    with ExitStack() as stack:
        yield _own(tmp_path, stack)


def wipe(login: Login) -> None:
    """Leave nothing in the server's database."""
    with GraphDatabase.driver(login.url, auth=("neo4j", login.password)) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()
