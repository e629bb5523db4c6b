// A socket that is connecting. The C library asks the host how far that is only when it polls; and where the host says
// that such a socket has no address and no options yet, it takes that for a mistake of its own and ends the instance.

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <wasi/wasip2.h>

#define WRAPPED(name) __attribute__((__export_name__(#name)))

int __real___wasilibc_map_socket_error(const network_error_code_t *error);
int __real_connect(int descriptor, const struct sockaddr *address, socklen_t length);

int __wrap___wasilibc_map_socket_error(const network_error_code_t *error) {
    switch (*error) {
    case NETWORK_ERROR_CODE_INVALID_STATE:
    case NETWORK_ERROR_CODE_NOT_IN_PROGRESS:
        return EINVAL;
    default:
        return __real___wasilibc_map_socket_error(error);
    }
}

// What has come of connecting by now; the C library's own answer while nothing has.
static int outcome(int descriptor, int answer) {
    struct pollfd polled = {.fd = descriptor, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    if (poll(&polled, 1, 0) < 0 || getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return -1;
    if (answer == EALREADY && !error)
        return 0;
    errno = error && error != EINPROGRESS ? error : answer;
    return -1;
}

WRAPPED(connect) int __wrap_connect(int descriptor, const struct sockaddr *address, socklen_t length) {
    int result = __real_connect(descriptor, address, length);
    bool was_asked_before = result < 0 && (errno == EALREADY || errno == EOPNOTSUPP);
    return was_asked_before ? outcome(descriptor, errno) : result;
}
