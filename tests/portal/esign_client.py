"""A small server on this machine that speaks as the Esign Client service of BSrE does, and misbehaves on demand."""

from __future__ import annotations

import base64
import email.parser
import email.policy
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from portal.signing.checking import signatures_in
from tests.signing import Stranger

NIK = "5304010101700001"
PASSPHRASE = "frasa BSrE yang benar"
USER, PASSWORD = "portal", "rahasia-portal"


class EsignClient(ThreadingHTTPServer):
    """The service. `mode` says how it behaves; `asked` keeps what it was sent; `holder` is whose certificate it
    signs with, `holder_nik` stands in it."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "fine"
        self.asked: list[dict[str, Any]] = []
        self.authority = Stranger()
        self.other_file = b""
        self.holder, self.holder_nik = "Pejabat Contoh", ""
        self.hang = 3.0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: EsignClient

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if not self._known():
            return
        registered = self.path == f"/api/user/status/{NIK}"
        words = ("ISSUE", 1111) if registered else ("NOT_REGISTERED", 1110)
        self._json(200, {"status": words[0], "status_code": words[1], "message": "User sudah terdaftar"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._known():
            return
        fields = _multipart(self.headers["Content-Type"], body)
        self.server.asked.append({"path": self.path, **fields})
        if self.path == "/api/sign/verify":
            return self._verify(fields["signed_file"])
        getattr(self, f"_{self.server.mode}", self._fine)(fields)

    # -- ways to answer ---------------------------------------------------------------------------------------------

    def _fine(self, fields: dict[str, Any]) -> None:
        if fields["passphrase"] != PASSPHRASE:
            return self._json(400, {"error": "Passphrase anda salah", "status_code": 2031})
        if fields["nik"] != NIK:
            return self._json(400, {"error": "Penandatangan tidak terdaftar", "status_code": 2011})
        self._pdf(self._signed(fields["file"], fields))

    def _hang(self, fields: dict[str, Any]) -> None:
        time.sleep(self.server.hang)

    def _dribble(self, fields: dict[str, Any]) -> None:
        self.send_response(200)
        self.end_headers()
        for _piece in range(100):
            try:
                self.wfile.write(b"%PDF-" + b"x" * 70_000)
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.2)

    def _error500(self, fields: dict[str, Any]) -> None:
        self.send_response(500)
        self.end_headers()
        self.wfile.write(b"<html>Internal Server Error</html>")

    def _echo(self, fields: dict[str, Any]) -> None:
        self._json(400, {"error": f"Request {fields['passphrase']} ditolak\n", "status_code": 9999})

    def _wordy(self, fields: dict[str, Any]) -> None:
        self._json(400, {"error": "Passphrase anda salah"})

    def _cut(self, fields: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"%PDF-1.7")

    def _html(self, fields: dict[str, Any]) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Silakan masuk</html>")

    def _unchanged(self, fields: dict[str, Any]) -> None:
        self._pdf(fields["file"])

    def _other(self, fields: dict[str, Any]) -> None:
        self._pdf(self._signed(self.server.other_file, fields))

    def _painted(self, fields: dict[str, Any]) -> None:
        from tests.signing import paint_over

        self._pdf(self._signed(paint_over(fields["file"]), fields))

    def _somebody(self, fields: dict[str, Any]) -> None:
        """Sign with the certificate of somebody else."""
        left, self.server.holder = self.server.holder, "Orang Lain Contoh"
        self._fine(fields)
        self.server.holder = left

    def _disowns(self, fields: dict[str, Any]) -> None:
        self._fine(fields)

    # -- tools ------------------------------------------------------------------------------------------------------

    def _signed(self, content: bytes, fields: dict[str, Any]) -> bytes:
        left, bottom = int(fields["xAxis"]), int(fields["yAxis"])
        box = (left, bottom, left + int(fields["width"]), bottom + int(fields["height"]))
        page = int(fields["page"]) - 1
        return self.server.authority.sign(
            content, f"sig_{time.time_ns()}", box, page, person=self.server.holder, nik=self.server.holder_nik
        )

    def _verify(self, content: bytes) -> None:
        good = self.server.mode != "disowns"
        detail = {
            "signature_field": "sig_1",
            "info_signer": {"signer_name": self.server.holder, "cert_user_certified": True},
            "signature_document": {"document_integrity": good, "signed_using_tsa": True},
        }
        count = signatures_in(content)
        summary = "DOCUMENT VALID !!!" if good else "DOCUMENT NOT VALID !!!"
        self._json(200, {"jumlah_signature": count, "details": [detail] * count, "summary": summary})

    def _known(self) -> bool:
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {wanted}":
            return True
        self._json(401, {"timestamp": "", "status": 401, "path": self.path})
        return False

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _pdf(self, content: bytes) -> None:
        self._send(200, "application/pdf", content)

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _multipart(kind: str, body: bytes) -> dict[str, Any]:
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    message = parser.parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    found: dict[str, Any] = {}
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        found[name] = content if part.get_filename() else content.decode()
    return found


@contextmanager
def esign_client() -> Iterator[EsignClient]:
    """The service on a free port of this machine, for the length of the block."""
    server = EsignClient()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
