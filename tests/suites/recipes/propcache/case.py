import propcache.api
from propcache import _helpers_c


class Circle:
    def __init__(self, radius):
        self.radius = radius
        self.computed = 0
        self._cache = {}

    @propcache.api.cached_property
    def area(self):
        self.computed += 1
        return 3 * self.radius**2

    @propcache.api.under_cached_property
    def diameter(self):
        return 2 * self.radius


def check():
    assert propcache.api.cached_property is _helpers_c.cached_property
    circle = Circle(2)
    assert (circle.area, circle.area, circle.computed, circle.diameter) == (12, 12, 1, 4)
    assert circle._cache == {"diameter": 4}
