"""What changes for a hat: the news as it comes, who brings it, and what did not arrive."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response
from starlette.types import Receive, Scope, Send

from hub.api.identity import INNER, Aanwezige
from hub.console.doors import Refused
from hub.console.entry import Visitor
from hub.console.visit import Visit, pages

Na = Annotated[int | None, Query(ge=0, le=2**53)]
Status = Annotated[str | None, Query(pattern="^(wachtend|bezorgd|onbestelbaar|vervallen)$")]
#: Of everything there is to follow, in the order of the form.
KANALEN = ("casussen", "signalen", "terugroepingen", "terugkoppelingen", "plichten", "resultaten", "overleggen")
WIJZEN = ("stroom", "ophalen", "webhook", "kafka")
PAGE = 50
STREAM = "/v1/gebeurtenissen/stroom"


def router() -> APIRouter:
    """News, subscriptions and deliveries."""
    routes = pages()
    for add in (_news, _stream, _subscriptions, _act, _deliveries, _again):
        add(routes)
    return routes


def _news(routes: APIRouter) -> None:
    @routes.get("/nieuws")
    async def news(visit: Visitor, na: Na = None) -> Response:
        """Oldest first after a cursor; without one what came last."""
        newest = "true" if na is None else None
        found = await visit.doors.get("gebeurtenissen", na=na, nieuwste=newest, aantal=PAGE)
        return visit.page("nieuws.html", "Nieuws", nieuws=found["gebeurtenissen"], volgende=found["volgende"])


def _stream(routes: APIRouter) -> None:
    @routes.get("/nieuws/stroom")
    async def stream(visit: Visitor, request: Request, na: int = 0) -> Response:
        _ = visit.doors
        return _Through(visit, na, request.headers.get("last-event-id", ""))


class _Through(Response):
    """The stream of the API, as the person in her hat has it; it ends with her right to it."""

    def __init__(self, visit: Visit, na: int, last: str) -> None:
        super().__init__()
        self._visit, self._na, self._last = visit, na, last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sessie = self._visit.sessie
        headers = [(b"accept", b"text/event-stream")]
        if self._last.isdigit():
            headers.append((b"last-event-id", self._last.encode()))
        inner = {
            "type": "http",
            "asgi": scope["asgi"],
            "http_version": "1.1",
            "method": "GET",
            "scheme": scope["scheme"],
            "path": STREAM,
            "raw_path": STREAM.encode(),
            "query_string": f"na={self._na}".encode(),
            "root_path": "",
            "headers": headers,
            "client": scope.get("client"),
            "server": scope.get("server"),
            INNER: Aanwezige(sessie.sub, sessie.zetel),
        }
        await self._visit.console.app(inner, receive, send)


def _subscriptions(routes: APIRouter) -> None:
    @routes.get("/abonnementen")
    async def subscriptions(visit: Visitor) -> Response:
        return await _shown(visit, {}, None)

    @routes.post("/abonnementen")
    async def take(visit: Visitor) -> Response:
        form = await visit.form()
        filters = {"kanalen": form.get("kanalen", []), "gebieden": _words(form, "gebieden")}
        body: dict[str, Any] = {
            "abonnementId": str(uuid4()),
            "bezorgwijze": form.get("bezorgwijze", [""])[0],
            "filters": filters,
        }
        for name in ("terugbeladres", "autorisatie"):
            if value := form.get(name, [""])[0].strip():
                body[name] = value
        try:
            await visit.doors.post("abonnementen", body=body)
        except Refused as refused:
            return await _shown(
                visit, {name: values for name, values in form.items() if name != "autorisatie"}, refused
            )
        return visit.to("/abonnementen")


def _words(form: Mapping[str, list[str]], name: str) -> list[str]:
    return form.get(name, [""])[0].replace(",", " ").split()


async def _shown(visit: Visit, form: Mapping[str, list[str]], refused: Refused | None) -> Response:
    found = await visit.doors.get("abonnementen")
    problem = dict(refused.problem) if refused else None
    status = refused.status if refused else 200
    return visit.page(
        "abonnementen.html",
        "Abonnementen",
        status,
        abonnementen=found["abonnementen"],
        kanalen=KANALEN,
        wijzen=WIJZEN,
        ingevuld=form,
        probleem=problem,
    )


def _act(routes: APIRouter) -> None:
    @routes.post("/abonnementen/{abonnementId}")
    async def act(visit: Visitor, abonnementId: UUID) -> Response:
        form = await visit.form()
        wanted = "hervattingen" if form.get("daad") == ["hervat"] else "beeindigingen"
        await visit.doors.post("abonnementen", abonnementId, wanted, body={})
        return visit.to("/abonnementen")


def _deliveries(routes: APIRouter) -> None:
    @routes.get("/bezorgingen")
    async def deliveries(visit: Visitor, na: Na = None, status: Status = None) -> Response:
        found = await visit.doors.get("bezorgingen", na=na, aantal=PAGE, status=status)
        return visit.page("bezorgingen.html", "Bezorgingen", lijst=found, keuze=status)


def _again(routes: APIRouter) -> None:
    @routes.post("/bezorgingen/{bezorgingId}")
    async def again(visit: Visitor, bezorgingId: UUID) -> Response:
        await visit.form()
        await visit.doors.post("bezorgingen", bezorgingId, "herhalingen", body={})
        return visit.to("/bezorgingen")
