"""No application of WSGI or ASGI."""
