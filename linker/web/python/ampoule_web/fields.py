"""What requests and responses have in common, whoever serves."""

# Fields of a connection, which is the host's: WASI's hosts refuse them, or write them themselves.
OF_CONNECTION = frozenset(
    [
        "connection",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)

# The statuses of responses that have no body.
WITHOUT_BODY = frozenset([204, 304])

# Those whose head tells no length either: 304 may tell that of what has not changed.
WITHOUT_LENGTH = frozenset([204])
