import io

from PIL import (
    Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageMath, ImageMorph, ImageOps, ImageStat, features,
)


def check():
    assert features.version("pil") == "13.0.0" and features.check("libjpeg_turbo")
    image = Image.new("RGB", (64, 48), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, 31, 23), fill="#ff8000", outline="black")
    draw.ellipse((36, 10, 60, 40), fill=(0, 0, 255))
    draw.line((0, 47, 63, 47), fill="green", width=2)
    assert image.getpixel((10, 10)) == (255, 128, 0) and image.getpixel((48, 25)) == (0, 0, 255)
    formats(image)
    arithmetic(image)
    text(image, draw)
    broken(image)


def again(image, format, **options):
    stream = io.BytesIO()
    image.save(stream, format, **options)
    opened = Image.open(io.BytesIO(stream.getvalue()))
    assert opened.format == format, opened.format
    return opened


def formats(image):
    for format in "PNG", "BMP", "TIFF", "PPM", "TGA":
        assert ImageChops.difference(again(image, format).convert("RGB"), image).getbbox() is None, format
    assert again(image, "WEBP", lossless=True).tobytes() == image.tobytes()
    palette = image.quantize(8)
    assert again(palette, "GIF").convert("RGB").getcolors() == palette.convert("RGB").getcolors()
    for options, most in ({"quality": 95, "subsampling": 0}, 2), ({"progressive": True, "optimize": True}, 12):
        jpeg = again(image, "JPEG", **options)
        assert jpeg.mode == "RGB" and max(ImageStat.Stat(ImageChops.difference(jpeg, image)).mean) < most
    assert again(image.convert("CMYK"), "JPEG").mode == "CMYK"
    frames = [Image.new("L", (4, 4), shade) for shade in (0, 128, 255)]
    assert again(frames[0], "GIF", save_all=True, append_images=frames[1:]).n_frames == 3
    assert again(image, "PNG", dpi=(300, 300)).info["dpi"][0] > 299


def arithmetic(image):
    assert image.resize((32, 24), Image.Resampling.LANCZOS).size == (32, 24)
    assert image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))[2] > 100
    assert image.rotate(90, expand=True).size == (48, 64) and image.crop((8, 8, 16, 16)).getcolors()[0][0] > 0
    assert image.convert("L").getpixel((10, 10)) == (255 * 19595 + 128 * 38470 + 0x8000) >> 16
    assert image.convert("HSV").getpixel((48, 25)) == (170, 255, 255)
    assert ImageOps.invert(image).getpixel((0, 0)) == (0, 0, 0)
    assert image.quantize(4).getcolors() is not None and len(image.quantize(4).getcolors()) <= 4
    assert image.filter(ImageFilter.GaussianBlur(2)).getpixel((32, 16)) != image.getpixel((32, 16))
    red, green, blue = image.split()
    assert Image.merge("RGB", (blue, green, red)).getpixel((48, 25)) == (255, 0, 0)
    total = ImageMath.lambda_eval(lambda names: names["convert"](names["a"] + names["b"], "I"), a=red, b=blue)
    assert total.getpixel((0, 0)) == 510
    edges = ImageMorph.MorphOp(op_name="edge").apply(Image.new("L", (5, 5)))
    assert edges[0] == 0


def text(image, draw):
    font = ImageFont.load_default(16)
    left, top, right, bottom = draw.textbbox((0, 0), "Hello", font=font)
    assert 30 < right - left < 50 and 8 < bottom - top < 20, (left, top, right, bottom)
    label = Image.new("L", (60, 24))
    ImageDraw.Draw(label).text((2, 2), "Hé", font=font, fill=255)
    assert label.getextrema() == (0, 255) and font.getname()[0] == "Aileron"


def broken(image):
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    data = stream.getvalue()
    for wrong in data[: len(data) // 2], b"\x89PNG\r\n\x1a\n" + data, data[:20] + b"\xff" * 400:
        try:
            Image.open(io.BytesIO(wrong)).load()
        except (OSError, SyntaxError):
            continue
        raise AssertionError("it is no image")
