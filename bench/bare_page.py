"""The peer of the console's pages: FastAPI and Jinja alone, a table of so many bytes. Nothing is asked or kept.

Run by bench.console as `python -m bench.bare_page PORT`.
"""

import sys

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment

ROW = "<tr><td>{{ one.nummer }}</td><td>{{ one.naam }}</td><td>{{ one.stand }}</td></tr>\n"
ROW_BYTES = 70
PAGE = f"""<!doctype html><html lang="nl"><head><title>{{{{ titel }}}}</title></head><body><table><tbody>
{{% for one in rijen %}}{ROW}{{% endfor %}}</tbody></table></body></html>"""


def create_app() -> FastAPI:
    """One page, of as many bytes as one asks."""
    app = FastAPI()
    template = Environment(autoescape=True).from_string(PAGE)

    @app.get("/{size}")
    def page(size: int) -> HTMLResponse:
        rows = [
            {"nummer": number, "naam": f"Voorbeeld {number:012}", "stand": "in behandeling"}
            for number in range(size // ROW_BYTES)
        ]
        return HTMLResponse(template.render(titel="Lijst", rijen=rows))

    return app


if __name__ == "__main__":
    uvicorn.run(create_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
