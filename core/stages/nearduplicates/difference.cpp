#include "core/stages/nearduplicates/difference.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

namespace winnow::nearduplicates
{

namespace
{

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kMostCells = 250000; // of the alignment's table; beyond it only the sets of words are compared
constexpr std::uint32_t kApostropheBytes = 3;
constexpr std::size_t kContentBytes = 3; // shorter words carry no meaning of their own
constexpr int kMostLetters = 6; // that words alike may not share
constexpr int kGap = 4, kSimilar = 1, kJoined = 2;

/// One word of a list.
struct Item {
    std::string_view text;
    std::uint8_t mark = 0;
    local::LangMask known = 0;
    std::uint32_t letters = 0; ///< a bit for each byte that occurs, by its lowest five bits
};

constexpr auto Generic = WordList::Generic, Negation = WordList::Negation, Number = WordList::Number;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::size_t digitsOf(std::string_view word)
{
    return std::size_t(std::count_if(word.begin(), word.end(), isDigit));
}

/// "pls" for "please": the letters stand in the longer word in this order, from its first one on.
bool shortens(std::string_view small, std::string_view big)
{
    if (small.size() < 2 || small.size() >= big.size() || small[0] != big[0])
        return false;
    std::size_t at = 0;
    for (const char c : small) {
        if (isDigit(c))
            continue;
        at = big.find(c, at);
        if (at == std::string_view::npos)
            return false;
        ++at;
    }
    return true;
}

/// "crash" and "crashes": one stem, short endings.
bool sameStem(std::string_view a, std::string_view b)
{
    const std::size_t common = std::size_t(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    return common >= 4 && a.size() - common <= 3 && b.size() - common <= 3;
}

bool isSimilar(const Item &a, const Item &b)
{
    if (a.text == b.text)
        return true;
    if ((a.mark | b.mark) & Number || std::max(a.text.size(), b.text.size()) <= 2)
        return false;
    if (a.text[0] != b.text[0] && std::popcount(a.letters ^ b.letters) > kMostLetters)
        return false;
    const std::string_view small = a.text.size() <= b.text.size() ? a.text : b.text,
                           big = a.text.size() <= b.text.size() ? b.text : a.text;
    const bool digits = digitsOf(small) > 0 || digitsOf(big) > 0;
    if (digits && digitsOf(small) > 0 && digitsOf(big) > 0)
        return false; // "s3" is not "s4"
    const bool bothKnown = (a.known & b.known) != 0, denies = ((a.mark | b.mark) & Negation) != 0;
    if (bothKnown && denies) // "now" is not "not"
        return false;
    if (sameStem(a.text, b.text) || (!denies && small.size() >= 3 && big.starts_with(small)))
        return true;
    if (bothKnown)
        return shortens(small, big) && small.size() <= 4;
    if (shortens(small, big) && small.size() * 2 >= big.size())
        return true;
    const std::size_t most = big.size() <= 3 ? 1 : std::max<std::size_t>(big.size() >= 5 ? 2 : 1, big.size() / 3);
    // An edit changes the set of letters by two at most.
    return big.size() - small.size() <= most && std::size_t(std::popcount(a.letters ^ b.letters)) <= 2 * most
        && editsBetween(a.text, b.text, most) <= most;
}

/// Words a and b run together are the word c, or nearly.
bool joins(const Item &a, const Item &b, const Item &c)
{
    if (a.text.size() + b.text.size() > kLongestWord || ((a.mark | b.mark | c.mark) & (Number | Negation)))
        return false;
    std::array<char, kLongestWord> bytes;
    std::copy(b.text.begin(), b.text.end(), std::copy(a.text.begin(), a.text.end(), bytes.begin()));
    const std::string_view together(bytes.data(), a.text.size() + b.text.size());
    return together.size() >= 4 && std::popcount((a.letters | b.letters) ^ c.letters) <= 4
        && editsBetween(together, c.text, 2) <= (together.size() >= 8 ? 2 : 1);
}

/// Two words with a blank at another place: "an dthe".
bool rejoins(const Item &a, const Item &b, const Item &c, const Item &d)
{
    const std::size_t left = a.text.size() + b.text.size(), right = c.text.size() + d.text.size();
    if (std::max(left, right) > kLongestWord || std::min(left, right) < 4
        || ((a.mark | b.mark | c.mark | d.mark) & (Number | Negation)))
        return false;
    if (std::popcount((a.letters | b.letters) ^ (c.letters | d.letters)) > 4)
        return false;
    std::array<char, kLongestWord> one, other;
    std::copy(b.text.begin(), b.text.end(), std::copy(a.text.begin(), a.text.end(), one.begin()));
    std::copy(d.text.begin(), d.text.end(), std::copy(c.text.begin(), c.text.end(), other.begin()));
    return editsBetween({one.data(), left}, {other.data(), right}, 2) <= (left >= 8 ? 2 : 1);
}

/// What stands on each side between two places where the texts agree.
struct Region {
    std::vector<Item> left, right;
    bool edge = false; ///< at the beginning or the end of the texts
};

class Comparison
{
public:
    Comparison(const WordList &a, const WordList &b)
    {
        fill(a, m_a);
        fill(b, m_b);
    }

    bool saySame()
    {
        const std::size_t head =
            std::size_t(std::mismatch(m_a.begin(), m_a.end(), m_b.begin(), m_b.end(), sameText).first - m_a.begin());
        std::size_t tail = 0;
        while (tail < m_a.size() - head && tail < m_b.size() - head
               && sameText(m_a[m_a.size() - 1 - tail], m_b[m_b.size() - 1 - tail]))
            ++tail;
        m_left = std::span(m_a).subspan(head, m_a.size() - head - tail);
        m_right = std::span(m_b).subspan(head, m_b.size() - head - tail);
        m_atStart = head == 0;
        m_atEnd = tail == 0;
        if ((m_left.size() + 1) * (m_right.size() + 1) > kMostCells)
            oneRegion();
        else
            align();
        cancelMoved();
        return std::none_of(m_regions.begin(), m_regions.end(), conflicts);
    }

private:
    static bool sameText(const Item &a, const Item &b) { return a.text == b.text; }

    static void fill(const WordList &list, std::vector<Item> &items)
    {
        items.reserve(list.words.size());
        for (std::size_t i = 0; i < list.words.size(); ++i) {
            Item item{list.words[i], list.marks[i], list.known[i]};
            for (const char c : item.text)
                item.letters |= 1u << (std::uint8_t(c) & 31);
            items.push_back(item);
        }
    }

    void oneRegion()
    {
        m_regions.push_back({{m_left.begin(), m_left.end()}, {m_right.begin(), m_right.end()}, m_atStart || m_atEnd});
    }

    void align()
    {
        enum Step : std::uint8_t { None, Match, Drop, Add, JoinLeft, JoinRight, Rejoin };
        const std::size_t n = m_left.size(), m = m_right.size(), width = m + 1;
        std::vector<int> cost((n + 1) * width, 0);
        std::vector<std::uint8_t> steps((n + 1) * width, None);
        for (std::size_t i = 0; i <= n; ++i)
            for (std::size_t j = 0; j <= m; ++j) {
                if (i == 0 && j == 0)
                    continue;
                int best = INT32_MAX;
                Step step = None;
                const auto offer = [&](int price, Step candidate) {
                    if (price < best) {
                        best = price;
                        step = candidate;
                    }
                };
                const auto at = [&](std::size_t back, std::size_t over) { return cost[(i - back) * width + j - over]; };
                if (i > 0 && j > 0) {
                    if (sameText(m_left[i - 1], m_right[j - 1]))
                        offer(at(1, 1), Match);
                    else if (isSimilar(m_left[i - 1], m_right[j - 1]))
                        offer(at(1, 1) + kSimilar, Match);
                }
                if (i > 1 && j > 0 && joins(m_left[i - 2], m_left[i - 1], m_right[j - 1]))
                    offer(at(2, 1) + kJoined, JoinLeft);
                if (i > 0 && j > 1 && joins(m_right[j - 2], m_right[j - 1], m_left[i - 1]))
                    offer(at(1, 2) + kJoined, JoinRight);
                if (i > 1 && j > 1 && rejoins(m_left[i - 2], m_left[i - 1], m_right[j - 2], m_right[j - 1]))
                    offer(at(2, 2) + kJoined, Rejoin);
                if (i > 0)
                    offer(at(1, 0) + kGap, Drop);
                if (j > 0)
                    offer(at(0, 1) + kGap, Add);
                cost[i * width + j] = best;
                steps[i * width + j] = step;
            }
        Region region;
        bool open = false;
        const auto close = [&](bool atStart) {
            if (open)
                m_regions.push_back(std::move(region));
            if (open && atStart && m_atStart)
                m_regions.back().edge = true;
            region = {};
            open = false;
        };
        for (std::size_t i = n, j = m; i > 0 || j > 0;) {
            const std::uint8_t step = steps[i * width + j];
            if (step != Drop && step != Add) {
                close(false);
                i -= step == JoinLeft || step == Rejoin ? 2 : 1;
                j -= step == JoinRight || step == Rejoin ? 2 : 1;
                continue;
            }
            if (!open)
                region.edge = m_atEnd && i == n && j == m;
            open = true;
            if (step == Drop)
                region.left.push_back(m_left[--i]);
            else
                region.right.push_back(m_right[--j]);
        }
        close(true);
    }

    /// A word that is missing here and added there has moved.
    void cancelMoved()
    {
        for (Region &from : m_regions)
            std::erase_if(from.left, [&](const Item &word) {
                for (Region &to : m_regions) {
                    if (&to == &from && from.left.size() == 1)
                        continue;
                    const auto it = std::find_if(to.right.begin(), to.right.end(),
                                                 [&](const Item &other) { return isSimilar(word, other); });
                    if (it != to.right.end()) {
                        to.right.erase(it);
                        return true;
                    }
                }
                return false;
            });
    }

    static bool isContent(const Item &word)
    {
        const bool single = std::uint8_t(word.text[0]) >= 0xe3; // an ideograph or a kana
        return !(word.mark & (Generic | Negation))
            && (word.text.size() >= kContentBytes || single || (word.mark & Number));
    }

    static bool conflicts(const Region &region)
    {
        const auto count = [](const std::vector<Item> &words, auto what) {
            return std::size_t(std::count_if(words.begin(), words.end(), what));
        };
        const auto isNumber = [](const Item &word) { return (word.mark & Number) != 0; };
        const auto isNegation = [](const Item &word) { return (word.mark & Negation) != 0; };
        if (count(region.left, isNumber) > 0 && count(region.right, isNumber) > 0)
            return true;
        // Words that were cut off or added at an end may hold a negation; elsewhere it turns the meaning round.
        const bool small = region.left.size() <= 2 && region.right.size() <= 2,
                   both = !region.left.empty() && !region.right.empty();
        if ((count(region.left, isNegation) > 0) != (count(region.right, isNegation) > 0)
            && (small || both || !region.edge))
            return true;
        const auto has = [&](const std::vector<Item> &words, std::uint8_t mark) {
            return count(words, [&](const Item &word) { return (word.mark & mark) != 0; }) > 0;
        };
        if ((has(region.left, WordList::Praise) && has(region.right, WordList::Complaint | Negation))
            || (has(region.right, WordList::Praise) && has(region.left, WordList::Complaint | Negation)))
            return true;
        const std::size_t left = count(region.left, isContent), right = count(region.right, isContent);
        return left > 0 && right > 0;
    }

    std::vector<Item> m_a, m_b;
    std::span<const Item> m_left, m_right;
    bool m_atStart = false, m_atEnd = false;
    std::vector<Region> m_regions;
};

}

void readWordList(std::string_view text, const local::Analyser &analyser, WordList &list)
{
    local::readWords(text, list.words);
    // What is neither letter nor digit says nothing here.
    std::erase_if(list.words.all, [&](const local::Word &word) {
        const std::string_view folded = std::string_view(list.words.folded).substr(word.foldedAt, word.foldedSize);
        return folded.empty() || std::uint8_t(folded[0]) == 0xf0
            || (std::uint8_t(folded[0]) == 0xe2 && !word.placeholder);
    });
    list.marks.clear();
    list.known.clear();
    for (std::size_t i = 0; i < list.words.size(); ++i) {
        const auto known = analyser.classOf(list.words[i]);
        list.known.push_back(known.known);
        list.marks.push_back(std::uint8_t(
            (known.generic ? Generic : 0) | (known.negation ? Negation : 0) | (known.praise ? WordList::Praise : 0)
            | (known.complaint ? WordList::Complaint : 0) | (list.words.all[i].number ? Number : 0)));
        // "can't" is two words, the second of which denies.
        const ByteSpan own = list.words.all[i].span;
        const std::uint32_t before = i > 0 ? list.words.all[i - 1].span.end : own.start;
        if (list.words[i] == "t" && before < own.start && own.start - before <= kApostropheBytes
            && text[before] != ' ') {
            list.marks[i] |= Negation;
            list.marks[i - 1] |= Generic;
        }
    }
}

bool saySame(const WordList &a, const WordList &b)
{
    return Comparison(a, b).saySame();
}

std::size_t editsBetween(std::string_view a, std::string_view b, std::size_t most)
{
    if (a.size() > kLongestWord || b.size() > kLongestWord)
        return a == b ? 0 : most + 1;
    if ((a.size() > b.size() ? a.size() - b.size() : b.size() - a.size()) > most)
        return most + 1;
    using Row = std::array<std::uint8_t, kLongestWord + 1>;
    Row before{}, last{}, row{};
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = std::uint8_t(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = std::uint8_t(i);
        std::uint8_t least = row[0];
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::uint8_t replaced = std::uint8_t(last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            row[j] = std::min({std::uint8_t(last[j] + 1), std::uint8_t(row[j - 1] + 1), replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], std::uint8_t(before[j - 2] + 1));
            least = std::min(least, row[j]);
        }
        if (least > most)
            return most + 1;
        before = last;
        last = row;
    }
    return last[b.size()];
}

}
