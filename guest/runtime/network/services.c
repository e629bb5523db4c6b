#define _GNU_SOURCE 1 // for the functions that POSIX has dropped
#include "network/services.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <stddef.h>
#include <string.h>

static const struct service services[] = {
    {"ftp-data", 20, true, false},    {"ftp", 21, true, false},          {"ssh", 22, true, false},
    {"telnet", 23, true, false},      {"smtp", 25, true, false},         {"domain", 53, true, true},
    {"http", 80, true, false},        {"kerberos", 88, true, true},      {"pop3", 110, true, false},
    {"nntp", 119, true, false},       {"ntp", 123, false, true},         {"imap", 143, true, false},
    {"imap2", 143, true, false},      {"snmp", 161, true, true},         {"ldap", 389, true, true},
    {"https", 443, true, true},       {"submissions", 465, true, false}, {"syslog", 514, false, true},
    {"submission", 587, true, false}, {"ldaps", 636, true, true},        {"ftps-data", 989, true, false},
    {"ftps", 990, true, false},       {"imaps", 993, true, false},       {"pop3s", 995, true, false},
    {"mysql", 3306, true, false},     {"postgresql", 5432, true, false}, {"mdns", 5353, false, true},
};

static bool has_protocol(const struct service *service, const char *protocol) {
    return !protocol || (strcmp(protocol, "tcp") == 0 && service->has_tcp) ||
           (strcmp(protocol, "udp") == 0 && service->has_udp);
}

// By a name, or by a port if there is no name.
static const struct service *find(const char *name, uint16_t port, const char *protocol) {
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        bool is_it = name ? strcmp(services[i].name, name) == 0 : services[i].port == port;
        if (is_it && has_protocol(&services[i], protocol))
            return &services[i];
    }
    return NULL;
}

const struct service *service_named(const char *name, const char *protocol) { return find(name, 0, protocol); }

const struct service *service_at(uint16_t port, const char *protocol) { return find(NULL, port, protocol); }

static char *no_aliases[] = {NULL};

static struct servent *entry_of(const struct service *service, const char *protocol) {
    static struct servent entry;
    if (!service)
        return NULL;
    const char *first = service->has_tcp ? "tcp" : "udp";
    entry = (struct servent){(char *)service->name, no_aliases, htons(service->port),
                             (char *)(protocol ? protocol : first)};
    return &entry;
}

struct servent *getservbyname(const char *name, const char *protocol) {
    return entry_of(service_named(name, protocol), protocol);
}

struct servent *getservbyport(int port, const char *protocol) {
    return entry_of(service_at(ntohs((uint16_t)port), protocol), protocol);
}

struct protoent *getprotobyname(const char *name) {
    static const struct {
        const char *name;
        int number;
    } protocols[] = {
        {"ip", IPPROTO_IP}, {"icmp", IPPROTO_ICMP}, {"tcp", IPPROTO_TCP}, {"udp", IPPROTO_UDP}, {"ipv6", IPPROTO_IPV6}};
    static struct protoent entry;
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (strcmp(protocols[i].name, name) == 0) {
            entry = (struct protoent){(char *)protocols[i].name, no_aliases, protocols[i].number};
            return &entry;
        }
    return NULL;
}
