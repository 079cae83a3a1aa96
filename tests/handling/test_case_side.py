"""Bridge, silence, objections and results on the write side: every answer of the policy replays from its record."""

from datetime import date

import pytest

from contracts.bezwaar import MaakBezwaar
from contracts.brug import BevestigBrugbericht, BrugberichtGestuurd, Contactpersoon, StuurBrugbericht, Venster
from contracts.casus import KoppelSignaal, StelEmbargo, StelInterventieVoor
from contracts.inhoud import Criterium, Organisatie, SignaalInhoud, Signaalmelding
from contracts.resultaat import MaakResultaat, Onderdeel, StemInMetVerstrekking, VerstrekAanDerde
from contracts.signaal import RegistreerSignaal
from contracts.verhoor import PlanVerhoor, VraagContact
from hub.domain.brug import BRUGVELDEN
from hub.domain.oordeel import Onbekend
from hub.handling.simulate import ask_again
from tests.handling.executing import AVIM, COLLEGE, NU, OVJ, TAX, ZC, World, id_of, riec_case

VENSTER = Venster(van=NU, tot=NU.replace(day=9))
CONTACT = Contactpersoon(functie="netwerkregisseur", telefoon="06-00001234")
SOCIAAL = "gemeente.college-sociaal@ede"


def warned(world: World, naar: str = ZC) -> StuurBrugbericht:
    """A case with an action about which care is warned."""
    riec_case(world, "zaak", COLLEGE, TAX, OVJ, fase=2)
    action = {"casus_id": id_of("zaak"), "interventie_id": id_of("inval")}
    world.ask(AVIM, StelInterventieVoor(**action, uitvoerder=AVIM, beschrijving="inval"))
    command = StuurBrugbericht(
        **action, naar=naar, venster=VENSTER, veiligheidsmaatregel_nodig=True, contactpersoon=CONTACT
    )
    world.ask(AVIM, command)
    return command


def everything(world: World) -> None:
    """One of each act of the case side."""
    warned(world)
    case, result = id_of("zaak"), id_of("resultaat")
    world.ask(AVIM, PlanVerhoor(signaal_id=id_of("zaak-signaal"), tot_en_met=date(2026, 3, 9)))
    world.ask(COLLEGE, VraagContact(signaal_id=id_of("zaak-signaal")))
    advice = Onderdeel(categorie="interventieadvies", tekst="sluit het pand")
    world.ask(
        COLLEGE,
        MaakResultaat(casus_id=case, resultaat_id=result, signalen=(id_of("zaak-signaal"),), onderdelen=(advice,)),
    )
    give = VerstrekAanDerde(
        resultaat_id=result,
        naar=SOCIAAL,
        doel="bestuurlijke-interventie",
        wettelijke_grond="wgs-2-23-8",
        rac_besluit="RAC-2026-1",
        grond_van_ontvanger="publieke-taak",
    )
    world.ask(COLLEGE, give)
    world.ask(AVIM, StemInMetVerstrekking(resultaat_id=result, aan=SOCIAAL))
    world.ask(COLLEGE, give)
    world.ask(AVIM, MaakBezwaar(casus_id=case, reikwijdte="alles", motivering="gevaar"))
    world.ask(OVJ, StelEmbargo(casus_id=case, motivering="onderzoek", herbezie_op=date(2026, 4, 1)))


def test_every_answer_of_the_policy_replays_from_its_record() -> None:
    world = World()
    everything(world)
    asked = 0
    for one in world.store.read(0, 1000):
        record = world.store.decision(one.position)
        if record is not None:
            recorded, now = ask_again(record, world.questions)
            assert recorded == now, one.topic
            asked += 1
    assert asked > 10


def test_the_message_is_recorded_with_its_rule_and_holds_four_categories() -> None:
    world = World()
    warned(world)
    [sent] = [event for event in world.events if isinstance(event, BrugberichtGestuurd)]
    assert sent.regels == ("riec-brugbericht",)
    assert {"casus-pseudoniem", "venster"} < BRUGVELDEN
    assert sent.casus_pseudoniem not in (id_of("zaak"), sent.brug_id)


def test_a_pseudonym_is_the_same_for_one_seat_and_another_for_each_other() -> None:
    first, second = World(), World()
    warned(first)
    again = first.ask(AVIM, warned(second, "veilig-thuis@gelderland-midden").model_copy(update={"naar": ZC}))
    sent = [event for event in (*first.events, *second.events) if isinstance(event, BrugberichtGestuurd)]
    assert again.events
    assert sent[0].casus_pseudoniem == sent[1].casus_pseudoniem
    assert sent[0].volgnummer + 1 == sent[1].volgnummer
    assert sent[2].casus_pseudoniem != sent[0].casus_pseudoniem


@pytest.mark.parametrize("name", ["zaak", "zaak-signaal", "inval"])
def test_the_number_of_another_thing_is_no_bridge(name: str) -> None:
    world = World()
    warned(world)
    with pytest.raises(Onbekend):
        world.ask(ZC, BevestigBrugbericht(casus_pseudoniem=id_of(name), volgnummer=1))


def test_the_subject_of_a_contribution_gets_no_result_that_rests_on_it() -> None:
    world = World()
    organisation = Organisatie(naam="Fictief", oin=world.questions.beleid.instanties[TAX].oin)
    riec_case(world, "zaak", COLLEGE, TAX, fase=2)
    content = SignaalInhoud(
        vormen=("arbeidsuitbuiting",), zekerheid="vermoeden", toelichting="wegkijken", organisaties=(organisation,)
    )
    explained = tuple(Criterium(letter=letter, voldaan=True, toelichting="gezien") for letter in "abcde")
    melding = Signaalmelding(kenmerk="K-1", spoor="riec", regio="ede", criteria=explained, inhoud=content)
    about = RegistreerSignaal(signaal_id=id_of("over-de-dienst"), melding=melding)
    world.ask(COLLEGE, about)
    world.ask(COLLEGE, KoppelSignaal(casus_id=id_of("zaak"), signaal_id=id_of("over-de-dienst")))
    advice = Onderdeel(categorie="interventieadvies", tekst="sluit het pand")
    for name, rests_on in (("een", "zaak-signaal"), ("twee", "over-de-dienst")):
        command = MaakResultaat(
            casus_id=id_of("zaak"), resultaat_id=id_of(name), signalen=(id_of(rests_on),), onderdelen=(advice,)
        )
        world.ask(COLLEGE, command)
    assert world.work().resultaat(id_of("een")).houdt(TAX)
    assert world.work().resultaat(id_of("twee")).houdt(AVIM)
    assert not world.work().resultaat(id_of("twee")).houdt(TAX)
