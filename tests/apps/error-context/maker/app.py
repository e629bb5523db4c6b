from componentize_py_types import Err, ErrorContext
from wit_world import exports
from wit_world.exports.reports import Report

MADE_AT_BUILD = ErrorContext("made at build")


class Reports(exports.Reports):
    def make(self, message):
        return ErrorContext(message) if message else MADE_AT_BUILD

    def message(self, cause):
        assert isinstance(cause, ErrorContext)
        return cause.debug_message

    def fail(self, message):
        raise Err(ErrorContext(message))

    def fail_with_record(self, report):
        raise Err(report)

    def relay(self, cause, times):
        return [cause] * times

    def number(self, causes):
        return [Report(cause, number) for number, cause in enumerate(causes)]

    def look(self, finding, also):
        return finding, also

    def outcome(self, outcome):
        return outcome
