"""Every page in one frame: who is here, in which hat, in which language, and nothing that runs from elsewhere."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml
from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from starlette.responses import HTMLResponse

from contracts.codelijst import codelijst, codelijstnamen
from hub.console.page.assets import address

HERE = Path(__file__).parents[1]
ZONE = ZoneInfo("Europe/Amsterdam")
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_MONTHS = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
#: Resources of the API that have a page of their own.
_PAGES = frozenset({"signalen", "casussen"})
_WEB_CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


@cache
def english() -> Mapping[str, str]:
    """The English for every Dutch text of the pages."""
    return dict(yaml.safe_load((HERE / "english.yaml").read_text()))


def translator(taal: str) -> Callable[..., str]:
    """What a template calls for a text of its own: `t("Mijn signalen")`, with `{name}` filled in from `more`."""
    known = english() if taal == "en" else {}

    def t(text: str, **more: object) -> str:
        found = known.get(text, text)
        return found.format(**more) if more else found

    return t


def moment(value: str | datetime | None, taal: str = "nl") -> str:
    """A moment as people write it, in the time zone here."""
    if not value:
        return ""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    local = found.astimezone(ZONE)
    return f"{local.day} {_MONTHS[taal][local.month - 1]} {local.year}, {local:%H:%M}"


def day(value: str | date | None, taal: str = "nl") -> str:
    """A day as people write it."""
    if not value:
        return ""
    found = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return f"{found.day} {_MONTHS[taal][found.month - 1]} {found.year}"


def words(code: str | None, taal: str = "nl") -> str:
    """A code where no label is known: its own words. In English as the pages or the code lists have it, if they do."""
    text = str(code or "").replace("-", " ").replace("_", " ")
    if taal != "en" or not text:
        return text
    return english().get(text) or labels().get(str(code), text)


@cache
def labels() -> Mapping[str, str]:
    """The English of every code of the code lists that means one thing in all of them."""
    found: dict[str, set[str]] = {}
    for name in codelijstnamen():
        for one in codelijst(name).waarden:
            found.setdefault(one.code, set()).add(one.label_en)
    return {code: min(said) for code, said in found.items() if len(said) == 1}


def field_name(name: str, taal: str = "nl") -> str:
    """The name of a field on the wire, for people: `waargenomenOp` is `waargenomen op`."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return english().get(text, text) if taal == "en" else text


def shown(value: Any, taal: str = "nl") -> str:
    """A single value for people; a moment as people write it, a truth value as a word."""
    if isinstance(value, bool):
        return translator(taal)("ja" if value else "nee")
    text = str(value)
    if _MOMENT.fullmatch(text):
        return moment(text, taal)
    return words(text, taal) if _WEB_CODE.fullmatch(text) or text in labels() else text


def page_of(url: str) -> str:
    """The page of the console for an address of the API; the news itself where there is none."""
    parts = urlsplit(url).path.split("/")
    return f"/console/{parts[2]}/{parts[3]}" if len(parts) == 4 and parts[2] in _PAGES else "/console/nieuws"


def field_path(pointer: str) -> str:
    """A JSON pointer to a field, for people: `/filters/gebieden/0` is `gebieden 1`."""
    parts = [str(int(one) + 1) if one.isdigit() else field_name(one) for one in pointer.strip("/").split("/")]
    return " ".join(parts[-2:] if len(parts) > 1 and parts[-1].isdigit() else parts[-1:])


@pass_context
def _hat(context: Context, zetel: str) -> str:
    return str(context["petten_van"](zetel))


def _spoken(said: Callable[[Any, str], str]) -> Callable[..., str]:
    """A filter that answers in the language of the page."""

    @pass_context
    def filtered(context: Context, value: Any) -> str:
        taal = context.get("taal", "nl")
        return said(value, taal if taal in _MONTHS else "nl")

    return filtered


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        # The templates stand still while the hub serves: looking at each file again cost every page.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "moment": _spoken(moment),
        "dag": _spoken(day),
        "woorden": _spoken(words),
        "veldnaam": _spoken(field_name),
        "tonen": _spoken(shown),
        "pet": _hat,
        "pagina": page_of,
        "veldpad": field_path,
        "zip": zip,
    }
    return made


def page(name: str, taal: str, status: int = 200, **values: Any) -> Response:
    """One page as an answer; `name`: its template."""
    text = _environment().get_template(name).render(t=translator(taal), taal=taal, asset=address, **values)
    return HTMLResponse(text, status, HEADERS)
