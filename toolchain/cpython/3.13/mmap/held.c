/* Descriptors that a mapping still needs when Python closes them: WASI cannot make a second descriptor for a file, so
 * the one there is stays open until no mapping holds it. */

#include "held.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct held {
    struct held *next;
    int descriptor;
    unsigned mappings;
    int is_closed;
} held;

static held *all_held;

static held **find(int descriptor) {
    held **place = &all_held;
    while (*place && (*place)->descriptor != descriptor)
        place = &(*place)->next;
    return place;
}

int ampoule_hold(int descriptor) {
    held *found = *find(descriptor);
    if (!found) {
        found = calloc(1, sizeof *found);
        if (!found)
            return -1;
        found->descriptor = descriptor;
        found->next = all_held;
        all_held = found;
    }
    found->mappings++;
    return 0;
}

void ampoule_release_held(int descriptor) {
    held **place = find(descriptor);
    held *found = *place;
    if (!found || --found->mappings > 0)
        return;
    *place = found->next;
    if (found->is_closed)
        close(descriptor);
    free(found);
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

void ampoule_forget_held(void) {
    while (all_held) {
        held *next = all_held->next;
        free(all_held);
        all_held = next;
    }
}
