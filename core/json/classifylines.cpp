#include <array>

#include "core/base/resources.h"
#include "core/json/flatmap.h"
#include "core/json/stages.h"
#include "core/stages/classify/classify.h"

namespace winnow::lines
{

namespace
{

struct ClassifyTraits {
    static constexpr std::array kMembers{std::string_view("id"), std::string_view("text"), std::string_view("masked"),
                                         std::string_view("lang")};
    static constexpr bool kNeedsId = true;
    struct Item {
        std::string text, lang;
        std::vector<local::FieldAnswer> fields;
    };

    std::shared_ptr<const local::Heads> heads;
    std::shared_ptr<const local::FeatureReader> reader;

    Result<Item> parse(std::span<Member> members) const
    {
        Member &body = members[members[2].empty() ? 1 : 2];
        if (auto text = wantText(body, members[2].empty() ? "text" : "masked", true); !text)
            return tl::unexpected(text.error());
        if (auto lang = wantText(members[3], "lang", false); !lang)
            return tl::unexpected(lang.error());
        return Item{std::move(body.text), members[3].empty() ? std::string() : std::move(members[3].text), {}};
    }

    Result<> run(std::vector<Item> &items, std::stop_token stop) const
    {
        classify::Input input;
        for (const Item &item : items)
            input.items.push_back({item.text, item.lang});
        auto output = classify::run(input, {}, {*heads, *reader, nullptr}, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t i = 0; i < items.size(); ++i)
            items[i].fields = std::move(output->items[i]);
        return {};
    }

    void write(std::string &out, const Item &item) const
    {
        out += ",\"labels\":{";
        bool abstained = false;
        for (std::size_t f = 0; f < item.fields.size(); ++f) {
            if (f > 0)
                out += ',';
            putText(out, heads->fields[f].name);
            out += ":[";
            const char *between = "{\"label\":";
            for (const local::ScoredLabel &label : item.fields[f].labels) {
                out += between;
                putText(out, heads->fields[f].labels[label.label]);
                out += ",\"p\":";
                putNumber(out, label.p);
                out += ",\"calibrated\":";
                putNumber(out, label.calibrated);
                out += '}';
                between = ",{\"label\":";
            }
            out += ']';
            abstained = abstained || item.fields[f].abstained;
        }
        out += abstained ? "},\"abstained\":true" : "},\"abstained\":false";
    }
};

}

Made makeClassify(const StageArguments &arguments)
{
    const std::string path = arguments.value("model");
    if (path.empty())
        return fail(ErrorCode::Usage, "classify wants --model FILE, as train writes it");
    const auto bytes = readFile(path);
    if (!bytes)
        return tl::unexpected(bytes.error());
    auto heads = local::Heads::load(*bytes);
    if (!heads)
        return failAt(path, heads.error());
    const auto analyser = local::Analyser::shipped();
    if (!analyser)
        return tl::unexpected(analyser.error());
    return std::make_unique<FlatMapLines<ClassifyTraits>>(
        ClassifyTraits{std::make_shared<const local::Heads>(std::move(*heads)),
                       std::make_shared<const local::FeatureReader>(**analyser)},
        arguments.keep);
}

}
