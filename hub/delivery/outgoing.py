"""Calls to addresses that others chose: guarded, bounded in time and in size, and never redirected."""

import asyncio
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver

from hub.delivery.guard import AddressRefused, Guard, GuardedResolver, UrlRefused

#: Of an answer's body, which nobody reads: enough to use the connection again.
MAX_BODY_BYTES = 4_096
MAX_HEADER_BYTES = 8_190
#: Names that hang hold a thread each, for as long as the system's resolver has patience.
RESOLVER_THREADS = 64
AGENT = "signaalhub"

ADDRESS_REFUSED = "adres-geweigerd"
NO_CONNECTION = "geen-verbinding"
NOT_TRUSTED = "certificaat-geweigerd"
TOO_SLOW = "te-langzaam"
NOT_HTTP = "antwoord-ongeldig"
NOT_SENDABLE = "verzoek-ongeldig"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status`: None where none came, and then `fault` says why, in a word of ours.

    `headers`: names in lower case.
    """

    status: int | None
    fault: str | None
    headers: Mapping[str, str]


class Outgoing:
    """A client for one event loop; use it as a context. `seconds`: for a whole call, from name to last byte."""

    def __init__(
        self, guard: Guard, trust: ssl.SSLContext, seconds: float, resolver: AbstractResolver | None = None
    ) -> None:
        self._guard, self._trust, self._seconds, self._resolver = guard, trust, seconds, resolver
        self._names = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="namen")

    async def __aenter__(self) -> Self:
        asyncio.get_running_loop().set_default_executor(self._names)
        self._guarded = GuardedResolver(self._guard, self._resolver or aiohttp.ThreadedResolver())
        connector = aiohttp.TCPConnector(
            ssl=self._trust,
            resolver=self._guarded,
            socket_factory=self._guard.socket,
            limit=0,  # each subscriber has its own bound; one for all would let a few that hang stop the others
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=self._seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": AGENT},
            skip_auto_headers=("Accept-Encoding",),
            auto_decompress=False,
            read_bufsize=MAX_BODY_BYTES,
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        self._names.shutdown(wait=False, cancel_futures=True)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a message. Never raises for what the other side does."""
        return await self._call("POST", url, body, headers)

    async def options(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Ask what the other side takes. Never raises for what it does."""
        return await self._call("OPTIONS", url, None, headers)

    async def is_public(self, url: str) -> bool:
        """Whether the hub may call this address as it resolves now; one that does not resolve at all is not private."""
        try:
            host = self._guard.url(url).host or ""
            if not self._guard.allows(host):
                await asyncio.wait_for(self._guarded.resolve(host), self._seconds)
        except (UrlRefused, AddressRefused):
            return False
        except (OSError, TimeoutError):
            return True
        return True

    async def _call(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        try:
            asked = self._session.request(
                method, self._guard.url(url), data=body, headers=headers, allow_redirects=False
            )
            async with asked as answer:
                found = {name.lower(): value for name, value in answer.headers.items()}
                await _drain(answer)
                return Answer(answer.status, None, found)
        except Exception as error:  # whatever the other side makes of it, it is one failed call
            return Answer(None, _fault_of(error), {})


async def _drain(answer: aiohttp.ClientResponse) -> None:
    """Read a short body, so that the connection can be used again; close on a long one."""
    taken = 0
    async for chunk in answer.content.iter_any():
        taken += len(chunk)
        if taken > MAX_BODY_BYTES:
            answer.close()
            return


def _fault_of(error: Exception) -> str:
    if isinstance(error, UrlRefused) or isinstance(_cause(error), AddressRefused):
        return ADDRESS_REFUSED
    if isinstance(error, TimeoutError):
        return TOO_SLOW
    if isinstance(error, aiohttp.ClientSSLError):
        return NOT_TRUSTED
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return NO_CONNECTION
    if isinstance(error, aiohttp.ClientError):
        return NOT_HTTP
    return NOT_SENDABLE


def _cause(error: Exception) -> BaseException | None:
    return error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error.__cause__


def trusted(more: Path | None) -> ssl.SSLContext:
    """Who vouches for the other side: the authorities of this machine, and those in a file (PEM). Raises OSError."""
    context = ssl.create_default_context()
    if more is not None:
        context.load_verify_locations(more)
    return context
