from typing import List, Optional, Tuple

import wit_world
from componentize_py_types import Err
from wit_world.imports import atomics, batch, config, keyvalue


class WitWorld(wit_world.WitWorld):
    def setting(self, key: str) -> Optional[str]:
        return config.get(key)

    def settings(self) -> List[Tuple[str, str]]:
        return sorted(config.get_all())

    def visit(self) -> List[str]:
        with keyvalue.open("") as bucket:
            found = [f"given: {bucket.get('given')}"]
            bucket.set("bytes", bytes(range(256)))
            found.append(f"bytes: {bucket.get('bytes') == bytes(range(256))}")
            found.append(f"absent: {bucket.get('absent')} {bucket.exists('absent')}")
            bucket.delete("bytes")
            found.append(f"deleted: {bucket.exists('bytes')}")
            found.append(f"increment: {[atomics.increment(bucket, 'count', by) for by in (1, 41)]}")
            batch.set_many(bucket, [("a", b"1"), ("蛇", "🐍".encode())])
            found.append(f"many: {[item and item[1].decode() for item in batch.get_many(bucket, ['a', 'b', '蛇'])]}")
            batch.delete_many(bucket, ["a", "count"])
            response = bucket.list_keys(None)
            found.append(f"keys: {sorted(response.keys)} {response.cursor}")
            bucket.set("text", b"no number")
            try:
                atomics.increment(bucket, "text", 1)
            except Err as error:
                found.append(f"error: {type(error.value).__name__}")
        return found

    def fail(self) -> str:
        try:
            keyvalue.open("missing")
        except Err as error:
            return type(error.value).__name__
        return "opened"
