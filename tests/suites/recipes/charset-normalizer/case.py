import charset_normalizer
from charset_normalizer import cd, md


def check():
    assert md.__file__.endswith(".so") and cd.__file__.endswith(".so")
    text = "Bсеки човек има право на образование. Oбразованието трябва да бъде безплатно. " * 4
    best = charset_normalizer.from_bytes(text.encode("cp1251")).best()
    assert str(best) == text and best.encoding in ("cp1251", "mac_cyrillic"), best
    assert charset_normalizer.detect("é".encode("utf-16"))["encoding"].startswith("UTF-16")
