"""What a draft of the policy would change, from a file that is asked about and not kept."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from hub.console.officer.oversight import DOEL, LOGDOELEN
from hub.console.page.acting import Form, one, reply
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.visit import Forged, Visit, pages, same_origin

#: So many parts of the ledger for one question on this page.
PARTS = 5
_BOUNDARY = re.compile(r"multipart/form-data;.*\bboundary=\"?([A-Za-z0-9'()+_,./:=? -]{1,70})\"?", re.IGNORECASE)
_NAME = re.compile(rb'\bname="([A-Za-z]{1,40})"')


def router() -> APIRouter:
    """The form, and what came of it."""
    routes = pages()
    for add in (_ask, _try):
        add(routes)
    return routes


def _ask(routes: APIRouter) -> None:
    @routes.get("/toezicht/ontwerp")
    async def ask(visit: Visitor) -> Response:
        _ = visit.doors
        return _page(visit, {}, None, None)


def _try(routes: APIRouter) -> None:
    @routes.post("/toezicht/ontwerp")
    async def what_if(visit: Visitor) -> Response:
        form = await uploaded(visit)
        said = {name: [value.decode("utf-8", "replace")] for name, value in form.items() if name != "pakket"}
        if not form.get("pakket"):
            return _page(visit, said, None, _nothing_chosen())
        try:
            found = await _consequences(visit, form["pakket"], one(said, "doel") or DOEL, one(said, "na"))
        except Refused as refused:
            return _page(visit, said, None, refused)
        return _page(visit, said, found, None)


async def _consequences(visit: Visit, bundle: bytes, doel: str, na: str) -> dict[str, Any]:
    """Some parts of the ledger, added up."""
    body: dict[str, Any] = {"pakket": base64.b64encode(bundle).decode(), "doel": doel, "na": int(na or 0)}
    counted: dict[tuple[object, ...], dict[str, Any]] = {}
    decisions, found = 0, {"volgende": body["na"]}
    for _ in range(PARTS):
        found = await visit.doors.post("beleid", "_gevolgen", body=body)
        decisions += found["beslissingen"]
        for flip in found["gevolgen"]:
            key = tuple(str(value) for name, value in flip.items() if name != "keer")
            known = counted.setdefault(key, {**flip, "keer": 0})
            known["keer"] += flip["keer"]
        if found["volgende"] is None:
            break
        body["na"] = found["volgende"]
    return {**found, "gevolgen": list(counted.values()), "beslissingen": decisions}


def _nothing_chosen() -> Refused:
    fault = {"veld": "/pakket", "melding": "Kies een bestand: de beleidsmap als zip."}
    return Refused({"title": "Geen bestand", "detail": "Er is niets gevraagd.", "fouten": [fault]}, 400)


def _page(visit: Visit, form: Form, found: Mapping[str, Any] | None, refused: Refused | None) -> Response:
    return visit.page(
        "ontwerp.html",
        "Probeer een ontwerp",
        refused.status if refused else 200,
        gevolgen=found,
        delen=parts(found) if found else {},
        logdoelen=LOGDOELEN,
        **reply(form, "ontwerp", refused),
    )


def parts(found: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What would close and what would open."""
    return {
        kop: [one for one in found["gevolgen"] if one["wordtToegestaan"] is opens]
        for kop, opens in (("Wat dicht zou gaan", False), ("Wat open zou gaan", True))
    }


async def uploaded(visit: Visit) -> dict[str, bytes]:
    """The fields of a form of ours with a file in it (RFC 7578), by name. Raises Forged."""
    fields = parsed(visit.request.headers.get("content-type", ""), await visit.request.body())
    key = fields.pop("sleutel", b"").decode("utf-8", "replace")
    if key != visit.sessie.sleutel or not same_origin(visit.request, visit.console.address):
        raise Forged
    return fields


def parsed(content_type: str, body: bytes) -> dict[str, bytes]:
    """The parts of a multipart body; none where it is no such body."""
    found = _BOUNDARY.fullmatch(content_type.strip())
    if found is None:
        return {}
    line = b"\r\n--" + found[1].encode()
    fields: dict[str, bytes] = {}
    for part in (b"\r\n" + body).split(line)[1:]:
        head, blank, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if blank and name:
            fields.setdefault(name[1].decode(), content)
    return fields
