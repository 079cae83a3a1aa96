"""The doors of retention: what is due and for whom, holds, judgement, and a receipt that proves itself."""

import base64
from io import StringIO

from rich.console import Console

from hub.audit.tree import leaf_hash
from hub.handling.bewaarlijst import BEHEERDER
from hub.retention import Retention
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld, Seat, inhoud, persoon
from tests.api.riec import AVIM, BELASTING, COLLEGE, GEZEGD, RIEC, ZC, Zaak, zaak

PO, AUDITOR = "privacy-officer@landelijk", "auditor@landelijk"


def due(seat: Seat, **query: str) -> list[dict[str, object]]:
    answer = seat.get("/vernietigingen", aantal=200, **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["vernietigingen"])


def closed(world: HubWorld, reden: str = "niet-in-behandeling") -> Zaak:
    case = zaak(world, BELASTING)
    case.does("sluitingen", {"reden": reden})
    return case


def hold(case: Zaak, reden: str = "rechtsvordering") -> dict[str, str]:
    about = {"onderwerpId": str(case.id), "soort": "casus", "uitstelId": str(case.world.id())}
    case.seat(PO).act("/vernietigingen/uitstel", {**about, "reden": reden, "kenmerk": "C/13/2026/7"})
    return about


def run(world: HubWorld) -> str:
    """The nightly run, as the operator starts it by hand."""
    out = StringIO()
    command = Retention(lambda: _Open(world), lambda *_: None, utc_now, Console(file=out, width=200))
    command.run(meteen=True)
    return out.getvalue()


class _Open:
    """The hub that is open already."""

    def __init__(self, world: HubWorld) -> None:
        self._world = world

    def __enter__(self):  # type: ignore[no-untyped-def]
        return self._world.hub

    def __exit__(self, *_: object) -> None:
        pass


def test_supervisor_and_participants_see_what_is_due_and_nobody_else(hub_app: HubWorld) -> None:
    case = closed(hub_app)
    looks = hub_app.looks()
    for zetel, sees in ((PO, True), (AUDITOR, True), (COLLEGE, True), (ZC, False)):
        found = {one["onderwerpId"] for one in due(hub_app.as_seat(zetel))}
        assert (str(case.id) in found) is sees, zetel
        assert (str(case.signaal) in found) is sees, zetel
    assert hub_app.looks() == looks + 4
    assert b'"vernietigingen"' in hub_app.last_look()


def test_a_hold_keeps_it_until_it_is_lifted_and_then_it_goes_for_everybody(hub_app: HubWorld) -> None:
    case = closed(hub_app)
    about = hold(case)
    run(hub_app)
    (held,) = [one for one in due(hub_app.as_seat(PO), stand="uitgesteld") if one["onderwerpId"] == str(case.id)]
    assert held["uitstel"] == ["rechtsvordering"]
    assert held["uitstellen"] == [
        {"uitstelId": about["uitstelId"], "reden": "rechtsvordering", "zetel": PO, "tot": None}
    ]
    assert "arbeidsuitbuiting" in case.text(COLLEGE)
    case.seat(PO).act("/vernietigingen/uitstelopheffingen", about)
    run(hub_app)
    shown = case.read(COLLEGE)
    assert shown["status"] == "vernietigd"
    assert "arbeidsuitbuiting" not in case.text(COLLEGE)
    for signal, zetel in ((case.signaal, COLLEGE), (case.politiesignaal, AVIM)):
        seen = hub_app.sees(zetel, signal, "interne-controle")
        assert seen.json()["status"] == "vernietigd", seen.text
        assert GEZEGD not in seen.text
    assert GEZEGD not in hub_app.sees(COLLEGE, case.politiesignaal, RIEC).text


def test_the_receipt_stands_in_the_log(hub_app: HubWorld) -> None:
    case = closed(hub_app, "onvoldoende-aanwijzingen")
    address = f"/vernietigingen/{case.id}/bewijs"
    assert hub_app.as_seat(PO).get(address).status_code == 404
    run(hub_app)
    answer = hub_app.as_seat(PO).get(address)
    assert answer.status_code == 200, answer.text
    receipt = answer.json()
    assert receipt["termijn"] == "wgs-geen-aanwijzingen"
    assert receipt["grondslag"] == "Bgs 1.16 lid 1 onder a"
    leaf = base64.b64decode(receipt["blad"])
    assert b"casus-vernietigd" in leaf
    stored = hub_app.hub.store.read(receipt["positie"] - 1, 1)[0]
    assert hub_app.hub.store.leaf_data("grootboek", receipt["positie"] - 1, 1) == [leaf]
    assert leaf_hash(leaf)
    assert stored.topic.endswith("casus-vernietigd.v1")
    assert hub_app.as_seat(ZC).get(address).status_code == 404
    assert hub_app.as_seat(COLLEGE).get(address).status_code == 200


def test_a_case_that_may_still_be_needed_is_judged_by_a_participant_and_never_by_the_operator(
    hub_app: HubWorld,
) -> None:
    case = closed(hub_app, "hulp-gestart")
    said = {
        "onderwerpId": str(case.id),
        "soort": "casus",
        "termijn": "wgs-niet-langer-nodig",
        "vernietigen": True,
        "reden": "niet-meer-nodig",
    }
    run(hub_app)
    assert case.read(COLLEGE)["status"] == "gesloten"
    for zetel in (BEHEERDER, ZC):
        assert hub_app.as_seat(zetel).post("/vernietigingen/beoordelingen", said).status_code == 404
    case.seat(COLLEGE).act("/vernietigingen/beoordelingen", said)
    run(hub_app)
    assert case.read(COLLEGE)["status"] == "vernietigd"


def test_a_care_provider_erases_what_proved_unfounded(hub_app: HubWorld) -> None:
    care = hub_app.as_seat(ZC)
    id = care.registers(hub_app.kenmerk(), spoor="zorg-en-registratie", inhoud=inhoud(persoon(hub_app.id(), bsn=None)))
    assert care.post(f"/signalen/{id}/wissingen", {}).status_code == 409
    care.act(f"/signalen/{id}/weerleggingen", {"motivering": "misverstand"})
    assert hub_app.as_seat(COLLEGE).post(f"/signalen/{id}/wissingen", {}).status_code == 404
    care.act(f"/signalen/{id}/wissingen", {})
    seen = hub_app.sees(ZC, id, "zorg-opvang")
    assert seen.json()["status"] == "vernietigd"
    assert "misverstand" not in seen.text


def test_a_copy_is_on_record_until_it_is_gone(hub_app: HubWorld) -> None:
    id = str(hub_app.id())
    copy = {"kopieId": id, "kopiesoort": "database", "plaats": "kluis-a", "vernietigenVoor": "2020-01-01"}
    operator = hub_app.as_seat(BEHEERDER)
    assert hub_app.as_seat(COLLEGE).post("/vernietigingen/kopieen", copy).status_code == 404
    operator.act("/vernietigingen/kopieen", {**copy, "tijdvakken": list(hub_app.hub.key_store.names())})
    out = StringIO()
    command = Retention(lambda: _Open(hub_app), lambda *_: None, utc_now, Console(file=out, width=200))
    assert command.kopieen() == 1
    assert id in out.getvalue()
    operator.act("/vernietigingen/kopievernietigingen", {"kopieId": id})
    out.truncate(0)
    command.kopieen()
    assert id not in out.getvalue()
