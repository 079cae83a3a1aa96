"""Write the AsyncAPI document from the contract: `python -m deploy.asyncapi`, or only compare with `--check`.

Exit code: 0 written or equal, 1 the file differs from the contract. Needs no broker and no database.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from contracts.aankondiging import Aankondiging
from contracts.cloudevents import CloudEvent
from contracts.register import COMMANDS
from deploy.asyncapi_parts import CLOUDEVENT, LEFT, QUARANTINED, channels, operations, ref, security, servers
from deploy.openapi import ADDRESS
from hub.api.app import CONTACT
from hub.api.headers import API_VERSION
from hub.delivery.gebeurtenissen import SOORTEN
from hub.handling.uitslagen import Resultaat
from hub.views.nieuws import BRONNEN

FILE = Path(__file__).resolve().parent.parent / "contracts" / "asyncapi.json"
NAMESPACE = "nl.overheid.mensenhandel."
DESCRIPTION = (
    "Waarmee organisaties signalen van mensenhandel aanleveren over Kafka, en hoe een zetel hoort dat er iets is"
    " veranderd in wat zij mag zien. Aanleveren geeft geen inzage; een melding bevat geen inhoud en geen"
    " persoonsgegevens, alleen waar de zetel het zelf, met verantwoording, kan ophalen."
)
HOST = ADDRESS.removeprefix("https://")
TOLD = {f"{bron.resource}-{soort}": (bron.resource, soort) for bron in BRONNEN.values() for soort in SOORTEN.values()}


def rendered() -> bytes:
    """The document, one key a line, so that a change shows in a diff."""
    return orjson.dumps(document(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def document() -> dict[str, Any]:
    """AsyncAPI 3.0, seen from the hub: it receives what agencies push and sends the rest."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:signaalhub",
        "info": {
            "title": "Signaalhub: berichten",
            "version": API_VERSION,
            "description": DESCRIPTION,
            "contact": CONTACT,
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"},
            "tags": [{"name": "mensenhandel"}],
        },
        "defaultContentType": CLOUDEVENT,
        "servers": servers(HOST),
        "channels": channels(map(_slug, COMMANDS), TOLD),
        "operations": operations(),
        "components": {
            "messages": {**_pushed(), **_told(), **_other()},
            "schemas": _schemas([CloudEvent, Aankondiging, Resultaat, *COMMANDS.values()]),
            "securitySchemes": security(HOST),
        },
    }


def _slug(type: str) -> str:
    return type.removeprefix(NAMESPACE)


def _title(name: str) -> str:
    return name.partition(".")[0].replace("-", " ").capitalize()


def _pushed() -> dict[str, Any]:
    """A message for each command."""
    return {
        _slug(type): {
            "name": type,
            "title": _title(_slug(type)),
            "summary": f"Opdracht `{type}` als CloudEvent; `data` volgt {command.__name__}.",
            "contentType": CLOUDEVENT,
            "payload": _envelope("CloudEvent", type, {"data": ref("components", "schemas", command.__name__)}),
            "bindings": _key("De casus of het signaal waarbinnen de volgorde telt."),
        }
        for type, command in COMMANDS.items()
    }


def _told() -> dict[str, Any]:
    """A message for each kind of news."""
    return {
        name: {
            "name": f"{NAMESPACE}{name}.v1",
            "title": _title(f"{resource} {soort}"),
            "summary": f"Dunne melding: van een {resource} in het zicht van deze zetel is bekend dat die is {soort}.",
            "contentType": CLOUDEVENT,
            "payload": _envelope("Aankondiging", f"{NAMESPACE}{name}.v1", {}),
            "bindings": _key("Het onderwerp: `casus:<id>`, of anders `signaal:<id>` en dergelijke."),
        }
        for name, (resource, soort) in TOLD.items()
    }


def _other() -> dict[str, Any]:
    return {
        "aankondiging": {
            "name": "aankondiging",
            "title": "Dunne melding, ondertekend",
            "summary": "Een van de meldingen, met de handtekening van de hub. Hetzelfde `id` bij elke poging.",
            "contentType": CLOUDEVENT,
            "headers": _headers(
                {
                    "webhook-id": "Het id van de melding.",
                    "webhook-timestamp": "Moment van deze poging, in seconden sinds 1970.",
                    "webhook-signature": "Een of meer handtekeningen `v1a,<base64>`, gescheiden door spaties.",
                }
            ),
            "payload": ref("components", "schemas", "Aankondiging"),
        },
        "ontvangstbewijs": {
            "name": "ontvangstbewijs",
            "title": "Ontvangstbewijs",
            "summary": "De uitslagen van aangeleverde berichten, elk met het id van zijn bericht.",
            "contentType": "application/json",
            "payload": {
                "type": "object",
                "properties": {"resultaten": {"type": "array", "items": ref("components", "schemas", "Resultaat")}},
                "required": ["resultaten"],
            },
        },
        "quarantainebericht": {
            "name": "quarantainebericht",
            "title": "Bericht in quarantaine",
            "summary": f"Het bericht zoals het kwam, met de reden in de koppen. {LEFT}",
            "headers": _headers(QUARANTINED),
            "payload": {"description": "De bytes van het bericht, ongewijzigd."},
        },
        "handdruk-vraag": _shake("Vraag", ("WebHook-Request-Origin", "WebHook-Request-Rate")),
        "handdruk-antwoord": _shake("Antwoord", ("WebHook-Allowed-Origin", "WebHook-Allowed-Rate")),
    }


def _shake(title: str, headers: tuple[str, str]) -> dict[str, Any]:
    origin, rate = headers
    return {
        "name": f"handdruk-{title.lower()}",
        "title": f"{title} van de handdruk",
        "summary": "Zonder inhoud; het staat in de koppen.",
        "headers": _headers({origin: "Host van de hub.", rate: "Berichten per minuut."}),
        "payload": {"type": "null"},
    }


def _headers(described: dict[str, str]) -> dict[str, Any]:
    fields = {name: {"type": "string", "description": text} for name, text in described.items()}
    return {"type": "object", "properties": fields, "required": list(fields)}


def _key(description: str) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "description": description}, "bindingVersion": "0.5.0"}}


def _envelope(schema: str, type: str, more: dict[str, Any]) -> dict[str, Any]:
    narrowed = {"type": "object", "properties": {"type": {"const": type}, **more}}
    return {"allOf": [ref("components", "schemas", schema), narrowed]}


def _schemas(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    _, found = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    made: dict[str, Any] = found["$defs"]
    return dict(sorted(made.items()))


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is out of date")
    chosen = parser.parse_args(arguments)
    content = rendered()
    if not chosen.check:
        FILE.write_bytes(content)
        return 0
    if FILE.is_file() and FILE.read_bytes() == content:
        return 0
    print(f"{FILE.name} differs from the contract: run python -m deploy.asyncapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
