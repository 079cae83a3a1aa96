"""Commands on policy versions: what is found of signature and bundle, and the policy's own answer on activating."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol, get_args

from contracts.beleid import ActiveerBeleid, BeleidGoedgekeurd, Handtekening, KeurBeleidGoed, StelBeleidVoor
from hub.access.beleid import Beleid
from hub.access.bundel import BeleidOngeldig
from hub.access.ondertekening import HandtekeningOngeldig, Ondertekenaars, controleer, vingerafdruk
from hub.domain import beleidsversie
from hub.domain.beleidsversie import BeleidCommand, Bevinding, Versies
from hub.handling.beleidsversies import BELEIDSSTROOM, beleid_uit
from hub.handling.disclose import HUBZETEL
from hub.handling.questions import Answered, Asked, Questions, freeze
from hub.handling.step import Handlers, Step

#: What a rule of the policy is to the policy: something of the hub's own.
ASKED_ABOUT = ((HUBZETEL, "", ("beleidsregel",)),)
#: Who must be told of a deviation from the advice. Source: Bgs art. 1.13 lid 6.
MELDEN_AAN = frozenset({"rac", "coordinerend-fg"})


class Load(Protocol):
    """Opens a package. Raises BeleidOngeldig. See `beleid_uit`."""

    def __call__(self, pakket: str, *, gevallen: bool, op: date | None) -> Beleid: ...


class Activating:
    """Decides on policy versions. `ondertekenaars`: the systems whose signatures count; `load`: opens a package."""

    def __init__(self, ondertekenaars: Ondertekenaars, load: Load = beleid_uit) -> None:
        self._ondertekenaars, self._load = ondertekenaars, load

    def handlers(self) -> Handlers:
        """What a ledger with policy versions takes beside its other commands."""
        return dict.fromkeys(get_args(BeleidCommand), self.decide)

    def decide(self, step: Step, command: BeleidCommand) -> None:
        """Add what follows. Raises Onbekend, Strijdig."""
        versies = beleidsversie.replay(step.work.events(BELEIDSSTROOM, beleidsversie.BeleidEvent))
        record: bytes | None = None
        found = Bevinding()
        match command:
            case StelBeleidVoor():
                found = self._proposed(step, command)
            case KeurBeleidGoed():
                found = self._approved(step, command, versies)
            case ActiveerBeleid():
                found, record = self._activated(step, command, versies)
        events = beleidsversie.decide(versies, command, step.zetel, step.nu, found)
        step.work.add(BELEIDSSTROOM, events, "hub", record)

    def _proposed(self, step: Step, command: StelBeleidVoor) -> Bevinding:
        signed, faults = self._signature(step, command)
        _, unusable = self._bundle(command.pakket, command.versie, gevallen=True)
        return Bevinding(signed, bezwaren=(*faults, *unusable))

    def _approved(self, step: Step, command: KeurBeleidGoed, versies: Versies) -> Bevinding:
        signed, faults = self._signature(step, command)
        known = versies.bekend.get(command.versie)
        author = vingerafdruk(known.voorstel.handtekening.sleutel) if known else ""
        return Bevinding(signed, vingerafdruk(signed.sleutel) if signed else "", author, faults)

    def _activated(self, step: Step, command: ActiveerBeleid, versies: Versies) -> tuple[Bevinding, bytes | None]:
        known = versies.bekend.get(command.versie)
        if known is None or known.goedkeuring is None:
            return Bevinding(), None
        draft, faults = self._bundle(
            known.voorstel.pakket, command.versie, op=max(known.goedkeuring.ingangsdatum, step.op)
        )
        if draft is None:
            return Bevinding(bezwaren=faults), None
        facts = facts_of(known.goedkeuring, draft, step.questions.beleid)
        answered = may_activate(step.questions, step.zetel, step, facts)
        return Bevinding(bezwaren=faults, oordeel=answered.oordeel), answered.record

    def _signature(
        self, step: Step, command: StelBeleidVoor | KeurBeleidGoed
    ) -> tuple[Handtekening | None, tuple[str, ...]]:
        try:
            return controleer(command, step.zetel, self._ondertekenaars, step.nu), ()
        except HandtekeningOngeldig as fault:
            return None, (str(fault),)

    def _bundle(
        self, pakket: str, versie: str, *, gevallen: bool = False, op: date | None = None
    ) -> tuple[Beleid | None, tuple[str, ...]]:
        try:
            beleid = self._load(pakket, gevallen=gevallen, op=op)
        except BeleidOngeldig as faults:
            return None, faults.fouten
        if beleid.versie != versie:
            return None, ("Het pakket is een andere versie dan de genoemde.",)
        return beleid, ()


def may_activate(questions: Questions, zetel: str, step: Step, facts: Mapping[str, object]) -> Answered:
    """The policy in force on its own replacement. Source: WGS art. 1.8 lid 6; Bgs art. 1.13; AVG art. 30, 35."""
    asked = Asked(zetel, "beleid-activeren", "hub", "landelijk", step.op, "techniek", omstandigheden=freeze(facts))
    return questions.judge_recorded(asked, ASKED_ABOUT)


def facts_of(approved: BeleidGoedgekeurd, draft: Beleid, in_force: Beleid) -> dict[str, object]:
    """What counts for activating, worked out from the approval and the bundle.

    A processing activity needs its assessment (DPIA) before it begins or changes; what runs already is not asked again.
    """
    told = {zetel.partition("@")[0] for zetel in approved.gemeld_aan}
    permitting = [rule.id for rule in draft.regels if rule.toestaan]
    begun = set(draft.verwerkingen.values()) - set(in_force.verwerkingen.values())
    return {
        "rac_verwijzing": bool(approved.rac_kenmerk),
        "afwijking_rac": approved.wijkt_af_van_rac,
        "afwijking_gemotiveerd": bool(approved.motivering),
        "afwijking_gemeld": told >= MELDEN_AAN,
        "artikel_genoemd": all(rule.bron for rule in draft.regels),
        "registerversie_bestaat": all(rule in draft.verwerkingen for rule in permitting),
        "dpia_gereed": begun <= draft.met_dpia,
    }
