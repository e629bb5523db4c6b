"""The network, which is not there while a component is built: why an import that uses it fails."""

import errno


def explain(exception):
    """What to add to the message of a failed import; nothing if the network is not the reason."""
    while exception is not None:
        # What is refused of a file has its name.
        if isinstance(exception, PermissionError) and exception.errno == errno.EACCES and exception.filename is None:
            return (
                "; there is no network while the component is being built: use it in a function that an export calls, or "
                "catch the OSError"
            )
        exception = exception.__cause__ or exception.__context__
    return ""
