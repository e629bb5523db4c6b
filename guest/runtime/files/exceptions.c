// What C++ keeps of the exceptions that are under way. Each extension module has its own copy of the C++ library, and
// this is one for all, so that what one has thrown another can throw again.

struct exceptions {
    void *caught;
    unsigned int uncaught;
};

__attribute__((visibility("default"))) struct exceptions *__cxa_get_globals(void);
__attribute__((visibility("default"))) struct exceptions *__cxa_get_globals_fast(void);

static struct exceptions exceptions;

struct exceptions *__cxa_get_globals(void) { return &exceptions; }

struct exceptions *__cxa_get_globals_fast(void) { return &exceptions; }
