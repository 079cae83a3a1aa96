"""From the state of a signal or case to the questions the policy must answer, and back to one Oordeel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from uuid import UUID

import orjson

from hub.access.beleid import VOLGORDE, Beleid
from hub.access.permit import Permit, Weigering
from hub.access.verzoek import Verzoek
from hub.domain.bezwaar import ALLES
from hub.domain.casus import Casus
from hub.domain.oordeel import Oordeel
from hub.domain.signaal import Bijdrage, Signaal
from hub.domain.toestemming import Toestemmingen
from hub.domain.verstrekking import Voorstel
from hub.handling.personen import nameless, policy_role, together
from hub.handling.zetels import is_subject

#: What a police record says, beyond who it is about, is police data under its own article. Source: Bgs art. 2.15.
POLICE_CONTENT = frozenset({"signaal-inhoud", "situatieschets", "indicatoren", "interventieplan"})
PERSONAL = frozenset({"identificerend", "bsn", "contact", "nationaliteit", "rol-in-casus"})
MAIN_FORMS = {"seks": "seksueel", "webcam": "seksueel", "arbeid": "arbeid", "crimin": "crimineel", "orgaan": "orgaan"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without its categories. `zetel`: who would hold or do it."""

    zetel: str
    handeling: str
    spoor: str
    regio: str
    datum: date
    doel: str
    fase: int = 0
    betrokkene_rol: str = "geen"
    minderjarig: bool = False
    bijzonder: frozenset[str] = frozenset()
    kenmerken: frozenset[str] = frozenset()
    omstandigheden: tuple[tuple[str, object], ...] = ()

    def about(self, categorie: str, bron_zetel: str) -> Verzoek:
        return Verzoek(
            zetel=self.zetel,
            rol="deelnemer",
            handeling=self.handeling,
            spoor=self.spoor,
            regio=self.regio,
            datum=self.datum,
            categorie=categorie,
            bron_zetel=bron_zetel,
            fase=self.fase,
            doel=self.doel,
            betrokkene_rol=self.betrokkene_rol,
            minderjarig=self.minderjarig,
            bijzonder=self.bijzonder,
            kenmerken=self.kenmerken,
            omstandigheden=dict(self.omstandigheden),
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """One Oordeel and the decision record from which it can be replayed."""

    oordeel: Oordeel
    record: bytes


def seat_type(zetel: str) -> str:
    return zetel.split("@", 1)[0]


def freeze(facts: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in facts.items()))


class Questions:
    """The policy, asked in the words of the domain."""

    def __init__(self, beleid: Beleid) -> None:
        self.beleid = beleid
        self._judge = lru_cache(maxsize=20_000)(self._judge_uncached)

    def intake(self, zetel: str, spoor: str, regio: str, bijdrage: Bijdrage, criteria: str, op: date) -> Answered:
        """May this seat submit all these categories on this track? Source: Bgs art. 2.15, 2.16."""
        return self.judge(self._submitting(zetel, spoor, regio, bijdrage, criteria, op), {zetel: bijdrage})

    def intake_answers(
        self, zetel: str, spoor: str, regio: str, bijdrage: Bijdrage, criteria: str, op: date
    ) -> dict[str, Permit | Weigering]:
        """The same, category by category."""
        return self._answers(self._submitting(zetel, spoor, regio, bijdrage, criteria, op), {zetel: bijdrage})

    def forward(
        self,
        voorstel: Voorstel,
        signaal: Signaal,
        held: Mapping[str, frozenset[str]],
        consents: Toestemmingen,
        op: date,
    ) -> Answered:
        """What may `ontvanger` get of what the sender holds? `held`: categories per provider."""
        return self.judge(self._passing_on(voorstel, signaal, consents, op), _narrowed(signaal, held))

    def forward_answers(
        self,
        voorstel: Voorstel,
        signaal: Signaal,
        held: Mapping[str, frozenset[str]],
        consents: Toestemmingen,
        op: date,
    ) -> dict[str, Permit | Weigering]:
        """The same, category by category; a category is allowed where it is for some provider."""
        return self._answers(self._passing_on(voorstel, signaal, consents, op), _narrowed(signaal, held))

    def participant(
        self, voorstel: Voorstel, casus: Casus, signaal: Signaal, provided: frozenset[str], op: date
    ) -> Answered:
        """What may a participant of the case hold of this contribution? `provided`: providers that brought it in."""
        asked = self.asked_in_case(voorstel.ontvanger, casus, signaal, op)
        held = {
            contribution.zetel: contribution.categorieen
            for contribution in signaal.bijdragen.values()
            if contribution.zetel in provided
        }
        return self.judge(asked, _narrowed(signaal, held))

    def asked_in_case(self, zetel: str, casus: Casus, signaal: Signaal, op: date) -> Asked:
        """The question of a participant about one contribution, without its categories."""
        persons = [person for contribution in signaal.bijdragen.values() for person in contribution.personen.values()]
        return Asked(
            zetel,
            "lezen",
            casus.spoor,
            casus.regio,
            op,
            casus.doel,
            fase=casus.fase,
            **together(persons, op),
            omstandigheden=freeze(case_facts(casus, zetel) | self._subject(signaal, zetel)),
        )

    def admission(self, zetel: str, casus: Casus, op: date) -> bool:
        """May this seat take part in the case at all? Source: WGS art. 2.19, 2.23 lid 5, 2.27."""
        facts = case_facts(casus) | {"aangewezen_deelnemer": True, "criteria_vastgelegd": True}
        asked = Asked(
            zetel,
            "lezen",
            casus.spoor,
            casus.regio,
            op,
            casus.doel,
            fase=casus.fase,
            betrokkene_rol="betrokkene",
            omstandigheden=freeze(facts),
        )
        return isinstance(self.beleid.toets(asked.about("casus-status", zetel)), Permit)

    def judge(self, asked: Asked, contributions: Mapping[str, Bijdrage]) -> Answered:
        """Ask per provider and category; one Oordeel for all. Cached by everything the answer depends on."""
        per_provider = tuple(
            sorted(
                (seat, contribution.wpg_artikel or "", tuple(sorted(contribution.categorieen)))
                for seat, contribution in contributions.items()
            )
        )
        return self._judge(asked, per_provider)

    def judge_recorded(self, asked: Asked, per_provider: tuple[tuple[str, str, tuple[str, ...]], ...]) -> Answered:
        """The same question as one on record, answered by this policy."""
        return self._judge(asked, per_provider)

    def persons_allowed(
        self, asked_for: Voorstel, signaal: Signaal, categorie: str, op: date, consents: Toestemmingen
    ) -> tuple[UUID, ...] | None:
        """Which of the asked persons may be named, by their presumed roles; None where all may. Source: Wpg art. 6b."""
        everyone = {k: p for contribution in signaal.bijdragen.values() for k, p in contribution.personen.items()}
        asked = self._passing_on(asked_for, signaal, consents, op)
        allowed = []
        for key, person in everyone.items():
            if asked_for.betrokkenen is not None and key not in asked_for.betrokkenen:
                continue
            for role in [policy_role(role) for role in person.rollen] or ["betrokkene"]:
                question = replace(asked, **together((person,), op) | {"betrokkene_rol": role})
                if isinstance(self.beleid.toets(question.about(categorie, signaal.eigenaar or "")), Permit):
                    allowed.append(key)
                    break
        return None if len(allowed) == len(everyone) else tuple(sorted(allowed))

    def _submitting(self, zetel: str, spoor: str, regio: str, bijdrage: Bijdrage, criteria: str, op: date) -> Asked:
        return Asked(
            zetel,
            "indienen",
            spoor,
            regio,
            op,
            purpose_of(spoor),
            **together(bijdrage.personen.values(), op),
            kenmerken=removed(bijdrage) | nameless(bijdrage),
            omstandigheden=freeze({"casus_lid": True, "criteria_toegelicht": tuple(criteria)}),
        )

    def _passing_on(self, voorstel: Voorstel, signaal: Signaal, consents: Toestemmingen, op: date) -> Asked:
        facts: dict[str, object] = {
            "ontvanger": seat_type(voorstel.ontvanger),
            "uitbuitingsvorm": main_form(signaal.vormen),
            **voorstel.omstandigheden,
            **consent_facts(consents, voorstel.ontvanger, op),
            **self._subject(signaal, voorstel.ontvanger),
        }
        persons = [
            person
            for contribution in signaal.bijdragen.values()
            for key, person in contribution.personen.items()
            if voorstel.betrokkenen is None or key in voorstel.betrokkenen
        ]
        return Asked(
            voorstel.afzender,
            "doorzetten",
            voorstel.spoor,
            signaal.regio,
            op,
            voorstel.doel,
            **together(persons, op),
            kenmerken=frozenset().union(*map(removed, signaal.bijdragen.values())),
            omstandigheden=freeze(facts),
        )

    def _subject(self, signaal: Signaal, zetel: str) -> dict[str, object]:
        return {"zetel_is_voorwerp": True} if is_subject(self.beleid, signaal, zetel) else {}

    def _answers(self, asked: Asked, contributions: Mapping[str, Bijdrage]) -> dict[str, Permit | Weigering]:
        answers: dict[str, Permit | Weigering] = {}
        for seat, contribution in contributions.items():
            for category in contribution.categorieen:
                known_as = asked_as(category, contribution.wpg_artikel or "", asked.spoor)
                if not isinstance(answers.get(category), Permit):
                    answers[category] = self.beleid.toets(asked.about(known_as, seat))
        return answers

    def _judge_uncached(self, asked: Asked, per_provider: tuple[tuple[str, str, tuple[str, ...]], ...]) -> Answered:
        allowed: dict[str, tuple[str, ...]] = {}
        permits: list[Permit] = []
        refusals: dict[str, Weigering] = {}
        for seat, article, categories in per_provider:
            answers = {
                category: self.beleid.toets(asked.about(asked_as(category, article, asked.spoor), seat))
                for category in categories
            }
            allowed[seat] = tuple(c for c, answer in answers.items() if isinstance(answer, Permit))
            permits += [answer for answer in answers.values() if isinstance(answer, Permit)]
            refusals |= {c: answer for c, answer in answers.items() if isinstance(answer, Weigering)}
        oordeel = Oordeel(
            per_bron={seat: categories for seat, categories in allowed.items() if categories},
            geweigerd=tuple(sorted(refusals)),
            regels=_distinct(rule for permit in permits for rule in permit.regels),
            grondslagen=_distinct(source for permit in permits for source in permit.bronnen),
            redenen=_distinct(refusal.reden for refusal in refusals.values()),
            weigerregels=_distinct(rule for refusal in refusals.values() for rule in refusal.regels),
            alternatief=next((r.alternatief for r in refusals.values() if r.alternatief), None),
            beleidsversie=self.beleid.versie,
            vorm=min((r.vorm for r in refusals.values()), key=VOLGORDE.index, default=None),
        )
        return Answered(oordeel, decision_record(asked, per_provider, oordeel))


def decision_record(
    asked: Asked, per_provider: tuple[tuple[str, str, tuple[str, ...]], ...], oordeel: Oordeel
) -> bytes:
    """Everything that counted, so that the decision replays from its record and the pinned policies."""
    return orjson.dumps(
        {
            "beleidsversie": oordeel.beleidsversie,
            "zetel": asked.zetel,
            "handeling": asked.handeling,
            "spoor": asked.spoor,
            "regio": asked.regio,
            "datum": asked.datum,
            "doel": asked.doel,
            "fase": asked.fase,
            "betrokkene_rol": asked.betrokkene_rol,
            "minderjarig": asked.minderjarig,
            "bijzonder": sorted(asked.bijzonder),
            "kenmerken": sorted(asked.kenmerken),
            "omstandigheden": dict(asked.omstandigheden),
            "gevraagd": per_provider,
            "toegestaan": oordeel.per_bron,
            "geweigerd": oordeel.geweigerd,
            "regels": oordeel.regels,
            "weigerregels": oordeel.weigerregels,
            "grondslagen": oordeel.grondslagen,
        },
        option=orjson.OPT_SORT_KEYS,
    )


def asked_as(category: str, wpg_article: str, spoor: str) -> str:
    """The category under which the law knows it: police content goes by its Wpg article.

    In the care track content held under art. 8 or 13 is content like any other; the other articles never go there.
    """
    named = spoor in ("riec", "bilateraal") or wpg_article not in ("8", "13")
    if wpg_article in ("12", "14") or (wpg_article and named and category in POLICE_CONTENT):
        return f"politie-{wpg_article}"
    return category


def removed(bijdrage: Bijdrage) -> frozenset[str]:
    return frozenset({"wpg14-verwijderd"}) if bijdrage.wpg_artikel == "14" else frozenset()


def case_facts(casus: Casus, zetel: str = "") -> dict[str, object]:
    """What counts of a case for a seat. An embargo and an objection are against everybody but who made them."""
    facts: dict[str, object] = {
        "casus_lid": True,
        "aangewezen_deelnemer": casus.benoemd,
        "criteria_vastgelegd": bool(casus.criteria_voldaan),
        "activiteit": casus.activiteit,
        "uitbuitingsvorm": main_form((casus.vorm,)),
        "embargo": "actief" if casus.embargo and zetel != casus.embargo_van else "geen",
    }
    against = {seat: scope for seat, scope in casus.bezwaren.items() if seat != zetel}
    if against:
        facts["bezwaar_van_bron"] = True
        facts["herkomst"] = sorted({seat_type(seat) for seat, scope in against.items() if scope == ALLES})
    if casus.tafel:
        facts["tafel"] = casus.tafel
    return facts


def main_form(forms: Iterable[str]) -> str:
    for form in forms:
        for stem, main in MAIN_FORMS.items():
            if stem in form:
                return main
    return "onbekend"


def purpose_of(spoor: str) -> str:
    """The purpose for which something is brought into a track, where none is named."""
    return {
        "riec": "riec-handhaving-mensenhandel",
        "zvh": "zvh-casus",
        "zorg-en-registratie": "zorg-opvang",
        "bilateraal": "strafvordering",
    }.get(spoor, "techniek")


def _narrowed(signaal: Signaal, held: Mapping[str, frozenset[str]]) -> dict[str, Bijdrage]:
    """The contributions per provider, no wider than what is held of each."""
    merged: dict[str, Bijdrage] = {}
    for contribution in signaal.bijdragen.values():
        categories = contribution.categorieen & held.get(contribution.zetel, frozenset())
        if not categories:
            continue
        earlier = merged.get(contribution.zetel)
        article = contribution.wpg_artikel or (earlier.wpg_artikel if earlier else None)
        together = categories | (earlier.categorieen if earlier else frozenset())
        merged[contribution.zetel] = Bijdrage(contribution.zetel, together, article, contribution.personen)
    return merged


def consent_facts(consents: Toestemmingen, ontvanger: str, op: date) -> dict[str, object]:
    given = consents.voor(ontvanger, op)
    if given is not None:
        return {"toestemming": given.vorm, "toestemming_door": given.door}
    if consents.ingetrokken_voor(ontvanger):
        return {"toestemming": "ingetrokken"}
    return {}


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
