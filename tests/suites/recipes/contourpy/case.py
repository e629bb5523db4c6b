import contourpy
import numpy
from contourpy import FillType, LineType, ZInterp, contour_generator
from contourpy.util import build_config


def check():
    z = numpy.array([[1.4, 1.2, 0.9, 0.0], [0.6, 3.0, 0.4, 0.7], [0.2, 0.2, 0.5, 3.0]])
    for name in "serial", "threaded":
        generator = contour_generator(z=z, name=name, line_type=LineType.SeparateCode, chunk_count=(1, 2))
        points, codes = generator.lines(2)
        assert numpy.allclose(points[0], [[7 / 12, 1], [1, 4 / 9], [18 / 13, 1], [1, 19 / 14], [7 / 12, 1]])
        assert numpy.allclose(points[1], [[2.6, 2], [3, 36 / 23]]) and codes[0].tolist() == [1, 2, 2, 2, 79]
        assert generator.thread_count == 1 or name == "threaded"
    for name in "mpl2005", "mpl2014":
        [a, b], _ = contour_generator(z=z, name=name).lines(2)
        assert {len(a), len(b)} == {2, 5}

    # The area between two circles.
    x, y = numpy.meshgrid(numpy.linspace(-2, 2, 201), numpy.linspace(-2, 2, 201))
    generator = contour_generator(x, y, numpy.hypot(x, y), fill_type=FillType.OuterOffset)
    [polygon], [offsets] = generator.filled(1, 1.5)
    parts = [polygon[start:end] for start, end in zip(offsets, offsets[1:])]
    areas = [(part[:-1, 0] * part[1:, 1] - part[1:, 0] * part[:-1, 1]).sum() / 2 for part in parts]
    assert len(parts) == 2 and abs(sum(areas) - numpy.pi * 1.25) < 0.01, areas
    radii = numpy.hypot(*contour_generator(x, y, numpy.exp(x * x + y * y), z_interp=ZInterp.Log).lines(numpy.e)[0].T)
    assert numpy.allclose(radii, 1, atol=1e-3)
    hidden = numpy.ma.array(z, mask=z == 3)
    assert contour_generator(z=hidden, corner_mask=False).lines(2) == []
    lines = contour_generator(z=z).multi_lines([0.5, 1.0])
    assert [len(level) for level in lines] == [len(contour_generator(z=z).lines(level)) for level in (0.5, 1.0)]

    # Exceptions of C++ are those of Python.
    corners = dict(name="mpl2005", corner_mask=True)
    for wrong in dict(name="none"), dict(z_interp=ZInterp.Log), dict(chunk_size=-1), corners:
        try:
            contour_generator(z=z, **wrong)
        except ValueError:
            continue
        raise AssertionError(f"{wrong} is no error")
    try:
        generator.filled(2, 1)
    except ValueError as error:
        assert "upper_level" in str(error), error
    else:
        raise AssertionError("the upper level is below the lower")
    assert contourpy.__version__ == build_config()["contourpy_version"] and contourpy.max_threads() >= 0
