/* Random numbers for AWS-LC on WASI: each is the host's, at the time when it is wanted.
 *
 * AWS-LC's own generator is seeded once and goes on from there. In a component its state would be part of the snapshot,
 * and so be the same, and known, in every instance. This one has no state that a snapshot could hold. */

#include <errno.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <unistd.h>

enum { MOST_AT_ONCE = 256 };

/* Fails where the component has no random numbers. */
int RAND_bytes(uint8_t *out, size_t length)
{
    while (length > 0) {
        size_t part = length < MOST_AT_ONCE ? length : MOST_AT_ONCE;
        if (getentropy(out, part) != 0) {
            OPENSSL_PUT_SYSTEM_ERROR();
            return 0;
        }
        out += part;
        length -= part;
    }
    return 1;
}

int RAND_bytes_with_user_prediction_resistance(uint8_t *out, size_t length,
                                               const uint8_t resistance[RAND_PRED_RESISTANCE_LEN])
{
    (void)resistance;
    return RAND_bytes(out, length);
}

int RAND_priv_bytes(uint8_t *out, size_t length) { return RAND_bytes(out, length); }

int RAND_public_bytes(uint8_t *out, size_t length) { return RAND_bytes(out, length); }

int RAND_pseudo_bytes(uint8_t *out, size_t length) { return RAND_bytes(out, length); }
