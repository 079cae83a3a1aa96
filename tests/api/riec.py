"""A RIEC case of the municipality with police and tax authority, and what its participants do in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.api.hub_world import HubWorld, Seat, criteria, inhoud, persoon

COLLEGE = "gemeente.college-handhaving@ede"
AVIM = "politie.avim@oost-nederland"
BELASTING = "belastingdienst@oost"
OVJ = "om.ovj-mh@oost-nederland"
ZC = "zc.opvang@ede"
ZVH = "zvh.bureau@gelderland-midden"
RIEC = "riec-handhaving-mensenhandel"
GEZIEN, GEZEGD = "Paspoort ligt bij de baas", "Observatie bij het pand aan de kade"
VENSTER = {"van": "2026-12-01T06:00:00Z", "tot": "2026-12-01T18:00:00Z"}
CONTACT = {"functie": "netwerkregisseur", "telefoon": "06-00001234"}


@dataclass(frozen=True, slots=True)
class Zaak:
    """A case in phase 2 with a contribution of the municipality and one of the police."""

    world: HubWorld
    id: UUID
    signaal: UUID
    politiesignaal: UUID

    def seat(self, zetel: str) -> Seat:
        return self.world.as_seat(zetel)

    def does(self, path: str, body: dict[str, Any], zetel: str = COLLEGE) -> dict[str, Any]:
        return self.seat(zetel).act(f"/casussen/{self.id}/{path}", body)

    def read(self, zetel: str) -> dict[str, Any]:
        self.world.settle()
        answer = self.seat(zetel).get(f"/casussen/{self.id}", doel=RIEC)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def text(self, zetel: str) -> str:
        self.world.settle()
        return self.seat(zetel).get(f"/casussen/{self.id}", doel=RIEC).text

    def action(self) -> dict[str, str]:
        """A proposed action that touches a victim."""
        action = {"interventieId": str(self.world.id())}
        self.does("interventies", {**action, "uitvoerder": COLLEGE, "beschrijving": "sluiting van het pand"})
        return action

    def warns(self, action: dict[str, str], naar: str = ZC, **more: Any) -> dict[str, Any]:
        message = {"naar": naar, "venster": VENSTER, "veiligheidsmaatregelNodig": True, "contactpersoon": CONTACT}
        return self.does("brugberichten", {**action, **message, **more})

    def messages(self, zetel: str = ZC) -> list[dict[str, Any]]:
        self.world.settle()
        return list(self.seat(zetel).get("/brugberichten", aantal=500).json()["brugberichten"])


def zaak(world: HubWorld, *deelnemers: str) -> Zaak:
    """Open, with criteria met, these seats beside municipality and police, in phase 2."""
    college, avim, id = world.as_seat(COLLEGE), world.as_seat(AVIM), world.id()
    content = inhoud(persoon(world.id()))
    own = college.registers(world.kenmerk(), spoor="riec", criteria=criteria(), inhoud=content)
    police = avim.registers(
        world.kenmerk(),
        spoor="riec",
        criteria=criteria(),
        wpgArtikel="8",
        inhoud=inhoud(persoon(world.id()), toelichting=GEZEGD),
    )
    whole = Zaak(world, id, own, police)
    opened = {"casusId": str(id), "spoor": "riec", "regio": "ede", "doel": RIEC, "vorm": "arbeidsuitbuiting"}
    college.act("/casussen", opened)
    whole.does("criteria", {"criteria": criteria()})
    whole.does("deelnemers", {"deelnemers": [COLLEGE, AVIM, *deelnemers]})
    whole.does("signalen", {"signaalId": str(own)})
    whole.does("signalen", {"signaalId": str(police)}, AVIM)
    whole.does("fasen", {"fase": 2})
    return whole


def zvh_casus(world: HubWorld, signaal: UUID) -> UUID:
    """A case of the Zorg- en Veiligheidshuis into which the police brought this signal of theirs."""
    bureau, id = world.as_seat(ZVH), world.id()
    opened = {"casusId": str(id), "spoor": "zvh", "regio": "ede", "doel": "zvh-casus", "vorm": "arbeidsuitbuiting"}
    bureau.act("/casussen", opened)
    bureau.act(f"/casussen/{id}/criteria", {"criteria": criteria("abcd")})
    bureau.act(f"/casussen/{id}/deelnemers", {"deelnemers": [ZVH, AVIM]})
    world.as_seat(AVIM).act(f"/casussen/{id}/signalen", {"signaalId": str(signaal)})
    world.settle()
    return id
