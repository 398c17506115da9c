#include "core/json/masklines.h"

#include <algorithm>

#include "core/base/log.h"
#include "core/base/resources.h"
#include "core/json/flatmap.h"
#include "core/json/stages.h"

namespace winnow::lines
{

namespace
{

/// For trying things out: without a key of one's own the same names get the same pseudonyms everywhere.
constexpr std::string_view kPublicKey = "winnow mask: public key, keeps nothing secret";

struct MaskTraits {
    static constexpr std::array kMembers{std::string_view("id"), std::string_view("text"), std::string_view("masked"),
                                         std::string_view("lang")};
    static constexpr bool kNeedsId = true;
    struct Item {
        std::string text;
        std::string lang;
        mask::Masked masked;
    };

    MaskSettings settings;

    Result<Item> parse(std::span<Member> members) const
    {
        const bool again = !members[2].empty();
        if (auto text = wantText(members[again ? 2 : 1], again ? "masked" : "text", true); !text)
            return tl::unexpected(text.error());
        if (auto lang = wantText(members[3], "lang", false); !lang)
            return tl::unexpected(lang.error());
        return Item{std::move(members[again ? 2 : 1].text),
                    members[3].empty() ? std::string() : std::move(members[3].text),
                    {}};
    }

    Result<> run(std::vector<Item> &items, std::stop_token stop) const
    {
        mask::Input input;
        input.key = settings.key;
        input.items.reserve(items.size());
        for (const Item &item : items)
            input.items.push_back({item.text, item.lang});
        auto output = mask::run(input, settings.options, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t i = 0; i < items.size(); ++i)
            items[i].masked = std::move(output->items[i]);
        return {};
    }

    void write(std::string &out, const Item &item) const { putMasked(out, item.masked); }
};

Result<Digest> readKey(const std::string &path)
{
    auto data = readFile(path);
    if (!data)
        return tl::unexpected(data.error());
    while (!data->empty() && static_cast<unsigned char>(data->back()) <= ' ')
        data->pop_back();
    bool ok = false;
    const std::string bytes = fromHex(*data, &ok);
    Digest key;
    if (!ok || bytes.size() != key.size())
        return fail(ErrorCode::Usage, path + ": a key is 64 hex digits");
    std::copy(bytes.begin(), bytes.end(), key.begin());
    return key;
}

/// One word or phrase a line.
Result<std::vector<std::string>> readWords(const std::string &path)
{
    auto data = readFile(path);
    if (!data)
        return tl::unexpected(data.error());
    std::vector<std::string> words;
    for (std::size_t at = 0; at < data->size();) {
        const std::size_t end = std::min(data->find('\n', at), data->size());
        std::string word = data->substr(at, end - at);
        while (!word.empty() && (word.back() == '\r' || word.back() == ' '))
            word.pop_back();
        if (!word.empty())
            words.push_back(std::move(word));
        at = end + 1;
    }
    return words;
}

}

Result<MaskSettings> maskSettings(const StageArguments &arguments)
{
    MaskSettings settings;
    if (const std::string path = arguments.value("options"); !path.empty()) {
        auto file = readJsonFile(path);
        if (!file)
            return tl::unexpected(file.error());
        auto off = optionalTexts(*file, "off_types");
        auto allow = optionalTexts(*file, "allow");
        if (!off || !allow)
            return failAt(path, off ? allow.error() : off.error());
        settings.options.offTypes = std::move(*off);
        settings.options.allow = std::move(*allow);
    }
    if (const std::string path = arguments.value("allow"); !path.empty()) {
        auto words = readWords(path);
        if (!words)
            return tl::unexpected(words.error());
        settings.options.allow.insert(settings.options.allow.end(), words->begin(), words->end());
    }
    if (const std::string path = arguments.value("key"); !path.empty()) {
        auto key = readKey(path);
        if (!key)
            return tl::unexpected(key.error());
        settings.key = *key;
    } else {
        settings.key = sha256(kPublicKey);
        log(LogLevel::Warning, "winnow.json",
            "mask: no --key FILE; pseudonyms are made with a public key and can be guessed");
    }
    return settings;
}

void putMasked(std::string &out, const mask::Masked &masked)
{
    out += ",\"masked\":";
    putText(out, masked.text);
    out += ",\"spans\":[";
    bool first = true;
    for (const PiiSpan &span : masked.spans) {
        if (!first)
            out += ',';
        first = false;
        out += "{\"start\":";
        putNumber(out, std::uint64_t(span.source.start));
        out += ",\"end\":";
        putNumber(out, std::uint64_t(span.source.end));
        out += ",\"type\":";
        putText(out, span.type);
        out += ",\"score\":";
        putNumber(out, span.score);
        out += ",\"detector\":";
        putText(out, span.detector);
        out += ",\"pseudonym\":";
        putText(out, span.pseudonym);
        out += '}';
    }
    out += ']';
}

Made makeMask(const StageArguments &arguments)
{
    auto settings = maskSettings(arguments);
    if (!settings)
        return tl::unexpected(settings.error());
    return std::make_unique<FlatMapLines<MaskTraits>>(MaskTraits{std::move(*settings)}, arguments.keep);
}

}
