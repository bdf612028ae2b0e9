"""A server that hands requests on to another and mends what that one does otherwise than Telegram."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

Mend = Callable[[str, int, dict[str, Any]], tuple[int, dict[str, Any]]]
"""From the last part of a request's path, and the status and body of what came back, to what is to come back."""


class Between:
    """The server, in threads of its own; use it as a context manager."""

    def __init__(self, target: str, *, headers: Mapping[str, str] | None = None, mend: Mend | None = None) -> None:
        """Take the other server's URL, what to add to the headers of requests, and what to do with what comes back."""
        self.target = target
        self.headers = dict(headers or {})
        self.mend: Mend = mend or (lambda _, status, body: (status, body))
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """Its own address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, between: Between) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.between = between


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        between = cast(_Server, self.server).between
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type") or "application/json"
        request = urllib.request.Request(  # noqa: S310 — a test's own server
            between.target + self.path, sent, {"Content-Type": kind, **between.headers}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            status, text = refused.code, refused.read()
        status, body = between.mend(self.path.rpartition("/")[2], status, json.loads(text or b"{}"))
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base class calls it so
        """Say nothing."""
