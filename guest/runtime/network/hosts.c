// The functions that getaddrinfo has replaced, which Python still has.

#define _GNU_SOURCE 1 // for the functions that POSIX has dropped
#include "network/addresses.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

_Thread_local int h_errno = 0;

static int code_of(int lookup_error) {
    switch (lookup_error) {
    case EAI_NONAME:
        return HOST_NOT_FOUND;
    case EAI_AGAIN:
        return TRY_AGAIN;
    default:
        return NO_RECOVERY;
    }
}

// The entry and what it points to, which stay until the next one is asked for.
static struct {
    struct hostent entry;
    char *name;
    char *no_aliases[1];
    char *places[MOST_ADDRESSES + 1];
    struct addresses found;
} known;

static struct hostent *known_as(const char *name) {
    free(known.name);
    known.name = strdup(name);
    size_t count = 0;
    for (size_t i = 0; i < known.found.count; i++)
        if (known.found.items[i].family == AF_INET)
            known.places[count++] = (char *)known.found.items[i].bytes;
    known.places[count] = NULL;
    known.entry = (struct hostent){known.name, known.no_aliases, AF_INET, sizeof(struct in_addr), known.places};
    h_errno = known.name ? NO_DATA : NO_RECOVERY;
    return known.name && count ? &known.entry : NULL;
}

struct hostent *gethostbyname(const char *name) {
    int status = addresses_find(name, &known.found);
    if (!status)
        return known_as(name);
    h_errno = code_of(status);
    return NULL;
}

// WASI tells no names of addresses.
struct hostent *gethostbyaddr(const void *address, socklen_t size, int family) {
    (void)address, (void)size, (void)family;
    h_errno = HOST_NOT_FOUND;
    return NULL;
}

const char *hstrerror(int error) {
    switch (error) {
    case HOST_NOT_FOUND:
        return "Unknown host";
    case TRY_AGAIN:
        return "Host name lookup failure";
    case NO_DATA:
        return "No address associated with name";
    default:
        return "Unknown server error";
    }
}
