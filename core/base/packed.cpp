#include "core/base/packed.h"

#include <algorithm>

#include <zlib.h>

namespace winnow
{

std::optional<std::string> unpacked(std::string_view packed, std::size_t most)
{
    std::string out(std::max<std::size_t>(packed.size() * 3, 1024), '\0');
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = uInt(packed.size());
    int status = Z_OK;
    while (status == Z_OK && out.size() <= most) {
        if (stream.total_out == out.size())
            out.resize(out.size() * 2);
        stream.next_out = reinterpret_cast<Bytef *>(out.data() + stream.total_out);
        stream.avail_out = uInt(out.size() - stream.total_out);
        status = inflate(&stream, Z_NO_FLUSH);
    }
    out.resize(stream.total_out);
    inflateEnd(&stream);
    if (status != Z_STREAM_END)
        return std::nullopt;
    return out;
}

}
