// Functions of the C library that look at every byte, eight at a time: its own go one by one.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Eight bytes, wherever they lie and whatever they are.
typedef uint64_t __attribute__((aligned(1), may_alias)) word;

enum { WORD = sizeof(word) };

static const uint64_t LOWEST_BITS = 0x0101010101010101, HIGHEST_BITS = 0x8080808080808080;

// The highest bit of the first byte that is zero, and of none before it.
static inline uint64_t zero_bytes(uint64_t bytes) { return (bytes - LOWEST_BITS) & ~bytes & HIGHEST_BITS; }

static inline size_t first_index(uint64_t highest_bits) { return (size_t)__builtin_ctzll(highest_bits) / 8; }

__attribute__((no_builtin)) int memcmp(const void *one, const void *other, size_t size) {
    const uint8_t *left = one, *right = other;
    for (; size >= WORD && *(const word *)left == *(const word *)right; size -= WORD) {
        left += WORD;
        right += WORD;
    }
    for (; size && *left == *right; size--) {
        left++;
        right++;
    }
    return size ? *left - *right : 0;
}

__attribute__((no_builtin)) void *memchr(const void *start, int wanted, size_t size) {
    const uint8_t *bytes = start;
    const uint64_t pattern = LOWEST_BITS * (uint8_t)wanted;
    for (; size >= WORD; size -= WORD) {
        uint64_t found = zero_bytes(*(const word *)bytes ^ pattern);
        if (found)
            return (void *)(bytes + first_index(found));
        bytes += WORD;
    }
    for (; size; size--) {
        if (*bytes == (uint8_t)wanted)
            return (void *)bytes;
        bytes++;
    }
    return NULL;
}

// Words that are aligned do not reach beyond the memory.
__attribute__((no_builtin)) size_t strlen(const char *text) {
    const char *end = text;
    for (; (uintptr_t)end % WORD; end++)
        if (!*end)
            return (size_t)(end - text);
    uint64_t found;
    while (!(found = zero_bytes(*(const word *)end)))
        end += WORD;
    return (size_t)(end - text) + first_index(found);
}
