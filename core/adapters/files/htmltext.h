#pragma once

#include <string>
#include <string_view>

namespace winnow::files
{

/// The words of a piece of HTML: ends of blocks and `<br>` give one line feed (runs of them folded), entities are
/// decoded once, scripts, styles and comments go, the text of links stays, images of emoji give their `alt`. \param
/// stripped  set to true when there was any markup. \source contracts/sources.md 2
[[nodiscard]] std::string textOfHtml(std::string_view html, bool &stripped);

}
