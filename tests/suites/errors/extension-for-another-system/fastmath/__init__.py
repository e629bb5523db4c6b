try:
    from . import _core
except ImportError as error:
    raise ImportError("fastmath is not installed as it should be") from error
