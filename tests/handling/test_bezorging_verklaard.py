"""Ordinary delivery leaves nothing for the officer; a notice of what a seat never had to do with does."""

from contracts.abonnement import BeeindigAbonnement, Filters, NeemAbonnement
from contracts.casus import BepaalDeelnemers
from contracts.toezicht import RaadplegingOnverklaard
from hub.domain.toezicht import bevinding_of
from tests.handling.executing import AF, AVIM, OVJ, ZC, id_of, riec_case
from tests.handling.test_abonnementen import SCHOOL
from tests.handling.toezichtwereld import DAY, OIN, Toezichtwereld

SYSTEM = f"{OIN}:zaaksysteem"
CASE, SIGNAL = f"casus:{id_of('zaak')}", f"signaal:{id_of('zaak-signaal')}"
RECALL, BRIDGE = f"terugroeping:{id_of('terugroeping')}", f"brugbericht:{id_of('verborgen')}"


def with_case() -> Toezichtwereld:
    made = Toezichtwereld()
    riec_case(made.world, "zaak", AF, OVJ)
    made.nu += DAY
    return made


def pulled(made: Toezichtwereld, zetel: str, *objecten: str, vraag: str = "gebeurtenissen") -> int:
    return made.looks(zetel, SYSTEM, *objecten, vraag=vraag, velden=(), doel="techniek")


def found(made: Toezichtwereld, nummer: int) -> list[RaadplegingOnverklaard]:
    made.nu += DAY
    made.reviewer().run(made.nu)
    return made.world.work().events(bevinding_of(nummer), RaadplegingOnverklaard)


def test_ordinary_delivery_explains_itself() -> None:
    made = with_case()
    looks = [
        pulled(made, AF, CASE, SIGNAL),
        pulled(made, AF, CASE, RECALL, vraag="gebeurtenissen/stroom"),
        pulled(made, ZC, RECALL, BRIDGE),
        pulled(made, AF),
        made.looks(AF, SYSTEM, CASE, handeling="verstrekken", vraag="bezorging/kafka", velden=(), doel="techniek"),
    ]
    assert [found(made, look) for look in looks] == [[]] * len(looks)


def test_that_something_ended_is_news_as_well() -> None:
    made = with_case()
    made.act(OVJ, BepaalDeelnemers(casus_id=id_of("zaak"), deelnemers=(AVIM, OVJ)))
    made.nu += DAY
    assert found(made, pulled(made, AF, CASE, SIGNAL)) == []


def test_news_of_what_a_seat_never_had_to_do_with_goes_to_the_officer() -> None:
    made = with_case()
    (event,) = found(made, pulled(made, ZC, CASE, SIGNAL))
    assert event.bevindingen == ("geen-grond",)


def test_content_under_the_name_of_delivery_is_no_delivery() -> None:
    made = with_case()
    look = made.looks(ZC, SYSTEM, RECALL, vraag="gebeurtenissen", velden=("signaal-inhoud",))
    assert len(found(made, look)) == 1


def test_taking_seeing_and_ending_a_subscription_explain_themselves() -> None:
    made, key = with_case(), id_of("abonnement")
    take = NeemAbonnement(abonnement_id=key, bezorgwijze="ophalen", filters=Filters(casussen=(id_of("zaak"),)))
    made.act(AF, take)
    made.act(SCHOOL, NeemAbonnement(abonnement_id=id_of("ander"), bezorgwijze="ophalen"))
    made.nu += DAY
    seen = pulled(made, AF, f"abonnement:{key}", vraag="abonnementen")
    others = pulled(made, ZC, f"abonnement:{key}", vraag="abonnementen")
    made.act(AF, BeeindigAbonnement(abonnement_id=key))
    assert found(made, seen) == []
    assert len(found(made, others)) == 1
    last = made.world.store.access_records(0, 1_000)[-1][0]
    queued = [number for number in range(1, last + 1) if found_now(made, number)]
    assert queued == [others]


def found_now(made: Toezichtwereld, nummer: int) -> list[RaadplegingOnverklaard]:
    return made.world.work().events(bevinding_of(nummer), RaadplegingOnverklaard)
