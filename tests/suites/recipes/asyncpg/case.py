import asyncpg, uuid
from asyncpg.pgproto import pgproto
from asyncpg.protocol import protocol


def check():
    identifier = pgproto.UUID("12345678-1234-5678-1234-567812345678")
    assert identifier == uuid.UUID(int=identifier.int) and isinstance(identifier, uuid.UUID)
    assert asyncpg.Range(1, 5).upper == 5 and asyncpg.Box((1, 2), (3, 4)).high == (1, 2)
    assert issubclass(protocol.Record, object) and asyncpg.Record is protocol.Record
    try:
        pgproto.UUID("none")
    except ValueError:
        return
    raise AssertionError("this is no UUID")
