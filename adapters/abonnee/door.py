"""The doors of the hub as one seat goes through them: the feed, what a notice points at, and answers to recalls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx
from pydantic import TypeAdapter

from adapters.abonnee.notices import Bericht
from adapters.delivery import HubUnreachable
from adapters.identity import TokenSource

#: What an abonnee needs, and no more: to hear that something changed, to read it, and to answer.
SCOPES = (
    "gebeurtenissen.volgen",
    "abonnementen.beheren",
    "signalen.raadplegen",
    "casussen.raadplegen",
    "overleggen.raadplegen",
    "verstrekkingen.raadplegen",
    "signalen.aanleveren",
)
FEED = "/v1/gebeurtenissen"
PAGE = 200
_TRY_AGAIN = {429, 500, 502, 503, 504}
_LONGEST_WAIT = 30.0
_NOTICES = TypeAdapter(list[Bericht])


class StrangeAddress(Exception):
    """A notice points at another address than the hub; a token never goes there."""


class Unreadable(Exception):
    """The hub answered, but not in the form of its contract."""


class CursorLost(Exception):
    """We were away so long that the hub does not keep what we missed; what there is now has to be read anew."""


class Page(NamedTuple):
    """A page of the feed. `cursor`: where to go on; where nothing is new, the one that was asked with."""

    berichten: list[Bericht]
    cursor: int


@dataclass
class Door:
    """The way to one hub for one seat. `sleep` takes seconds; `attempts` counts the first as well."""

    client: httpx.Client
    tokens: TokenSource
    zetel: str
    sleep: Callable[[float], None]
    attempts: int = 6
    _purposes: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, url: str, **request: Any) -> httpx.Response:
        """An answer that is not about being busy. Raises HubUnreachable, NotAuthorised, StrangeAddress."""
        self._own(url)
        renewed = False
        for attempt in range(1, self.attempts + 1):
            answer = self._try(method, url, request)
            if answer is not None and answer.status_code == httpx.codes.UNAUTHORIZED and not renewed:
                renewed = True
                self.tokens.forget(self.zetel)
                answer = self._try(method, url, request)
            if answer is not None and answer.status_code not in _TRY_AGAIN:
                return answer
            if attempt < self.attempts:
                self.sleep(_wait(attempt, answer))
        raise HubUnreachable

    def headers(self) -> dict[str, str]:
        """By which the hub knows this seat. Raises NotAuthorised, httpx.TransportError."""
        return {"Authorization": f"Bearer {self.tokens.token(self.zetel)}"}

    def feed(self, cursor: int) -> Page:
        """What came after a cursor, oldest first. Raises HubUnreachable, NotAuthorised, Unreadable, CursorLost."""
        answer = self.ask("GET", FEED, params={"na": cursor, "aantal": PAGE})
        if answer.status_code == httpx.codes.GONE:
            raise CursorLost
        body = _json(answer)
        try:
            return Page(_NOTICES.validate_python(body["gebeurtenissen"]), int(body["volgende"]))
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable("de hub gaf een bladzijde die niet aan het contract voldoet") from error

    def fetch(self, url: str, doelen: tuple[str, ...]) -> httpx.Response:
        """What a notice points at, for the first purpose that fits; the hub writes each of these down.

        The purpose that fitted this kind of thing last time is tried first.
        """
        kind = httpx.URL(url).path.rpartition("/")[0]
        known = self._purposes.get(kind)
        answer = httpx.Response(httpx.codes.FORBIDDEN)
        for doel in sorted(doelen, key=lambda one: one != known):
            answer = self.ask("GET", url, params={**httpx.URL(url).params, "doel": doel})
            if answer.status_code != httpx.codes.FORBIDDEN:
                self._purposes[kind] = doel
                return answer
        return answer

    def acknowledge(self, signaal_id: str, verstrekking_id: str) -> httpx.Response:
        """Say that we have what was disclosed; who passed it on is told so. Saying it twice changes nothing."""
        url = f"/v1/signalen/{signaal_id}/ontvangstbevestigingen"
        return self.ask("POST", url, json={"verstrekkingId": verstrekking_id})

    def confirm(self, signaal_id: str, terugroeping_id: str, gevolg: str) -> httpx.Response:
        """Say what was done with our copies; saying it twice changes nothing."""
        url = f"/v1/signalen/{signaal_id}/terugroepingbevestigingen"
        return self.ask("POST", url, json={"terugroepingId": terugroeping_id, "gevolg": gevolg})

    def _try(self, method: str, url: str, request: Mapping[str, Any]) -> httpx.Response | None:
        try:
            return self.client.request(method, url, headers=self.headers(), **request)
        except httpx.TransportError:
            return None

    def _own(self, url: str) -> None:
        """A token is for the hub alone, whatever a notice says."""
        there, hub = self.client.base_url.join(url), self.client.base_url
        if (there.scheme, there.host, there.port) != (hub.scheme, hub.host, hub.port):
            raise StrangeAddress("een bericht wijst naar een ander adres dan dat van de hub")


def _json(answer: httpx.Response) -> Any:
    if not answer.is_success:
        raise Unreadable(f"de hub weigert dit (status {answer.status_code})")
    try:
        return answer.json()
    except ValueError as error:
        raise Unreadable("de hub gaf een antwoord dat geen JSON is") from error


def _wait(attempt: int, answer: httpx.Response | None) -> float:
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    seconds = float(asked) if asked.isascii() and asked.isdigit() else 0.25 * 2.0**attempt
    return min(seconds, _LONGEST_WAIT)
