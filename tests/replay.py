"""A server on this computer that speaks the OpenAI chat protocol and gives recorded answers, right and wrong ones."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

_ASKED = re.compile(r"^Document: (.+), part (\d+) of (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Said:
    """What the server answers to a request."""

    text: str | None = ""
    finish: str = "stop"
    refusal: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None  #: in place of an answer of the protocol
    seconds: float = 0.0  #: before it answers
    cut: bool = False  #: closes the connection in the middle
    tokens: int = 0  #: of the prompt, as it counts them; 0 for the truth


@dataclass(frozen=True)
class Asked:
    """A request."""

    document: str
    part: int
    path: str
    headers: Mapping[str, str]  #: by their names in small letters
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """All that was asked."""
        return str(self.body["messages"][0]["content"])


def claims(*each: dict[str, Any]) -> str:
    """An answer with these claims, as a schema has it."""
    return json.dumps({"claims": list(each)}, ensure_ascii=False)


def refused(why: str, status: int = 400, **headers: str) -> Said:
    """What a server says that does not take a request."""
    error = {"error": {"message": why, "type": "invalid_request_error", "param": None, "code": None}}
    return Said(status=status, headers=headers, body=json.dumps(error).encode())


class Replay:
    """The server: its address, what it was asked, and what it says."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.say: Callable[[Asked], Said] = lambda _: Said(claims())
        self.busiest = 0  #: how many requests it had at once at most
        self._busy = 0
        self._lock = threading.Lock()

    def recorded(self, folder: Path) -> None:
        """Give the answers of a folder, by the document's name; to others one without claims."""

        def say(asked: Asked) -> Said:
            path = folder / f"{asked.document}.json"
            return Said(path.read_text(encoding="utf-8") if path.is_file() else claims())

        self.say = say

    def received(self, path: str, headers: Mapping[str, str], body: dict[str, Any]) -> Said:
        """Take note of a request, and find what is said to it."""
        found = _ASKED.search(body["messages"][0]["content"])
        assert found, "what was asked is no prompt"
        asked = Asked(found[1], int(found[2]), path, headers, body)
        with self._lock:
            self.asked.append(asked)
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
        said = self.say(asked)
        time.sleep(said.seconds)
        with self._lock:
            self._busy -= 1
        return said


def _completion(said: Said, prompt: str) -> bytes:
    message = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    tokens = said.tokens or len(prompt) // 4
    return json.dumps({
        "id": "1", "object": "chat.completion", "created": 0, "model": "recorded",
        "choices": [{"index": 0, "message": message, "finish_reason": said.finish}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 1, "total_tokens": tokens + 1},
    }).encode()  # fmt: skip


@pytest.fixture
def replay() -> Iterator[Replay]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = found.received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            if said.cut:
                self.close_connection = True
                self.connection.shutdown(2)
                return
            content = said.body if said.body is not None else _completion(said, body["messages"][0]["content"])
            self.send_response(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of a client that did not wait."""

    server = Server(("127.0.0.1", 0), Handler)
    found = Replay(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()
