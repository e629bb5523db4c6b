import wit_world

WRITER, READER = wit_world.byte_stream()


class WitWorld:
    async def bytes(self):
        return READER
