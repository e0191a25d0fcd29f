"""An origin server that answers exactly the bytes a test wants, and remembers the bytes it got."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable

type Answer = bytes | Callable[[socket.socket, bytes], None]

PAGE = b"<html><body><p>Hello from the origin.</p></body></html>"


def plain(body: bytes, *headers: bytes, kind: bytes = b"text/html", status: bytes = b"200 OK") -> bytes:
    """A response with a Content-Length."""
    fields = b"".join(header + b"\r\n" for header in headers)
    return b"HTTP/1.1 %s\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s" % (
        status,
        kind,
        fields,
        len(body),
        body,
    )


def echo(sock: socket.socket, request: bytes) -> None:
    """Answers with the request itself."""
    sock.sendall(plain(request, kind=b"application/octet-stream"))


def then_close(answer: bytes) -> Answer:
    """Answers and closes the connection."""

    def run(sock: socket.socket, _: bytes) -> None:
        sock.sendall(answer)
        sock.shutdown(socket.SHUT_RDWR)

    return run


ANSWERS: dict[bytes, Answer] = {
    b"/": plain(PAGE, b'Alt-Svc: h3=":443"'),
    b"/echo": echo,
    b"/chunked": b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n",
    b"/until-close": then_close(b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n\r\nabc"),
    b"/broken-off": then_close(b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 10\r\n\r\nabc"),
    b"/both-framings": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"/nonsense": b"no HTTP at all\r\n\r\n",
    b"/bad-phrase": plain(b"<p>here is the forbidden phrase indeed</p>"),
    b"/bad-gzip": plain(gzip.compress(b"<p>the forbidden phrase</p>"), b"Content-Encoding: gzip"),
    b"/bomb": plain(gzip.compress(bytes(50_000_000)), b"Content-Encoding: gzip"),
    b"/noted": plain(b"<p>a noted phrase</p>"),
    b"/no-content": b"HTTP/1.1 204 No Content\r\n\r\n",
    b"/hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + plain(b"x", kind=b"text/css"),
    b"/hop": plain(b"x", b"Connection: X-Secret", b"X-Secret: 1", b"Keep-Alive: timeout=5", b"X-Kept: 1"),
    b"/events": b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"7\r\ndata: \n\r\nd\r\nforbidden phr\r\n17\r\nase!! and so on and on!\r\n0\r\n\r\n",
    b"/large": plain(b"x" * 3_000_000),
}  # fmt: skip


class Origin:
    """Serves until closed. `requests` holds the raw heads and bodies that came."""

    def __init__(self, address: str = "127.0.0.9", context: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.requests: list[bytes] = []
        self._context = context
        self._server = socket.create_server((address, port), backlog=128)
        self.port: int = self._server.getsockname()[1]
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while not self._closed:
            try:
                sock, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._context is not None:
                sock = self._context.wrap_socket(sock, server_side=True)
            buffer = b""
            while (request := self._read(sock, buffer)) is not None:
                self.requests.append(request)
                path = request.split(b" ", 2)[1].partition(b"?")[0]
                answer = ANSWERS.get(path, plain(b"not here", status=b"404 Not Found"))
                if isinstance(answer, bytes):
                    sock.sendall(answer)
                else:
                    answer(sock, request)
        except (OSError, ValueError):
            pass
        finally:
            sock.close()

    def _read(self, sock: socket.socket, buffer: bytes) -> bytes | None:
        while b"\r\n\r\n" not in buffer:
            piece = sock.recv(65536)
            if not piece:
                return None
            buffer += piece
        head, _, body = buffer.partition(b"\r\n\r\n")
        lowered = head.lower()
        if b"content-length: " in lowered:
            length = int(lowered.split(b"content-length: ")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += sock.recv(65536)
        elif b"transfer-encoding: chunked" in lowered:
            while not body.endswith(b"0\r\n\r\n"):
                body += sock.recv(65536)
        return head + b"\r\n\r\n" + body

    def close(self) -> None:
        """Stop accepting."""
        self._closed = True
        self._server.close()
