from hypothesis import given, settings, strategies


def check():
    @settings(database=None, max_examples=50, deadline=None)
    @given(strategies.lists(strategies.integers()), strategies.text(), strategies.floats(allow_nan=False))
    def holds(numbers, text, number):
        assert sorted(sorted(numbers)) == sorted(numbers) and number == number

    @settings(database=None, derandomize=True)
    @given(strategies.lists(strategies.integers()))
    def does_not(numbers):
        assert sum(numbers) < 100

    holds()
    try:
        does_not()
    except AssertionError as error:
        assert "numbers=[100]" in str(error.__notes__), error.__notes__
        return
    raise AssertionError("there is such a list")
