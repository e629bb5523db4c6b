// Zeroes the memory that is free, so that the snapshot holds live objects only and compresses well, and closes the gaps
// between these, so that an instance touches few pages.

#define Py_BUILD_CORE 1 // for the layout of pymalloc's arenas
#include "life/guest.h"
#include <Python.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_obmalloc.h>
#include <internal/pycore_pystate.h>
#include <stdlib.h>
#include <string.h>

// Takes a pool out of those that new objects go to. They lie all over the memory, and each is a page that the host
// would have to copy for an instance; pools of its own are fresh pages. It comes back when its last object has gone.
static void set_aside(struct pool_header *pool) {
    bool has_room = pool->freeblock;
    if (!has_room)
        return;
    pool->nextpool->prevpool = pool->prevpool;
    pool->prevpool->nextpool = pool->nextpool;
    pool->nextpool = pool->prevpool = pool;
}

static void clear_pool(struct pool_header *pool) {
    uint8_t *start = (uint8_t *)pool;
    if (pool->ref.count == 0) {
        memset(start + POOL_OVERHEAD, 0, POOL_SIZE - POOL_OVERHEAD);
        // Any size class may take the pool next, so none can rely on what the header says of its last one.
        pool->szidx = DUMMY_SIZE_IDX;
        return;
    }
    memset(start + pool->nextoffset, 0, pool->nextoffset < POOL_SIZE ? POOL_SIZE - pool->nextoffset : 0);
    size_t size = INDEX2SIZE(pool->szidx);
    // A free block begins with a pointer to the next one.
    for (pymem_block *block = pool->freeblock; block; block = *(pymem_block **)block)
        memset(block + sizeof block, 0, size - sizeof block);
    set_aside(pool);
}

static void clear_arenas(void) {
    struct _obmalloc_mgmt *arenas = &_PyInterpreterState_GET()->obmalloc->mgmt;
    for (uint i = 0; i < arenas->maxarenas; i++) {
        struct arena_object *arena = &arenas->arenas[i];
        if (!arena->address)
            continue;
        uint8_t *pool = (uint8_t *)_Py_ALIGN_UP(arena->address, POOL_SIZE);
        // Pools from here on were never in use.
        for (; pool < arena->pool_address; pool += POOL_SIZE)
            clear_pool((struct pool_header *)pool);
    }
}

struct chunk {
    struct chunk *next;
};

// Takes every free chunk of about this size that lies below `end`, and zeroes it.
static struct chunk *take_chunks(struct chunk *taken, size_t size, uintptr_t end) {
    for (;;) {
        struct chunk *chunk = malloc(size);
        if (!chunk || (uintptr_t)chunk + size > end) {
            free(chunk);
            return taken;
        }
        memset(chunk, 0, size);
        chunk->next = taken;
        taken = chunk;
    }
}

// Gives chunks back if they are to be used again.
static void settle_chunks(struct chunk *taken, bool used_again) {
    while (taken) {
        struct chunk *next = taken->next;
        taken->next = NULL;
        if (used_again)
            free(taken);
        taken = next;
    }
}

// The C library does not say where its free memory is, but gives it away: first the large chunks, then what is left.
// Those that are smaller than a page are not given back, for the same reason as with pools.
static void clear_heap(void) {
    enum { LARGEST = 1 << 20, PAGE = 4096, SMALLEST = 16 };
    uintptr_t end = __builtin_wasm_memory_size(0) * 65536;
    struct chunk *large = NULL, *small = NULL;
    for (size_t size = LARGEST; size >= PAGE; size /= 2)
        large = take_chunks(large, size, end);
    for (size_t size = PAGE / 2; size >= SMALLEST; size /= 2)
        small = take_chunks(small, size, end);
    settle_chunks(large, true);
    settle_chunks(small, false);
}

void ampoule_clear_free_memory(void) {
    clear_arenas();
    clear_heap();
}
