"""Coming in and going out: signing in, choosing a hat and a language, and the first page."""

import re
from dataclasses import replace
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from hub.console.entrance.signin import SignInFailed
from hub.console.page import assets
from hub.console.page.doors import Refused
from hub.console.page.frame import page
from hub.console.page.visit import ROOT, Console, Forged, NotSignedIn, Visit, pages, visit_of

COOKIE = "aanmelding"
_OWN_PATH = re.compile(rf"{ROOT}(/[A-Za-z0-9_-]+)*(\?doel=[a-z-]+)?")
Visitor = Annotated[Visit, Depends(visit_of)]


def router() -> APIRouter:
    """The pages before and around all others."""
    routes = pages()
    for add in (_sign_in, _come_back, _leave, _signed_out, _hat, _language, _static):
        add(routes)
    return routes


def beyond() -> APIRouter:
    """Every address of the console that is no page; comes after all others."""
    routes = pages()

    @routes.get("/{_rest:path}")
    async def nothing(visit: Visitor) -> Response:
        raise Refused({}, 404)

    return routes


def _sign_in(routes: APIRouter) -> None:
    @routes.get("/aanmelden")
    async def sign_in(request: Request, naar: str = ROOT) -> Response:
        console: Console = request.app.state.console
        begun = console.sign_in.begin(naar if _OWN_PATH.fullmatch(naar) else ROOT)
        state = await run_in_threadpool(console.sessions.expect, begun, console.clock())
        answer = RedirectResponse(console.sign_in.address(begun, state), 303)
        # The state comes back from elsewhere: only the browser that began with it may end with it.
        console.set_cookie(answer, console.cookie_of(COOKIE), state)
        return answer


def _come_back(routes: APIRouter) -> None:
    @routes.get("/terugkeer")
    async def come_back(request: Request, state: str = "", code: str = "") -> Response:
        console: Console = request.app.state.console
        begun = None
        if state and request.cookies.get(console.cookie_of(COOKIE)) == state:
            begun = await run_in_threadpool(console.sessions.expected, state, console.clock())
        if begun is None or not code:
            return page("niet-aangemeld.html", "nl", 400, titel="Aanmelden mislukt")
        try:
            persoon = await console.sign_in.complete(begun, code)
        except SignInFailed:
            return page("niet-aangemeld.html", "nl", 400, titel="Aanmelden mislukt")
        zetels = tuple(one for one, _ in console.hats.known(persoon.zetels))
        if not zetels:
            return page("niet-aangemeld.html", "nl", 403, titel="Aanmelden mislukt")
        before = request.cookies.get(console.cookie, "")
        await run_in_threadpool(console.sessions.end, before, console.clock())
        name = await run_in_threadpool(console.sessions.begin, replace(persoon, zetels=zetels), console.clock())
        answer = RedirectResponse(begun.naar, 303)
        console.set_cookie(answer, console.cookie, name)
        console.drop_cookie(answer, console.cookie_of(COOKIE))
        return answer


def _leave(routes: APIRouter) -> None:
    @routes.post("/afmelden")
    async def leave(visit: Visitor) -> Response:
        """Here, or with `overal` wherever she is signed in."""
        form = await visit.form()
        console = visit.console
        if "overal" in form:
            await run_in_threadpool(console.sessions.end_all_of, visit.sessie.sub)
        await run_in_threadpool(console.sessions.end, visit.name, console.clock())
        verder = console.sign_in.provider.end_session_endpoint
        answer = page("afgemeld.html", visit.sessie.taal, titel="Afgemeld", verder=verder)
        console.drop_cookie(answer, console.cookie)
        # Pages that the browser kept for its back button go as well.
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


def _signed_out(routes: APIRouter) -> None:
    @routes.post("/afgemeld-door-organisatie")
    async def signed_out(request: Request) -> Response:
        """OpenID Connect Back-Channel Logout 1.0: the provider ends sessions of somebody."""
        console: Console = request.app.state.console
        body = (await request.body()).decode("utf-8", "replace")
        try:
            token = dict(parse_qsl(body, max_num_fields=5)).get("logout_token", "")
            ended = await run_in_threadpool(console.sign_in.signed_out, token)
            sessions, now = console.sessions, console.clock()
            if not await run_in_threadpool(sessions.first_time, ended.jti, ended.until, now):
                raise SignInFailed("used before")
        except (SignInFailed, ValueError):
            return Response(b'{"error":"invalid_request"}', 400, media_type="application/json")
        await run_in_threadpool(sessions.end_all_of, ended.sub, ended.sid)
        return Response(status_code=200)


def _hat(routes: APIRouter) -> None:
    @routes.get("/pet")
    async def hats(visit: Visitor) -> Response:
        known = visit.console.hats.known(visit.sessie.zetels)
        count = await run_in_threadpool(visit.console.sessions.count_of, visit.sessie.sub, visit.console.clock())
        return visit.page("pet.html", "Onder welke pet werkt u?", petten=known, aantal=count)

    @routes.post("/pet")
    async def choose(visit: Visitor) -> Response:
        form = await visit.form()
        zetel = form.get("zetel", [""])[0]
        if zetel not in visit.sessie.zetels:
            raise Forged
        console = visit.console
        name = await run_in_threadpool(console.sessions.wears, visit.name, visit.sessie, zetel, console.clock())
        if name is None:
            raise NotSignedIn
        answer = visit.to("")
        console.set_cookie(answer, console.cookie, name)
        return answer


def _language(routes: APIRouter) -> None:
    @routes.post("/taal")
    async def language(visit: Visitor) -> Response:
        form = await visit.form()
        taal = "en" if form.get("taal") == ["en"] else "nl"
        back = form.get("terug", [ROOT])[0]
        console = visit.console
        await run_in_threadpool(lambda: console.sessions.change(visit.name, visit.sessie, console.clock(), taal=taal))
        return visit.to(back.removeprefix(ROOT) if _OWN_PATH.fullmatch(back) else "")


def _static(routes: APIRouter) -> None:
    @routes.get("/static/{digest}/{naam}")
    async def static(request: Request, digest: str, naam: str) -> Response:
        return assets.answer(request, digest, naam)
