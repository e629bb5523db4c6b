"""What stands between `wasi:http` and the Python that knows nothing of it: web applications and HTTP clients."""
