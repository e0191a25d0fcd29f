"""Reads WebSocket frames as they pass, both ways: what was said is given out, the bytes go on unchanged."""

from typing import Any

from wsproto.frame_protocol import CloseReason, FrameProtocol, Opcode, ParseFailed

from leeward.gates.web.core.errors import ProtocolError

CLOSE_BLOCKED = CloseReason.POLICY_VIOLATION


class FrameTap:
    """Follows one direction. `client` says whose frames they are (a client's are masked)."""

    def __init__(self, *, client: bool, limit: int) -> None:
        self._frames: Any = FrameProtocol(client=not client, extensions=[])
        self._limit = limit
        self._kind: Opcode | None = None
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Text messages, or what there is of them up to the limit, that ended in these bytes. Raises ProtocolError."""
        said = []
        try:
            self._frames.receive_bytes(data)
            for frame in self._frames.received_frames():
                if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONTINUATION):
                    said += self._piece(frame)
        except (ParseFailed, ValueError, UnicodeDecodeError) as error:
            raise ProtocolError(400, f"broken WebSocket frame: {error}") from error
        return said

    def _piece(self, frame: Any) -> list[bytes]:
        payload = frame.payload.encode() if isinstance(frame.payload, str) else bytes(frame.payload)
        if self._size < self._limit:
            self._parts.append(payload[: self._limit - self._size])
        self._size += len(payload)
        if frame.opcode is not Opcode.CONTINUATION:
            self._kind = frame.opcode
        if not frame.message_finished:
            return []
        message, self._parts, self._size = b"".join(self._parts), [], 0
        return [message] if message else []


def close_frame(*, from_client: bool) -> bytes:
    """A close frame with status 1008 (policy violation, RFC 6455 7.4.1)."""
    protocol: Any = FrameProtocol(client=from_client, extensions=[])
    out: bytes = protocol.close(CLOSE_BLOCKED, "blocked by the school's filter")
    return out
