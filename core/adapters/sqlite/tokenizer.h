#pragma once

#include "core/base/result.h"

struct sqlite3;

namespace winnow::sqlite
{

/// Registers the FTS5 tokenizer `winnow`: words by ICU (Chinese, Japanese and Thai have no blanks), folded to lower
/// case without marks. \errors Internal where SQLite was built without FTS5.
[[nodiscard]] Result<> registerTokenizer(sqlite3 *handle);

}
