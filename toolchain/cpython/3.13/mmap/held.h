/* Descriptors that mappings hold. */

/* Fails where there is no memory. */
__attribute__((visibility("default"))) int ampoule_hold(int descriptor);

/* Closes it if Python has done so meanwhile and no other mapping holds it. */
__attribute__((visibility("default"))) void ampoule_release_held(int descriptor);

/* As `close`, at once or when it is released. */
int ampoule_close(int descriptor);

/* For a snapshot, after which no descriptor is open. */
void ampoule_forget_held(void);
