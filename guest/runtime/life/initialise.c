// Starts the interpreter for the build, with the image's stdlib, and the command line and the environment of the
// build's host.

#include "life/guest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/libc-environ.h>
#include <wasi/wasip2.h>

bool ampoule_building = true;

// The compiler is given STDLIB, the folder of the stdlib in the image.
static const wchar_t *const search_paths[] = {
    STDLIB,
    STDLIB L"/lib-dynload",
};

static PyStatus set_search_paths(PyConfig *config) {
    config->module_search_paths_set = 1;
    for (size_t i = 0; i < Py_ARRAY_LENGTH(search_paths); i++) {
        PyStatus status = PyWideStringList_Append(&config->module_search_paths, search_paths[i]);
        if (PyStatus_Exception(status))
            return status;
    }
    return PyStatus_Ok();
}

static PyStatus set_strings(PyConfig *config) {
    const struct {
        wchar_t **place;
        const wchar_t *value;
    } strings[] = {
        {&config->program_name, L"python"},
        {&config->executable, L""},
        {&config->base_executable, L""},
        {&config->prefix, L"/"},
        {&config->base_prefix, L"/"},
        {&config->exec_prefix, L"/"},
        {&config->base_exec_prefix, L"/"},
        {&config->stdlib_dir, STDLIB},
        {&config->stdio_encoding, L"utf-8"},
        {&config->stdio_errors, L"surrogateescape"},
        {&config->filesystem_encoding, L"utf-8"},
        {&config->filesystem_errors, L"surrogateescape"},
    };
    for (size_t i = 0; i < Py_ARRAY_LENGTH(strings); i++) {
        PyStatus status = PyConfig_SetString(config, strings[i].place, strings[i].value);
        if (PyStatus_Exception(status))
            return status;
    }
    return PyStatus_Ok();
}

// Python's command line.
struct arguments {
    Py_ssize_t count;
    char **items;
};

static struct arguments take_arguments(void) {
    wasip2_list_string_t given;
    environment_get_arguments(&given);
    struct arguments arguments = {0, calloc(given.len + 1, sizeof(char *))};
    for (size_t i = 0; arguments.items && i < given.len; i++) {
        char *text = strndup((const char *)given.ptr[i].ptr, given.ptr[i].len);
        if (text)
            arguments.items[arguments.count++] = text;
    }
    wasip2_list_string_free(&given);
    return arguments;
}

static void release_arguments(struct arguments arguments) {
    for (Py_ssize_t i = 0; i < arguments.count; i++)
        free(arguments.items[i]);
    free(arguments.items);
}

static PyStatus start(PyConfig *config, struct arguments arguments, uint32_t hash_seed) {
    // The same inputs must give the same bytes: no hash depends on chance.
    config->use_hash_seed = 1;
    config->hash_seed = hash_seed;
    config->install_signal_handlers = 0;
    config->configure_c_stdio = 0;
    config->pathconfig_warnings = 0;
    config->user_site_directory = 0;
    config->write_bytecode = 0;
    PyStatus status = PyConfig_SetBytesArgv(config, arguments.count, arguments.items);
    if (!PyStatus_Exception(status))
        status = set_strings(config);
    if (!PyStatus_Exception(status))
        status = set_search_paths(config);
    return PyStatus_Exception(status) ? status : Py_InitializeFromConfig(config);
}

static PyStatus prepare(struct arguments arguments) {
    PyPreConfig preconfig;
    PyPreConfig_InitPythonConfig(&preconfig);
    preconfig.configure_locale = 0;
    preconfig.coerce_c_locale = 0;
    preconfig.utf8_mode = 1;
    PyStatus status = Py_PreInitializeFromBytesArgs(&preconfig, arguments.count, arguments.items);
    PyImport_AppendInittab("componentize_py_runtime", PyInit_componentize_py_runtime);
    PyImport_AppendInittab("_ampoule_runtime", PyInit__ampoule_runtime);
    return status;
}

// The folders of the path were listed; what is in them when the app is imported has come later.
static void forget_listings(void) {
    PyObject *cache = PySys_GetObject("path_importer_cache");
    if (cache)
        PyDict_Clear(cache);
}

int ampoule_initialize(uint32_t hash_seed) {
    struct arguments arguments = take_arguments();
    PyStatus status = prepare(arguments);
    if (!PyStatus_Exception(status)) {
        PyConfig config;
        PyConfig_InitPythonConfig(&config);
        status = start(&config, arguments, hash_seed);
        PyConfig_Clear(&config);
    }
    release_arguments(arguments);
    if (!PyStatus_Exception(status)) {
        // This state is captured, and goes on under another host.
        forget_listings();
        __wasilibc_deinitialize_environ();
        ampoule_forget_descriptors();
        ampoule_clear_free_memory();
        return 0;
    }
    fprintf(stderr, "the interpreter does not start: %s\n", status.err_msg ? status.err_msg : "no reason given");
    return 1;
}
