"""What hashlib has from the TLS library, in a component without WASI."""

import hashlib
import hmac


class WitWorld:
    def check(self, name: str) -> str:
        try:
            return str(globals()[name]())
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def derived_once():
    return hashlib.pbkdf2_hmac("sha256", b"passwd", b"salt", 1, 64).hex()


def derived_often():
    return hashlib.pbkdf2_hmac("sha256", b"Password", b"NaCl", 80_000, 64).hex()


def derived_by_sha1():
    return hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 4096).hex()


def scrypt_of_nothing():
    return hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1, dklen=64).hex()


def scrypt_of_a_password():
    return hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, dklen=64).hex()


def scrypt_beyond_its_memory():
    return hashlib.scrypt(b"", salt=b"", n=1 << 20, r=8, p=1, maxmem=1 << 20)


def ripemd160():
    return hashlib.new("ripemd160", b"abc").hexdigest()


def sha512_256():
    return hashlib.new("sha512_256", b"abc").hexdigest()


def sha3():
    return hashlib.sha3_256(b"abc").hexdigest()


def shake():
    return hashlib.shake_128(b"").hexdigest(16)


def authenticated():
    return hmac.new(b"key", b"The quick brown fox jumps over the lazy dog", "sha256").hexdigest()


def from_the_library():
    return type(hashlib.sha256()).__module__, hashlib.pbkdf2_hmac.__module__


def available():
    names = {"blake2b", "md5", "ripemd160", "sha1", "sha256", "sha3_512", "sha512_256", "shake_256"}
    return names - hashlib.algorithms_available


def unknown():
    return hashlib.new("whirlpool")
