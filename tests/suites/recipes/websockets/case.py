import websockets
from websockets import client, frames, server, speedups, uri, utils


def check():
    assert websockets.frames.apply_mask is speedups.apply_mask
    data = bytes(range(256)) + b"xyz"
    masked = speedups.apply_mask(memoryview(data), b"\x01\x02\x03\x04")
    assert masked == bytes(byte ^ (at % 4 + 1) for at, byte in enumerate(data)) == utils.apply_mask(data, b"\1\2\3\4")
    for wrong in (data, b"\x01"), ("text", b"\x01\x02\x03\x04"):
        try:
            speedups.apply_mask(*wrong)
        except (ValueError, TypeError):
            continue
        raise AssertionError("it is no mask")
    here, there = client.ClientProtocol(uri.parse_uri("ws://example.com/path")), server.ServerProtocol()
    here.send_request(here.connect())
    deliver(here, there)
    (request,) = there.events_received()
    assert request.path == "/path"
    there.send_response(there.accept(request))
    deliver(there, here)
    here.events_received()
    here.send_text("é".encode() * 1_000)
    here.send_ping(b"there?")
    deliver(here, there)
    text, ping = there.events_received()
    assert text.opcode is frames.Opcode.TEXT and text.data.decode() == "é" * 1_000 and ping.data == b"there?"
    deliver(there, here)
    assert here.events_received()[0].opcode is frames.Opcode.PONG
    here.send_close(1000, "bye")
    deliver(here, there)
    assert there.close_rcvd == frames.Close(1000, "bye")


def deliver(sender, receiver):
    for data in sender.data_to_send():
        receiver.receive_data(data)
