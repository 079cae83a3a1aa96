"""Every contract class by its contract name."""

from collections.abc import Iterator
from inspect import isclass
from types import ModuleType

from contracts import (
    abonnement,
    afscherming,
    bedenktijd,
    beleid,
    bewaring,
    bezwaar,
    brug,
    casus,
    correctietaak,
    datalek,
    kennisgeving,
    navraag,
    noodtoegang,
    overleg,
    plicht,
    resultaat,
    signaal,
    terugkoppeling,
    terugroeping,
    toegangstoets,
    toestemming,
    toezicht,
    verhoor,
    verstrekking,
    verzoek,
)
from contracts.message import Command, Event, Message


def _classes(module: ModuleType) -> Iterator[type[Message]]:
    for value in vars(module).values():
        if isclass(value) and issubclass(value, Message) and value.__module__ == module.__name__:
            yield value


_MODULES = (
    signaal,
    casus,
    toestemming,
    verstrekking,
    overleg,
    brug,
    beleid,
    noodtoegang,
    afscherming,
    verhoor,
    bezwaar,
    resultaat,
    verzoek,
    kennisgeving,
    bewaring,
    terugkoppeling,
    terugroeping,
    toezicht,
    correctietaak,
    datalek,
    toegangstoets,
    abonnement,
    plicht,
    bedenktijd,
    navraag,
)
_ALL = [cls for module in _MODULES for cls in _classes(module)]

COMMANDS: dict[str, type[Command]] = {cls.TYPE: cls for cls in _ALL if issubclass(cls, Command)}
#: Events that record a refusal; a message that led to nothing else may be offered again.
REFUSALS = (
    signaal.SignaalGeweigerd,
    verstrekking.VerstrekkingGeweigerd,
    casus.HandelingGeweigerd,
    casus.InterventieGeweigerd,
    beleid.BeleidGeweigerd,
    noodtoegang.NoodtoegangGeweigerd,
    overleg.DeelnameGeweigerd,
    verhoor.ContactGeweigerd,
    resultaat.ResultaatGeweigerd,
    verzoek.VerzoekhandelingGeweigerd,
    kennisgeving.KennisgevingGeweigerd,
    bewaring.VernietigingGeweigerd,
    correctietaak.CorrectietaakGeweigerd,
    toezicht.ToezichtGeweigerd,
    datalek.DatalekhandelingGeweigerd,
    toegangstoets.ToegangstoetsGeweigerd,
    bedenktijd.BedenktijdGeweigerd,
    abonnement.AbonnementGeweigerd,
)

EVENTS: dict[str, type[Event]] = {cls.TYPE: cls for cls in _ALL if issubclass(cls, Event)}
