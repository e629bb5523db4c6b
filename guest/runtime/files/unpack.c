// Unpacks the files of the image: raw deflate (RFC 1951), by libdeflate.

#include "files/image.h"
#include <libdeflate.h>
#include <string.h>

bool image_unpack(const struct image *image, const struct node *file, uint8_t *bytes) {
    if (file->kind == NODE_STORED) {
        memcpy(bytes, image_bytes(image, file->start), file->size);
        return true;
    }
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    if (!decompressor)
        return false;
    enum libdeflate_result result = libdeflate_deflate_decompress(decompressor, image_bytes(image, file->start),
                                                                  file->length, bytes, file->size, NULL);
    libdeflate_free_decompressor(decompressor);
    return result == LIBDEFLATE_SUCCESS;
}
