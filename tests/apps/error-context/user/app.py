import wit_world
from componentize_py_types import Err, ErrorContext, Ok
from wit_world.imports import reports
from wit_world.imports.reports import Finding_Found, Finding_Nothing, Finding_Unclear, Report

CALLS = [
    lambda: reports.make("made"),
    lambda: reports.make("größer 🐍"),
    lambda: reports.make(""),
    lambda: reports.message(ErrorContext("read")),
    lambda: reports.message(reports.make("read again")),
    lambda: reports.fail("failed"),
    lambda: reports.fail_with_record(Report(ErrorContext("inside"), 7)),
    lambda: reports.relay(ErrorContext("again and again"), 3),
    lambda: reports.relay(ErrorContext("never"), 0),
    lambda: reports.number([ErrorContext("a"), reports.make("b")]),
    lambda: reports.look(Finding_Found(ErrorContext("x")), ErrorContext("y")),
    lambda: reports.look(Finding_Unclear((ErrorContext("x"), Report(ErrorContext("y"), 1))), None),
    lambda: reports.look(Finding_Nothing(), None),
    lambda: reports.outcome(Ok(ErrorContext("good"))),
    lambda: reports.outcome(Err(ErrorContext("bad"))),
    lambda: reports.message("text"),
    lambda: reports.message(None),
    lambda: reports.message(ErrorContext(5)),
    lambda: reports.message(ErrorContext("\ud800")),
    lambda: reports.number([ErrorContext("a"), ErrorContext("b"), 3]),
]


class WitWorld(wit_world.WitWorld):
    def results(self):
        return [result(call) for call in CALLS]

    def churn(self, count):
        for number in range(count):
            assert reports.make(str(number)).debug_message == str(number)


def result(call):
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {getattr(error, 'value', error)}"
