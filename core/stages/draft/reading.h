#pragma once

#include <string_view>

#include "core/stages/draft/document.h"

namespace winnow::draft
{

/// Reads a body in the Markdown that renderMarkdown() writes, so that it can be written in another format: headings,
/// lists, fenced quotes, code spans, paragraphs; the marker on the last line is left out. All else, also what a person
/// wrote by hand, is text and stays as it is. Every piece counts as foreign: the formats make it inert.
[[nodiscard]] Document documentFrom(std::string_view markdown);

}
