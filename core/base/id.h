#pragma once

#include <compare>
#include <string>
#include <utility>

namespace winnow
{

/// A derived id as text; ids of different things do not mix.
template <typename Tag> struct Id {
    std::string value;
    Id() = default;
    explicit Id(std::string text)
        : value(std::move(text))
    {
    }
    [[nodiscard]] bool empty() const { return value.empty(); }
    auto operator<=>(const Id &) const = default;
};

template <typename Tag> [[nodiscard]] const std::string &toString(const Id<Tag> &id)
{
    return id.value;
}

using FeedbackId = Id<struct FeedbackTag>;
using SegmentId = Id<struct SegmentTag>; ///< feedback`:`start`-`end
using FindingId = Id<struct FindingTag>;
using IncidentId = Id<struct IncidentTag>; ///< also the candidate's id

}
