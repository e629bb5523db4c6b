// Addresses of hosts: read from text, or looked up by WASI.

#ifndef AMPOULE_ADDRESSES_H
#define AMPOULE_ADDRESSES_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// An address of the family AF_INET or AF_INET6, in the order of the network.
struct address {
    sa_family_t family;
    uint8_t bytes[sizeof(struct in6_addr)];
    // The interface that an address of IPv6 is meant for, if it says so.
    uint32_t scope;
};

// More than anybody tries.
enum { MOST_ADDRESSES = 64 };

struct addresses {
    size_t count;
    struct address items[MOST_ADDRESSES];
};

// Reads an address, such as 127.0.0.1 or fe80::1%2; false if the text is none, and then it may be a name.
bool address_read(const char *text, struct address *address);

// Writes an address as text, in at least INET6_ADDRSTRLEN bytes.
const char *address_write(const struct address *address, char *text);

// The addresses of a host: what the text says itself, or what the host of the component finds. 0, or one of EAI_*;
// for EAI_SYSTEM, errno.
int addresses_find(const char *host, struct addresses *found);

#endif
