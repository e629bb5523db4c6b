// Services with well-known ports, and protocols, by IANA's names.

#ifndef AMPOULE_SERVICES_H
#define AMPOULE_SERVICES_H

#include <stdbool.h>
#include <stdint.h>

struct service {
    const char *name;
    uint16_t port;
    bool has_tcp;
    bool has_udp;
};

// Null if there is none that has the protocol: `tcp`, `udp`, or null for any.
const struct service *service_named(const char *name, const char *protocol);
const struct service *service_at(uint16_t port, const char *protocol);

#endif
