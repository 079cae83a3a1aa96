"""Where the hub may call: public addresses only, so that nobody makes it knock on doors inside its own network.

Three walls. The address as written; what its name resolves to, all of it; and the socket itself: only what was
checked is connected to, so a name that changes its mind in between gains nothing. Redirects are never followed.
Source: OWASP Server-Side Request Forgery Prevention; IANA special-purpose address registries (RFC 6890).
"""

import re
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

MAX_CHARACTERS = 2_000
#: Whitespace, control characters and the backslash, which clients read in different ways.
_NO_URL = re.compile(r"[\x00-\x20\x7f\\]")
_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        [
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        ],
    )
)
#: Global unicast; every form that carries an IPv4 address inside it lies outside, or is taken out below.
_UNICAST_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(map(IPv6Network, ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]))
_LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


class AddressRefused(OSError):
    """This address is not public."""


class UrlRefused(ValueError):
    """The hub does not call this URL; the message says why, without the URL."""


class Guard:
    """What may be called. `loopback`: development only; the machine itself counts as public, by plain http too."""

    def __init__(self, loopback: bool = False) -> None:
        self._loopback = loopback

    def url(self, text: str) -> URL:
        """The URL, if it may be called as far as can be seen without resolving it. Raises UrlRefused."""
        if len(text) > MAX_CHARACTERS or _NO_URL.search(text):
            raise UrlRefused("too long, or with characters that no URL has")
        try:
            url = URL(text)
        except ValueError:
            raise UrlRefused("not a URL") from None
        if url.host is None or url.scheme not in ("https", "http"):
            raise UrlRefused("not an https address")
        if url.user is not None or url.password is not None or url.fragment or "#" in text:
            raise UrlRefused("with a name, a password or a fragment in it")
        literal = _literal(url.host)
        if url.scheme == "http" and not (self._loopback and _is_own(literal)):
            raise UrlRefused("not an https address")
        if literal is not None and not self.allows(url.host):
            raise UrlRefused("not a public address")
        return url

    def allows(self, host: str) -> bool:
        """Whether an IP address may be connected to; what is no address may not."""
        address = _literal(host)
        if address is None:
            return False
        return is_public(address) or (self._loopback and _is_own(address))

    def socket(self, found: tuple[Any, ...]) -> socket.socket:
        """A socket to what `getaddrinfo` found; the last wall. Raises AddressRefused."""
        family, kind, protocol, _, address = found
        if not self.allows(str(address[0])):
            raise AddressRefused("not a public address")
        return socket.socket(family, kind, protocol)


class GuardedResolver(AbstractResolver):
    """Resolves names, and refuses those with any address that is not public."""

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard, self._inner = guard, inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """All addresses of a name. Raises AddressRefused, OSError."""
        found = await self._inner.resolve(host, port, family)
        if not all(self._guard.allows(one["host"]) for one in found):
            raise AddressRefused("a name with an address that is not public")
        return found

    async def close(self) -> None:
        """Let go of the resolver behind it."""
        await self._inner.close()


#: What makes a socket to an address found.
SocketMaker = Callable[[tuple[Any, ...]], socket.socket]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public internet. Addresses that wrap another address do not."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None or address not in _UNICAST_6:
        return False
    return not any(address in network for network in _NOT_PUBLIC_6)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_own(address: IPv4Address | IPv6Address | None) -> bool:
    return address is not None and any(address in network for network in _LOOPBACK)
