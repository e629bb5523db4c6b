// The canonical built-ins of asynchronous tasks, which only the world's module of an asynchronous world imports
// (Component Model, Canonical ABI). It hands over their addresses, in the order of the struct
// (`linker/bindgen/src/builtins.rs`).

#ifndef AMPOULE_BUILTINS_H
#define AMPOULE_BUILTINS_H

#include <stdint.h>

struct builtins {
    uint32_t (*set_new)(void);
    uint32_t (*set_poll)(uint32_t set, uint32_t *event);
    void (*set_drop)(uint32_t set);
    void (*join)(uint32_t waitable, uint32_t set);
    void (*subtask_drop)(uint32_t subtask);
    uint32_t (*subtask_cancel)(uint32_t subtask);
    uint32_t (*context_get)(void);
    void (*context_set)(uint32_t value);
    uint64_t (*stream_new)(void);
    uint32_t (*stream_read)(uint32_t reader, void *items, uint32_t count);
    uint32_t (*stream_write)(uint32_t writer, const void *items, uint32_t count);
    void (*task_cancel)(void);
};

extern struct builtins builtins;

// What a callback, or `set_poll`, tells.
enum event {
    EVENT_NONE,
    EVENT_SUBTASK,
    EVENT_STREAM_READ,
    EVENT_STREAM_WRITE,
    EVENT_FUTURE_READ,
    EVENT_FUTURE_WRITE,
    EVENT_CANCELLED
};

// The state of a subtask, in the low bits of what a call gives, or in its event.
enum subtask_state {
    SUBTASK_STARTING,
    SUBTASK_STARTED,
    SUBTASK_RETURNED,
    SUBTASK_START_CANCELLED,
    SUBTASK_RETURN_CANCELLED
};

// What a read or a write gives; above the low four bits, for streams, is the number of items.
enum copy_result { COPY_COMPLETED, COPY_DROPPED, COPY_CANCELLED };
#define COPY_BLOCKED UINT32_MAX

// What an export or its callback gives; a set stands above the low four bits.
enum callback_code { CALLBACK_EXIT, CALLBACK_YIELD, CALLBACK_WAIT };

#endif
