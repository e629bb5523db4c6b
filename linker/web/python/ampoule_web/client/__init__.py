"""HTTP clients of Python over `wasi:http`, where the host grants no sockets."""
