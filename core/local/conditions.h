#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/local/analyser.h"
#include "core/ports/extractor.h"

namespace winnow::local
{

/// Under which conditions it happens: what the words name (`os` Android 14, `device`, `browser`, `payment_method`,
/// `network`, `app_version`, `after_update`), and the request's own os and version where they name none.
/// \returns pairs sorted by name, one for each name: the first that the text says.
[[nodiscard]] std::vector<std::pair<std::string, std::string>>
conditionsOf(const Analyser &analyser, const ExtractionRequest &request, const Reading &reading, WordRange range);

}
