"""One batch to the hub: sent until it is answered, or given up with nothing half done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.identity import NotAuthorised, TokenSource
from contracts.cloudevents import CloudEvent
from contracts.problems import Fout, Probleem

BATCH_TYPE = "application/cloudevents-batch+json"
_TRY_AGAIN = {429, 502, 503, 504}
_LONGEST_WAIT = 30.0


class HubUnreachable(Exception):
    """The hub did not answer after all attempts."""


class BatchRefused(Exception):
    """The hub refused the batch whole; the message is the title of its problem document."""


class Resultaat(BaseModel):
    """The hub's answer for one message."""

    model_config = ConfigDict(extra="ignore")

    id: str
    status: str
    probleem: Probleem | None = None

    @property
    def reasons(self) -> tuple[Fout, ...]:
        """Why it was refused, never with personal data."""
        if self.probleem is None:
            return ()
        return self.probleem.fouten or (Fout(veld="", melding=self.probleem.detail),)


class _Antwoord(BaseModel):
    resultaten: list[Resultaat]


@dataclass(frozen=True)
class Delivery:
    """The way to one hub. `sleep` takes seconds; `attempts` counts the first as well."""

    client: httpx.Client
    tokens: TokenSource
    sleep: Callable[[float], None]
    attempts: int = 6
    url: str = "/v1/aanleveringen"

    def send(self, zetel: str, events: Sequence[CloudEvent]) -> list[Resultaat]:
        """The answers in the order of the messages. Raises HubUnreachable, BatchRefused."""
        body = "[" + ",".join(event.model_dump_json(exclude_none=True) for event in events) + "]"
        renewed = False
        for attempt in range(1, self.attempts + 1):
            answer = self._try(zetel, body)
            if answer is not None and answer.status_code == httpx.codes.UNAUTHORIZED and not renewed:
                renewed = True
                self._forget(zetel)
                answer = self._try(zetel, body)
            if answer is not None and answer.status_code not in _TRY_AGAIN:
                return _results(answer, len(events))
            if attempt < self.attempts:
                self.sleep(_wait(attempt, answer))
        raise HubUnreachable

    def _try(self, zetel: str, body: str) -> httpx.Response | None:
        try:
            token = self.tokens.token(zetel)
            headers = {"Content-Type": BATCH_TYPE, "Authorization": f"Bearer {token}"}
            return self.client.post(self.url, content=body, headers=headers)
        except httpx.TransportError:
            return None
        except NotAuthorised as refusal:
            raise BatchRefused(str(refusal)) from refusal

    def _forget(self, zetel: str) -> None:
        try:
            self.tokens.forget(zetel)
        except NotAuthorised as refusal:
            raise BatchRefused(str(refusal)) from refusal


def _wait(attempt: int, answer: httpx.Response | None) -> float:
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    seconds = float(asked) if asked.isascii() and asked.isdigit() else 0.5 * 2.0**attempt
    return min(seconds, _LONGEST_WAIT)


def _results(answer: httpx.Response, expected: int) -> list[Resultaat]:
    if answer.status_code != httpx.codes.OK:
        raise BatchRefused(_title(answer))
    try:
        results = _Antwoord.model_validate_json(answer.content).resultaten
    except ValidationError as error:
        raise BatchRefused("de hub gaf een antwoord dat niet aan het contract voldoet") from error
    if len(results) != expected:
        raise BatchRefused("de hub gaf niet voor elk bericht een antwoord")
    return results


def _title(answer: httpx.Response) -> str:
    try:
        problem = Probleem.model_validate_json(answer.content)
    except ValidationError:
        return f"de hub weigert de levering (status {answer.status_code})"
    return f"{problem.title}: {problem.detail}"
