#pragma once
// Internal to core/adapters/files: the bytes of a file, unpacked and as UTF-8.

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/adapters/files/archive.h"
#include "core/adapters/files/importfile.h"
#include "core/base/hash.h"
#include "core/base/result.h"

struct z_stream_s;

namespace winnow::files
{

/// Where bytes come from: a file; or one member of an archive; or what was pasted.
struct ByteOrigin {
    std::string path; ///< of the file; else what to call it
    std::shared_ptr<Archive> archive = nullptr;
    std::uint64_t entry = 0; ///< of the archive
    std::shared_ptr<const std::string> pasted = nullptr;
};

/// SHA-256 of a file as it lies on disk. \errors NotFound, Io, Cancelled; InvalidInput: past a limit.
[[nodiscard]] Result<Digest> digestOfFile(const std::string &path, const ImportLimits &limits, std::stop_token stop);

/// Bytes, plain or gzip (several members), in order.
/// \errors NotFound, Io; InvalidInput: past a limit; Corrupt: damaged.
class ByteSource
{
public:
    ~ByteSource();
    [[nodiscard]] static Result<std::unique_ptr<ByteSource>> open(const ByteOrigin &origin, const ImportLimits &limits);

    [[nodiscard]] bool packed() const { return m_packed; }
    /// \returns how many bytes were put at `to`; 0 at the end.
    [[nodiscard]] Result<std::size_t> read(char *to, std::size_t room);
    /// Reads what is left, so that digest and size hold for the whole file.
    [[nodiscard]] Result<> drain(std::stop_token stop);
    /// Of the bytes on disk. \pre the end was reached.
    [[nodiscard]] Digest digest();
    [[nodiscard]] std::uint64_t bytesOnDisk() const { return m_onDisk; }
    /// How many there were to read when it was opened; 0: not known.
    [[nodiscard]] std::uint64_t bytesThere() const { return m_there; }

private:
    ByteSource(std::string path, const ImportLimits &limits);
    Result<std::size_t> take(char *to, std::size_t room);
    Result<bool> refill();
    Result<std::size_t> inflateInto(char *to, std::size_t room);

    std::string m_path;
    int m_handle = -1;
    std::unique_ptr<Archive::Stream> m_entry;
    std::shared_ptr<const std::string> m_pasted;
    ImportLimits m_limits;
    bool m_packed = false;
    bool m_end = false;
    bool m_betweenMembers = false;
    Sha256 m_hash;
    std::uint64_t m_onDisk = 0, m_there = 0;
    std::uint64_t m_unpacked = 0;
    std::vector<char> m_chunk;
    std::size_t m_begin = 0, m_filled = 0; ///< of m_chunk: not yet handed out
    std::unique_ptr<z_stream_s> m_inflate;
};

enum class Encoding { Auto, Utf8, Utf16Le, Utf16Be, Windows1252 };

/// Names as a mapping file has them: `auto`, `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`.
[[nodiscard]] std::optional<Encoding> encodingFrom(std::string_view name);
[[nodiscard]] std::string toString(Encoding encoding);

/// A file as UTF-8, seen through a window that moves forward. A byte order mark is left out. What cannot be decoded is
/// kept as bytes that are no UTF-8, so that whoever cuts out a text can replace and flag it.
class TextWindow
{
public:
    TextWindow(ByteSource &source, Encoding encoding)
        : m_source(source)
        , m_encoding(encoding)
    {
    }

    /// What is in memory and not consumed. \note more() moves it.
    [[nodiscard]] std::string_view rest() const { return {m_text.data() + m_begin, m_text.size() - m_begin}; }
    [[nodiscard]] bool ended() const { return m_ended; }
    /// What the bytes were read as; Auto: nothing but ASCII so far.
    [[nodiscard]] Encoding encoding() const { return m_encoding; }
    /// Where rest() begins, in bytes of the text (a UTF-8 mark counted in).
    [[nodiscard]] std::uint64_t offset() const { return m_offset; }
    void consume(std::size_t bytes)
    {
        m_begin += bytes;
        m_offset += bytes;
    }
    /// The first bytes of the file, as they are.
    [[nodiscard]] std::string_view start() const { return m_start; }
    /// Brings more into memory, at least as much again as there is. \returns false at the end of the file.
    [[nodiscard]] Result<bool> more();

private:
    Result<bool> readChunk(std::size_t want);
    void decide();
    void append(std::string_view bytes);
    void appendUtf16(std::string_view bytes, bool last);

    ByteSource &m_source;
    Encoding m_encoding;
    std::string m_text;
    std::size_t m_begin = 0;
    std::uint64_t m_offset = 0;
    bool m_started = false;
    bool m_ended = false;
    std::string m_start;
    std::string m_raw; ///< read, not yet decoded
    std::string m_carried; ///< UTF-16: half a character at the end of a chunk
};

}
