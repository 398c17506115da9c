#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace winnow::match {

/// The words that a text is found by: runs of letters and digits, lower case, without marks, stop words and addresses,
/// lightly stemmed. Names like `NodeManager` also give their parts; placeholders of the mask give nothing; Chinese,
/// Japanese, Korean and Thai give pairs of neighbouring characters. Words may come twice.
[[nodiscard]] std::vector<std::string> tokensOf(std::string_view text);

}
