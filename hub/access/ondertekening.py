"""Signatures under policy versions: made with the key of a registered system, checked later from the record alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import JWKRegistry

from contracts.beleid import BeleidGoedgekeurd, BeleidVoorgesteld, Handtekening, KeurBeleidGoed, StelBeleidVoor
from contracts.message import Message

#: By the kind of key; the first is what we sign with.
ALGORITHMS = {"RSA": ("PS256", "RS256"), "EC": ("ES256",)}
CLOCK_SKEW = timedelta(minutes=5)
#: As whom one signs.
ROLLEN: Mapping[type[Message], str] = {
    StelBeleidVoor: "auteur",
    BeleidVoorgesteld: "auteur",
    KeurBeleidGoed: "goedkeurder",
    BeleidGoedgekeurd: "goedkeurder",
}
_NOT_SIGNED = {"handtekening", "pakket", "zetel", "tijdstip"}


class HandtekeningOngeldig(Exception):
    """The signature does not count; the text is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class Ondertekenaar:
    """A registered system. `sleutel`: its public key as JWK; `zetels`: the seats it may speak for."""

    client: str
    sleutel: Mapping[str, Any]
    zetels: frozenset[str]


#: The registered system with this id, None when unknown.
Ondertekenaars = Callable[[str], Ondertekenaar | None]


def getekende_inhoud(stap: Message, zetel: str) -> dict[str, Any]:
    """What is signed: digests, role, seat and every term of the step; the same of a command and of its event."""
    termen = stap.model_dump(mode="json", by_alias=True, exclude=_NOT_SIGNED)
    if isinstance(stap, StelBeleidVoor | BeleidVoorgesteld):
        # The version is the digest of what decides; the cases it is tested by are in the package only.
        termen["pakket"] = f"sha256:{sha256(stap.pakket.encode()).hexdigest()}"
    return {"rol": ROLLEN[type(stap)], "zetel": zetel, **termen}


def onderteken(stap: StelBeleidVoor | KeurBeleidGoed, zetel: str, client: str, pem: bytes, nu: datetime) -> str:
    """The JWS of a step, made where the private key (PEM) is."""
    inhoud = getekende_inhoud(stap, zetel) | {"iss": client, "iat": int(nu.timestamp())}
    elliptic = isinstance(load_pem_private_key(pem, password=None), EllipticCurvePrivateKey)
    algorithm = ALGORITHMS["EC" if elliptic else "RSA"][0]
    return jwt.encode(inhoud, pem, algorithm=algorithm, headers={"typ": "beleid+jws"})


def controleer(
    stap: StelBeleidVoor | KeurBeleidGoed, zetel: str, ondertekenaars: Ondertekenaars, nu: datetime
) -> Handtekening:
    """The signature as it is kept. Raises HandtekeningOngeldig."""
    client = _issuer(stap.handtekening)
    wie = ondertekenaars(client)
    if wie is None or zetel not in wie.zetels:
        raise HandtekeningOngeldig("De ondertekenaar is niet geregistreerd voor deze zetel.")
    sleutel = {name: str(value) for name, value in wie.sleutel.items()}
    kept = Handtekening(client=client, sleutel=sleutel, jws=stap.handtekening)
    getekend = _opened(kept)
    if _terms(getekend) != getekende_inhoud(stap, zetel):
        raise HandtekeningOngeldig("De handtekening staat onder iets anders dan hier wordt gevraagd.")
    if getekend["iat"] > (nu + CLOCK_SKEW).timestamp():
        raise HandtekeningOngeldig("De handtekening is in de toekomst gezet.")
    return kept


def klopt(vastgelegd: BeleidVoorgesteld | BeleidGoedgekeurd) -> bool:
    """Whether the signature in an event stands under exactly that event, by the key it names."""
    try:
        getekend = _opened(vastgelegd.handtekening)
    except HandtekeningOngeldig:
        return False
    return (
        _terms(getekend) == getekende_inhoud(vastgelegd, vastgelegd.zetel)
        and getekend["iss"] == vastgelegd.handtekening.client
    )


def vingerafdruk(sleutel: Mapping[str, Any]) -> str:
    """The thumbprint of a public key: one key under two names is still one key. Source: RFC 7638."""
    return str(JWKRegistry.import_key(dict(sleutel)).thumbprint())


def _issuer(jws: str) -> str:
    try:
        claims = jwt.decode(jws, options={"verify_signature": False})
    except jwt.PyJWTError as fault:
        raise HandtekeningOngeldig("De handtekening is geen leesbare JWS.") from fault
    return str(claims.get("iss", ""))


def _opened(handtekening: Handtekening) -> dict[str, Any]:
    # The moment is checked against the clock of the hub, which is an argument.
    options: Any = {"require": ["iss", "iat"], "verify_iat": False, "verify_aud": False, "verify_exp": False}
    try:
        key = jwt.PyJWK.from_dict(handtekening.sleutel)
        known = list(ALGORITHMS.get(str(key.key_type), ()))
        claims: dict[str, Any] = jwt.decode(handtekening.jws, key.key, algorithms=known, options=options)
    except (jwt.PyJWTError, ValueError) as fault:
        raise HandtekeningOngeldig("De handtekening klopt niet met de geregistreerde sleutel.") from fault
    if type(claims["iat"]) is not int:
        raise HandtekeningOngeldig("De handtekening noemt geen moment.")
    return claims


def _terms(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in ("iss", "iat")}
