# vim: set fileencoding=shift_jis :


def text():
    import colorsys

    return f"表 {colorsys.rgb_to_hsv(0, 0, 1)[2]}"
