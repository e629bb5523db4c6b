#define _GNU_SOURCE 1 // for clock_gettime
#include "files/temporary.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t ampoule_temporary_limit = 64 << 20;
bool ampoule_temporary_is_full = false;

static struct entry root = {.is_folder = true, .references = 1, .number = 1};
static uint64_t used = 0;

static struct entry devices,
    null_device = {.parent = &devices, .name = "null", .name_length = 4, .references = 1, .number = 3};
static struct entry *all_devices[] = {&null_device};
static struct entry devices = {.is_folder = true, .references = 1, .number = 2, .children = all_devices, .count = 1};
static uint64_t last_number = 3;

struct entry *temporary_root(void) { return &root; }
struct entry *devices_root(void) { return &devices; }
bool is_null_device(const struct entry *entry) { return entry == &null_device; }

static bool fail(uint8_t *error, uint8_t code) {
    *error = code;
    return false;
}

// Whether there is room for so many bytes more, which then count.
static bool take_room(uint64_t size, uint8_t *error) {
    if (size > ampoule_temporary_limit || used > ampoule_temporary_limit - size) {
        ampoule_temporary_is_full = true;
        return fail(error, FILESYSTEM_ERROR_CODE_INSUFFICIENT_SPACE);
    }
    used += size;
    return true;
}

static filesystem_datetime_t now(void) {
    struct timespec time = {0};
    clock_gettime(CLOCK_REALTIME, &time);
    return (filesystem_datetime_t){(uint64_t)time.tv_sec, (uint32_t)time.tv_nsec};
}

void temporary_touch(struct entry *entry) { entry->modified = now(); }

static int compare(const struct entry *entry, const char *name, size_t length) {
    size_t common = entry->name_length < length ? entry->name_length : length;
    int order = memcmp(entry->name, name, common);
    return order ? order : (entry->name_length > length) - (entry->name_length < length);
}

// Where the name stands among the children, or would stand.
static size_t position(const struct entry *folder, const char *name, size_t length) {
    size_t low = 0, high = folder->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(folder->children[middle], name, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct entry *child(const struct entry *folder, const char *name, size_t length) {
    size_t place = position(folder, name, length);
    bool is_there = place < folder->count && compare(folder->children[place], name, length) == 0;
    return is_there ? folder->children[place] : NULL;
}

static bool is_name(const char *name, size_t length, const char *wanted) {
    return length == strlen(wanted) && memcmp(name, wanted, length) == 0;
}

// Goes to one name of a path, which may be the last one, and missing.
static bool step(struct location *found, const char *name, size_t length, uint8_t *error) {
    struct entry *folder = found->entry;
    if (!folder)
        return fail(error, FILESYSTEM_ERROR_CODE_NO_ENTRY);
    if (!folder->is_folder)
        return fail(error, FILESYSTEM_ERROR_CODE_NOT_DIRECTORY);
    if (is_name(name, length, "."))
        return true;
    if (is_name(name, length, "..")) {
        // What is above /tmp is in another file system.
        if (!folder->parent)
            return fail(error, FILESYSTEM_ERROR_CODE_NOT_PERMITTED);
        *found = (struct location){folder->parent, folder->parent->parent, NULL, 0};
        return true;
    }
    *found = (struct location){child(folder, name, length), folder, name, length};
    return true;
}

bool temporary_locate(struct entry *start, const char *path, size_t length, struct location *found, uint8_t *error) {
    const char *end = path + length;
    *found = (struct location){start, start->parent, NULL, 0};
    while (path < end) {
        const char *slash = memchr(path, '/', (size_t)(end - path));
        const char *name_end = slash ? slash : end;
        if (name_end > path && !step(found, path, (size_t)(name_end - path), error))
            return false;
        path = slash ? slash + 1 : end;
        // A slash at the end asks for a folder.
        if (slash && path == end && found->entry && !found->entry->is_folder)
            return fail(error, FILESYSTEM_ERROR_CODE_NOT_DIRECTORY);
    }
    return true;
}

bool temporary_find(struct entry *start, const char *path, size_t length, struct entry **found, uint8_t *error) {
    struct location location;
    if (!temporary_locate(start, path, length, &location, error))
        return false;
    *found = location.entry;
    return location.entry || fail(error, FILESYSTEM_ERROR_CODE_NO_ENTRY);
}

// What an entry takes beside the bytes of its file.
static uint64_t own_size(const struct entry *entry) { return sizeof *entry + sizeof entry + entry->name_length; }

void entry_keep(struct entry *entry) { entry->references++; }

void entry_release(struct entry *entry) {
    if (--entry->references)
        return;
    used -= own_size(entry) + entry->capacity;
    free(entry->name);
    free(entry->children);
    free(entry->bytes);
    free(entry);
}

static bool attach(struct entry *entry, struct entry *folder, uint8_t *error) {
    struct entry **children = realloc(folder->children, (folder->count + 1) * sizeof *children);
    if (!children)
        return fail(error, FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY);
    folder->children = children;
    size_t place = position(folder, entry->name, entry->name_length);
    memmove(children + place + 1, children + place, (folder->count - place) * sizeof *children);
    children[place] = entry;
    folder->count++;
    entry->parent = folder;
    temporary_touch(folder);
    return true;
}

static void detach(struct entry *entry) {
    struct entry *folder = entry->parent;
    size_t place = position(folder, entry->name, entry->name_length);
    folder->count--;
    memmove(folder->children + place, folder->children + place + 1, (folder->count - place) * sizeof *folder->children);
    entry->parent = NULL;
    temporary_touch(folder);
}

static bool name_entry(struct entry *entry, const char *name, size_t length) {
    char *copy = malloc(length);
    if (copy) {
        free(entry->name);
        entry->name = memcpy(copy, name, length);
        entry->name_length = length;
    }
    return copy;
}

// Whether something new may stand at a place: its folder is still there.
static bool is_free(const struct location *place, uint8_t *error) {
    if (place->entry)
        return fail(error, FILESYSTEM_ERROR_CODE_EXIST);
    if (place->folder == &devices)
        return fail(error, FILESYSTEM_ERROR_CODE_NOT_PERMITTED);
    bool has_folder = place->folder == &root || place->folder->parent;
    return has_folder || fail(error, FILESYSTEM_ERROR_CODE_NO_ENTRY);
}

bool temporary_create(const struct location *place, bool is_folder, struct entry **created, uint8_t *error) {
    const struct entry model = {.name_length = place->length};
    if (!is_free(place, error) || !take_room(own_size(&model), error))
        return false;
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry || !name_entry(entry, place->name, place->length) || !attach(entry, place->folder, error)) {
        used -= own_size(&model);
        if (entry)
            free(entry->name);
        free(entry);
        return fail(error, FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY);
    }
    entry->is_folder = is_folder;
    entry->references = 1;
    entry->number = ++last_number;
    entry->accessed = entry->modified = now();
    *created = entry;
    return true;
}

bool temporary_remove(const struct location *place, bool is_folder, uint8_t *error) {
    struct entry *entry = place->entry;
    if (!entry)
        return fail(error, FILESYSTEM_ERROR_CODE_NO_ENTRY);
    if (entry->is_folder != is_folder)
        return fail(error, is_folder ? FILESYSTEM_ERROR_CODE_NOT_DIRECTORY : FILESYSTEM_ERROR_CODE_IS_DIRECTORY);
    if (entry->count)
        return fail(error, FILESYSTEM_ERROR_CODE_NOT_EMPTY);
    if (!entry->parent)
        return fail(error, FILESYSTEM_ERROR_CODE_BUSY);
    if (entry->parent == &devices)
        return fail(error, FILESYSTEM_ERROR_CODE_NOT_PERMITTED);
    detach(entry);
    entry_release(entry);
    return true;
}

static bool is_within(const struct entry *entry, const struct entry *folder) {
    while (entry && entry != folder)
        entry = entry->parent;
    return entry;
}

// Whether one entry may take another's place.
static bool may_replace(const struct entry *entry, const struct entry *other, uint8_t *error) {
    if (other->is_folder != entry->is_folder)
        return fail(error, other->is_folder ? FILESYSTEM_ERROR_CODE_IS_DIRECTORY : FILESYSTEM_ERROR_CODE_NOT_DIRECTORY);
    return !other->count || fail(error, FILESYSTEM_ERROR_CODE_NOT_EMPTY);
}

bool temporary_rename(const struct location *from, const struct location *to, uint8_t *error) {
    struct entry *entry = from->entry, *other = to->entry;
    if (!entry)
        return fail(error, FILESYSTEM_ERROR_CODE_NO_ENTRY);
    if (entry == other)
        return true;
    if (!entry->parent || !to->folder || !to->name)
        return fail(error, FILESYSTEM_ERROR_CODE_BUSY);
    if (is_within(to->folder, entry))
        return fail(error, FILESYSTEM_ERROR_CODE_INVALID);
    if (entry->parent == &devices)
        return fail(error, FILESYSTEM_ERROR_CODE_NOT_PERMITTED);
    const struct location place = {NULL, to->folder, to->name, to->length};
    if ((other && !may_replace(entry, other, error)) || !is_free(&place, error))
        return false;
    if (other) {
        detach(other);
        entry_release(other);
    }
    struct entry *old_folder = entry->parent;
    detach(entry);
    uint64_t old_size = own_size(entry);
    bool is_done = name_entry(entry, to->name, to->length) && attach(entry, to->folder, error);
    used = used - old_size + own_size(entry);
    // Its old folder has room for it still.
    return is_done || (attach(entry, old_folder, error), fail(error, FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY));
}

// Gives a file room for so many bytes; for more than that if it grows, so that it rarely has to.
static bool reserve(struct entry *file, size_t size, uint8_t *error) {
    bool grows = size > file->capacity;
    bool has_too_much = size < file->capacity / 4;
    if (!grows && !has_too_much)
        return true;
    size_t capacity = grows && file->capacity ? size + size / 4 : size;
    if (grows && !take_room(capacity - file->capacity, error)) {
        capacity = size;
        if (!take_room(capacity - file->capacity, error))
            return false;
        ampoule_temporary_is_full = false;
    }
    uint8_t *bytes = realloc(file->bytes, capacity ? capacity : 1);
    if (!bytes) {
        used -= grows ? capacity - file->capacity : 0;
        return !grows || fail(error, FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY);
    }
    used -= grows ? 0 : file->capacity - capacity;
    file->bytes = bytes;
    file->capacity = capacity;
    return true;
}

bool temporary_resize(struct entry *file, uint64_t size, uint8_t *error) {
    if (file->is_folder)
        return fail(error, FILESYSTEM_ERROR_CODE_IS_DIRECTORY);
    if (is_null_device(file))
        return true;
    if (size > UINT32_MAX)
        return fail(error, FILESYSTEM_ERROR_CODE_FILE_TOO_LARGE);
    if (!reserve(file, (size_t)size, error))
        return false;
    if (size > file->size)
        memset(file->bytes + file->size, 0, (size_t)size - file->size);
    file->size = (size_t)size;
    temporary_touch(file);
    return true;
}

bool temporary_write(struct entry *file, uint64_t offset, const uint8_t *bytes, size_t length, uint8_t *error) {
    uint64_t end = offset + length;
    if (is_null_device(file))
        return true;
    if (end < offset || (end > file->size && !temporary_resize(file, end, error)))
        return end >= offset ? false : fail(error, FILESYSTEM_ERROR_CODE_FILE_TOO_LARGE);
    if (length)
        memcpy(file->bytes + offset, bytes, length);
    temporary_touch(file);
    return true;
}
