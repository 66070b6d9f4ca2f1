"""A real Neo4j server for tests: the one that GOLDENTHREAD_TEST_NEO4J names, or one of our own, started once a run.

Our own needs Java 17 and, once, Maven, which fetches the server's jars (116 MB) into a cache folder. Where there is
neither, tests are skipped and say why; with GOLDENTHREAD_REQUIRE_NEO4J=1, as in CI, they fail.
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
from contextlib import suppress
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
db.index.fulltext.eventually_consistent_refresh_interval=2s
"""


@dataclass(frozen=True)
class Login:
    """Where a server is, and what lets us in."""

    url: str
    password: str


class Server:
    """A server of our own, over the data in `folder`; `heap` is the most memory for Java's heap, as Java writes it."""

    def __init__(self, folder: Path, jars: Path, heap: str = "1g") -> None:
        self.password = secrets.token_urlsafe(12)
        self._home, self._jars, self._heap = folder, jars, heap
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]
        self.url = f"neo4j://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "conf").mkdir(parents=True)
        (folder / "conf" / "neo4j.conf").write_text(_CONF.format(port=port), encoding="utf-8")

    def start(self) -> None:
        """Start over the data that there are, and wait until it answers."""
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENS]
        command = [
            "java",
            f"-Xmx{self._heap}",
            *opens,
            "-cp",
            f"{self._jars}/*",
            "org.neo4j.server.CommunityEntryPoint",
        ]
        with (self._home / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [*command, f"--home-dir={self._home}", f"--config-dir={self._home / 'conf'}"],
                stdout=output,
                stderr=output,
            )
        try:
            last = time.monotonic() + 120
            while time.monotonic() < last and self._process.poll() is None:
                if self._answers():
                    return
                time.sleep(0.5)
            raise RuntimeError(f"The Neo4j server did not start:\n{self._said()}")
        except BaseException:  # Ctrl-C among them
            self.kill()
            raise

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Ask it to stop, and wait; kill it when it does not."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(60)
            self.kill()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _answers(self) -> bool:
        url = self.url.replace("neo4j:", "bolt:")  # without routing, whose failures are logged
        for password in (self.password, "neo4j"):  # a new server has the second, and must be given another
            try:
                with (
                    GraphDatabase.driver(
                        url, auth=("neo4j", password), connection_timeout=5, connection_acquisition_timeout=5
                    ) as driver,
                    driver.session(database="system") as session,
                ):
                    if password == self.password:
                        session.run("SHOW DATABASES").consume()
                    else:
                        session.run(
                            "ALTER CURRENT USER SET PASSWORD FROM $old TO $new", old=password, new=self.password
                        ).consume()
                    return True
            except (Neo4jError, DriverError, OSError):
                continue
        return False

    def _said(self) -> str:
        logs = [
            self._home / "output.txt",
            self._home / "logs" / "neo4j.log",
        ]  # what Java says, and what the server says
        return "\n".join(log.read_text(encoding="utf-8", errors="replace")[-2000:] for log in logs if log.exists())


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
    if not _complete(jars_folder()) and shutil.which("mvn") is None:
        return "there is no Maven on this computer to fetch the Neo4j server with"
    return None


def find_jars() -> Path:
    """Return the folder of the server's jars, fetched when they are not there yet."""
    folder = jars_folder()
    if not _complete(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside the place and then renamed, so that nobody finds it half full.
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            to = Path(scratch) / "jars"
            goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={to}"]
            subprocess.run(["mvn", "-q", "-B", "-f", str(_POM), *goal], check=True, cwd=scratch, timeout=900)
            with suppress(OSError):  # another run was faster
                to.rename(folder)
    if not _complete(folder):
        raise FileNotFoundError(f"{folder} holds no Neo4j server. Delete it, and it is fetched again.")
    return folder


def _complete(folder: Path) -> bool:
    return (folder / f"neo4j-{VERSION}.jar").is_file()


def _own(folder: Path) -> Server:
    why, jars = unavailable(), None
    if why is None:
        try:
            jars = find_jars()
        except (OSError, subprocess.SubprocessError) as error:
            why = f"the Neo4j server could not be fetched ({error})"
    if jars is not None:
        return Server(folder / "neo4j", jars)
    # With a server named, only the tests that kill one come here, and need not run.
    if os.environ.get("GOLDENTHREAD_REQUIRE_NEO4J") == "1" and not os.environ.get("GOLDENTHREAD_TEST_NEO4J"):
        pytest.fail(f"These tests must run here, but {why}.")
    pytest.skip(f"{why}.")


@pytest.fixture(scope="session")
def neo4j_login(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Login]:
    """The server for all tests of a run."""
    if url := os.environ.get("GOLDENTHREAD_TEST_NEO4J"):
        yield Login(url, os.environ["NEO4J_PASSWORD"])
    else:
        with _own(tmp_path_factory.mktemp("server")) as server:
            yield Login(server.url, server.password)


@pytest.fixture
def own_neo4j_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill and start again."""
    with _own(tmp_path) as server:
        yield server


def wipe(login: Login) -> None:
    """Leave nothing in the server's database."""
    with GraphDatabase.driver(login.url, auth=("neo4j", login.password)) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()
