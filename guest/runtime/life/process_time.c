// The time of the process, which is that since somebody first asked for it: WASI measures none, and the monotonic clock
// of a host may have begun long before the instance.

#define _WASI_EMULATED_PROCESS_CLOCKS 1 // for sys/times.h
#include "life/guest.h"
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000000 };

static bool is_running = false;
static struct timespec start;

void ampoule_forget_process_time(void) { is_running = false; }

// Nanoseconds; -1 if there is no clock. The C library's `getrusage` counts by it, too.
clock_t __clock(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
        return -1;
    if (!is_running)
        start = now;
    is_running = true;
    return (clock_t)(now.tv_sec - start.tv_sec) * SECOND + (now.tv_nsec - start.tv_nsec);
}

clock_t clock(void) { return __clock(); }

// In ticks of the system, as POSIX has it. What time it is now counts from any moment, such as the start.
clock_t times(struct tms *times) {
    clock_t now = __clock();
    if (now < 0)
        return now;
    now /= SECOND / sysconf(_SC_CLK_TCK);
    *times = (struct tms){.tms_utime = now};
    return now;
}
