"""A subscriber's server on the loopback address, which does what a test tells it: also what none should do."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True, slots=True)
class Received:
    """One request. `headers`: names in lower case."""

    method: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The notice in it."""
        found: dict[str, Any] = orjson.loads(self.body)
        return found


#: What to answer: a status, an answer, or something that takes its time.
Answering = Callable[[Received, web.Request], Awaitable[web.StreamResponse]]


def status(number: int, headers: Mapping[str, str] | None = None) -> Answering:
    """Always this answer."""

    async def answer(_: Received, __: web.Request) -> web.StreamResponse:
        return web.Response(status=number, headers=headers)

    return answer


@dataclass
class Receiver:
    """What came in, and what goes out."""

    port: int = 0
    scheme: str = "http"
    received: list[Received] = field(default_factory=list)
    answer: Answering = field(default_factory=lambda: status(204))
    handshake: Mapping[str, str] = field(
        default_factory=lambda: {"WebHook-Allowed-Origin": "*", "WebHook-Allowed-Rate": "*"}
    )
    handshake_status: int = 200

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/meldingen"

    @property
    def posts(self) -> list[Received]:
        return [one for one in self.received if one.method == "POST"]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [one.event for one in self.posts]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        one = Received(request.method, headers, await request.read())
        self.received.append(one)
        if request.method == "OPTIONS":
            return web.Response(status=self.handshake_status, headers=self.handshake)
        return await self.answer(one, request)


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver in a thread of its own."""
    receiver = Receiver(scheme="https" if tls else "http")
    loop, ready = asyncio.new_event_loop(), threading.Event()
    application = web.Application(client_max_size=2**20)
    application.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        receiver.port = runner.addresses[0][1]
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A new authority of one's own for 127.0.0.1: its certificate, and a server context that uses it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "proef")])
    begin = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
