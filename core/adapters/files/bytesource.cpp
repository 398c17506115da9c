#include "core/adapters/files/bytesource.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "core/adapters/files/celltext.h"

namespace winnow::files
{

namespace
{

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kEvidence = 1024 * 1024; ///< bytes looked at to tell UTF-8 from Windows-1252
constexpr std::uint64_t kRatioFrom = 1024 * 1024; ///< small files may well pack better than the limit
constexpr char kUndecodable = '\xff'; ///< never part of UTF-8

std::string mebibytes(std::uint64_t bytes)
{
    return std::to_string(bytes >> 20) + " MiB";
}

}

ByteSource::ByteSource(std::string path, const ImportLimits &limits)
    : m_path(std::move(path))
    , m_limits(limits)
    , m_chunk(kChunk)
{
}

ByteSource::~ByteSource()
{
    if (m_inflate)
        inflateEnd(m_inflate.get());
    if (m_handle >= 0)
        ::close(m_handle);
}

Result<std::unique_ptr<ByteSource>> ByteSource::open(const ByteOrigin &origin, const ImportLimits &limits)
{
    const std::string &path = origin.path;
    std::unique_ptr<ByteSource> source(new ByteSource(path, limits));
    if (origin.archive) {
        auto stream = origin.archive->stream(origin.entry);
        if (!stream)
            return tl::unexpected(stream.error());
        source->m_entry = std::move(*stream);
    } else if (origin.pasted) {
        source->m_pasted = origin.pasted;
        source->m_there = origin.pasted->size();
    } else {
        source->m_handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (source->m_handle < 0)
            return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, path + ": " + std::strerror(errno));
        struct stat status = {};
        if (::fstat(source->m_handle, &status) < 0)
            return fail(ErrorCode::Io, path + ": " + std::strerror(errno));
        if (S_ISDIR(status.st_mode))
            return fail(ErrorCode::InvalidInput, path + ": is a folder");
        if (std::uint64_t(status.st_size) > limits.fileBytes)
            return fail(ErrorCode::InvalidInput, path + ": is larger than " + mebibytes(limits.fileBytes));
        source->m_there = std::uint64_t(status.st_size);
        ::posix_fadvise(source->m_handle, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    if (auto filled = source->refill(); !filled)
        return tl::unexpected(filled.error());
    const std::string_view head(source->m_chunk.data(), source->m_filled);
    if (head.starts_with("\x1f\x8b")) {
        source->m_packed = true;
        source->m_inflate = std::make_unique<z_stream>();
        std::memset(source->m_inflate.get(), 0, sizeof(z_stream));
        if (inflateInit2(source->m_inflate.get(), 15 + 16) != Z_OK)
            return fail(ErrorCode::Internal, path + ": zlib could not start");
    }
    return source;
}

Result<std::size_t> ByteSource::take(char *to, std::size_t room)
{
    if (m_entry)
        return m_entry->read(to, room);
    if (m_pasted) {
        const std::size_t taken = std::min<std::size_t>(room, m_pasted->size() - m_onDisk);
        std::memcpy(to, m_pasted->data() + m_onDisk, taken);
        return taken;
    }
    for (;;) {
        const ssize_t got = ::read(m_handle, to, room);
        if (got >= 0)
            return std::size_t(got);
        if (errno != EINTR)
            return fail(ErrorCode::Io, m_path + ": " + std::strerror(errno));
    }
}

Result<bool> ByteSource::refill()
{
    m_begin = m_filled = 0;
    while (m_filled < m_chunk.size()) {
        const auto got = take(m_chunk.data() + m_filled, m_chunk.size() - m_filled);
        if (!got)
            return tl::unexpected(got.error());
        if (*got == 0)
            break;
        m_filled += *got;
        m_onDisk += *got;
    }
    m_hash.add({m_chunk.data(), m_filled});
    if (m_onDisk > m_limits.fileBytes)
        return fail(ErrorCode::InvalidInput, m_path + ": is larger than " + mebibytes(m_limits.fileBytes));
    return m_filled > 0;
}

Result<std::size_t> ByteSource::read(char *to, std::size_t room)
{
    if (m_end)
        return 0;
    if (m_packed)
        return inflateInto(to, room);
    if (m_begin == m_filled) {
        auto more = refill();
        if (!more)
            return tl::unexpected(more.error());
        if (!*more) {
            m_end = true;
            return 0;
        }
    }
    const std::size_t taken = std::min(room, m_filled - m_begin);
    std::memcpy(to, m_chunk.data() + m_begin, taken);
    m_begin += taken;
    return taken;
}

Result<std::size_t> ByteSource::inflateInto(char *to, std::size_t room)
{
    z_stream &stream = *m_inflate;
    stream.next_out = reinterpret_cast<Bytef *>(to);
    stream.avail_out = uInt(std::min<std::size_t>(room, 1u << 30));
    const uInt wanted = stream.avail_out;
    while (stream.avail_out == wanted) {
        if (m_begin == m_filled) {
            auto more = refill();
            if (!more)
                return tl::unexpected(more.error());
            if (!*more) {
                if (!m_betweenMembers)
                    return fail(ErrorCode::Corrupt, m_path + ": gzip breaks off");
                m_end = true;
                return 0;
            }
        }
        if (m_betweenMembers) {
            // Tapes and block devices pad with zeros; anything else must be another member.
            if (m_chunk[m_begin] == '\0') {
                ++m_begin;
                continue;
            }
            inflateReset(&stream);
            m_betweenMembers = false;
        }
        stream.next_in = reinterpret_cast<Bytef *>(m_chunk.data() + m_begin);
        stream.avail_in = uInt(m_filled - m_begin);
        const int state = ::inflate(&stream, Z_NO_FLUSH);
        m_begin = m_filled - stream.avail_in;
        if (state == Z_STREAM_END)
            m_betweenMembers = true;
        else if (state != Z_OK && state != Z_BUF_ERROR)
            return fail(ErrorCode::Corrupt,
                        m_path + ": gzip is damaged near byte " + std::to_string(m_onDisk - stream.avail_in));
    }
    const std::size_t made = wanted - stream.avail_out;
    m_unpacked += made;
    if (m_unpacked > m_limits.unpackedBytes)
        return fail(ErrorCode::InvalidInput, m_path + ": unpacks to more than " + mebibytes(m_limits.unpackedBytes));
    const std::uint64_t read = m_onDisk - (m_filled - m_begin);
    if (m_unpacked > kRatioFrom && m_unpacked / m_limits.ratio > read)
        return fail(ErrorCode::InvalidInput,
                    m_path + ": unpacks to more than " + std::to_string(m_limits.ratio) + " times its size");
    return made;
}

Result<> ByteSource::drain(std::stop_token stop)
{
    std::vector<char> sink(kChunk);
    for (;;) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, m_path + ": stopped");
        auto got = read(sink.data(), sink.size());
        if (!got)
            return tl::unexpected(got.error());
        if (*got == 0)
            return {};
    }
}

Digest ByteSource::digest()
{
    return m_hash.finish();
}

Result<Digest> digestOfFile(const std::string &path, const ImportLimits &limits, std::stop_token stop)
{
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, path + ": " + std::strerror(errno));
    Sha256 hash;
    std::vector<char> chunk(kChunk);
    std::uint64_t total = 0;
    Result<> done;
    for (;;) {
        const ssize_t got = ::read(handle, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            done = fail(ErrorCode::Io, path + ": " + std::strerror(errno));
        else if (stop.stop_requested())
            done = fail(ErrorCode::Cancelled, path + ": stopped");
        else if ((total += std::uint64_t(got)) > limits.fileBytes)
            done = fail(ErrorCode::InvalidInput, path + ": is larger than " + mebibytes(limits.fileBytes));
        if (!done || got == 0)
            break;
        hash.add({chunk.data(), std::size_t(got)});
    }
    ::close(handle);
    if (!done)
        return tl::unexpected(done.error());
    return hash.finish();
}

std::optional<Encoding> encodingFrom(std::string_view name)
{
    std::string plain;
    for (const char c : name)
        if (c != '-' && c != '_' && c != ' ')
            plain += c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    if (plain.empty() || plain == "auto")
        return Encoding::Auto;
    if (plain == "utf8")
        return Encoding::Utf8;
    if (plain == "utf16le" || plain == "utf16")
        return Encoding::Utf16Le;
    if (plain == "utf16be")
        return Encoding::Utf16Be;
    if (plain == "windows1252" || plain == "cp1252" || plain == "latin1" || plain == "iso88591")
        return Encoding::Windows1252;
    return std::nullopt;
}

std::string toString(Encoding encoding)
{
    switch (encoding) {
    case Encoding::Utf16Le:
        return "utf-16le";
    case Encoding::Utf16Be:
        return "utf-16be";
    case Encoding::Windows1252:
        return "windows-1252";
    default:
        return "utf-8"; // ASCII is part of it
    }
}

Result<bool> TextWindow::readChunk(std::size_t want)
{
    const std::size_t before = m_raw.size();
    m_raw.resize(before + want);
    std::size_t filled = before;
    while (filled < m_raw.size()) {
        auto got = m_source.read(m_raw.data() + filled, m_raw.size() - filled);
        if (!got) {
            m_raw.resize(filled);
            return tl::unexpected(got.error());
        }
        if (*got == 0)
            break;
        filled += *got;
    }
    m_raw.resize(filled);
    return filled - before == want;
}

/// The first bytes of the file decide, if they can: a mark, or zero bytes in every second place.
void TextWindow::decide()
{
    const auto mark = [&](std::string_view bytes, Encoding encoding) {
        if (!std::string_view(m_raw).starts_with(bytes) || (m_encoding != Encoding::Auto && m_encoding != encoding))
            return false;
        m_encoding = encoding;
        m_raw.erase(0, bytes.size());
        if (encoding == Encoding::Utf8)
            m_offset = bytes.size();
        return true;
    };
    if (mark("\xef\xbb\xbf", Encoding::Utf8) || mark("\xff\xfe", Encoding::Utf16Le)
        || mark("\xfe\xff", Encoding::Utf16Be) || m_encoding != Encoding::Auto)
        return;
    std::size_t zeros[2] = {0, 0};
    const std::size_t looked = std::min<std::size_t>(m_raw.size(), 4096) & ~std::size_t(1);
    for (std::size_t i = 0; i < looked; ++i)
        zeros[i & 1] += m_raw[i] == '\0';
    // Letters beyond Latin leave zeros only in line ends, digits and delimiters, and some end in a zero byte
    // themselves. Text of single bytes has none, but for damage.
    const auto fills = [&](std::size_t there, std::size_t other) {
        const std::size_t units = looked / 2;
        return units >= 2
            && ((there * 10 >= units * 9 && other == 0) || (there >= 4 && there * 5 >= units && other * 20 <= there));
    };
    if (fills(zeros[1], zeros[0]))
        m_encoding = Encoding::Utf16Le;
    else if (fills(zeros[0], zeros[1]))
        m_encoding = Encoding::Utf16Be;
}

void TextWindow::append(std::string_view bytes)
{
    // Windows-1252, 0x80 to 0x9f; 0 where nothing is defined.
    static constexpr std::array<std::uint16_t, 32> kHigh{
        0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};
    if (m_encoding != Encoding::Windows1252) {
        m_text += bytes;
        return;
    }
    for (const char c : bytes) {
        const auto byte = std::uint8_t(c);
        if (byte < 0x80)
            m_text += c;
        else if (byte >= 0xa0)
            appendUtf8(m_text, byte);
        else if (kHigh[byte - 0x80])
            appendUtf8(m_text, kHigh[byte - 0x80]);
        else
            m_text += kUndecodable;
    }
}

void TextWindow::appendUtf16(std::string_view bytes, bool last)
{
    std::string joined = m_carried + std::string(bytes);
    m_carried.clear();
    const bool little = m_encoding == Encoding::Utf16Le;
    const auto unit = [&](std::size_t at) {
        const auto a = std::uint8_t(joined[at]), b = std::uint8_t(joined[at + 1]);
        return std::uint32_t(little ? b << 8 | a : a << 8 | b);
    };
    std::size_t i = 0;
    while (i + 2 <= joined.size()) {
        const std::uint32_t first = unit(i);
        if (first < 0xd800 || first >= 0xe000) {
            appendUtf8(m_text, first);
            i += 2;
            continue;
        }
        if (first < 0xdc00 && i + 4 > joined.size() && !last)
            break;
        const std::uint32_t second = first < 0xdc00 && i + 4 <= joined.size() ? unit(i + 2) : 0;
        if (second >= 0xdc00 && second < 0xe000) {
            appendUtf8(m_text, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            i += 4;
        } else {
            m_text += kUndecodable;
            i += 2;
        }
    }
    if (last && i < joined.size())
        m_text += kUndecodable;
    else
        m_carried = joined.substr(i);
}

Result<bool> TextWindow::more()
{
    if (m_ended)
        return false;
    m_text.erase(0, m_begin);
    m_begin = 0;
    auto full = readChunk(std::max(kChunk, m_text.size()));
    if (!full)
        return tl::unexpected(full.error());
    if (!m_started) {
        m_started = true;
        m_start = m_raw.substr(0, 8);
        decide();
    }
    if (m_encoding == Encoding::Auto && !isAscii(m_raw)) {
        // No mark, and the first bytes beyond ASCII: they tell, for the rest of the file too.
        if (*full) {
            full = readChunk(kEvidence);
            if (!full)
                return tl::unexpected(full.error());
        }
        const auto [sound, unsound] = countSequences(m_raw, !*full);
        m_encoding = sound * 10 >= (sound + unsound) * 9 ? Encoding::Utf8 : Encoding::Windows1252;
    }
    m_ended = !*full;
    if (m_encoding == Encoding::Utf16Le || m_encoding == Encoding::Utf16Be)
        appendUtf16(m_raw, m_ended);
    else if (m_text.empty() && m_encoding != Encoding::Windows1252)
        m_text.swap(m_raw);
    else
        append(m_raw);
    m_raw.clear();
    return true;
}

}
