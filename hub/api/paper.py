"""A report that a person reads: one page of HTML that prints, without scripts, styles or pictures from elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}caption{text-align:left;font-weight:bold}"
    ".open{border-left:.4rem solid #a04000;padding-left:.6rem}"
    "@media print{body{margin:0;max-width:none}}"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part under its heading: text, a table, and what is still to be filled in."""

    titel: str
    tekst: str = ""
    kop: Sequence[str] = ()
    rijen: Sequence[Sequence[str]] = ()
    open: str = ""


def page(titel: str, inleiding: str, parts: Iterable[Part]) -> str:
    """The whole page; every text is escaped."""
    body = "".join(_part(part) for part in parts)
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{escape(titel)}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(titel)}</h1><p>{escape(inleiding)}</p>{body}"
        "</main></body></html>"
    )


def _part(part: Part) -> str:
    text = f"<p>{escape(part.tekst)}</p>" if part.tekst else ""
    asked = f'<p class="open"><strong>Nog in te vullen.</strong> {escape(part.open)}</p>' if part.open else ""
    return f"<section><h2>{escape(part.titel)}</h2>{text}{_table(part) if part.rijen else ''}{asked}</section>"


def _table(part: Part) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in part.kop)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in part.rijen)
    return f"<table><caption>{escape(part.titel)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
