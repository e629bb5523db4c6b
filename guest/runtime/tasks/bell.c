// Bells: how one task wakes another that waits. A read of a stream without a type is put into the other's set, then
// written to, which is an event for it.

#include "tasks/task.h"

struct bell {
    struct bell *next;
    uint32_t reader;
    uint32_t writer;
};

static struct bell *spare;
// Those that have been rung and not been heard.
static struct bell *rung;

static struct bell *take_bell(void) {
    struct bell *bell = spare;
    if (bell) {
        spare = bell->next;
        return bell;
    }
    bell = PyMem_RawMalloc(sizeof *bell);
    if (!bell)
        Py_FatalError("out of memory to wake a task");
    uint64_t ends = builtins.stream_new();
    bell->reader = (uint32_t)ends;
    bell->writer = (uint32_t)(ends >> 32);
    return bell;
}

void bell_ring(struct task *task) {
    if (!task->is_parked || task->is_rung)
        return;
    static uint32_t nothing;
    struct bell *bell = take_bell();
    task->is_rung = true;
    builtins.stream_read(bell->reader, &nothing, 1);
    builtins.join(bell->reader, task->set);
    builtins.stream_write(bell->writer, &nothing, 1);
    bell->next = rung;
    rung = bell;
}

void bell_heard(struct task *task, uint32_t waitable) {
    struct bell **place = &rung;
    while (*place && (*place)->reader != waitable)
        place = &(*place)->next;
    struct bell *bell = *place;
    if (!bell)
        return;
    builtins.join(waitable, 0);
    *place = bell->next;
    bell->next = spare;
    spare = bell;
    task->is_rung = false;
}
