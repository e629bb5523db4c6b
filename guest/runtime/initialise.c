// Starts the interpreter for the build: isolated, with the image's stdlib and nothing from outside.

#include "guest.h"
#include <stdio.h>

bool ampoule_building = true;

static const wchar_t *const search_paths[] = {
    L"/lib/python3.13",
    L"/lib/python3.13/lib-dynload",
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
        {&config->stdlib_dir, L"/lib/python3.13"},
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

static PyStatus start(PyConfig *config, uint32_t hash_seed) {
    // The same inputs must give the same bytes: no hash depends on chance.
    config->use_hash_seed = 1;
    config->hash_seed = hash_seed;
    config->install_signal_handlers = 0;
    config->write_bytecode = 0;
    config->site_import = 0;
    PyStatus status = set_strings(config);
    if (!PyStatus_Exception(status))
        status = set_search_paths(config);
    return PyStatus_Exception(status) ? status : Py_InitializeFromConfig(config);
}

int ampoule_initialize(uint32_t hash_seed) {
    PyPreConfig preconfig;
    PyPreConfig_InitIsolatedConfig(&preconfig);
    preconfig.utf8_mode = 1;
    PyStatus status = Py_PreInitialize(&preconfig);
    PyImport_AppendInittab("componentize_py_runtime", PyInit_componentize_py_runtime);
    PyImport_AppendInittab("_ampoule_runtime", PyInit__ampoule_runtime);
    if (!PyStatus_Exception(status)) {
        PyConfig config;
        PyConfig_InitIsolatedConfig(&config);
        status = start(&config, hash_seed);
        PyConfig_Clear(&config);
    }
    if (!PyStatus_Exception(status)) {
        // This state is captured, and goes on under another host.
        ampoule_forget_descriptors();
        ampoule_clear_free_memory();
        return 0;
    }
    fprintf(stderr, "the interpreter does not start: %s\n", status.err_msg ? status.err_msg : "no reason given");
    return 1;
}
