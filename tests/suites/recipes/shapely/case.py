import json
import math

import numpy
import shapely
from shapely import affinity, ops, wkb, wkt
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box, mapping, shape
from shapely.prepared import prep
from shapely.validation import explain_validity, make_valid


def check():
    square, other = box(0, 0, 2, 2), box(1, 1, 3, 3)
    assert square.intersection(other).equals(box(1, 1, 2, 2)) and square.union(other).area == 7
    assert (square - other).area == 3 and (square ^ other).geom_type == "MultiPolygon"
    assert square.relate(other) == "212101212" and square.overlaps(other) and not square.touches(other)
    circle = Point(0, 0).buffer(1, quad_segs=64)
    assert abs(circle.area - math.pi) < 1e-3 and circle.covers(Point(0.5, 0.5)) and circle.exterior.is_ccw is False
    line = LineString([(0, 0), (3, 4), (3, 10)])
    assert line.length == 11 and line.interpolate(5) == Point(3, 4) and line.project(Point(9, 9)) == 10
    assert line.distance(Point(6, 4)) == 3 and line.simplify(10) == LineString([(0, 0), (3, 10)])
    texts(square, line)
    arrays(square)
    operations(square, other, line)
    errors()


def texts(square, line):
    for geometry in square, line, MultiPoint([(1, 2), (3, 4.5)]), Point(1, 2, 3), Polygon():
        assert wkt.loads(geometry.wkt) == geometry and wkb.loads(wkb.dumps(geometry, hex=True), hex=True) == geometry
    assert shape(json.loads(json.dumps(mapping(square)))).equals(square)
    assert shapely.from_geojson(shapely.to_geojson(line)) == line
    assert wkt.dumps(Point(1 / 3, -2), rounding_precision=3) == "POINT (0.333 -2.000)"
    assert str(Point(0.1, 1e20)) == "POINT (0.1 1e+20)"


def arrays(square):
    points = shapely.points(numpy.mgrid[0:4, 0:4].reshape(2, -1).T + 0.5)
    assert shapely.contains(square, points).sum() == 4
    assert shapely.contains_xy(square, [0.5, 2.5], [0.5, 0.5]).tolist() == [True, False]
    tree = shapely.STRtree(points)
    assert sorted(tree.query(square, predicate="contains")) == [0, 1, 4, 5] and tree.nearest(Point(4, 4)) == 15
    assert shapely.get_coordinates(shapely.linestrings([[[0, 0], [1, 1]], [[2, 2], [3, 3]]])).sum() == 12
    kind, coordinates, offsets = shapely.to_ragged_array([square, square.buffer(1, join_style="mitre")])
    assert kind == shapely.GeometryType.POLYGON and shapely.from_ragged_array(kind, coordinates, offsets)[1].area == 16
    lines = shapely.linestrings([[0, 0], [3, 4], [1, 2], [1, 3]], indices=[0, 0, 1, 1])
    assert shapely.length(shapely.multilinestrings(lines)) == 6 and lines[0].intersection(lines[1]).is_empty
    assert shapely.get_parts(shapely.multipoints(points[:3])).size == 3


def operations(square, other, line):
    assert ops.unary_union([box(x, 0, x + 1, 1) for x in range(50)]).equals(box(0, 0, 50, 1))
    assert MultiPoint([(0, 0), (1, 0), (0, 1), (0.2, 0.2)]).convex_hull.area == 0.5
    assert len(ops.triangulate(MultiPoint([(0, 0), (1, 0), (0, 1), (1, 1)]))) == 2
    assert [part.length for part in ops.split(line, LineString([(0, 4), (9, 4)])).geoms] == [5, 6]
    assert ops.polygonize([square.boundary])[0].equals(square)
    assert len(ops.voronoi_diagram(MultiPoint([(0, 0), (1, 1)])).geoms) == 2
    assert affinity.rotate(square, 90, origin=(0, 0)).equals(box(-2, 0, 0, 2)) and prep(square).intersects(other)
    assert shapely.set_precision(Point(1.234, 5.678), 0.5) == Point(1, 5.5)
    assert shapely.minimum_bounding_radius(square) == 2**0.5


def errors():
    bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert not bow.is_valid and explain_validity(bow) == "Self-intersection[1 1]" and make_valid(bow).area == 2
    for kind, call in [
        (shapely.GEOSException, lambda: wkt.loads("POINT (1")),
        (shapely.GEOSException, lambda: bow.intersection(box(0, 0, 2, 1.5))),
        (shapely.GEOSException, lambda: wkb.loads(b"\1\2")),
        (shapely.GEOSException, lambda: LineString([(0, 0)])),
        (shapely.GEOSException, lambda: shapely.linestrings([[0, 0], [1, 1], [2, 2]], indices=[0, 0, 1])),
        (TypeError, lambda: shapely.area("square")),
    ]:
        try:
            call()
        except kind:
            continue
        raise AssertionError(f"{kind.__name__} is not raised")
