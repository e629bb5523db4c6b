import argon2
from argon2.low_level import ARGON2_VERSION, Type, error_to_str, hash_secret, hash_secret_raw, verify_secret

# Of the tests of the reference implementation.
PASSWORD, SALT = b"password", b"somesalt"
KNOWN = {
    Type.I: "89e9029f4637b295beb027056a7336c414fadd43f6b208645281cb214a56452f",
    Type.ID: "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
}


def check():
    for type, digest in KNOWN.items():
        raw = hash_secret_raw(PASSWORD, SALT, time_cost=2, memory_cost=256, parallelism=1, hash_len=32, type=type)
        assert raw.hex() == digest, (type, raw.hex())
    hasher = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    hash = hasher.hash("pässwörd")
    assert hash.startswith("$argon2id$v=19$m=1024,t=1,p=1$") and hasher.verify(hash, "pässwörd")
    assert not hasher.check_needs_rehash(hash) and argon2.PasswordHasher().check_needs_rehash(hash)
    assert hasher.hash("pässwörd") != hash and ARGON2_VERSION == 19
    data = hash_secret(PASSWORD, SALT, 1, 32, 4, 16, Type.D)
    assert verify_secret(data, PASSWORD, Type.D) and argon2.extract_parameters(data.decode()).hash_len == 16
    for error, call in [
        (argon2.exceptions.VerifyMismatchError, lambda: hasher.verify(hash, "password")),
        (argon2.exceptions.InvalidHashError, lambda: hasher.verify("$argon2", "password")),
        (argon2.exceptions.VerificationError, lambda: hasher.verify(hash[:-1] + "!", "pässwörd")),
        (argon2.exceptions.HashingError, lambda: hash_secret(PASSWORD, b"salt", 1, 8, 1, 16, Type.I)),
        (argon2.exceptions.UnsupportedParametersError, lambda: argon2.PasswordHasher(parallelism=4)),
    ]:
        try:
            call()
        except error:
            continue
        raise AssertionError(f"{error.__name__} is not raised")
    assert error_to_str(-6) == "Salt is too short"
