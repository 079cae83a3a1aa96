"""The systems that may ask the development issuer for tokens, one JSON file each in a folder.

With real data tokens come from the real authorisation server; then the folder holds only the systems of those who
sign policy versions, placed there by whoever registers them.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson
from authlib.oauth2.rfc6749 import ClientMixin
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import ECKey, RSAKey

from hub.settings import key_file

CLIENT_ID = re.compile(r"(?P<oin>[0-9]{20}):(?P<systeem>[a-z0-9-]{1,60})")
KEY_BITS = 2048


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):  # type: ignore[misc] # authlib is untyped
    """A system of one organisation. `client_id`: `<oin>:<systeem>`; `jwk`: public key; `zetels` it may take.

    `terugkeer`: addresses to which people return who signed in for it; none for most.
    """

    client_id: str
    oin: str
    jwk: Mapping[str, Any]
    zetels: frozenset[str]
    scopes: frozenset[str]
    terugkeer: frozenset[str] = frozenset()

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """All that is asked, or nothing: a token never silently opens less than its holder thinks."""
        asked = (scope or "").split()
        return " ".join(asked) if asked and self.scopes.issuperset(asked) else None

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "private_key_jwt" and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        people, systems = ("authorization_code", "refresh_token"), ("client_credentials",)
        return grant_type in (people if self.terugkeer else systems)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and bool(self.terugkeer)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.terugkeer

    def get_default_redirect_uri(self) -> None:
        """There is none: it is always named."""


class Clients(Protocol):
    """Which systems exist."""

    def client(self, client_id: str) -> Client | None:
        """The system with this id, None when unknown."""


class ClientFolder:
    """Systems from `<oin>.<systeem>.json` in a folder; a file that is added counts at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def client(self, client_id: str) -> Client | None:
        found = CLIENT_ID.fullmatch(client_id)
        if found is None:
            return None
        path = self._folder / f"{found['oin']}.{found['systeem']}.json"
        if not path.exists():
            return None
        content = orjson.loads(path.read_bytes())
        return Client(
            client_id=client_id,
            oin=found["oin"],
            jwk=content["jwk"],
            zetels=frozenset(content["zetels"]),
            scopes=frozenset(content["scopes"]),
            terugkeer=frozenset(content.get("terugkeer", ())),
        )


def new_key() -> bytes:
    """A new elliptic private key (PKCS 8 PEM). Not repeatable: keys come from the machine's randomness only."""
    return ECKey.generate_key("P-256").as_pem(private=True)


def new_rsa_key() -> bytes:
    """A new RSA private key (PKCS 8 PEM), for those whose readers may know no other kind."""
    return RSAKey.generate_key(KEY_BITS).as_pem(private=True)


def public_jwk(pem: bytes) -> dict[str, Any]:
    """The public half of a private key (PEM), named by its thumbprint. Source: RFC 7517, RFC 7638."""
    elliptic = isinstance(load_pem_private_key(pem, password=None), EllipticCurvePrivateKey)
    key = ECKey.import_key(pem) if elliptic else RSAKey.import_key(pem)
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig"}


def make_client(
    folder: Path,
    oin: str,
    systeem: str,
    zetels: Iterable[str],
    scopes: Iterable[str],
    terugkeer: Iterable[str] = (),
    new: Callable[[], bytes] = new_key,
) -> Path:
    """Register a system and return its private key file (PEM, mode 0600), the same on every start.

    Raises ValueError for an id that cannot be one, SettingsError when others may read the key.
    """
    if CLIENT_ID.fullmatch(f"{oin}:{systeem}") is None:
        raise ValueError("a client id is an OIN of 20 digits and a system name in lower case")
    pem_path, known = folder / f"{oin}.{systeem}.pem", folder / f"{oin}.{systeem}.json"
    pem = key_file(pem_path, new)
    stated = {"zetels": sorted(zetels), "scopes": sorted(scopes)}
    if back := sorted(terugkeer):
        stated["terugkeer"] = back
    if known.exists():
        kept = orjson.loads(known.read_bytes())
        if stated == {name: value for name, value in kept.items() if name != "jwk"}:
            return pem_path
    content = {"jwk": public_jwk(pem), **stated}
    draft = folder / f".{oin}.{systeem}.{os.getpid()}"
    draft.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    draft.replace(known)
    return pem_path


def make_clients(
    folder: Path, seats: Mapping[str, Iterable[str]], scopes: Iterable[str], systeem: str = "demo"
) -> dict[str, Path]:
    """One system for every organisation (`seats`: its seats by OIN); returns the private key files by OIN."""
    wanted = tuple(scopes)
    return {oin: make_client(folder, oin, systeem, zetels, wanted) for oin, zetels in seats.items()}
