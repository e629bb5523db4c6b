/* Options of sockets that WASI has no function for, nor the C library an answer.
 *
 * A socket of IPv6 is for IPv6 only, always: who asks for that gets it, as servers do that listen on both families. */

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

static bool is_ipv6_only(int socket, int level, int name)
{
    int family = 0;
    socklen_t size = sizeof family;
    return level == IPPROTO_IPV6 && name == IPV6_V6ONLY &&
           getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0 && family == AF_INET6;
}

int ampoule_setsockopt(int socket, int level, int name, const void *value, socklen_t size)
{
    if (!is_ipv6_only(socket, level, name))
        return setsockopt(socket, level, name, value, size);
    if (size >= sizeof(int) && *(const int *)value)
        return 0;
    errno = ENOPROTOOPT;
    return -1;
}

int ampoule_getsockopt(int socket, int level, int name, void *restrict value, socklen_t *restrict size)
{
    if (!is_ipv6_only(socket, level, name) || *size < sizeof(int))
        return getsockopt(socket, level, name, value, size);
    *(int *)value = true;
    *size = sizeof(int);
    return 0;
}
