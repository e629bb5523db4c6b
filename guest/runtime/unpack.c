// Unpacks the files of the image: raw deflate (RFC 1951), by zlib.

#include "image.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { WINDOW_BITS = 15, WINDOW_SIZE = 1 << WINDOW_BITS };

// All input is there from the start.
static unsigned no_more_input(void *context, z_const unsigned char **bytes) {
    (void)context;
    *bytes = NULL;
    return 0;
}

struct output {
    uint8_t *position;
    uint8_t *end;
};

static int take_output(void *context, unsigned char *bytes, unsigned length) {
    struct output *output = context;
    if (length > (size_t)(output->end - output->position))
        return 1;
    memcpy(output->position, bytes, length);
    output->position += length;
    return 0;
}

static bool inflate_file(const struct image *image, const struct node *file, uint8_t *bytes, uint8_t *window) {
    z_stream stream = {
        .next_in = (z_const Bytef *)image_bytes(image, file->start),
        .avail_in = file->length,
    };
    if (inflateBackInit(&stream, WINDOW_BITS, window) != Z_OK)
        return false;
    struct output output = {bytes, bytes + file->size};
    int status = inflateBack(&stream, no_more_input, NULL, take_output, &output);
    inflateBackEnd(&stream);
    return status == Z_STREAM_END && output.position == output.end;
}

bool image_unpack(const struct image *image, const struct node *file, uint8_t *bytes) {
    if (file->kind == NODE_STORED) {
        memcpy(bytes, image_bytes(image, file->start), file->size);
        return true;
    }
    uint8_t *window = malloc(WINDOW_SIZE);
    bool done = window && inflate_file(image, file, bytes, window);
    free(window);
    return done;
}
