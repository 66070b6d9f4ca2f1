"""A connection to a Neo4j server: its address, the password, and errors in words that help."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import ssl
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote, urlsplit, urlunsplit

from ..store import ChangedError, StoreError
from .query_limits import QueryError

if TYPE_CHECKING:
    from neo4j import Driver

#: The oldest server that works: the long-term release of Neo4j 5, with types of relationships as parameters.
OLDEST = (5, 26)

#: Seconds that a query of a person's own may take.
QUERY_SECONDS = 60.0

#: Asks a person for the password of a user at a server.
AskPassword: TypeAlias = Callable[[str], str]


class Address:
    """Where a Neo4j store is: `neo4j://[user@]host[:port][/database]`.

    Raises:
        StoreError: it cannot be read so, or holds a password.

    """

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            host, password = parts.hostname, parts.password
            netloc = parts.netloc.rsplit("@", 1)[-1]
            _ = parts.port
        except ValueError as error:
            raise StoreError(f"{_without_password(address)} is not an address. {_LIKE_THIS}") from error
        if password is not None:
            raise StoreError(
                f"The address {_without_password(address)} holds a password, which others could read in the list of "
                "processes. Leave it out, and give it in NEO4J_PASSWORD or when asked."
            )
        if not host or parts.query or parts.fragment or parts.path.count("/") > 1:
            raise StoreError(f"{_without_password(address)} is not an address of a Neo4j database. {_LIKE_THIS}")
        self.uri = urlunsplit((parts.scheme, netloc, "", "", ""))
        self.user = unquote(parts.username) if parts.username else os.environ.get("NEO4J_USERNAME", "neo4j")
        self.database = unquote(parts.path.strip("/")) or None

    def __str__(self) -> str:
        return self.uri + (f"/{self.database}" if self.database else "")


_LIKE_THIS = "Write it like neo4j://host:7687/database."


def _without_password(address: str) -> str:
    return re.sub(r"//[^/]*@", "//", address)


def connect(address: Address, ask: AskPassword | None) -> Driver:
    """Return a driver that has been let in.

    Args:
        address: of the database.
        ask: called for the password where NEO4J_PASSWORD is not set; without it there must be one.

    Raises:
        StoreError: there is no server, it is too old, or it does not let the user in.

    """
    password = os.environ.get("NEO4J_PASSWORD") or (ask(f"Password of {address.user} at {address.uri}") if ask else "")
    if not password:
        raise StoreError(f"There is no password for {address}. Set the environment variable NEO4J_PASSWORD.")
    # What the driver has to say is in the errors that it raises.
    logging.getLogger("neo4j").addHandler(logging.NullHandler())
    from neo4j.exceptions import ServiceUnavailable

    with translated(address):
        try:
            return _let_in(address, address.uri, password)
        except ServiceUnavailable:
            # Looking for the way to a server's databases hides why it cannot be reached; asking it directly does not.
            _let_in(address, re.sub("^neo4j", "bolt", address.uri), password).close()
            raise


def _let_in(address: Address, uri: str, password: str) -> Driver:
    from neo4j import GraphDatabase, NotificationMinimumSeverity

    driver = GraphDatabase.driver(
        uri, auth=(address.user, password), notifications_min_severity=NotificationMinimumSeverity.OFF,
        connection_timeout=10, max_transaction_retry_time=30, user_agent="goldenthread",
    )  # fmt: skip
    try:
        _check_age(address, driver.get_server_info().agent)
    except BaseException:
        driver.close()
        raise
    return driver


def _check_age(address: Address, agent: str) -> None:
    version = re.fullmatch(r"Neo4j/(\d+)\.(\d+).*", agent)
    if version and (int(version[1]), int(version[2])) < OLDEST:
        raise StoreError(
            f"The server at {address.uri} is {agent.replace('/', ' ')}; goldenthread needs {OLDEST[0]}.{OLDEST[1]} or "
            "newer. Upgrade it, or keep the graph in a file."
        )


@contextlib.contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn the driver's errors into ours, with a cure; none of them repeats the password or any text of a document."""
    from neo4j import exceptions

    try:
        yield
    except exceptions.AuthError as error:
        raise StoreError(
            f"{address.uri} does not let {address.user} in. Check the user's name in the address and the password in "
            "NEO4J_PASSWORD."
        ) from error
    except exceptions.ConfigurationError as error:
        raise StoreError(f"{address} cannot be used: {_in_line(error)} {_LIKE_THIS}") from error
    except exceptions.TransientError as error:
        if str(error.code).endswith("Transaction.Outdated"):
            raise ChangedError from error
        raise StoreError(
            f"{address} is busy or short of memory ({error.code}). What was finished is kept; "
            "try the same again in a while."
        ) from error
    except exceptions.Neo4jError as error:
        raise StoreError(_of_server(address, error)) from error
    except (exceptions.DriverError, OSError) as error:
        raise StoreError(_of_connection(address, error)) from error


@contextlib.contextmanager
def query_translated() -> Iterator[None]:
    """Turn the server's errors about a user's own query into ours; its other errors are left as they are."""
    from neo4j.exceptions import Neo4jError

    try:
        yield
    except Neo4jError as error:
        code = str(error.code)
        if "TransactionTimedOut" in code:
            raise QueryError(
                f"The query took longer than {QUERY_SECONDS:.0f} seconds and was stopped. "
                "Ask for less, or of one partnership."
            ) from error
        if not code.startswith(_OF_QUERY):
            raise
        raise QueryError(f"The query cannot be run: {_in_line(error).rstrip('.')}. Mend it, and try again.") from error


#: What the codes of errors begin with that come from a query: its words, the procedures it calls, or transactions that
#: it would begin.
_OF_QUERY = (
    "Neo.ClientError.Statement.",
    "Neo.ClientError.Procedure.",
    "Neo.DatabaseError.Transaction.TransactionStartFailed",
)


def _of_server(address: Address, error: Exception) -> str:
    code = str(getattr(error, "code", ""))
    if code.endswith("DatabaseNotFound"):
        return (
            f"There is no database '{address.database}' at {address.uri}. "
            "Make it, or name another at the end of the address."
        )
    if code.endswith("DatabaseUnavailable"):
        return f"The database of {address} is not started. Start it, then try again."
    if code.endswith("AuthenticationRateLimit"):
        return (
            f"{address.uri} has refused too many wrong passwords in turn. "
            "Wait a minute, and give the right one in NEO4J_PASSWORD."
        )
    if code.endswith(("CredentialsExpired", "Forbidden")):
        return (
            f"{address.user} may not do this at {address} ({code}). Give the user the right to, or name another user "
            "in the address."
        )
    return f"{address} refused the query: {_in_line(error)}"


def _of_connection(address: Address, error: BaseException) -> str:
    causes: list[BaseException] = []
    while error is not None and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__  # type: ignore[assignment]  # None ends the chain
    names = {type(cause).__name__ for cause in causes}
    words = " ".join(str(cause) for cause in causes)
    if (
        any(isinstance(cause, ssl.SSLError) for cause in causes)
        or "SecurityError" in names
        or "secure connection" in words
    ):
        return (
            f"{address.uri} and this computer could not agree on a secure connection. "
            "Use neo4j:// where the server has no encryption, and neo4j+ssc:// where its certificate is its own."
        )
    if "UnsupportedServerProduct" in names or "protocol version" in words or "handshake" in words:
        return (
            f"What answers at {address.uri} is no Neo4j server from {OLDEST[0]}.{OLDEST[1]} on. "
            "Check the port, or upgrade the server."
        )
    if "defunct connection" in words or "SessionExpired" in names or "IncompleteCommit" in names:
        return (
            f"The connection to {address.uri} was lost. What was finished is kept; "
            "when the server is back, do the same again."
        )
    return f"No Neo4j server answers at {address.uri}. Start it, or check the address."


def _in_line(error: Exception) -> str:
    """The message of an error, in one line."""
    return " ".join(str(getattr(error, "message", None) or error).split())
