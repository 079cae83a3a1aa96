"""A keeper of the Logboek Dataverwerkingen: a real OTLP/HTTP receiver that can be told to fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Keeper:
    """What was received and acknowledged. `status`: what it answers; `rejects`: spans it says it did not take."""

    url: str = ""
    status: int = 200
    rejects: int = 0
    silent: threading.Event = field(default_factory=threading.Event)
    spans: list[Span] = field(default_factory=list)
    resources: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0

    def take(self, path: str, kind: str, body: bytes) -> tuple[int, bytes]:
        self.asked += 1
        assert (path, kind) == ("/v1/traces", "application/x-protobuf")
        if self.status != 200 or self.rejects:
            partial = ExportTracePartialSuccess(rejected_spans=self.rejects)
            return self.status, ExportTraceServiceResponse(partial_success=partial).SerializeToString()
        for whole in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.resources.append({pair.key: pair.value.string_value for pair in whole.resource.attributes})
            for scope in whole.scope_spans:
                self.spans += scope.spans
        return 200, ExportTraceServiceResponse().SerializeToString()

    def attributes(self) -> list[dict[str, str]]:
        return [{pair.key: pair.value.string_value for pair in span.attributes} for span in self.spans]


@contextmanager
def keeping() -> Iterator[Keeper]:
    """A receiver on a free port while the context lasts."""
    keeper, done = Keeper(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if keeper.silent.is_set():
                done.wait()
                return
            status, answer = keeper.take(self.path, self.headers["content-type"], body)
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    keeper.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield keeper
    finally:
        done.set()
        server.shutdown()
        server.server_close()
