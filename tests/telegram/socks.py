"""A proxy that speaks SOCKS 5 (RFC 1928) and takes everybody to one server, whatever they ask for."""

import socket
import socketserver
import struct
import threading
from types import TracebackType
from typing import Self, cast
from urllib.parse import urlsplit

_DONE = b"\x05\x00\x00\x01" + bytes(6)
"""Connected; the address that follows means nothing to the client."""


class Socks:
    """The proxy, in threads of its own; use it as a context manager."""

    def __init__(self, target: str) -> None:
        """Take the address of the server, a URL."""
        parts = urlsplit(target)
        self.target = parts.hostname or "", parts.port or 80
        self.asked: list[tuple[str, int]] = []
        """Hosts and ports that clients wanted to be taken to."""
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """The proxy's own address, to be set."""
        return f"socks5://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, proxy: Socks) -> None:
        super().__init__(("127.0.0.1", 0), _Client)
        self.proxy = proxy


class _Client(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        proxy = cast(_Server, self.server).proxy
        _, methods = self.rfile.read(2)
        self.rfile.read(methods)
        self.wfile.write(b"\x05\x00")  # no password
        _, command, _, kind = self.rfile.read(4)
        assert (command, kind) == (1, 3), "a connection to a host by its name: the proxy resolves it, and nothing leaks"
        host = self.rfile.read(self.rfile.read(1)[0]).decode()
        (port,) = struct.unpack(">H", self.rfile.read(2))
        proxy.asked.append((host, port))
        with socket.create_connection(proxy.target) as server:
            self.wfile.write(_DONE)
            back = threading.Thread(target=_pass, args=(server, self.connection), daemon=True)
            back.start()
            _pass(self.connection, server)
            back.join(1.0)


def _pass(source: socket.socket, to: socket.socket) -> None:
    """Hand on what comes until one side ends."""
    try:
        while data := source.recv(65536):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)
    except OSError:
        return
