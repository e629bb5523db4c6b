// /tmp: files and folders in the memory of the instance. What module level code leaves there in the build is there in
// each instance; what an instance changes is its own, and what it removes is freed. And /dev, in which only `null` is.

#ifndef AMPOULE_TEMPORARY_H
#define AMPOULE_TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wasi/wasip2.h>

// A file or folder.
struct entry {
    // Null for /tmp and /dev themselves, and once the entry is removed.
    struct entry *parent;
    char *name;
    size_t name_length;
    bool is_folder;
    // Its place in its folder is one, each descriptor another.
    uint32_t references;
    // No other entry ever has it.
    uint64_t number;
    filesystem_datetime_t accessed;
    filesystem_datetime_t modified;
    // In a folder: the entries, in order of their names.
    struct entry **children;
    size_t count;
    // In a file.
    uint8_t *bytes;
    size_t size;
    size_t capacity;
};

// How many bytes all of it may take; none at all if there is to be no /tmp.
extern uint64_t ampoule_temporary_limit;

// Whether something did not fit since this was last set to false.
extern bool ampoule_temporary_is_full;

struct entry *temporary_root(void);
struct entry *devices_root(void);

// Whether it is /dev/null: empty, and it takes whatever is written.
bool is_null_device(const struct entry *entry);

// Where a relative path leads: to an entry, or to a name that a folder has not.
struct location {
    struct entry *entry;
    struct entry *folder;
    const char *name;
    size_t length;
};

// Each of these gives false, with one of FILESYSTEM_ERROR_CODE_*, if it cannot be done.
bool temporary_locate(struct entry *start, const char *path, size_t length, struct location *found, uint8_t *error);
bool temporary_find(struct entry *start, const char *path, size_t length, struct entry **found, uint8_t *error);
bool temporary_create(const struct location *place, bool is_folder, struct entry **created, uint8_t *error);
bool temporary_remove(const struct location *place, bool is_folder, uint8_t *error);
bool temporary_rename(const struct location *from, const struct location *to, uint8_t *error);
bool temporary_resize(struct entry *file, uint64_t size, uint8_t *error);
bool temporary_write(struct entry *file, uint64_t offset, const uint8_t *bytes, size_t length, uint8_t *error);

// Marks a change.
void temporary_touch(struct entry *entry);

void entry_keep(struct entry *entry);
void entry_release(struct entry *entry);

#endif
