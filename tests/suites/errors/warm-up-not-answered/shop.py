"""An application that knows one path."""


def application(environ, start_response):
    start_response("200 OK" if environ["PATH_INFO"] == "/" else "404 Not Found", [])
    return [b""]
