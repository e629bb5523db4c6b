"""The resources of the interface `things`, in a module that is called so."""

from componentize_py_types import Err


class Counted:
    count = 0

    def __init__(self):
        type(self).count += 1

    def __del__(self):
        type(self).count -= 1

    @classmethod
    def living(cls):
        return cls.count


class Thing(Counted):
    def __init__(self, text):
        if not text:
            raise Err("a thing without a text")
        super().__init__()
        self.own_text = text

    def __del__(self):
        if hasattr(self, "own_text"):
            super().__del__()

    def text(self):
        return self.own_text

    def change(self, text):
        if not text:
            raise Err("no text")
        self.own_text = text

    def same(self, other):
        return self is other

    @staticmethod
    def static(self, cls):
        return Thing(self + cls)

    def list(self, self_value, cls):
        return [Thing(f"{self.own_text} {number}") for number in range(self_value, cls)]

    def self(self):
        return self

    def drop(self):
        return "dropped? no: " + self.own_text


class Other(Counted):
    def __init__(self, text):
        super().__init__()
        self.own_text = text

    def text(self):
        return "other " + self.own_text


class None_:
    pass
