#include "core/json/languagelines.h"

#include "core/json/flatmap.h"
#include "core/json/stages.h"
#include "core/stages/language/language.h"

namespace winnow::lines
{

namespace
{

struct LanguageTraits {
    static constexpr std::array kMembers{std::string_view("id"), std::string_view("text"), std::string_view("masked")};
    static constexpr bool kNeedsId = true;
    struct Item {
        std::string text;
        language::Guess guess;
    };

    language::Options options;

    Result<Item> parse(std::span<Member> members) const
    {
        const bool masked = !members[2].empty();
        if (auto text = wantText(members[masked ? 2 : 1], masked ? "masked" : "text", true); !text)
            return tl::unexpected(text.error());
        return Item{std::move(members[masked ? 2 : 1].text), {}};
    }

    Result<> run(std::vector<Item> &items, std::stop_token stop) const
    {
        language::Input input;
        input.texts.assign(items.size(), {});
        for (std::size_t i = 0; i < items.size(); ++i)
            input.texts[i] = items[i].text;
        auto output = language::run(input, options, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t i = 0; i < items.size(); ++i)
            items[i].guess = std::move(output->guesses[i]);
        return {};
    }

    void write(std::string &out, const Item &item) const
    {
        out += ",\"lang\":";
        putText(out, item.guess.lang);
        out += ",\"score\":";
        putNumber(out, item.guess.score);
    }
};

/// `en,fr` as a list; BCP 47 bases only.
Result<std::vector<std::string>> readLanguages(std::string_view text)
{
    std::vector<std::string> languages;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view lang = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (lang.size() < 2 || lang.size() > 8
            || lang.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos)
            return fail(ErrorCode::Usage, "--languages wants codes like en,fr,pt");
        languages.emplace_back(lang);
    }
    return languages;
}

}

Result<language::Options> languageOptions(const StageArguments &arguments)
{
    if (auto ready = language::ready(); !ready)
        return tl::unexpected(ready.error());
    language::Options options;
    if (const std::string path = arguments.value("options"); !path.empty()) {
        auto file = readJsonFile(path);
        if (!file)
            return tl::unexpected(file.error());
        auto languages = optionalTexts(*file, "languages");
        auto minimum = optionalNumber(*file, "minimum_score", options.minimumScore);
        if (!languages || !minimum)
            return failAt(path, languages ? minimum.error() : languages.error());
        options.languages = std::move(*languages);
        options.minimumScore = *minimum;
    }
    if (const std::string list = arguments.value("languages"); !list.empty()) {
        auto languages = readLanguages(list);
        if (!languages)
            return tl::unexpected(languages.error());
        options.languages = std::move(*languages);
    }
    return options;
}

Made makeLanguage(const StageArguments &arguments)
{
    auto options = languageOptions(arguments);
    if (!options)
        return tl::unexpected(options.error());
    return std::make_unique<FlatMapLines<LanguageTraits>>(LanguageTraits{std::move(*options)}, arguments.keep);
}

}
