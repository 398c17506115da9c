#include <atomic>
#include <unordered_map>

#include "core/base/hash.h"
#include "core/base/parallel.h"
#include "core/json/lines.h"
#include "core/json/stages.h"
#include "core/local/lexicalembedder.h"
#include "core/stages/cluster/cluster.h"

namespace winnow::lines {

namespace {

constexpr std::size_t kChunk = 1024;

/// What a line of the input says. Lines are many: only what grouping needs is kept of them.
struct Line {
    enum class Kind : std::uint8_t { Item, Must, Cannot, Refused } kind = Kind::Refused;
    std::string id; ///< of the item, or the first end of a link
    std::string other; ///< the second end of a link, or the item's block
    SparseVector vector;
    Digest node{};
    std::unique_ptr<Error> error;
};

Result<std::pair<std::string, std::string>> endsOf(const Json &object, const char *name)
{
    const Json &ends = object[name];
    if (!ends.is_array() || ends.size() != 2 || !ends[0].is_string() || !ends[1].is_string())
        return fail(ErrorCode::InvalidInput, std::string("/") + name + ": expected two ids");
    return std::pair(ends[0].get<std::string>(), ends[1].get<std::string>());
}

Result<SparseVector> sparseOf(const Json &object, const std::string &space)
{
    const auto given = optionalText(object, "space");
    if (!given)
        return tl::unexpected(given.error());
    if (*given != space)
        return fail(ErrorCode::InvalidInput, "/space: this program has " + space);
    SparseVector vector;
    for (const Json &entry : object["sparse"]) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_unsigned() || !entry[1].is_number_unsigned()
            || entry[0] > 0xffffffffu || entry[1] > lexical::kScale
            || (!vector.entries.empty() && entry[0] <= vector.entries.back().first)
            || vector.entries.size() >= lexical::kMaximumTerms)
            return fail(ErrorCode::InvalidInput, "/sparse: expected pairs of term and weight in rising order");
        vector.entries.emplace_back(entry[0].get<std::uint32_t>(), entry[1].get<std::uint16_t>());
    }
    return vector;
}

class ClusterLines : public StageLines
{
public:
    ClusterLines(std::shared_ptr<LexicalEmbedder> embedder, unsigned threads, bool keep)
        : m_embedder(std::move(embedder))
        , m_threads(threads)
        , m_keep(keep)
    {
    }

    Result<> set(std::vector<std::string> lines, const Sink &sink, std::size_t &refused,
                 std::stop_token stop) const override
    {
        std::vector<Line> read(lines.size());
        const bool done = parallelFor(lines.size(), kChunk, m_threads, stop, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                read[i] = readLine(lines[i]);
                if (!m_keep)
                    std::string().swap(lines[i]);
            }
        });
        if (!done)
            return fail(ErrorCode::Cancelled, "cluster");

        cluster::Input input;
        std::vector<std::size_t> lineOf, itemOf(read.size());
        std::unordered_map<std::string_view, std::size_t> places;
        for (std::size_t i = 0; i < read.size(); ++i) {
            Line &line = read[i];
            if (line.kind != Line::Kind::Item)
                continue;
            if (!places.try_emplace(line.id, input.items.size()).second) {
                line.error = std::make_unique<Error>(Error{ErrorCode::InvalidInput, "/id: a second line with this id"});
                line.kind = Line::Kind::Refused;
                continue;
            }
            itemOf[i] = input.items.size();
            input.items.push_back({line.id, line.node, &line.vector, line.other});
        }
        for (Line &line : read) {
            if (line.kind != Line::Kind::Must && line.kind != Line::Kind::Cannot)
                continue;
            const auto a = places.find(line.id), b = places.find(line.other);
            if (a == places.end() || b == places.end()) {
                line.error =
                    std::make_unique<Error>(Error{ErrorCode::InvalidInput, "a link names an id that no line has"});
                line.kind = Line::Kind::Refused;
                line.id.clear();
                continue;
            }
            (line.kind == Line::Kind::Must ? input.mustLinks : input.cannotLinks).push_back({a->second, b->second});
        }
        cluster::Options options;
        options.threads = m_threads;
        const auto output = cluster::run(input, options, stop);
        if (!output)
            return tl::unexpected(output.error());

        std::vector<std::string> names(output->incidents);
        std::vector<const std::string_view *> smallest(output->incidents, nullptr);
        for (std::size_t i = 0; i < input.items.size(); ++i) {
            auto &best = smallest[output->incident[i]];
            if (!best || input.items[i].id < *best)
                best = &input.items[i].id;
        }
        for (std::size_t i = 0; i < names.size(); ++i)
            names[i] = derivedId({"incident", *smallest[i], "0"});

        std::string out;
        for (std::size_t i = 0; i < read.size(); ++i) {
            const Line &line = read[i];
            if (line.kind == Line::Kind::Refused) {
                ++refused;
                out += dump(errorLine(line.id.empty() ? Json(nullptr) : Json(line.id), i + 1, *line.error)) += '\n';
            } else if (line.kind == Line::Kind::Item) {
                Json answer = Json::object();
                if (m_keep)
                    if (auto kept = parseObject(lines[i]))
                        answer = std::move(*kept);
                answer["id"] = line.id;
                answer["incident"] = names[output->incident[itemOf[i]]];
                out += dump(answer) += '\n';
            }
            if (out.size() > (1u << 20)) {
                if (!sink(out))
                    return {};
                out.clear();
            }
        }
        Json refusedLinks = Json::array();
        for (const cluster::Refused &link : output->refused) {
            Json path = Json::array();
            for (const std::size_t item : link.path)
                path.push_back(input.items[item].id);
            refusedLinks.push_back(
                {{link.must ? "must_link" : "cannot_link", {input.items[link.link.a].id, input.items[link.link.b].id}},
                 {"path", std::move(path)}});
        }
        out += dump({{"summary",
                      {{"incidents", output->incidents},
                       {"not_placed", 0},
                       {"partition_hash", output->partitionHash},
                       {"space", m_embedder->space()},
                       {"constraints", input.mustLinks.size() + input.cannotLinks.size()},
                       {"refused_constraints", std::move(refusedLinks)}}}}) += '\n';
        sink(out);
        return {};
    }

private:
    Line readLine(const std::string &text) const
    {
        Line line;
        const auto refuse = [&](const Error &error) {
            line.kind = Line::Kind::Refused;
            line.error = std::make_unique<Error>(error);
            return std::move(line);
        };
        const auto object = parseObject(text);
        if (!object)
            return refuse(object.error());
        for (const auto &[name, kind] : {std::pair("must_link", Line::Kind::Must), {"cannot_link", Line::Kind::Cannot}})
            if (object->contains(name)) {
                auto ends = endsOf(*object, name);
                if (!ends)
                    return refuse(ends.error());
                line.kind = kind;
                std::tie(line.id, line.other) = std::move(*ends);
                return line;
            }
        auto id = requiredText(*object, "id");
        if (!id)
            return refuse(id.error());
        line.id = std::move(*id);
        auto block = optionalText(*object, "block");
        if (!block)
            return refuse(block.error());
        line.other = std::move(*block);
        const std::string space = m_embedder->space();
        const bool hasText = object->contains("masked") || object->contains("text");
        auto body = hasText ? requiredBody(*object) : Result<std::string>(std::string());
        if (!body)
            return refuse(body.error());
        if (object->contains("sparse") && (*object)["sparse"].is_array()) {
            auto vector = sparseOf(*object, space);
            if (!vector)
                return refuse(vector.error());
            line.vector = std::move(*vector);
            if (!hasText)
                for (const auto &[term, weight] : line.vector.entries)
                    *body += std::to_string(term) + ':' + std::to_string(weight) + ' ';
        } else {
            if (!hasText)
                return refuse({ErrorCode::InvalidInput, "/text: missing"});
            auto lang = optionalText(*object, "lang");
            if (!lang)
                return refuse(lang.error());
            line.vector = m_embedder->embedOne(*body, *lang);
        }
        line.node = cluster::nodeHash(space, line.other, *body);
        line.kind = Line::Kind::Item;
        return line;
    }

    std::shared_ptr<LexicalEmbedder> m_embedder;
    unsigned m_threads;
    bool m_keep;
};

}

Made makeCluster(const StageArguments &arguments)
{
    auto embedder = shippedLexicalEmbedder();
    if (!embedder)
        return tl::unexpected(embedder.error());
    return std::make_unique<ClusterLines>(std::move(*embedder), arguments.threads, arguments.keep);
}

}
