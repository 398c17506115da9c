#include "core/adapters/files/authorkey.h"

#include <span>

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include "core/adapters/files/celltext.h"

namespace winnow
{

namespace
{

bool isAddress(std::string_view text)
{
    const std::size_t at = text.find('@');
    return at != 0 && at != std::string_view::npos && at + 1 < text.size()
        && text.find_first_of(" \t\n\r") == std::string_view::npos;
}

std::string lowerCased(std::string_view address)
{
    if (files::isAscii(address))
        return files::lowered(address);
    std::string low;
    icu::UnicodeString::fromUTF8(icu::StringPiece(address.data(), int(address.size())))
        .toLower(icu::Locale::getRoot())
        .toUTF8String(low);
    return low;
}

}

std::string authorId(const Digest &workspaceKey, std::string_view source, std::string_view nativeId,
                     std::string_view address, std::string_view name)
{
    address = files::trimmed(address);
    std::string key(source);
    key += '\x1f';
    if (!nativeId.empty())
        (key += "id:") += nativeId;
    else if (isAddress(address))
        (key += "mail:") += lowerCased(address);
    else if (!name.empty())
        (key += "nick:") += name;
    else
        return {};
    const Digest digest = hmacSha256(workspaceKey, key);
    return hex(std::span(digest).first(16));
}

}
