#include "network/addresses.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/wasip2.h>

static bool read_scope(const char *digits, uint32_t *scope) {
    char *end;
    errno = 0;
    unsigned long number = strtoul(digits, &end, 10);
    *scope = (uint32_t)number;
    return *digits >= '0' && *digits <= '9' && !*end && !errno;
}

static bool read_ipv6(const char *text, struct address *address) {
    char plain[INET6_ADDRSTRLEN];
    size_t length = strcspn(text, "%");
    if (length >= sizeof plain)
        return false;
    memcpy(plain, text, length);
    plain[length] = 0;
    address->family = AF_INET6;
    address->scope = 0;
    return inet_pton(AF_INET6, plain, address->bytes) == 1 &&
           (!text[length] || read_scope(text + length + 1, &address->scope));
}

bool address_read(const char *text, struct address *address) {
    struct in_addr ipv4;
    if (!inet_aton(text, &ipv4))
        return read_ipv6(text, address);
    address->family = AF_INET;
    address->scope = 0;
    memcpy(address->bytes, &ipv4, sizeof ipv4);
    return true;
}

const char *address_write(const struct address *address, char *text) {
    return inet_ntop(address->family, address->bytes, text, INET6_ADDRSTRLEN);
}

static struct address from_wasi(const ip_name_lookup_ip_address_t *given) {
    struct address address = {.family = AF_INET};
    if (given->tag == NETWORK_IP_ADDRESS_IPV4) {
        memcpy(address.bytes, &given->val.ipv4, sizeof given->val.ipv4);
        return address;
    }
    const network_ipv6_address_t *ip = &given->val.ipv6;
    const uint16_t words[] = {ip->f0, ip->f1, ip->f2, ip->f3, ip->f4, ip->f5, ip->f6, ip->f7};
    address.family = AF_INET6;
    for (size_t i = 0; i < 8; i++) {
        address.bytes[2 * i] = (uint8_t)(words[i] >> 8);
        address.bytes[2 * i + 1] = (uint8_t)words[i];
    }
    return address;
}

static int code_of(ip_name_lookup_error_code_t error) {
    switch (error) {
    case NETWORK_ERROR_CODE_OUT_OF_MEMORY:
        return EAI_MEMORY;
    case NETWORK_ERROR_CODE_NAME_UNRESOLVABLE:
    // A name that can be none.
    case NETWORK_ERROR_CODE_INVALID_ARGUMENT:
        return EAI_NONAME;
    case NETWORK_ERROR_CODE_TEMPORARY_RESOLVER_FAILURE:
        return EAI_AGAIN;
    case NETWORK_ERROR_CODE_ACCESS_DENIED:
        errno = EACCES;
        return EAI_SYSTEM;
    default:
        return EAI_FAIL;
    }
}

static void wait_for(ip_name_lookup_borrow_resolve_address_stream_t stream) {
    poll_own_pollable_t pollable = ip_name_lookup_method_resolve_address_stream_subscribe(stream);
    poll_method_pollable_block(poll_borrow_pollable(pollable));
    poll_pollable_drop_own(pollable);
}

static int read_all(ip_name_lookup_borrow_resolve_address_stream_t stream, struct addresses *found) {
    for (;;) {
        ip_name_lookup_option_ip_address_t next;
        ip_name_lookup_error_code_t error;
        if (ip_name_lookup_method_resolve_address_stream_resolve_next_address(stream, &next, &error)) {
            if (!next.is_some)
                return 0;
            if (found->count < MOST_ADDRESSES)
                found->items[found->count++] = from_wasi(&next.val);
        } else if (error == NETWORK_ERROR_CODE_WOULD_BLOCK) {
            wait_for(stream);
        } else {
            return code_of(error);
        }
    }
}

// The network is asked for each time: nothing of a host is kept in a snapshot.
static int look_up(const char *name, struct addresses *found) {
    wasip2_string_t text = {(uint8_t *)name, strlen(name)};
    instance_network_own_network_t network = instance_network_instance_network();
    ip_name_lookup_own_resolve_address_stream_t stream;
    ip_name_lookup_error_code_t error;
    int status;
    if (ip_name_lookup_resolve_addresses(network_borrow_network(network), &text, &stream, &error)) {
        status = read_all(ip_name_lookup_borrow_resolve_address_stream(stream), found);
        ip_name_lookup_resolve_address_stream_drop_own(stream);
    } else {
        status = code_of(error);
    }
    network_network_drop_own(network);
    return status;
}

int addresses_find(const char *host, struct addresses *found) {
    found->count = address_read(host, &found->items[0]) ? 1 : 0;
    if (found->count)
        return 0;
    int status = look_up(host, found);
    return status || found->count ? status : EAI_NONAME;
}
