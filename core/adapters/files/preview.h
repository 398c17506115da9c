#pragma once

#include <stop_token>

#include "core/adapters/files/importfile.h"
#include "core/ports/importer.h"

namespace winnow
{

/// What importFile would make of this. \errors and \thread as Importer::preview.
[[nodiscard]] Result<ImportPreview> previewFile(const std::string &path, const ImportOptions &options,
                                                std::stop_token stop);

}
