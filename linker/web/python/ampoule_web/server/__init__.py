"""Applications of WSGI and ASGI, which `wasi:http` calls."""
