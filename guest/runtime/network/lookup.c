// getaddrinfo and getnameinfo. The C library asks the host for each name, addresses too, and knows TCP only.

#define _GNU_SOURCE 1 // for strlcpy
#include "network/addresses.h"
#include "network/services.h"
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct kind {
    int type;
    int protocol;
    const char *name;
};

static const struct kind kinds[] = {{SOCK_STREAM, IPPROTO_TCP, "tcp"}, {SOCK_DGRAM, IPPROTO_UDP, "udp"}};

enum { KINDS = sizeof kinds / sizeof *kinds };

static bool is_wanted(const struct kind *kind, const struct addrinfo *wanted) {
    return (!wanted->ai_socktype || wanted->ai_socktype == kind->type) &&
           (!wanted->ai_protocol || wanted->ai_protocol == kind->protocol);
}

// A port given by its number; -1 if the text is none.
static int read_port(const char *text) {
    char *end;
    long number = strtol(text, &end, 10);
    bool is_number = *text >= '0' && *text <= '9' && !*end;
    return is_number && number <= UINT16_MAX ? (int)number : -1;
}

// The port of each kind of socket that is wanted and has the service; -1 of the others.
static int find_ports(const char *service, const struct addrinfo *wanted, int ports[KINDS]) {
    int number = service ? read_port(service) : 0;
    int wanted_kinds = 0, found = 0;
    for (size_t i = 0; i < KINDS; i++) {
        ports[i] = -1;
        if (!is_wanted(&kinds[i], wanted))
            continue;
        wanted_kinds++;
        const struct service *known =
            number < 0 && !(wanted->ai_flags & AI_NUMERICSERV) ? service_named(service, kinds[i].name) : NULL;
        ports[i] = known ? known->port : number;
        found += ports[i] >= 0;
    }
    if (!wanted_kinds)
        return EAI_SOCKTYPE;
    return found ? 0 : wanted->ai_flags & AI_NUMERICSERV ? EAI_NONAME : EAI_SERVICE;
}

// Where a server listens, or where a client on the same machine connects to.
static void own_addresses(bool is_passive, struct addresses *found) {
    static const struct address any[] = {{.family = AF_INET}, {.family = AF_INET6}};
    static const struct address loopback[] = {{.family = AF_INET6, .bytes = {[15] = 1}},
                                              {.family = AF_INET, .bytes = {127, 0, 0, 1}}};
    found->count = 2;
    memcpy(found->items, is_passive ? any : loopback, sizeof any);
}

static int find_addresses(const char *host, int flags, struct addresses *found) {
    if (!host) {
        own_addresses(flags & AI_PASSIVE, found);
        return 0;
    }
    if (!(flags & AI_NUMERICHOST))
        return addresses_find(host, found);
    found->count = 1;
    return address_read(host, &found->items[0]) ? 0 : EAI_NONAME;
}

static socklen_t fill(struct sockaddr_storage *place, const struct address *address, int port) {
    if (address->family == AF_INET) {
        struct sockaddr_in *ipv4 = (void *)place;
        *ipv4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        memcpy(&ipv4->sin_addr, address->bytes, sizeof ipv4->sin_addr);
        return sizeof *ipv4;
    }
    struct sockaddr_in6 *ipv6 = (void *)place;
    *ipv6 = (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_scope_id = address->scope};
    memcpy(&ipv6->sin6_addr, address->bytes, sizeof ipv6->sin6_addr);
    return sizeof *ipv6;
}

// An entry of the list, with its address in the same memory; null if memory is short.
static struct addrinfo *new_entry(const struct address *address, const struct kind *kind, int port) {
    struct entry {
        struct addrinfo info;
        struct sockaddr_storage place;
    } *entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->info = (struct addrinfo){.ai_family = address->family,
                                    .ai_socktype = kind->type,
                                    .ai_protocol = kind->protocol,
                                    .ai_addrlen = fill(&entry->place, address, port),
                                    .ai_addr = (void *)&entry->place};
    return &entry->info;
}

static int make_list(const struct addresses *found, int family, const int ports[KINDS], struct addrinfo **result) {
    struct addrinfo **next = result;
    for (size_t i = 0; i < found->count; i++)
        for (size_t kind = 0; kind < KINDS; kind++) {
            const struct address *address = &found->items[i];
            if (ports[kind] < 0 || (family != AF_UNSPEC && family != address->family))
                continue;
            *next = new_entry(address, &kinds[kind], ports[kind]);
            if (!*next)
                return EAI_MEMORY;
            next = &(*next)->ai_next;
        }
    return *result ? 0 : EAI_NONAME;
}

int getaddrinfo(const char *restrict host, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict result) {
    const struct addrinfo wanted = hints ? *hints : (struct addrinfo){.ai_family = AF_UNSPEC};
    bool knows_family = wanted.ai_family == AF_UNSPEC || wanted.ai_family == AF_INET || wanted.ai_family == AF_INET6;
    struct addresses found;
    int ports[KINDS];
    *result = NULL;
    int status = !host && !service ? EAI_NONAME : !knows_family ? EAI_FAMILY : find_ports(service, &wanted, ports);
    if (!status)
        status = find_addresses(host, wanted.ai_flags, &found);
    if (!status)
        status = make_list(&found, wanted.ai_family, ports, result);
    if (!status && host && wanted.ai_flags & AI_CANONNAME && !((*result)->ai_canonname = strdup(host)))
        status = EAI_MEMORY;
    if (status) {
        freeaddrinfo(*result);
        *result = NULL;
    }
    return status;
}

void freeaddrinfo(struct addrinfo *entry) {
    while (entry) {
        struct addrinfo *next = entry->ai_next;
        free(entry->ai_canonname);
        free(entry);
        entry = next;
    }
}

static bool read_socket_address(const struct sockaddr *given, socklen_t size, struct address *address, int *port) {
    if (given->sa_family == AF_INET && size >= sizeof(struct sockaddr_in)) {
        const struct sockaddr_in *ipv4 = (const void *)given;
        memcpy(address->bytes, &ipv4->sin_addr, sizeof ipv4->sin_addr);
        *port = ntohs(ipv4->sin_port);
    } else if (given->sa_family == AF_INET6 && size >= sizeof(struct sockaddr_in6)) {
        const struct sockaddr_in6 *ipv6 = (const void *)given;
        memcpy(address->bytes, &ipv6->sin6_addr, sizeof ipv6->sin6_addr);
        address->scope = ipv6->sin6_scope_id;
        *port = ntohs(ipv6->sin6_port);
    } else {
        return false;
    }
    address->family = given->sa_family;
    return true;
}

static int put(char *place, socklen_t size, const char *text) {
    return place && size && strlcpy(place, text, size) >= size ? EAI_OVERFLOW : 0;
}

static int put_host(const struct address *address, char *place, socklen_t size) {
    char text[INET6_ADDRSTRLEN + sizeof "%4294967295"];
    address_write(address, text);
    if (address->scope)
        sprintf(text + strlen(text), "%%%u", (unsigned)address->scope);
    return put(place, size, text);
}

static int put_service(int port, int flags, char *place, socklen_t size) {
    const char *protocol = flags & NI_DGRAM ? "udp" : "tcp";
    const struct service *known = flags & NI_NUMERICSERV ? NULL : service_at((uint16_t)port, protocol);
    char number[sizeof "65535"];
    sprintf(number, "%d", port);
    return put(place, size, known ? known->name : number);
}

// WASI tells no names of addresses: they are given as they are.
int getnameinfo(const struct sockaddr *restrict given, socklen_t size, char *restrict host, socklen_t host_size,
                char *restrict service, socklen_t service_size, int flags) {
    struct address address = {.family = AF_UNSPEC};
    int port;
    if (!read_socket_address(given, size, &address, &port))
        return EAI_FAMILY;
    if (flags & NI_NAMEREQD)
        return EAI_NONAME;
    int status = put_host(&address, host, host_size);
    return status ? status : put_service(port, flags, service, service_size);
}
