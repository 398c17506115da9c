#pragma once
// Internal to core/json: what `mask` and `silver` share.

#include <string>

#include "core/base/result.h"
#include "core/json/stagelines.h"
#include "core/stages/mask/mask.h"

namespace winnow::lines
{

struct MaskSettings {
    mask::Options options;
    Digest key{};
};

/// `--key FILE` (64 hex digits; without it a public key and a warning), `--allow FILE`, `--options FILE`.
/// \errors Usage, NotFound, Io, InvalidInput.
[[nodiscard]] Result<MaskSettings> maskSettings(const StageArguments &arguments);

/// Appends `,"masked":…,"spans":[…]`.
void putMasked(std::string &out, const mask::Masked &masked);

}
