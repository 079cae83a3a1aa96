"""The channels of the hub as AsyncAPI 3.0 tells them: what a partner's jurist reads is Dutch."""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.delivery.kafka_producing import PARTITIONS, RETENTION_DAYS
from hub.delivery.kafka_quarantine import LEFT_OUT, OFFSET, PARTITION, REASON, TOPIC
from hub.delivery.kafka_topics import Aanlevertopic, topic_of

CLOUDEVENT = "application/cloudevents+json"
KAFKA, HTTP, PARTNER = "kafka", "koppelvlak", "abonnee"
#: As `HUB_KAFKA_PREFIX` is by default.
PREFIX = "signaalhub"
INTAKE = Aanlevertopic(topic_of(PREFIX, "aanlevering", "{zetel}"), "", "", "")
QUARANTINED = {
    REASON: "Waarom, als problem+json zonder waarden uit het bericht.",
    TOPIC: "De topic waar het bericht eerst stond.",
    PARTITION: "De partitie daar.",
    OFFSET: "De plaats daar.",
}
LEFT = f"`{LEFT_OUT}` als het te groot was: dan staan de bytes alleen op de eerste plaats."

ZETEL = {
    "description": "De zetel, met een punt waar in de naam een apenstaartje staat.",
    "examples": ["gemeente.af-oov.ede"],
}
HANDSHAKE = (
    "Voor de eerste bezorging vraagt de hub met OPTIONS of dit adres berichten van deze hub wil, en hoeveel per"
    " minuut. Zonder instemming wordt niets bezorgd."
)


def ref(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}


def servers(address: str) -> dict[str, Any]:
    """`address`: host name of the hub."""
    return {
        KAFKA: {
            "host": f"kafka.{address}:9093",
            "protocol": "kafka-secure",
            "title": "Kafka",
            "description": "De broker van de hub; elke organisatie mag alleen bij haar eigen topics.",
            "security": [ref("components", "securitySchemes", "kafkaScram")],
        },
        HTTP: {
            "host": address,
            "pathname": "/v1",
            "protocol": "https",
            "title": "Koppelvlak",
            "description": "Het koppelvlak voor partners; alles anders dan de stroom staat in openapi.json.",
            "security": [ref("components", "securitySchemes", "oauth")],
        },
        PARTNER: {
            "host": "{adres}",
            "protocol": "https",
            "title": "Abonnee",
            "description": "De ontvanger van een abonnee, op het terugbeladres van zijn abonnement.",
            "variables": {"adres": {"description": "Host van het terugbeladres.", "examples": ["gemeente.example"]}},
        },
    }


def security(address: str) -> dict[str, Any]:
    return {
        "kafkaScram": {"type": "scramSha512", "description": "Gebruikersnaam en wachtwoord van het systeem, over TLS."},
        "oauth": {
            "type": "oauth2",
            "description": "NL GOV OAuth: client credentials met private_key_jwt.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": f"https://{address}/oauth/token",
                    "availableScopes": {"gebeurtenissen.volgen": "Meldingen zonder inhoud ontvangen over wijzigingen."},
                }
            },
        },
    }


def channels(commands: Iterable[str], notices: Iterable[str]) -> dict[str, Any]:
    """`commands`, `notices`: names of messages."""
    told = list(notices)
    return _intake_topics(commands) | _notice_topics(told) | _web(told)


def _intake_topics(commands: Iterable[str]) -> dict[str, Any]:
    return {
        "aanleveringen": _topic(
            INTAKE.naam,
            "Aanleveringen van een zetel",
            "Elk bericht is een CloudEvent met een opdracht van het contract. Wie aanlevert, krijgt daarmee niets te"
            " zien. Berichten met dezelfde sleutel worden in hun volgorde verwerkt; hetzelfde id telt een keer.",
            {"zetel": ZETEL},
            _messages(commands),
        ),
        "ontvangstbewijzen": _topic(
            INTAKE.ontvangstentopic,
            "Uitslagen van aanleveringen",
            "Per bericht de uitslag: aanvaard met positie en blad in het grootboek, herhaald, of geweigerd. Alleen voor"
            " wie erom vroeg.",
            {"zetel": ZETEL},
            _messages(("ontvangstbewijs",)),
        ),
        "quarantaine": _topic(
            INTAKE.quarantaine,
            "Wat niet verwerkt kon worden",
            "Berichten die niet zijn opgenomen: hun eigen bytes, sleutel en koppen, met de reden en de eerste plaats in"
            " koppen van de hub. Alleen de hub en de organisatie zelf mogen hier lezen.",
            {"zetel": ZETEL},
            _messages(("quarantainebericht",)),
        ),
    }


def _notice_topics(notices: Iterable[str]) -> dict[str, Any]:
    return {
        "gebeurtenissen": _topic(
            topic_of(PREFIX, "gebeurtenissen", "{zetel}"),
            "Nieuws voor een zetel",
            "Dat er iets is veranderd in wat deze zetel mag zien, en waar zij het kan ophalen; nooit wat. Ten minste"
            " een keer bezorgd, per onderwerp in volgorde. Vlak voor het versturen wordt opnieuw getoetst of het nog"
            f" mag. De broker bewaart {RETENTION_DAYS} dagen; zonder inhoud, dus er valt hier niets te wissen.",
            {"zetel": ZETEL},
            _messages(notices),
            {"cleanup.policy": ["delete"], "retention.ms": RETENTION_DAYS * 86_400_000},
        ),
    }


def _web(notices: Iterable[str]) -> dict[str, Any]:
    return {
        "webhook": {
            "address": "/{pad}",
            "title": "Nieuws op het eigen adres van een abonnee",
            "description": "Hetzelfde nieuws, met POST op het terugbeladres. Ondertekend volgens Standard Webhooks"
            f" (ed25519). {HANDSHAKE}",
            "parameters": {"pad": {"description": "Pad van het terugbeladres."}},
            "servers": [ref("servers", PARTNER)],
            "messages": _messages(("aankondiging",)),
        },
        "handdruk": _handshake(),
        "stroom": {
            "address": "/gebeurtenissen/stroom",
            "title": "Nieuws als open verbinding",
            "description": "Server-sent events op een GET. Het veld `id` van elk event is het nummer binnen de zetel;"
            " wie terugkomt met `Last-Event-ID` gaat daar verder, zonder gat.",
            "servers": [ref("servers", HTTP)],
            "messages": _messages(notices),
        },
    }


def operations() -> dict[str, Any]:
    """What the hub does on each channel."""
    return {
        "ontvangAanlevering": _operation("receive", "aanleveringen", "Neem een aanlevering in"),
        "stuurOntvangstbewijs": _operation("send", "ontvangstbewijzen", "Meld de uitslag van een aanlevering"),
        "stuurNaarQuarantaine": _operation("send", "quarantaine", "Zet een onbruikbaar bericht apart"),
        "stuurGebeurtenis": _operation("send", "gebeurtenissen", "Vertel een zetel haar nieuws"),
        "bezorgWebhook": _operation("send", "webhook", "Bezorg nieuws bij een abonnee", _http("POST")),
        "vraagHanddruk": {
            **_operation("send", "handdruk", "Vraag een adres of het berichten van deze hub wil", _http("OPTIONS")),
            "messages": [ref("channels", "handdruk", "messages", "handdruk-vraag")],
            "reply": {
                "channel": ref("channels", "handdruk"),
                "messages": [ref("channels", "handdruk", "messages", "handdruk-antwoord")],
            },
        },
        "stuurStroom": _operation("send", "stroom", "Vertel een zetel haar nieuws, zolang zij luistert", _http("GET")),
    }


def _handshake() -> dict[str, Any]:
    return {
        "address": "/{pad}",
        "title": "Handdruk",
        "description": HANDSHAKE,
        "parameters": {"pad": {"description": "Pad van het terugbeladres."}},
        "servers": [ref("servers", PARTNER)],
        "messages": _messages(("handdruk-vraag", "handdruk-antwoord")),
    }


def _topic(
    address: str,
    title: str,
    description: str,
    parameters: Mapping[str, Any],
    messages: Mapping[str, Any],
    configuration: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    binding = {"partitions": PARTITIONS, "topicConfiguration": dict(configuration)} if configuration else {}
    return {
        "address": address,
        "title": title,
        "description": description,
        "parameters": dict(parameters),
        "servers": [ref("servers", KAFKA)],
        "messages": dict(messages),
        "bindings": {"kafka": {**binding, "bindingVersion": "0.5.0"}},
    }


def _operation(action: str, channel: str, title: str, binding: dict[str, Any] | None = None) -> dict[str, Any]:
    made = {"action": action, "channel": ref("channels", channel), "title": title}
    return made | ({"bindings": binding} if binding else {})


def _http(method: str) -> dict[str, Any]:
    return {"http": {"method": method, "bindingVersion": "0.3.0"}}


def _messages(names: Iterable[str]) -> dict[str, Any]:
    return {name: ref("components", "messages", name) for name in names}
