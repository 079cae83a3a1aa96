"""Policy versions for tests: drafts, who signs them, and the steps that bring one into force."""

import base64
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from joserfc.jwk import RSAKey

from contracts.beleid import ActiveerBeleid, KeurBeleidGoed, StelBeleidVoor
from hub.access.bundel import BELEIDSMAP
from hub.access.ondertekening import Ondertekenaar, onderteken
from hub.access.pakket import pak_in
from hub.access.ruw import lees_map
from hub.handling.execute import Outcome
from tests.handling.executing import NU, World

BEHEERDER, PRIVACY, ANDERE = "beheerder@landelijk", "privacy-officer@landelijk", "privacy-officer@ede"
RAC = "RAC-2026-007"


@cache
def key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048)


@dataclass(frozen=True)
class Signer:
    """A registered system and its private key. `of`: whose key it has, its own by default."""

    client: str
    zetel: str
    of: str = ""

    @property
    def pem(self) -> bytes:
        return bytes(key(self.of or self.client).as_pem(private=True))

    def registered(self) -> Ondertekenaar:
        public = key(self.of or self.client).as_dict(private=False)
        return Ondertekenaar(self.client, public, frozenset({self.zetel}))

    def sign(self, stap: Any, nu: datetime) -> Any:
        jws = onderteken(stap, self.zetel, self.client, self.pem, nu)
        return stap.model_copy(update={"handtekening": jws})


AUTHOR = Signer("00000099000000000153:beheer", BEHEERDER)
APPROVER = Signer("00000099000000000112:privacy", PRIVACY)


def registered(world: World, *signers: Signer) -> World:
    world.signers |= {one.client: one.registered() for one in signers or (AUTHOR, APPROVER)}
    return world


def draft(map: Path, *changes: Callable[[Path], None]) -> Path:
    """A policy folder of its own, changed."""
    shutil.copytree(BELEIDSMAP, map, ignore=shutil.ignore_patterns("gevallen", "*.md", ".*"))
    with (map / "zetels.yaml").open("a") as seats:
        seats.write(f"# {map.name}\n")  # a version of its own, also without changes
    for change in changes:
        change(map)
    return map


def table(name: str, change: Callable[[Any], None]) -> Callable[[Path], None]:
    """A change of one table."""

    def rewrite(map: Path) -> None:
        path = map / f"{name}.yaml"
        content = yaml.safe_load(path.read_text())
        change(content)
        path.write_text(yaml.safe_dump(content, allow_unicode=True))

    return rewrite


def phase(category: str, number: int) -> Callable[[Path], None]:
    """In the RIEC a category opens in another phase."""
    return table("categorieen", lambda content: content[category]["riec"].update(fase=number))


def without(zetel: str, spoor: str = "riec") -> Callable[[Path], None]:
    """A kind of seat takes no part in a track any more."""
    return table("zetels", lambda content: content[zetel]["sporen"].update({spoor: "geen"}))


def proposal(map: Path, nu: datetime = NU, by: Signer = AUTHOR) -> StelBeleidVoor:
    pakket = base64.b64encode(pak_in(map)).decode()
    plain = StelBeleidVoor(versie=lees_map(map).versie, pakket=pakket, toelichting="proef", handtekening="-")
    signed: StelBeleidVoor = by.sign(plain, nu)
    return signed


def approval(versie: str, vanaf: date, nu: datetime = NU, by: Signer = APPROVER, **more: Any) -> KeurBeleidGoed:
    terms = {"rac_kenmerk": RAC} | more
    plain = KeurBeleidGoed(versie=versie, ingangsdatum=vanaf, handtekening="-", **terms)
    signed: KeurBeleidGoed = by.sign(plain, nu)
    return signed


def ready(world: World, map: Path, vanaf: date | None = None, nu: datetime = NU) -> str:
    """Proposed and approved; the version."""
    if AUTHOR.client not in world.signers:
        registered(world)
    command = proposal(map, nu)
    world.ask(BEHEERDER, command, nu=nu)
    world.ask(PRIVACY, approval(command.versie, vanaf or nu.date(), nu), nu=nu)
    return command.versie


def in_force(world: World, map: Path, vanaf: date | None = None, nu: datetime = NU) -> str:
    """Proposed, approved and activated; the version."""
    versie = ready(world, map, vanaf, nu)
    activate(world, versie, nu)
    return versie


def activate(world: World, versie: str, nu: datetime = NU) -> Outcome:
    return world.ask(BEHEERDER, ActiveerBeleid(versie=versie), nu=nu)


def later(days: int = 1) -> datetime:
    return NU + timedelta(days=days)


def stolen(signer: Signer, client: str) -> Signer:
    """The same key under another name."""
    return replace(signer, client=client, of=signer.of or signer.client)
