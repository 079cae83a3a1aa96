"""The register of processing activities, in the shape of the register of the Logboek Dataverwerkingen.

It stands beside the partners' API, under its own address, for every log line names an activity by its address here
(`processing_activity_id`), and anybody may look up what that was. It holds no data of persons.
Source: AVG art. 30; Logboek Dataverwerkingen, Processing Activities Register API v0.1.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid5

from fastapi import APIRouter

from contracts.problems import niet_gevonden
from hub.access.register import NAAMRUIMTE, Verwerking

PAD = "/register/v0"


def router(register: Callable[[], Iterable[Verwerking]]) -> APIRouter:
    """Activities, their versions, and who is responsible."""
    routes = APIRouter(prefix=PAD, include_in_schema=False)

    @routes.get("/processing_activities")
    def activities() -> list[dict[str, Any]]:
        found = {one.kenmerk: one for one in sorted(register(), key=lambda one: one.versie)}
        return [activity([one]) for one in found.values()]

    @routes.get("/processing_activities/{kenmerk}")
    def one(kenmerk: UUID) -> dict[str, Any]:
        return activity(_versions(register(), kenmerk))

    @routes.get("/processing_activities/{kenmerk}/versions/{versie}")
    def version(kenmerk: UUID, versie: int) -> dict[str, Any]:
        for found in _versions(register(), kenmerk):
            if found.versie == versie:
                return activity_version(found)
        raise niet_gevonden()

    @routes.get("/entities/{kenmerk}")
    def responsible(kenmerk: UUID) -> dict[str, Any]:
        for found in register():
            if found.houder == kenmerk:
                return {"type": "Organisation", "id": str(kenmerk), "name": found.verantwoordelijken, "country": "NL"}
        raise niet_gevonden()

    return routes


def address_of(public_url: str, verwerking: str) -> str:
    """Where anybody looks up one version of an activity (`<id>@<version>`); it never comes to mean another."""
    id, _, version = verwerking.partition("@")
    return f"{public_url}{PAD}/processing_activities/{uuid5(NAAMRUIMTE, id)}/versions/{version}"


def exported(register: Iterable[Verwerking]) -> dict[str, Any]:
    """The whole register in one document, for whoever keeps it elsewhere."""
    listed = list(register)
    activities = []
    for kenmerk in dict.fromkeys(one.kenmerk for one in listed):
        versions = _versions(listed, kenmerk)
        activities.append({**activity(versions), "versions": [activity_version(one) for one in versions]})
    holders = {one.houder: one.verantwoordelijken for one in listed}
    entities = [
        {"type": "Organisation", "id": str(houder), "name": naam, "country": "NL"} for houder, naam in holders.items()
    ]
    return {"processingActivities": activities, "entities": entities}


def activity(versions: Iterable[Verwerking]) -> dict[str, Any]:
    """An activity with its latest version."""
    latest = max(versions, key=lambda one: one.versie)
    return {"id": str(latest.kenmerk), "active": True, "latestVersion": latest.versie}


def activity_version(one: Verwerking) -> dict[str, Any]:
    """One version. `reference`, `legalSource`, `rules` and `assessment` are ours, beside the standard's fields."""
    return {
        "name": one.naam,
        "version": one.versie,
        "validFrom": datetime.combine(one.geldig_vanaf, time.min, UTC).isoformat().replace("+00:00", "Z"),
        "purpose": ", ".join(one.doelen) or "techniek",
        "legalBasis": list(one.rechtsgrond),
        "dataSubjects": list(one.betrokkenen),
        "processingOptions": list(one.bewerkingen),
        "personalData": {
            "categories": list(one.categorieen),
            **({"retentionPeriod": one.bewaartermijn} if one.bewaartermijn else {}),
        },
        "recipients": {"legalRole": one.rol_ontvangers, "entityId": str(one.houder)},
        "measures": [{"measureType": m.soort, "measure": m.maatregel, "risks": []} for m in one.maatregelen],
        "reference": one.id,
        "legalSource": one.grondslag,
        "rules": list(one.regels),
        "assessment": one.dpia,
    }


def _versions(register: Iterable[Verwerking], kenmerk: UUID) -> list[Verwerking]:
    found = sorted((one for one in register if one.kenmerk == kenmerk), key=lambda one: one.versie)
    if not found:
        raise niet_gevonden()
    return found
