"""A small mail server for tests: keeps what it takes, and stumbles when it is told to."""

from __future__ import annotations

import contextlib
import email
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from email.message import Message


class MailServer(socketserver.ThreadingTCPServer):
    """`taken` are the letters handed over. `mood` is "kind", or how the next letter is treated.

    "hold": taken in, never answered. "refuse": 550 to the address. "later": 451. "hang up": the line is cut after the
    letter.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[Message] = []
        self.mood = "kind"
        self.letter_in = threading.Event()
        self.let_go = threading.Event()
        self.pause = 0.0

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def times(self) -> Counter[str]:
        """How often each letter was handed over, by Message-ID."""
        return Counter(letter["Message-ID"] for letter in self.taken)


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._say("220 kecil")
            while line := self.rfile.readline().decode().strip():
                word = line.split(":")[0].split(" ")[0].upper()
                if word == "QUIT":
                    self._say("221 sampai jumpa")
                    return
                if not self._answer(word):
                    return

    def _answer(self, word: str) -> bool:
        mood = self.server.mood
        if word == "RCPT" and mood in ("refuse", "later"):
            self._say("550 tidak dikenal" if mood == "refuse" else "451 nanti saja")
            return True
        if word != "DATA":
            self._say("250 baik")
            return True
        self._say("354 silakan")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.taken.append(email.message_from_bytes(b"".join(lines)))
        self.server.letter_in.set()
        if mood == "hang up":
            return False
        if mood == "hold":
            self.server.let_go.wait(60)
            return False
        if self.server.pause:
            self.server.let_go.wait(self.server.pause)
        self._say("250 diterima")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server on a free port of this machine while the block runs."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.let_go.set()
            server.shutdown()
            thread.join()
