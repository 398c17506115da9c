#pragma once

#include <string>
#include <string_view>

#include "core/base/hash.h"

namespace winnow
{

/// Who wrote a record: the first 32 hex digits of HMAC-SHA-256(workspace key, source U+001F author key). The author key
/// is `id:` and the native id, else `mail:` and the lower-cased address, else `nick:` and the name.
/// \param address  passed over where it is no address, so that a filler such as "n/a" makes nobody the same person.
/// \returns empty where nothing is known. \source contracts/sources.md 2
[[nodiscard]] std::string authorId(const Digest &workspaceKey, std::string_view source, std::string_view nativeId,
                                   std::string_view address, std::string_view name);

}
