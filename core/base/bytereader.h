#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow
{

/// Little-endian numbers and runs of bytes from a table; whoever asks for more than there is makes it fail for good.
class ByteReader
{
public:
    explicit ByteReader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    /// 0 where there is none.
    template <typename T> T number()
    {
        T value = 0;
        const std::string_view raw = bytes(sizeof(T));
        for (std::size_t i = raw.size(); i-- > 0;)
            value = T((std::uint64_t(value) << 8) | std::uint8_t(raw[i]));
        return value;
    }
    /// Seven bits a byte, lowest first, of 32 at most.
    std::uint32_t varint()
    {
        std::uint32_t value = 0;
        for (unsigned shift = 0; shift <= 28; shift += 7) {
            const auto part = number<std::uint8_t>();
            value |= std::uint32_t(part & 0x7f) << shift;
            if (!(part & 0x80))
                return value;
        }
        m_failed = true;
        return 0;
    }
    /// All of them or none.
    std::string_view bytes(std::size_t count)
    {
        if (count > m_bytes.size()) {
            m_failed = true;
            m_bytes = {};
            return {};
        }
        const std::string_view taken = m_bytes.substr(0, count);
        m_bytes.remove_prefix(count);
        return taken;
    }
    /// Whether so many things of a size can still follow; fails where they cannot.
    bool has(std::uint64_t count, std::size_t size)
    {
        m_failed = m_failed || count > m_bytes.size() / size;
        return !m_failed;
    }
    [[nodiscard]] bool failed() const { return m_failed; }
    [[nodiscard]] bool atEnd() const { return m_bytes.empty(); }
    [[nodiscard]] std::size_t left() const { return m_bytes.size(); }

private:
    std::string_view m_bytes;
    bool m_failed = false;
};

}
