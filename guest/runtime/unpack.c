// Unpacks the files of the image: raw deflate (RFC 1951), by zlib.

#include "image.h"
#include <string.h>
#include <zlib.h>

// The window is not needed, as all that comes out is at hand; a negative size says that there is no header.
enum { RAW_WINDOW_BITS = -15 };

bool image_unpack(const struct image *image, const struct node *file, uint8_t *bytes) {
    if (file->kind == NODE_STORED) {
        memcpy(bytes, image_bytes(image, file->start), file->size);
        return true;
    }
    z_stream stream = {
        .next_in = (z_const Bytef *)image_bytes(image, file->start),
        .avail_in = file->length,
        .next_out = bytes,
        .avail_out = file->size,
    };
    if (inflateInit2(&stream, RAW_WINDOW_BITS) != Z_OK)
        return false;
    int status = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return status == Z_STREAM_END && stream.avail_out == 0;
}
