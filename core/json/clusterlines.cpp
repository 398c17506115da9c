#include <array>
#include <charconv>
#include <tuple>
#include <unordered_map>

#include "core/base/hash.h"
#include "core/base/parallel.h"
#include "core/domain/lexicalterm.h"
#include "core/json/flatline.h"
#include "core/json/lines.h"
#include "core/json/optionsvalues.h"
#include "core/json/stages.h"
#include "core/local/lexicalembedder.h"
#include "core/stages/cluster/cluster.h"

namespace winnow::lines
{

namespace
{

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

constexpr std::array kMembers{
    std::string_view("id"),          std::string_view("text"),   std::string_view("masked"),
    std::string_view("lang"),        std::string_view("block"),  std::string_view("must_link"),
    std::string_view("cannot_link"), std::string_view("sparse"), std::string_view("space")};
enum Place : std::size_t { Id, Text, Masked, Lang, Block, Must, Cannot, Sparse, Space };

/// A member that is a list.
Json listOf(const Member &member)
{
    return member.kind == Member::Kind::Other ? Json::parse(member.text, nullptr, false) : Json();
}

Result<std::pair<std::string, std::string>> endsOf(const Member &member, std::string_view name)
{
    const Json ends = listOf(member);
    if (!ends.is_array() || ends.size() != 2 || !ends[0].is_string() || !ends[1].is_string())
        return fail(ErrorCode::InvalidInput, "/" + std::string(name) + ": expected two ids");
    return std::pair(ends[0].get<std::string>(), ends[1].get<std::string>());
}

Result<SparseVector> sparseOf(const Member &member)
{
    const auto wrong = [] {
        return fail(ErrorCode::InvalidInput, "/sparse: expected pairs of term and weight in rising order");
    };
    const Json list = listOf(member);
    if (!list.is_array() || list.size() > lexical::kMaximumTerms)
        return wrong();
    SparseVector vector;
    for (const Json &entry : list) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_unsigned() || !entry[1].is_number_unsigned()
            || entry[0] > 0xffffffffu || entry[1] < 1u || entry[1] > lexical::kScale
            || (!vector.entries.empty() && entry[0] <= vector.entries.back().first))
            return wrong();
        vector.entries.emplace_back(entry[0].get<std::uint32_t>(), entry[1].get<std::uint16_t>());
    }
    return vector;
}

class ClusterLines : public StageLines
{
public:
    ClusterLines(std::shared_ptr<LexicalEmbedder> embedder, cluster::Options options, bool keep)
        : m_embedder(std::move(embedder))
        , m_space(m_embedder->space())
        , m_options(options)
        , m_keep(keep)
    {
    }

    Result<> set(std::vector<std::string> lines, const Sink &sink, std::size_t &refused,
                 std::stop_token stop) const override
    {
        std::vector<Line> read(lines.size());
        const bool done =
            parallelFor(lines.size(), kChunk, m_options.threads, stop, [&](std::size_t begin, std::size_t end) {
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
        const auto output = cluster::run(input, m_options, stop);
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
                {
                    Member id;
                    id.kind = line.id.empty() ? Member::Kind::Absent : Member::Kind::Text;
                    id.text = line.id;
                    putErrorLine(out, id, i + 1, *line.error);
                }
            } else if (line.kind == Line::Kind::Item) {
                const std::string &name = names[output->incident[itemOf[i]]];
                if (auto kept = m_keep ? parseObject(lines[i]) : fail(ErrorCode::NotFound, {})) {
                    (*kept)["incident"] = name;
                    out += dump(*kept) += '\n';
                } else {
                    out += "{\"id\":";
                    putText(out, line.id);
                    out += ",\"incident\":\"" + name + "\"}\n";
                }
            }
            if (out.size() > (1u << 20)) {
                if (!sink(out))
                    return {};
                out.clear();
            }
        }
        for (const cluster::Ask &ask : output->asks)
            out += dump({{"ask", {input.items[ask.link.a].id, input.items[ask.link.b].id}}, {"gain", ask.gain}}) +=
                '\n';
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
                       {"space", m_space},
                       {"constraints", input.mustLinks.size() + input.cannotLinks.size()},
                       {"refused_constraints", std::move(refusedLinks)}}}}) += '\n';
        sink(out);
        return {};
    }

private:
    Line readLine(const std::string &text) const
    {
        thread_local std::array<Member, kMembers.size()> members;
        Line line;
        auto read = [&]() -> Result<> {
            if (auto done = readMembers(text, kMembers, members); !done)
                return done;
            for (const auto &[place, kind] : {std::pair(Must, Line::Kind::Must), {Cannot, Line::Kind::Cannot}}) {
                if (members[place].kind == Member::Kind::Absent)
                    continue;
                auto ends = endsOf(members[place], kMembers[place]);
                if (!ends)
                    return tl::unexpected(ends.error());
                line.kind = kind;
                std::tie(line.id, line.other) = std::move(*ends);
                return {};
            }
            if (auto id = wantText(members[Id], "id", true); !id)
                return id;
            line.id = members[Id].text;
            return readItem(members, line);
        }();
        if (!read) {
            line.kind = Line::Kind::Refused;
            line.error = std::make_unique<Error>(read.error());
        }
        return line;
    }

    Result<> readItem(std::array<Member, kMembers.size()> &members, Line &line) const
    {
        for (const Place place : {Lang, Block, Space})
            if (auto text = wantText(members[place], kMembers[place], false); !text)
                return text;
        if (!members[Block].empty())
            line.other = members[Block].text;
        const Place body = members[Masked].empty() ? Text : Masked;
        const bool given = !members[Sparse].empty();
        if (auto text = wantText(members[body], kMembers[body], !given); !text)
            return text;
        if (given) {
            if (members[Space].text != m_space)
                return fail(ErrorCode::InvalidInput, "/space: this program has " + m_space);
            auto vector = sparseOf(members[Sparse]);
            if (!vector)
                return tl::unexpected(vector.error());
            line.vector = std::move(*vector);
        } else {
            line.vector = m_embedder->embedOne(members[body].text,
                                               members[Lang].empty() ? std::string_view() : members[Lang].text);
        }
        // Without the text, equal vectors are one node.
        line.node =
            cluster::nodeHash(m_space, line.other, members[body].empty() ? members[Sparse].text : members[body].text);
        line.kind = Line::Kind::Item;
        return {};
    }

    std::shared_ptr<LexicalEmbedder> m_embedder;
    std::string m_space;
    cluster::Options m_options;
    bool m_keep;
};

}

Made makeCluster(const StageArguments &arguments)
{
    StageOptions all;
    if (auto done = readStageOptions(arguments, "options", "cluster", all); !done)
        return tl::unexpected(done.error());
    cluster::Options options = all.cluster;
    options.threads = arguments.threads;
    if (const std::string ask = arguments.value("ask"); !ask.empty()) {
        const auto [end, error] = std::from_chars(ask.data(), ask.data() + ask.size(), options.ask);
        if (error != std::errc() || end != ask.data() + ask.size() || options.ask > 1'000'000)
            return fail(ErrorCode::Usage, "--ask wants a number up to 1000000");
    }
    auto embedder = shippedLexicalEmbedder();
    if (!embedder)
        return tl::unexpected(embedder.error());
    return std::make_unique<ClusterLines>(std::move(*embedder), options, arguments.keep);
}

}
