"""The exceptions of sockets and of TLS for what fails in the host."""

import errno
import sys
from typing import Any

from ampoule_web.bindings.imports import wasi_http_types_0_2_12 as types

# As after these the server has said nothing, or no more: a client sees the end of the connection.
ENDS = (
    types.ErrorCode_ConnectionTerminated,
    types.ErrorCode_HttpProtocolError,
    types.ErrorCode_HttpResponseIncomplete,
)

TIMEOUTS = (
    types.ErrorCode_ConnectionReadTimeout,
    types.ErrorCode_ConnectionTimeout,
    types.ErrorCode_ConnectionWriteTimeout,
    types.ErrorCode_HttpResponseTimeout,
)

DENIALS = (
    types.ErrorCode_DestinationIpProhibited,
    types.ErrorCode_HttpRequestDenied,
)


def failure(code: Any) -> OSError:
    """What a client expects to be raised for an error code of wasi:http."""
    socket, ssl = sys.modules["socket"], sys.modules.get("ssl")
    match code:
        case types.ErrorCode_DnsTimeout():
            return socket.gaierror(socket.EAI_AGAIN, "The lookup of the name timed out")
        case types.ErrorCode_DnsError() | types.ErrorCode_DestinationNotFound():
            return socket.gaierror(socket.EAI_NONAME, "Name does not resolve")
        case types.ErrorCode_ConnectionRefused():
            return ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        case types.ErrorCode_DestinationUnavailable():
            return OSError(errno.EHOSTUNREACH, "Host is unreachable")
        case types.ErrorCode_DestinationIpUnroutable():
            return OSError(errno.ENETUNREACH, "Network is unreachable")
        case types.ErrorCode_TlsCertificateError() if ssl:
            return ssl.SSLCertVerificationError(
                ssl.SSL_ERROR_SSL, "The host does not trust the server's certificate"
            )
        case (
            types.ErrorCode_TlsProtocolError() | types.ErrorCode_TlsAlertReceived()
        ) if ssl:
            return ssl.SSLError(
                ssl.SSL_ERROR_SSL,
                f"TLS failed in the host, such as by a certificate that it does not trust: {described(code)}",
            )
    if isinstance(code, TIMEOUTS):
        return TimeoutError(errno.ETIMEDOUT, "Operation timed out")
    if isinstance(code, DENIALS):
        return PermissionError(
            errno.EACCES, f"The host does not allow the request: {described(code)}"
        )
    return OSError(errno.EIO, f"The request failed in the host: {described(code)}")


def described(code: Any) -> str:
    """The name of a case of a variant, and its payload if there is one."""
    name = type(code).__name__.partition("_")[2]
    payload = getattr(code, "value", None)
    return name if payload is None else f"{name} ({payload})"
