#pragma once
// Internal to core/json: a map stage whose lines are read and written without a tree.

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/json/flatline.h"
#include "core/json/lines.h"
#include "core/json/stagelines.h"

namespace winnow::lines
{

/// A map stage over a `Traits` with
///   static constexpr std::array kMembers{std::string_view("id"), …};     // "id" first
///   struct Item;
///   Result<Item> parse(std::span<Member> members) const;               // may move texts away, but that of the id
///   Result<> run(std::vector<Item> &items, std::stop_token) const;     // fills the answers in
///   void write(std::string &out, const Item &item) const;              // members after the id: `,"name":value`…
///   static constexpr bool kNeedsId = true;                             // else the item has a member `id`
///   static constexpr std::array kNeverKept{…};                         // optional: members that --keep passes over
template <typename Traits> class FlatMapLines : public StageLines
{
public:
    using Item = typename Traits::Item;

    FlatMapLines(Traits traits, bool keep)
        : m_traits(std::move(traits))
        , m_keep(keep)
    {
    }

    Result<std::string> map(std::span<const std::string> input, std::size_t firstLine, std::size_t &refused,
                            std::stop_token stop) const override
    {
        std::array<Member, Traits::kMembers.size()> members;
        std::vector<Item> items;
        std::vector<std::string> ids;
        std::vector<std::string> refusals(input.size()); // empty where the line is sound
        items.reserve(input.size());
        ids.reserve(input.size());
        for (std::size_t i = 0; i < input.size(); ++i) {
            const auto refuse = [&](const Error &error) {
                putErrorLine(refusals[i], members[0], firstLine + i, error);
                ++refused;
            };
            if (auto read = readMembers(input[i], Traits::kMembers, members); !read) {
                members[0].kind = Member::Kind::Absent;
                refuse(read.error());
                continue;
            }
            if (auto id = wantText(members[0], "id", Traits::kNeedsId); !id) {
                refuse(id.error());
                continue;
            }
            auto item = m_traits.parse(members);
            if (!item) {
                refuse(item.error());
                continue;
            }
            if constexpr (Traits::kNeedsId)
                ids.push_back(members[0].text);
            else
                ids.push_back(item->id);
            items.push_back(std::move(*item));
        }
        if (auto done = m_traits.run(items, stop); !done)
            return tl::unexpected(done.error());
        std::string out;
        std::size_t next = 0;
        for (std::size_t i = 0; i < input.size(); ++i) {
            if (!refusals[i].empty()) {
                out += refusals[i];
                continue;
            }
            const std::size_t start = out.size();
            out += "{\"id\":";
            putText(out, ids[next]);
            m_traits.write(out, items[next]);
            ++next;
            out += '}';
            if (m_keep)
                keepOthers(out, start, input[i]);
            out += '\n';
        }
        return out;
    }

private:
    static bool isKept(std::string_view name)
    {
        if constexpr (requires { Traits::kNeverKept; })
            return std::find(Traits::kNeverKept.begin(), Traits::kNeverKept.end(), name) == Traits::kNeverKept.end();
        return true;
    }

    /// Adds the input's members that the answer lacks. The long way round, for pipes that want it.
    static void keepOthers(std::string &out, std::size_t start, const std::string &line)
    {
        auto answer = parseObject(std::string_view(out).substr(start));
        auto given = parseObject(line);
        if (!answer || !given)
            return;
        for (auto &[name, value] : given->items())
            if (!answer->contains(name) && isKept(name)) {
                out.back() = ',';
                putText(out, name);
                out += ':';
                out += dump(value);
                out += '}';
            }
    }

    Traits m_traits;
    bool m_keep;
};

}
