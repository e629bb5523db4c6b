"""How a build fails: a sentence for the user, or an exception shown as Python shows it."""

import sys


class BuildError(Exception):
    """The build can not go on; `sentence` is all that the user is told."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


def own_frame(frame):
    """Whether a traceback's entry belongs to the build and not to the app."""
    name = frame.tb_frame.f_code.co_filename
    return name.startswith(("/lib/python3.13/_ampoule/", "<ampoule>", "<frozen importlib"))


def without_own_frames(traceback):
    """The traceback from the app's first line on."""
    while traceback is not None and own_frame(traceback):
        traceback = traceback.tb_next
    return traceback


def show(exception, sentence):
    """Print the exception as Python does, then fail with the sentence."""
    exception.__traceback__ = without_own_frames(exception.__traceback__)
    sys.excepthook(type(exception), exception, exception.__traceback__)
    raise BuildError(sentence) from None
