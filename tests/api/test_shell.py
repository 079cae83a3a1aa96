"""What holds for every answer of the API, success or refusal."""

import json
from typing import Any

import pytest
from fastapi import APIRouter

from hub.api.app import UnguardedRoute, create_app
from hub.api.headers import API_VERSION, trace_id
from hub.api.problems import MEDIA_TYPE
from hub.handling.fouten import MAX_FAULTS, UNKNOWN_SENTENCE, faults
from tests.api.world import CANARY, World

SECURITY = {
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "api-version": API_VERSION,
}
TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"
GOOD: dict[str, Any] = {"kenmerk": "een", "moment": "2026-03-01T12:00:00+02:00"}


@pytest.fixture
def world() -> World:
    return World()


def answers(world: World) -> dict[str, Any]:
    """One answer of every kind that the shell knows, by its status."""
    post = {"headers": world.bearer() | {"Content-Type": "application/json"}}
    return {
        "200": world.http.get("/v1/proeven", headers=world.bearer()),
        "201": world.http.post("/v1/proeven", headers=world.bearer(), json=GOOD),
        "400": world.http.post("/v1/proeven", headers=world.bearer(), json={}),
        "400 broken": world.http.post("/v1/proeven", content=b"{", **post),
        "400 not utf-8": world.http.post("/v1/proeven", content=b'"\xff"', **post),
        "401": world.http.get("/v1/proeven"),
        "403": world.http.get("/v1/proeven", headers=world.bearer("beleid.toetsen")),
        "404": world.http.get("/v1/niets"),
        "405": world.http.delete("/v1/proeven"),
        "406": world.http.get("/v1/proeven", headers=world.bearer() | {"Accept": "text/csv"}),
        "413": world.http.post("/v1/proeven", headers=world.bearer(), json={"kenmerk": "a" * 5000}),
        "413 unannounced": world.http.post("/v1/proeven", content=iter([b"a" * 3000] * 2), **post),
        "413 unread": world.http.post("/v1/niets", content=b"a" * 5000),
        "415": world.http.post("/v1/proeven", headers=world.bearer(), content=b"<a/>"),
        "500": world.http.get("/v1/stuk"),
        "503": world.http.get("/v1/dicht"),
    }


class TestEveryAnswer:
    def test_has_its_status_its_headers_and_its_form(self, world: World) -> None:
        for expected, answer in answers(world).items():
            assert answer.status_code == int(expected[:3]), (expected, answer.text)
            assert {name: answer.headers[name] for name in SECURITY} == SECURITY, expected
            assert len(answer.headers.get_list("cache-control")) == 1
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == MEDIA_TYPE
                problem = answer.json()
                assert problem["status"] == answer.status_code
                assert problem["title"]
                assert problem["detail"]
                assert problem["type"].startswith("https://")
                assert len(problem["instance"]) == 32

    def test_a_trailing_slash_is_not_found_and_never_a_redirect(self, world: World) -> None:
        for path in ("/v1/proeven/", "/v1/openapi.json/", "/v1/proeven/1/", "/oauth/token/"):
            assert world.http.get(path, headers=world.bearer(), follow_redirects=False).status_code == 404

    def test_405_names_the_methods_and_415_the_formats(self, world: World) -> None:
        assert "GET" in answers(world)["405"].headers["allow"]
        assert answers(world)["415"].headers["accept"] == "application/json"

    def test_an_absent_body_is_invalid_input_not_a_wrong_format(self, world: World) -> None:
        problem = world.http.post("/v1/proeven", headers=world.bearer())
        assert problem.status_code == 400
        assert problem.json()["fouten"] == [{"veld": "", "melding": "Dit veld is verplicht."}]

    def test_413_states_the_limit(self, world: World) -> None:
        assert "4096" in answers(world)["413"].json()["detail"]

    @pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html, application/json;q=0.1", ""])
    def test_accepts_every_range_that_includes_json(self, world: World, accept: str) -> None:
        assert world.http.get("/v1/proeven", headers=world.bearer() | {"Accept": accept}).status_code == 200

    def test_a_refused_range_is_not_an_accepted_one(self, world: World) -> None:
        accept = {"Accept": "application/json;q=0.0, text/html"}
        assert world.http.get("/v1/proeven", headers=world.bearer() | accept).status_code == 406


class TestInvalidInput:
    def test_names_all_faults_at_once_by_json_pointer(self, world: World) -> None:
        body = {"kenmerk": "FOUT", "moment": "2026-03-01T12:00:00", "aantal": 99, "bsn": CANARY, "meer": 1}
        problem = world.http.post("/v1/proeven", headers=world.bearer(), json=body).json()
        assert {fout["veld"] for fout in problem["fouten"]} == {"/kenmerk", "/moment", "/aantal", "/bsn", "/meer"}
        assert all(fout["melding"] for fout in problem["fouten"])

    def test_names_parameters_by_their_place(self, world: World) -> None:
        problem = world.http.get("/v1/proeven?limiet=veel", headers=world.bearer()).json()
        assert problem["fouten"] == [{"veld": "query/limiet", "melding": "Hier hoort een geheel getal."}]
        assert world.http.get("/v1/proeven/x", headers=world.bearer()).json()["fouten"][0]["veld"] == "path/proefId"

    @pytest.mark.parametrize(
        "body",
        [
            {"bsn": CANARY},
            {CANARY: 1},
            {"kenmerk": CANARY},
            {"aantal": int(CANARY)},
            {"moment": CANARY},
            CANARY,
            [CANARY],
            {"kenmerk": {CANARY: CANARY}},
        ],
    )
    def test_never_echoes_a_value_nor_logs_it(self, world: World, body: Any) -> None:
        answer = world.http.post("/v1/proeven", headers=world.bearer(), json=body)
        assert answer.status_code == 400
        assert CANARY not in answer.text
        assert CANARY not in world.lines.getvalue()

    def test_a_long_list_of_faults_is_cut_and_counted(self) -> None:
        listed = faults([{"type": "missing", "loc": ("body", number, "id")} for number in range(300)])
        assert len(listed) == MAX_FAULTS + 1
        assert listed[0].veld == "/0/id"
        assert "100" in listed[-1].melding

    def test_a_sentence_of_a_contract_is_kept_unless_it_repeats_the_value(self) -> None:
        kept = {"type": "value_error", "loc": ("body",), "ctx": {"error": ValueError("dit mag niet")}, "input": "x7"}
        told = {**kept, "ctx": {"error": ValueError("jansen is geen code")}, "input": "Jansen"}
        assert [fault.melding for fault in faults([kept, told])] == ["Dit mag niet.", UNKNOWN_SENTENCE]

    def test_offsets_come_in_and_utc_goes_out(self, world: World) -> None:
        answer = world.http.post("/v1/proeven", headers=world.bearer(), json=GOOD)
        assert answer.json()["moment"] == "2026-03-01T10:00:00Z"


class TestFaultsOfOurs:
    def test_show_only_a_trace_by_which_the_log_finds_the_place(self, world: World) -> None:
        answer = world.http.get("/v1/stuk")
        assert CANARY not in answer.text
        logged = [json.loads(line) for line in world.lines.getvalue().splitlines()]
        (fault,) = [line for line in logged if line["gebeurtenis"] == "VerzoekMislukt"]
        assert fault["trace"] == answer.json()["instance"]
        assert fault["fout"] == "RuntimeError"
        assert fault["plaats"].startswith("tests.api.world:")
        assert CANARY not in world.lines.getvalue()

    def test_requests_are_logged_by_template_never_by_path(self, world: World) -> None:
        world.http.get(f"/v1/proeven/{CANARY}?bsn={CANARY}", headers=world.bearer())
        world.http.get(f"/v1/niets/{CANARY}")
        lines = [json.loads(line) for line in world.lines.getvalue().splitlines()]
        assert [line["route"] for line in lines if "route" in line] == ["/v1/proeven/{proefId}", "geen"]
        assert CANARY not in world.lines.getvalue()


class TestTrace:
    def test_takes_over_the_trace_of_the_caller(self, world: World) -> None:
        given = world.bearer() | {"traceparent": TRACEPARENT}
        assert world.http.get("/v1/proeven", headers=given).json()[1] == TRACE
        assert world.http.get("/v1/niets", headers=given).json()["instance"] == TRACE

    @pytest.mark.parametrize(
        "bad",
        [
            "",
            TRACE,
            TRACEPARENT.upper(),
            f"ff-{TRACE}-b7ad6b7169203331-01",
            f"00-{'0' * 32}-b7ad6b7169203331-01",
            f"00-{TRACE}-{'0' * 16}-01",
            TRACEPARENT + "-more",
        ],
    )
    def test_begins_a_new_trace_for_an_invalid_one(self, bad: str) -> None:
        made = trace_id([(b"traceparent", bad.encode())])
        assert len(made) == 32
        assert made != TRACE

    def test_begins_a_new_trace_for_two_and_accepts_a_later_version(self) -> None:
        given = (b"traceparent", TRACEPARENT.encode())
        assert trace_id([given, given]) != TRACE
        assert trace_id([(b"traceparent", f"01-{TRACE}-b7ad6b7169203331-01-more".encode())]) == TRACE


class TestDocumentation:
    def test_is_open_to_all(self, world: World) -> None:
        answer = world.http.get("/v1/openapi.json")
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["info"]["version"] == API_VERSION

    def test_knows_no_422_and_documents_400_and_the_version(self, world: World) -> None:
        made = world.http.get("/v1/openapi.json").json()
        assert "HTTPValidationError" not in json.dumps(made)
        for path, item in made["paths"].items():
            assert not path.startswith("/v1")
            for method, operation in item.items():
                assert "422" not in operation["responses"]
                if method == "post" or operation.get("parameters"):
                    assert "400" in operation["responses"]
                for status, answer in operation["responses"].items():
                    if status[0] == "2":
                        assert "API-Version" in answer["headers"]
                    else:
                        assert list(answer["content"]) == [MEDIA_TYPE]

    def test_names_the_scope_of_each_operation(self, world: World) -> None:
        made = world.http.get("/v1/openapi.json").json()
        assert made["paths"]["/proeven"]["post"]["security"] == [{"oauthNlGov": ["signalen.aanleveren"]}]
        assert made["paths"]["/proeven"]["get"]["security"] == [{"oauthNlGov": ["signalen.raadplegen"]}]

    def test_has_no_other_pages(self, world: World) -> None:
        for path in ("/docs", "/redoc", "/openapi.json"):
            assert world.http.get(path).status_code == 404

    def test_a_route_outside_the_shell_stops_the_start(self, world: World) -> None:
        router = APIRouter(prefix="/v1")
        router.add_api_route("/los", lambda: "los")
        with pytest.raises(UnguardedRoute):
            create_app(world, world.settings, [router])
