// Extension modules are linked into the component; the import system finds them by dlopen and dlsym as anywhere else.
//
// The build registers each extension's path in the image and its init function; these functions look them up.

#define Py_BUILD_CORE 1 // for how it calls functions of other types

#include "life/guest.h"
#include <dlfcn.h>
#include <internal/pycore_emscripten_trampoline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct extension {
    struct extension *next;
    char *path;
    char *symbol;
    void *initializer;
};

static struct extension *extensions;
static char error[512];
static bool has_error;

int ampoule_register_extension(const char *path, const char *symbol, void *initializer) {
    struct extension *extension = malloc(sizeof *extension);
    char *path_copy = strdup(path);
    char *symbol_copy = strdup(symbol);
    if (!extension || !path_copy || !symbol_copy)
        return -1;
    *extension = (struct extension){extensions, path_copy, symbol_copy, initializer};
    extensions = extension;
    return 0;
}

void ampoule_describe_functions(uintptr_t first, const char *signatures) {
    ampoule_first_side_function = first;
    ampoule_side_functions = strlen(signatures);
    ampoule_side_signatures = signatures;
}

static void *fail(const char *format, const char *name, const char *path) {
    snprintf(error, sizeof error, format, name, path);
    has_error = true;
    return NULL;
}

// The handle is an extension with that path; a file with several init functions has as many.
void *dlopen(const char *path, int flags) {
    (void)flags;
    for (struct extension *extension = extensions; path && extension; extension = extension->next)
        if (strcmp(extension->path, path) == 0)
            return extension;
    return fail("%s%s is not linked into this component: name it when the component is built", "",
                path ? path : "the program");
}

void *dlsym(void *handle, const char *symbol) {
    const struct extension *opened = handle;
    for (struct extension *extension = extensions; opened && extension; extension = extension->next)
        if (strcmp(extension->path, opened->path) == 0 && strcmp(extension->symbol, symbol) == 0)
            return extension->initializer;
    return fail("the symbol %s is not defined by the extension %s", symbol, opened ? opened->path : "");
}

int dlclose(void *handle) {
    (void)handle;
    return 0;
}

char *dlerror(void) {
    char *message = has_error ? error : NULL;
    has_error = false;
    return message;
}
