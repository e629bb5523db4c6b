// What `tasks/` has of the base, to which it is linked in asynchronous worlds only: it is exported, under names that no
// extension module has.

#ifndef AMPOULE_SHARED_H
#define AMPOULE_SHARED_H

#define VISIBLE __attribute__((visibility("default")))
#define SHARED(name) __asm__("ampoule_" #name) VISIBLE

#endif
