// The C library's table of open files holds handles of the host that it runs under.

#include "life/guest.h"
#include "files/modules.h"
#include <stdio.h>
#include <wasi/libc.h>

// Of wasi-libc, in none of its headers: forgets all descriptors, the standard ones too; they are made anew on demand.
void descriptor_table_clear(void) __attribute__((weak));

// Of the core: forgets those that mappings hold.
void ampoule_forget_held(void);

void ampoule_forget_descriptors(void) {
    fflush(NULL);
    ampoule_forget_held();
    ampoule_forget_folders_of_host();
    __wasilibc_reset_preopens();
    if (descriptor_table_clear)
        descriptor_table_clear();
}
