import importlib.util
import os
import sys
import types

# A folder that is not there in the build; the import system has looked for it then.
sys.path.append("/plugins")
assert importlib.util.find_spec("plugin") is None

TIME = os.stat(__file__).st_mtime_ns

# A module that the program made, with a specification that is none.
sys.modules["made"] = types.ModuleType("made")
sys.modules["made"].__spec__ = types.SimpleNamespace(origin=7)


class WitWorld:
    def check(self, name: str) -> str:
        # Late: nothing of what the checks import is in the snapshot.
        import checks

        try:
            return str(getattr(checks, name)())
        except Exception as error:
            return f"{type(error).__name__}: {error}"
