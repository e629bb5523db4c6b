import io

import matplotlib
import numpy
from matplotlib import font_manager, image, mathtext, path, pyplot, tri

matplotlib.use("agg")


def figure():
    drawn, axes = pyplot.subplots(2, 2, figsize=(6.4, 4.8), dpi=100, layout="constrained")
    x = numpy.linspace(0, 2 * numpy.pi, 200)
    axes[0, 0].plot(x, numpy.sin(x), "r-", label="sin", linewidth=2)
    axes[0, 0].plot(x, numpy.cos(x), "b--", label="cos")
    axes[0, 0].set_title(r"$\frac{\pi}{2} \int_0^\infty e^{-x^2}$")
    axes[0, 0].legend()
    picture = axes[0, 1].imshow(numpy.arange(100).reshape(10, 10), cmap="viridis", interpolation="lanczos")
    drawn.colorbar(picture, ax=axes[0, 1])
    axes[1, 0].contourf(*numpy.meshgrid(range(5), range(5)), numpy.arange(25).reshape(5, 5) % 7)
    axes[1, 0].annotate("Höhe", (1, 1), (2, 3), arrowprops={"arrowstyle": "->"})
    random = numpy.random.default_rng(1)
    axes[1, 1].set_title("العربية")
    axes[1, 1].tripcolor(*random.random((3, 30)))
    return drawn


def check():
    drawn = figure()
    pixels = saved(drawn)
    assert pixels.shape == (480, 640, 4) and (pixels[..., 3] == 1).all() and (pixels[0, 0] == 1).all()
    assert numpy.isclose(pixels, [1, 0, 0, 1]).all(axis=2).sum() > 200
    assert 0.5 < (pixels[..., :3] == 1).all(axis=2).mean() < 0.8
    svg = io.StringIO()
    drawn.savefig(svg, format="svg")
    assert svg.getvalue().count("<path") > 40 and "clip-path" in svg.getvalue() and "data:image/png" in svg.getvalue()
    pdf = io.BytesIO()
    drawn.savefig(pdf, format="pdf")
    assert pdf.getvalue().startswith(b"%PDF-1.4") and b"DejaVuSans" in pdf.getvalue()
    pyplot.close(drawn)
    parts()
    errors()


def saved(drawn):
    stream = io.BytesIO()
    drawn.savefig(stream, format="png")
    return image.imread(io.BytesIO(stream.getvalue()))


def parts():
    font = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    font.set_size(12, 72)
    width = lambda text: font.set_text(text) is not None and font.get_width_height()[0] / 64
    assert font.family_name == "DejaVu Sans" and 20 < width("AVA") < 2 * width("A") + width("V")
    assert width("لا") < width("ل") + width("ا")
    parsed = mathtext.MathTextParser("path").parse(r"$\sqrt[3]{x}$")
    assert parsed.width > 10 and len(parsed.glyphs) == 3
    square = path.Path([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], closed=True)
    assert square.contains_points([(0.5, 0.5), (2, 2)]).tolist() == [True, False]
    assert square.intersects_path(path.Path([(-1, 0.5), (2, 0.5)]))
    triangles = tri.Triangulation([0, 1, 1, 0, 0.5], [0, 0, 1, 1, 0.5])
    assert len(triangles.triangles) == 4 and triangles.get_trifinder()(0.5, 0.25) >= 0
    drawn, axes = pyplot.subplots(figsize=(1, 1), dpi=50)
    axes.set_axis_off()
    axes.add_patch(pyplot.Rectangle((0, 0), 1, 1, hatch="//", facecolor="lime"))
    drawn.canvas.draw()
    colours = numpy.unique(numpy.asarray(drawn.canvas.buffer_rgba()).reshape(-1, 4), axis=0)
    assert [0, 255, 0, 255] in colours.tolist() and len(colours) > 5
    pyplot.close(drawn)


def errors():
    for error, call in [
        (ValueError, lambda: pyplot.figure().savefig(io.BytesIO(), format="none")),
        (ValueError, lambda: mathtext.MathTextParser("agg").parse(r"$\nothing$")),
        (RuntimeError, lambda: font_manager.get_font(matplotlib.__file__)),
        (ValueError, lambda: tri.Triangulation([0, 1], [0, 1])),
        (RuntimeError, lambda: tri.Triangulation([0, 1, 2], [0, 1, 2])),
    ]:
        try:
            call()
        except error:
            continue
        raise AssertionError(f"{error.__name__} is not raised")
