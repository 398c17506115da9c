#include "core/domain/incident.h"

#include <algorithm>

namespace winnow {

std::optional<Band> bandFrom(std::string_view name)
{
    const auto it = std::find(kBandNames.begin(), kBandNames.end(), name);
    return it == kBandNames.end() ? std::nullopt : std::optional(Band(it - kBandNames.begin()));
}

}
