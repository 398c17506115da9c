#pragma once

#include <string_view>

namespace winnow::match {

/// Words that say nothing about a problem, folded as tokensOf() folds them: function words of the languages most
/// tickets are written in, and the small talk of reviews and ticket forms.
[[nodiscard]] bool isStopWord(std::string_view word);

}
