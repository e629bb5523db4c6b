import bcrypt

# Computed while the app is built; the salt is from that time, too.
AT_BUILD = bcrypt.hashpw(b"secret", bcrypt.gensalt(4))


def check():
    # Of the tests of OpenBSD's implementation.
    for password, hashed in (
        (b"Kk4DQuMMfZL9o", b"$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"),
        (b"9IeRXmnGxMYbs", b"$2b$04$pQ7gRO7e6wx/936oXhNjrOUNOHL1D0h1N2IDbJZYs.1ppzSof6SPy"),
        (b"\xc2\xa3", b"$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"),
    ):
        if password != b"\xc2\xa3":
            assert bcrypt.hashpw(password, hashed) == hashed and bcrypt.checkpw(password, hashed)
        assert not bcrypt.checkpw(password + b"x", hashed)
    assert bcrypt.checkpw(b"secret", AT_BUILD) and AT_BUILD.startswith(b"$2b$04$")
    # Salts are of this instance's random numbers.
    assert bcrypt.gensalt(4) != bcrypt.gensalt(4) and len(bcrypt.gensalt(12)) == 29
    assert bcrypt.kdf(b"password", b"salt", 32, 4, ignore_few_rounds=True) == bytes.fromhex(
        "5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9")
    for wrong in b"short", b"$2b$99$abcdefghijklmnopqrstuu":
        try:
            bcrypt.hashpw(b"x", wrong)
        except ValueError:
            continue
        raise AssertionError(wrong)
