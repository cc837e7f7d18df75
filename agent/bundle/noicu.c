/* An ICU data library that holds nothing: 14 KB for 32 MB.
 *
 * Qt links ICU for collation, old encodings and time zones in words. Our window sorts
 * nothing, reads UTF-8 only and counts its own minutes; letters' cases and kinds are
 * in libicuuc itself. So the library of data has to be there, and may be empty: a
 * "CmnD" package (icu4c/source/common/ucmndata.h) of format 1 with no entry.
 */

#include <stdint.h>

struct package {
    uint16_t header_size;
    uint8_t magic[2];
    struct {
        uint16_t size;
        uint16_t reserved;
        uint8_t is_big_endian;
        uint8_t charset_family;
        uint8_t size_of_uchar;
        uint8_t reserved_byte;
        uint8_t data_format[4];
        uint8_t format_version[4];
        uint8_t data_version[4];
    } info;
    uint8_t padding[8];
    uint32_t count;
    uint32_t nothing[3];
};

#define NAMED(version) icudt##version##_dat
#define NAME(version) NAMED(version)

__attribute__((visibility("default"), aligned(16)))
const struct package NAME(ICU_VERSION) = {
    .header_size = 32,
    .magic = {0xda, 0x27},
    .info = {20, 0, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, 0, 2, 0,
             {'C', 'm', 'n', 'D'}, {1, 0, 0, 0}, {ICU_VERSION, 1, 0, 0}},
    .count = 0,
};
