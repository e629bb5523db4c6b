/* Descriptors that mappings hold. */

typedef struct held held;

/* NULL where there is no memory. */
__attribute__((visibility("default"))) held *ampoule_hold(int descriptor);

/* The descriptor; none, -1, after a snapshot. */
__attribute__((visibility("default"))) int ampoule_held_descriptor(const held *held);

/* Closes the descriptor if Python has done so meanwhile and no other mapping holds it. */
__attribute__((visibility("default"))) void ampoule_release_held(held *released);

/* As `close`: at once, or when the descriptor is released. */
int ampoule_close(int descriptor);

/* Lets mappings hold another descriptor of the same file, so that this one can become another's. */
int ampoule_release_number(int descriptor);

/* For a snapshot, after which these descriptors are not open: other files get their numbers. */
void ampoule_forget_held(void);
