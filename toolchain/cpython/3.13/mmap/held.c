/* Descriptors that a mapping still needs when Python closes them: they stay open until no mapping holds them. A second
 * one of each would do as well, but for a snapshot, after which none is open. */

#include "Python.h"
#include "held.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct held {
    held *next;
    int descriptor;
    unsigned mappings;
    int is_closed;
};

static held *all_held;

static held **find(int descriptor) {
    held **place = &all_held;
    while (*place && (*place)->descriptor != descriptor)
        place = &(*place)->next;
    return place;
}

held *ampoule_hold(int descriptor) {
    held *found = *find(descriptor);
    if (!found) {
        found = calloc(1, sizeof *found);
        if (!found)
            return NULL;
        found->descriptor = descriptor;
        found->next = all_held;
        all_held = found;
    }
    found->mappings++;
    return found;
}

int ampoule_held_descriptor(const held *held) {
    return held->descriptor;
}

void ampoule_release_held(held *released) {
    if (--released->mappings > 0)
        return;
    if (released->descriptor >= 0) {
        *find(released->descriptor) = released->next;
        if (released->is_closed)
            close(released->descriptor);
    }
    free(released);
}

int ampoule_close(int descriptor) {
    held *found = *find(descriptor);
    if (!found)
        return close(descriptor);
    if (found->is_closed) {
        errno = EBADF;
        return -1;
    }
    found->is_closed = 1;
    return 0;
}

int ampoule_release_number(int descriptor) {
    held *found = *find(descriptor);
    if (!found)
        return 0;
    int other = dup(descriptor);
    if (other < 0)
        return -1;
    if (found->is_closed)
        close(descriptor);
    found->descriptor = other;
    found->is_closed = 1;
    return 0;
}

void ampoule_forget_held(void) {
    for (; all_held; all_held = all_held->next)
        all_held->descriptor = -1;
}
