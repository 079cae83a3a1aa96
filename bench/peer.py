"""The peer of the intake: FastAPI and pydantic over a plain `eventsourcing` application, on the same server.

It checks the same message contract and records each signal as one event of an aggregate; without policy, encryption,
decision records, idempotency, transparency log or views. Run by bench.intake_http as `python -m bench.peer PORT`.
"""

import sys
from typing import Annotated, Any
from uuid import UUID, uuid5

import uvicorn
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from fastapi import Body, FastAPI

from contracts.cloudevents import CloudEvent
from contracts.signaal import RegistreerSignaal


class Signaal(Aggregate):
    """A signal as the library's tutorial would keep it."""

    @event("Geregistreerd")
    def __init__(self, signaal_id: str, zetel: str, inhoud: dict[str, Any]) -> None:
        self.signaal_id, self.zetel, self.inhoud = signaal_id, zetel, inhoud

    @staticmethod
    def create_id(signaal_id: str, zetel: str, inhoud: dict[str, Any]) -> UUID:
        return uuid5(UUID(signaal_id), zetel)


class Signalen(Application[UUID]):
    """Keeps signals."""

    def register(self, events: list[CloudEvent]) -> list[str]:
        """Record all in one transaction; the identifiers."""
        commands = [RegistreerSignaal.model_validate(one.data) for one in events]
        self.save(
            *(
                Signaal(str(one.signaal_id), "meting", one.melding.model_dump(mode="json", by_alias=True))
                for one in commands
            )
        )
        return [str(one.signaal_id) for one in commands]


def create_app(signalen: Signalen) -> FastAPI:
    """The two doors."""
    app = FastAPI()

    @app.post("/batch")
    def batch(berichten: Annotated[list[CloudEvent], Body()]) -> list[str]:
        return signalen.register(berichten)

    @app.post("/signal", status_code=201)
    def signal(bericht: CloudEvent) -> list[str]:
        return signalen.register([bericht])

    return app


if __name__ == "__main__":
    uvicorn.run(create_app(Signalen()), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
