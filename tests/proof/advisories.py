"""An advisory service on this machine, in the protocol that the real ones speak, for the real pip-audit."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# name → the ids of its holes; what is not named here has none.
Holes = dict[str, list[str]]


def _advisory(name: str, hole: str) -> dict:
    mended = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}]
    return {
        "id": hole,
        "aliases": [f"OTHER-NAME-OF-{hole}"],
        "published": "2026-01-01T00:00:00Z",
        "summary": "planted",
        "affected": [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": mended}],
    }


@contextmanager
def service(holes: Holes, *, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Its address, and the names it was asked about; it answers everything with `status`."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            name = json.loads(self.rfile.read(length))["package"]["name"]
            asked.append(name)
            found = [_advisory(name, hole) for hole in holes.get(name, ())]
            body = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
        server.shutdown()
