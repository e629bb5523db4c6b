import datetime

import ciso8601


def check():
    moment = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456)
    zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
    parse = ciso8601.parse_datetime
    assert parse("2024-02-29T12:30:15.123456") == parse("20240229T123015.123456789") == moment
    assert parse("2024-02-29 12:30:15.123456-03:30") == moment.replace(tzinfo=zone)
    assert parse("2024-02-29T12:30:15Z").utcoffset() == datetime.timedelta(0) == parse("2024-02-29T12+00").utcoffset()
    assert parse("2024-W09-4") == parse("2024-060") == parse("2024-02-29T00") == datetime.datetime(2024, 2, 29)
    assert ciso8601.parse_datetime_as_naive("2024-02-29T12:30:15.123456+05:00") == moment
    assert ciso8601.parse_rfc3339("2024-02-29T12:30:15.123456-03:30").isoformat() == "2024-02-29T12:30:15.123456-03:30"
    assert ciso8601.FixedOffset(3600).utcoffset(None).seconds == 3600
    assert ciso8601.__version__ == "2.4.1"
    for wrong in "2023-02-29", "2024-02-29T25", "2024-02-29T12:30:15+25:00", "12:30", "2024-02-29T12:30:15x":
        for function in parse, ciso8601.parse_rfc3339:
            try:
                function(wrong)
            except ValueError:
                continue
            raise AssertionError(wrong)
