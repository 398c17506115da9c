#include "core/json/lines.h"
#include "core/json/stages.h"
#include "core/stages/nearduplicates/nearduplicates.h"

namespace winnow::lines
{

namespace
{

constexpr std::size_t kSinkBytes = 1u << 20;

class NearDuplicatesLines : public StageLines
{
public:
    explicit NearDuplicatesLines(StageArguments arguments)
        : m_arguments(std::move(arguments))
    {
    }

    Result<> set(std::vector<std::string> input, const Sink &sink, std::size_t &refused,
                 std::stop_token stop) const override
    {
        auto parsed = parseSet(input, m_arguments.threads, true, stop);
        input = {};
        std::vector<std::string> texts;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < parsed.size(); ++i) {
            if (parsed[i].error)
                continue;
            auto text = requiredBody(parsed[i].object);
            if (!text) {
                parsed[i].error = text.error();
                continue;
            }
            if (!m_arguments.keep)
                parsed[i].object = Json();
            texts.push_back(std::move(*text));
            places.push_back(i);
        }
        nearduplicates::Input items;
        items.items.reserve(texts.size());
        for (std::size_t k = 0; k < texts.size(); ++k)
            items.items.push_back({parsed[places[k]].id, texts[k]});
        const auto groups = nearduplicates::run(items, {m_arguments.threads}, stop);
        if (!groups)
            return tl::unexpected(groups.error());
        std::string out;
        for (std::size_t i = 0, k = 0; i < parsed.size(); ++i) {
            if (parsed[i].error) {
                out += dump(errorLine(parsed[i].id.empty() ? Json(nullptr) : Json(parsed[i].id), i + 1,
                                      *parsed[i].error)) += '\n';
                ++refused;
            } else {
                const nearduplicates::Assignment &own = groups->items[k++];
                Json line{{"id", parsed[i].id},
                          {"group", items.items[own.representative].id},
                          {"similarity", own.similarity}};
                if (m_arguments.keep)
                    for (auto &[name, value] : parsed[i].object.items())
                        if (!line.contains(name))
                            line[name] = std::move(value);
                out += dump(line) += '\n';
            }
            if (out.size() >= kSinkBytes) {
                if (!sink(out))
                    return {};
                out.clear();
            }
        }
        sink(out);
        return {};
    }

private:
    StageArguments m_arguments;
};

}

Made makeNearDuplicates(const StageArguments &arguments)
{
    return std::make_unique<NearDuplicatesLines>(arguments);
}

}
