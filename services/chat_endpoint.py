"""Asks a model at an endpoint that speaks the OpenAI chat protocol, through the `openai` client.

The client is imported when an endpoint is made. It is told all that it needs: what the environment says to it is hidden
from it, so that neither its log nor another account's key gets into this. It follows no redirection, so that the words
of a document go where the person said and nowhere else.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult, parse_qsl, urlsplit

from .asking import AskingError, ModelReply

if TYPE_CHECKING:
    from openai import APIStatusError, Omit, OpenAI

#: How often a request is tried again after a failure that may pass, by the client, with growing pauses.
RETRIES = 3
#: How long an answer may take, in seconds: a model without a graphics card takes minutes.
SECONDS = 600.0
_CONNECTING = 15.0
#: Statuses by which a server says that it does not take a request as it is.
_REFUSED = (400, 415, 422, 501)
#: More characters of English than a token has anywhere: a server that counts fewer tokens has not read all.
_MOST_CHARACTERS_A_TOKEN = 6
_OBJECT = 'Answer with one JSON object: {"claims": [ … ]}, which holds the claims in a list.'
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
#: The only thing that may stand in the query of an address.
_VERSION = "api-version"
_KEY_FROM = "The key comes from GOLDENTHREAD_LLM_KEY, or is asked for with --llm-ask-key"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an endpoint is."""

    url: str  #: without a query; '/chat/completions' comes after it
    query: Mapping[str, str] = field(default_factory=dict)
    encrypted: bool = True  #: or on this computer

    def __str__(self) -> str:
        return self.url


def checked_address(text: str) -> Address:
    """Return the address that a person gives.

    Raises:
        AskingError: it is none, or holds a password or a key. The message does not repeat it.

    """
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        parts, host = SplitResult("", "", "", "", ""), ""
    if parts.scheme not in ("http", "https") or not host:
        raise AskingError("The address of the model is none. Write it like http://localhost:11434/v1.")
    if parts.username is not None or parts.password is not None:
        raise AskingError(f"The address of the model holds a name or a password. Leave it out. {_KEY_FROM}.")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.fragment or query.keys() - {_VERSION}:
        raise AskingError(f"Behind '?' in the address of the model only {_VERSION} may stand. {_KEY_FROM}.")
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    return Address(
        f"{parts.scheme}://{parts.netloc}{path or ('' if query else '/v1')}",
        query,
        parts.scheme == "https" or _is_here(host),
    )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_installed() -> None:
    """Check that the client is there.

    Raises:
        AskingError: it is not.

    """
    if find_spec("openai") is None:
        raise AskingError(
            "Asking a language model needs the extra 'llm'. Install it with: pip install 'goldenthread[llm]'"
        )


class ChatEndpoint:
    """An endpoint; it may be asked from several threads. Used with `with`, or closed, it lets go of its connections.

    Args:
        address: where it is.
        model: as it calls it.
        key: lets us in; '' for a server that asks for none.
        schema: the JSON Schema of an answer.
        seconds: how long an answer may take.
        retries: how often a request is tried again after a failure that may pass.

    Raises:
        AskingError: the client is not installed, or the key is none.

    """

    def __init__(
        self, address: Address, model: str, key: str, schema: Mapping[str, Any], *, seconds: float = SECONDS,
        retries: int = RETRIES,
    ) -> None:  # fmt: skip
        check_installed()
        key = key.strip()
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise AskingError("The key holds signs that no key has. Copy it again, without line ends and spaces.")
        self._address, self._model, self._seconds = address, model, seconds
        with _nothing_from_the_environment():
            self._client = _client(address, key, seconds, retries)
            self._headers = _headers(key, own_name=_VERSION in address.query)
        #: The forms in which an answer can be asked for, the strictest first: one that a server refuses, while it takes
        #: the next, is asked for no more.
        self._forms: list[dict[str, Any] | None] = [_by_schema(schema), {"type": "json_object"}, None]
        self._sampling: dict[str, Any] = {"temperature": 0, "seed": 0}
        self._lock = threading.Lock()
        self._notes: dict[str, None] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def notes(self) -> list[str]:
        """What is to be said of how it answered."""
        return list(self._notes)

    def ask(self, prompt: str) -> ModelReply:
        """Return the answer to a prompt.

        Raises:
            AskingError: there is none.

        """
        import openai

        try:
            return self._reply(self._completion(prompt), len(prompt))
        except openai.APIStatusError as error:
            raise self._status_error(error) from error
        except openai.APITimeoutError as error:
            raise AskingError(
                f"it did not answer within {self._seconds:g} seconds. Give it longer with --llm-timeout."
            ) from error
        except openai.APIConnectionError as error:
            raise AskingError(
                f"{self._address} could not be reached, or cut the connection. Check that it runs, and the address."
            ) from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise self._other_protocol() from error

    def _completion(self, prompt: str) -> Any:
        """The answer in the strictest form that the server takes.

        Raises:
            openai.OpenAIError: there is none.

        """
        import openai

        with self._lock:
            forms = list(self._forms)
        for number, form in enumerate(forms):
            try:
                found = self._create(prompt, form)
            except openai.APIStatusError as error:
                if error.status_code not in _REFUSED or number == len(forms) - 1:
                    raise
                continue
            with self._lock:
                self._forms = [each for each in self._forms if each not in forms[:number]]
            return found
        raise AssertionError("the last form returns or raises")

    def _create(self, prompt: str, form: dict[str, Any] | None) -> Any:
        import openai

        asked: dict[str, Any] = {} if form is None else {"response_format": form}
        text = prompt if form is None else f"{prompt}\n\n{_OBJECT}"
        messages = [{"role": "user", "content": text}]
        sampling = self._sampling
        while True:
            try:
                return self._client.chat.completions.create(
                    model=self._model,
                    extra_headers=self._headers,
                    messages=messages,  # type: ignore[arg-type]
                    **sampling,
                    **asked,
                )
            except openai.APIStatusError as error:
                refused = [name for name in sampling if _speaks_of(error, name)]
                if error.status_code not in _REFUSED or not refused:
                    raise
                # Some models take no temperature, or no seed.
                self._sampling = sampling = {k: v for k, v in sampling.items() if k not in refused}

    def _reply(self, completion: Any, characters: int) -> ModelReply:
        choice = completion.choices[0]
        text = choice.message.content
        if getattr(choice.message, "refusal", None) or choice.finish_reason == "content_filter":
            raise AskingError("the model, or its filter, refused to answer.")
        if text is not None and not isinstance(text, str):
            raise self._other_protocol()
        text = _THOUGHTS.sub("", text or "")
        if not text.strip():
            raise AskingError("the answer is empty. Ask again later, or another model.")
        read = getattr(completion.usage, "prompt_tokens", None)
        if isinstance(read, int) and 0 < read < characters // _MOST_CHARACTERS_A_TOKEN:
            self._notes[
                f"{self._address} read only the end of prompts ({read} tokens). Give {self._model} a larger context, "
                "and ask again with --refresh."
            ] = None
        return ModelReply(text, choice.finish_reason != "length")

    def _other_protocol(self) -> AskingError:
        return AskingError(f"{self._address} answered, but not in the form of the chat protocol. Check the address.")

    def _status_error(self, error: APIStatusError) -> AskingError:
        """A status in words; those of the server could repeat words of the prompt, or the key."""
        status = error.status_code
        if status in (401, 403):
            return AskingError(f"{self._address} does not let us in ({status}). {_KEY_FROM}.", final=True)
        if status == 404:
            return AskingError(
                f"{self._address} knows no such place, or no model '{self._model}' (404). Check both.", final=True
            )
        if 300 <= status < 400:
            return AskingError(f"{self._address} says that it has moved ({status}). Give its new address.", final=True)
        if status == 429:
            return AskingError(
                "it was asked too often (429), or the account is used up. Go on later, or with --llm-requests 1."
            )
        if status in (413, *_REFUSED):
            return AskingError(
                f"it does not take the request ({status}). The part may be too long for {self._model}: give it a "
                "larger context."
            )
        return AskingError(f"it failed ({status}), also when asked again. Look at its log, and go on later.")


def _by_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "claims", "strict": True, "schema": schema}}


def _speaks_of(error: APIStatusError, name: str) -> bool:
    """Whether a server refuses a request for one of its settings."""
    return name == getattr(error, "param", None) or re.search(rf"\b{name}\b", error.message) is not None


def _client(address: Address, key: str, seconds: float, retries: int) -> OpenAI:
    import openai

    timeout = openai.Timeout(seconds, connect=min(seconds, _CONNECTING))
    return openai.OpenAI(
        api_key=key or "none",
        admin_api_key="",
        organization="",
        project="",
        base_url=address.url,
        default_query=address.query,
        max_retries=retries,
        timeout=timeout,
        http_client=openai.DefaultHttpxClient(follow_redirects=False, timeout=timeout),
    )


def _headers(key: str, *, own_name: bool) -> dict[str, str | Omit]:
    """What a request has beside the client's own; `own_name` for Azure's older addresses, which have a version."""
    import openai

    omit = openai.Omit()
    headers: dict[str, str | Omit] = {"OpenAI-Organization": omit, "OpenAI-Project": omit}
    if own_name or not key:
        headers["Authorization"] = omit
    return {**headers, "api-key": key} if own_name and key else headers


@contextlib.contextmanager
def _nothing_from_the_environment() -> Iterator[None]:
    """Hide the client's own settings, such as its log, which would hold words of documents."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("OPENAI_")}
    try:
        yield
    finally:
        os.environ.update(hidden)
