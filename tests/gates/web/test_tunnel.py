"""WebSocket through the gateway, and what is said in it."""

import socket
import threading

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Request, TextMessage

from tests.gates.web.running import RunningGateway


class Chat:
    """A WebSocket server that answers each message with `you said: …`."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._server = socket.create_server(("127.0.0.9", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        sock, _ = self._server.accept()
        connection = WSConnection(ConnectionType.SERVER)
        with sock:
            while data := sock.recv(65536):
                connection.receive_data(data)
                for event in connection.events():
                    if isinstance(event, Request):
                        sock.sendall(connection.send(AcceptConnection()))
                    elif isinstance(event, TextMessage) and event.message_finished:
                        self.heard.append(event.data)
                        sock.sendall(connection.send(Message(data="you said: " + event.data)))

    def close(self) -> None:
        """Stop."""
        self._server.close()


def open_chat(gateway: RunningGateway, port: int) -> tuple[socket.socket, WSConnection]:
    """A WebSocket through CONNECT, as browsers open ws:// addresses."""
    sock = gateway.connect()
    sock.sendall(f"CONNECT ok.test:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert b" 200 " in sock.recv(4096)
    connection = WSConnection(ConnectionType.CLIENT)
    sock.sendall(connection.send(Request(host=f"ok.test:{port}", target="/chat")))
    connection.receive_data(sock.recv(4096))
    assert isinstance(next(iter(connection.events())), AcceptConnection)
    return sock, connection


def test_messages_pass_both_ways_and_a_forbidden_one_ends_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.gates.web.running import start_gateway

    chat = Chat()
    with start_gateway(tmp_path_factory.mktemp("chat")) as gateway:
        config = (gateway.folder / "leeward.toml").read_text()
        (gateway.folder / "leeward.toml").write_text(
            config.replace("connect_ports = [443,", f"connect_ports = [443, {chat.port},")
        )
        gateway.process.send_signal(1)
        gateway.events(what="reload", wait=5)
        sock, connection = open_chat(gateway, chat.port)
        with sock:
            sock.sendall(connection.send(Message(data="hello")))
            connection.receive_data(sock.recv(4096))
            assert [event.data for event in connection.events() if isinstance(event, TextMessage)] == [
                "you said: hello"
            ]
            half = connection.send(Message(data="a forbidden ", message_finished=False))
            sock.sendall(half + connection.send(Message(data="phrase here")))
            connection.receive_data(sock.recv(4096))
            (closed,) = [event for event in connection.events() if isinstance(event, CloseConnection)]
            assert closed.code == 1008
        (event,) = gateway.events(method="GET", path="/chat")
        assert (event["scheme"], event["action"], event["findings"]) == ("ws", "block", "profanity")
    assert chat.heard == ["hello"]
    chat.close()
