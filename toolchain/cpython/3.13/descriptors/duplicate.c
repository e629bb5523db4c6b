/* dup and its kin, which this C library lacks. Its table of descriptors has for each an address of data and one of functions for
 * these; two descriptors with the same data are one open file, with one offset, as POSIX has it. The data is freed with the last of
 * them: in the place of the functions stands a copy whose first, which frees, counts. */

#include "Python.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Of wasi-libc, in none of its headers. */
typedef struct {
    void (*free)(void *data);
    void (*others[23])(void);
} operations;

typedef struct {
    void *data;
    operations *operations;
} entry;

int descriptor_table_insert(entry entry);
entry *descriptor_table_get_ref(int descriptor);
int descriptor_table_remove(int descriptor);

/* Of held.c. */
int ampoule_release_number(int descriptor);

/* An open file that several descriptors have. */
typedef struct shared {
    struct shared *next;
    void *data;
    unsigned descriptors;
    operations *original;
    operations counting;
} shared;

static shared *all_shared;

static shared **find(const void *data)
{
    shared **place = &all_shared;
    while (*place && (*place)->data != data)
        place = &(*place)->next;
    return place;
}

static void release(void *data)
{
    shared **place = find(data), *released = *place;
    if (--released->descriptors)
        return;
    *place = released->next;
    released->original->free(data);
    free(released);
}

/* Makes an entry one that may be copied. */
static int share(entry *own)
{
    if (*find(own->data))
        return 1;
    shared *made = malloc(sizeof *made);
    if (!made) {
        errno = ENOMEM;
        return 0;
    }
    *made = (shared){all_shared, own->data, 1, own->operations, *own->operations};
    made->counting.free = release;
    own->operations = &made->counting;
    all_shared = made;
    return 1;
}

/* The entry of a descriptor, to be copied; counted as if it had been. */
static int take(int descriptor, entry *taken)
{
    entry *own = descriptor_table_get_ref(descriptor);
    if (!own || !share(own))
        return 0;
    *taken = *own;
    (*find(taken->data))->descriptors++;
    return 1;
}

int dup(int descriptor)
{
    entry taken;
    /* What cannot be inserted is released. */
    return take(descriptor, &taken) ? descriptor_table_insert(taken) : -1;
}

/* No process has more. */
enum { MOST = 1024 };

static void keep_nothing(void *data)
{
    (void)data;
}

/* Opens a certain descriptor: the table hands out the numbers, so those that are not wanted are held until it does. */
static int reserve(int descriptor)
{
    static operations none = {keep_nothing};
    unsigned char held[MOST] = {0};
    int number;
    while ((number = descriptor_table_insert((entry){&none, &none})) >= 0 && number != descriptor && number < MOST)
        held[number] = 1;
    for (int other = 0; other < MOST; other++)
        if (held[other])
            descriptor_table_remove(other);
    if (number >= 0 && number != descriptor)
        descriptor_table_remove(number);
    return number == descriptor;
}

int dup2(int descriptor, int target)
{
    entry taken;
    if (target < 0 || target >= MOST) {
        errno = EBADF;
        return -1;
    }
    if (descriptor == target)
        return descriptor_table_get_ref(descriptor) ? target : -1;
    if (!take(descriptor, &taken))
        return -1;
    if (ampoule_release_number(target) < 0 || (!descriptor_table_get_ref(target) && !reserve(target))) {
        taken.operations->free(taken.data);
        errno = EMFILE;
        return -1;
    }
    entry *replaced = descriptor_table_get_ref(target), old = *replaced;
    *replaced = taken;
    old.operations->free(old.data);
    return target;
}

int dup3(int descriptor, int target, int flags)
{
    (void)flags;
    if (descriptor == target) {
        errno = EINVAL;
        return -1;
    }
    return dup2(descriptor, target);
}
