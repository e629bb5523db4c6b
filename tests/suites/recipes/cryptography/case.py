import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.backends.openssl.backend import backend
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, padding, rsa, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import pkcs12

# A key of the time when the app is built.
KEY = rsa.generate_private_key(65537, 2048)


def check():
    assert "AWS-LC" in backend.openssl_version_text(), backend.openssl_version_text()
    for part in hashed, symmetric, fernet, derived, signed, agreed, serialized, certified:
        part()


def hashed():
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"abc")
    assert digest.finalize().hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    for kind, length in (hashes.SHA512(), 64), (hashes.SHA3_256(), 32), (hashes.MD5(), 16):
        digest = hashes.Hash(kind)
        digest.update(b"abc")
        assert len(digest.finalize()) == length
    # RFC 4231, test case 2.
    mac = hmac.HMAC(b"Jefe", hashes.SHA256())
    mac.update(b"what do ya want for nothing?")
    mac.verify(bytes.fromhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))


def symmetric():
    # NIST SP 800-38A, F.2.1.
    cipher = Cipher(algorithms.AES(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")),
                    modes.CBC(bytes(range(16)))).encryptor()
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert (cipher.update(plain) + cipher.finalize()).hex() == "7649abac8119b246cee98e9b12e9197d"
    for kind in AESGCM, ChaCha20Poly1305:
        key = kind.generate_key(256) if kind is AESGCM else kind.generate_key()
        sealed = kind(key).encrypt(bytes(12), b"secret", b"header")
        assert kind(key).decrypt(bytes(12), sealed, b"header") == b"secret"
        try:
            kind(key).decrypt(bytes(12), sealed, b"other")
        except InvalidTag:
            continue
        raise AssertionError(kind)
    # AWS-LC has it not.
    try:
        AESSIV(AESSIV.generate_key(256))
    except UnsupportedAlgorithm:
        return
    raise AssertionError


def fernet():
    key = Fernet.generate_key()
    assert key != Fernet.generate_key()
    token = Fernet(key).encrypt(b"a message")
    assert Fernet(key).decrypt(token) == b"a message"
    try:
        Fernet(Fernet.generate_key()).decrypt(token)
    except InvalidToken:
        return
    raise AssertionError


def derived():
    # RFC 7914, section 12; RFC 5869, test case 1; RFC 7914, section 11.
    assert Scrypt(b"NaCl", 64, 1024, 8, 16).derive(b"password").hex().startswith("fdbabe1c9d3472007856e7190d01e9fe")
    key = HKDF(hashes.SHA256(), 42, bytes(range(13)), bytes(range(0xf0, 0xfa))).derive(b"\x0b" * 22)
    assert key.hex().startswith("3cb25f25faacd57a90434f64d0362f2a")
    assert PBKDF2HMAC(hashes.SHA256(), 64, b"salt", 1).derive(b"passwd").hex().startswith("55ac046e56e3089fec1691c22544b605")


def signed():
    for key, how in (
        (KEY, (padding.PKCS1v15(), hashes.SHA256())),
        (KEY, (padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH), hashes.SHA256())),
        (ec.generate_private_key(ec.SECP256R1()), (ec.ECDSA(hashes.SHA256()),)),
        (ec.generate_private_key(ec.SECP384R1()), (ec.ECDSA(hashes.SHA384()),)),
        (ec.generate_private_key(ec.SECP256K1()), (ec.ECDSA(hashes.SHA256()),)),
        (ed25519.Ed25519PrivateKey.generate(), ()),
    ):
        signature = key.sign(b"message", *how)
        key.public_key().verify(signature, b"message", *how)
        try:
            key.public_key().verify(signature, b"massage", *how)
        except InvalidSignature:
            continue
        raise AssertionError(key)
    key = mldsa.MLDSA65PrivateKey.generate()
    key.public_key().verify(key.sign(b"message"), b"message")
    # RFC 8032, test 1.
    key = ed25519.Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert key.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    assert KEY.decrypt(KEY.public_key().encrypt(b"secret", oaep), oaep) == b"secret"


def agreed():
    one, other = x25519.X25519PrivateKey.generate(), x25519.X25519PrivateKey.generate()
    assert one.exchange(other.public_key()) == other.exchange(one.public_key())
    key = mlkem.MLKEM768PrivateKey.generate()
    secret, sealed = key.public_key().encapsulate()
    assert key.decapsulate(sealed) == secret
    one, other = ec.generate_private_key(ec.SECP521R1()), ec.generate_private_key(ec.SECP521R1())
    assert one.exchange(ec.ECDH(), other.public_key()) == other.exchange(ec.ECDH(), one.public_key())


def serialized():
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    for key in KEY, ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate():
        for how, password in (
            (serialization.NoEncryption(), None), (serialization.BestAvailableEncryption(b"word"), b"word"),
        ):
            text = key.private_bytes(pem, pkcs8, how)
            again = serialization.load_pem_private_key(text, password)
            assert again.private_bytes(pem, pkcs8, serialization.NoEncryption()) == key.private_bytes(
                pem, pkcs8, serialization.NoEncryption())
        public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
        assert serialization.load_pem_public_key(public) == key.public_key()
        line = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        assert serialization.load_ssh_public_key(line) == key.public_key()
    try:
        serialization.load_pem_private_key(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None)
    except ValueError:
        return
    raise AssertionError


def certified():
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ampoule")])
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), 7, now, now + datetime.timedelta(365))
    builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("example.org")]), critical=False)
    certificate = builder.sign(KEY, hashes.SHA256())
    again = x509.load_pem_x509_certificate(certificate.public_bytes(serialization.Encoding.PEM))
    assert again == certificate and again.subject == name and again.serial_number == 7
    again.verify_directly_issued_by(certificate)
    names = again.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["example.org"]
    packed = pkcs12.serialize_key_and_certificates(b"n", KEY, certificate, None, serialization.BestAvailableEncryption(b"w"))
    key, found, _ = pkcs12.load_key_and_certificates(packed, b"w")
    assert found == certificate and key.private_numbers() == KEY.private_numbers()
    request = x509.CertificateSigningRequestBuilder(name).sign(KEY, hashes.SHA256())
    assert request.is_signature_valid
