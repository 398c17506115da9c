#pragma once
// Internal to core/adapters/files: many texts by their number, kept outside our own memory.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace winnow::files
{

/// Texts that are added once and then read by their number. They lie in a file that has no name.
class Spool
{
public:
    Spool() = default;
    Spool(const Spool &) = delete;
    Spool &operator=(const Spool &) = delete;
    ~Spool();

    /// \errors Full, Io.
    [[nodiscard]] Result<> add(std::string_view text);
    /// No more is added. \errors as add.
    [[nodiscard]] Result<> seal();
    [[nodiscard]] std::uint64_t size() const { return m_count; }
    /// \pre sealed, index < size().
    [[nodiscard]] std::string_view at(std::uint64_t index) const;

private:
    struct File {
        int handle = -1;
        std::string waiting; ///< not yet written
        std::uint64_t bytes = 0;
        const char *mapped = nullptr;
    };
    static Result<> append(File &file, std::string_view bytes);
    static Result<> flush(File &file);
    static Result<> map(File &file);

    File m_texts, m_ends; ///< m_ends: 8 bytes a text
    std::uint64_t m_count = 0;
};

}
