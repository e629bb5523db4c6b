"""What is made on cryptography: PyJWT's signatures, and pyOpenSSL, which calls libssl by its bindings in C."""

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from OpenSSL import SSL, crypto

KEY = rsa.generate_private_key(65537, 2048)


def check():
    tokens()
    handshake()


def tokens():
    for algorithm, key in (
        ("RS256", KEY), ("PS256", KEY), ("ES256", ec.generate_private_key(ec.SECP256R1())),
        ("EdDSA", ed25519.Ed25519PrivateKey.generate()),
    ):
        token = jwt.encode({"subject": "me"}, key, algorithm=algorithm)
        assert jwt.decode(token, key.public_key(), algorithms=[algorithm]) == {"subject": "me"}
        head, body, _ = token.split(".")
        try:
            jwt.decode(f"{head}.{body}.AAAA", key.public_key(), algorithms=[algorithm])
        except jwt.InvalidSignatureError:
            continue
        raise AssertionError(algorithm)


def certificate(key):
    made = crypto.X509()
    made.get_subject().CN = "example.org"
    made.set_issuer(made.get_subject())
    made.set_serial_number(3)
    made.gmtime_adj_notBefore(0)
    made.gmtime_adj_notAfter(3600)
    made.set_pubkey(key)
    made.sign(key, "sha256")
    text = crypto.dump_certificate(crypto.FILETYPE_PEM, made)
    again = crypto.load_certificate(crypto.FILETYPE_PEM, text)
    store = crypto.X509Store()
    store.add_cert(made)
    crypto.X509StoreContext(store, again).verify_certificate()
    return again


def connection(context, peer):
    made = SSL.Connection(context, None)
    made.set_accept_state() if peer == "server" else made.set_connect_state()
    return made


def move(one, other):
    try:
        while True:
            other.bio_write(one.bio_read(65536))
    except SSL.WantReadError:
        pass


def handshake():
    assert b"AWS-LC" in SSL.SSLeay_version(SSL.SSLEAY_VERSION)
    key = crypto.PKey.from_cryptography_key(KEY)
    context = SSL.Context(SSL.TLS_METHOD)
    context.use_privatekey(key)
    context.use_certificate(certificate(key))
    server, client = connection(context, "server"), connection(SSL.Context(SSL.TLS_METHOD), "client")
    for _ in range(5):
        for one, other in (client, server), (server, client):
            try:
                one.do_handshake()
            except SSL.WantReadError:
                pass
            move(one, other)
    assert client.get_protocol_version_name() == "TLSv1.3"
    client.send(b"hello")
    move(client, server)
    assert server.recv(100) == b"hello"
    assert client.get_peer_certificate().get_subject().CN == "example.org"
