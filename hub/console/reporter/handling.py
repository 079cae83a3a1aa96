"""What one does with a signal: each act by the name of its form, and how the form becomes the body of the API."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any
from uuid import uuid4

from hub.console.page.acting import Body, Daad, Data, Form, fields, one, truth
from hub.console.reporter.signs import ONBEKEND
from hub.console.reporter.vouching import facts


def _new(name: str, made: Callable[[Form], Body]) -> Callable[[Form], Body]:
    """With a number of its own."""
    return lambda form: {name: one(form, name) or str(uuid4())} | made(form)


def _passing_on(form: Form) -> Body:
    vouched = facts(form.get("verklaringen", ()), one(form, "grond"))
    purpose = {"doel": one(form, "voor")} if one(form, "voor") else {}
    return fields("naar", "spoor", "opdracht")(form) | purpose | ({"omstandigheden": vouched} if vouched else {})


def _consent(form: Form) -> Body:
    named = [seat for seat in form.get("ontvangers", ()) if seat]
    said = fields("toestemmingId", "betrokkeneId", "door", "vorm", "geldigTot", "toelichting")(form)
    return said | {"ontvangers": named}


def _enrichment(form: Form) -> Body:
    content: Body = {"vormen": list(form.get("vormen", ())) or [ONBEKEND]}
    content["zekerheid"] = one(form, "zekerheid") or ONBEKEND
    return fields("herkomst")(form) | {"inhoud": content | fields("toelichting", "situatieschets")(form)}


def _anew(form: Form) -> Body:
    return {"vormen": list(form.get("vormen", ()))} | fields("zekerheid", "motivering")(form)


def _error(form: Form) -> Body:
    return fields("bijdrageId", "toelichting")(form) | {"categorieen": list(form.get("categorieen", ()))}


def corrected(form: Form, own: Data) -> Body:
    """The whole content as it stands, with what was put right in the form. `own`: what this seat brought in."""
    content: dict[str, Any] = deepcopy(dict(own["inhoud"]))
    for name in ("toelichting", "zekerheid"):
        if value := one(form, name):
            content[name] = value
    if forms := [form_code for form_code in form.get("vormen", ()) if form_code]:
        content["vormen"] = forms
    places = content.setdefault("locaties", [])
    changed = {name: value for name in ("adres", "plaats") if (value := one(form, name))}
    if changed:
        places[:1] = [{**(places[0] if places else {}), **changed}]
    for person in content.get("betrokkenen", []):
        person |= {name: value for name in ("naam", "bsn") if (value := one(form, f"{name}-{person['betrokkeneId']}"))}
    return {"inhoud": content} | fields("motivering")(form)


#: On a signal, by the name of the form. `rectificatie` also needs what stands there now.
OP_SIGNAAL: Mapping[str, Daad] = {
    "terugkoppeling": Daad("terugkoppelingen", fields("aan", "status", "reden", "bericht"), hier=False),
    "aanhouding": Daad(
        "terugkoppelaanhoudingen", fields("terugkoppelingId", "aanhoudreden", "herbezienOp"), hier=False
    ),
    "doorzetting": Daad("doorzettingen", _passing_on, hier=False),
    "niet-delen": Daad("niet-delingen", fields("motivering", "herinnerOp")),
    "ontvangst": Daad("ontvangstbevestigingen", fields("verstrekkingId"), hier=False),
    "terugroeping": Daad("terugroepingbevestigingen", fields("terugroepingId", "gevolg"), hier=False),
    "aanvulling": Daad("verrijkingen", _new("verrijkingId", _enrichment)),
    "rol": Daad("rollen", fields("betrokkeneId", "rol.rol", "rol.van", "rol.tot")),
    "oordeel": Daad("herclassificaties", _anew),
    "rectificatie": Daad("rectificaties", fields("motivering")),
    "intrekking": Daad("intrekkingen", fields("motivering"), hier=False),
    "weerlegging": Daad("weerleggingen", fields("motivering"), hier=False),
    "wissing": Daad("wissingen", fields(), hier=False),
    "toestemming": Daad("toestemmingen", _new("toestemmingId", _consent), hier=False),
    "toestemmingsweigering": Daad(
        "toestemmingsweigeringen",
        _new("toestemmingId", fields("toestemmingId", "betrokkeneId", "door", "toelichting")),
        hier=False,
    ),
    "toestemmingsintrekking": Daad("toestemmingsintrekkingen", fields("toestemmingId"), hier=False),
    "fout": Daad("correctietaken", _new("correctietaakId", _error), hier=False),
    "correctieafwijzing": Daad("correctieafwijzingen", fields("correctietaakId", "motivering"), hier=False),
    "correctiesluiting": Daad("correctiesluitingen", fields("correctietaakId", eigenBronBericht=truth), hier=False),
    "uitsluiting": Daad(
        "uitsluitingen",
        lambda form: {"zetels": [one(form, "zetels")]} | fields("toelichting")(form),
        hier=False,
    ),
    "contactvraag": Daad("contactvragen", fields(), hier=False),
    "verhoor": Daad("verhoren", fields("totEnMet"), hier=False),
    "verhoor-op": Daad("verhoor-opheffingen", fields(), hier=False),
    "bedenktijdaanbod": Daad("bedenktijdaanbiedingen", fields("status"), hier=False),
}
