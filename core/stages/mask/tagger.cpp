#include "core/stages/mask/tagger.h"

#include <algorithm>
#include <cstring>

#include "core/base/bytereader.h"
#include "core/base/packed.h"
#include "core/base/resources.h"
#include "core/math/elementary.h"
#include "core/stages/mask/names.h"

namespace winnow::mask
{

namespace
{

constexpr std::size_t kMostBytes = 32u << 20, kMostRows = 1u << 20, kMostKnown = 2'000'000;
constexpr std::size_t kMostWords = 4096; ///< of a text tagged at once
constexpr double kTaggerCap = 0.99; ///< surer is only what proves itself
// chosen on development texts, some of which the figures are taken from
constexpr std::int16_t kReserveGiven = -300, kReserveCapital = -60, kReserveEveryday = 130, kReserveCaseless = 160;
constexpr double kSure = 0.93; ///< from here on the words need not bear it out
constexpr double kDoubt = 300; ///< what a word's weights have to say for a score of e : 1
constexpr std::int32_t kNever = -1'000'000'000;

tl::unexpected<Error> corrupt(std::string_view what)
{
    return fail(ErrorCode::Corrupt, "models/mask.bin: " + std::string(what));
}

constexpr bool follows(std::size_t from, std::size_t to)
{
    // inside a thing only behind its begin or its inside
    return to == 0 || to % 2 == 1 || from == to || from + 1 == to;
}

Type typeOf(std::size_t tag)
{
    constexpr std::array kTypes{Type::Person, Type::Address, Type::Place, Type::Organisation, Type::Occupation};
    return kTypes[(tag - 1) / 2];
}

bool isAddress(Type type)
{
    return type == Type::Address || type == Type::Place;
}

/// "Steuer-ID", "PESEL": words that announce a number are no name, however they are written.
bool announcesNumber(const Scene &scene, std::size_t first, std::size_t end)
{
    const auto &hits = scene.tokens.hits;
    const auto hit = std::partition_point(hits.begin(), hits.end(), [&](const Hit &h) { return h.first < first; });
    return hit != hits.end() && hit->first == first && hit->end >= end && hit->cue >= Cue::Order
        && hit->cue <= Cue::Device;
}

/// Between the parts of one address.
bool isAddressGap(std::string_view gap)
{
    return gap.size() <= 8 && gap.find_first_not_of(" ,.\n\r|/-?#>*") == std::string_view::npos;
}

}

Result<const Tagger *> Tagger::shipped()
{
    static const Result<Tagger> tagger =
        readResource("models/mask.bin").and_then([](const std::string &data) { return read(data); });
    if (!tagger)
        return tl::unexpected(tagger.error());
    return &*tagger;
}

Result<Tagger> Tagger::read(std::string_view data)
{
    const auto plain = unpacked(data, kMostBytes);
    if (!plain)
        return corrupt("cannot be unpacked");
    ByteReader bytes(*plain);
    const bool ours = bytes.bytes(4) == "WMT1";
    const auto rows = bytes.number<std::uint32_t>(), known = bytes.number<std::uint32_t>();
    if (!ours || bytes.failed())
        return corrupt("no table of this program");
    if (rows == 0 || rows > kMostRows || (rows & (rows - 1)) != 0 || known > kMostKnown)
        return corrupt("sizes out of range");
    Tagger tagger;
    tagger.m_rowMask = rows - 1;
    for (auto &from : tagger.m_steps)
        for (std::int16_t &step : from)
            step = bytes.number<std::int16_t>();
    if (bytes.failed())
        return corrupt("cut off");
    std::size_t slots = 16;
    while (slots < known * 2)
        slots *= 2;
    tagger.m_slots.resize(slots);
    for (std::uint32_t i = 0; i < known; ++i) {
        Slot slot;
        slot.hash = bytes.number<std::uint32_t>();
        slot.known = bytes.number<std::uint16_t>();
        if (bytes.failed() || slot.known == 0)
            return corrupt("cut off");
        std::size_t at = slot.hash & (slots - 1);
        while (tagger.m_slots[at].known != 0)
            at = (at + 1) & (slots - 1);
        tagger.m_slots[at] = slot;
    }
    const std::string_view weights = bytes.bytes(rows * kTags);
    if (bytes.failed() || !bytes.atEnd())
        return corrupt("weights of another size");
    tagger.m_weights.resize(rows * kTagRow);
    for (std::size_t row = 0; row < rows; ++row)
        std::memcpy(&tagger.m_weights[row * kTagRow], weights.data() + row * kTags, kTags);
    return tagger;
}

std::uint16_t Tagger::known(std::uint32_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t at = hash & mask; m_slots[at].known != 0; at = (at + 1) & mask)
        if (m_slots[at].hash == hash)
            return m_slots[at].known;
    return 0;
}

bool Tagger::mayName(const Scene &scene) const
{
    constexpr std::uint16_t kNames = KnownGiven | KnownFamily | KnownPlace | KnownCountry | KnownCompany;
    for (const Token &word : scene.tokens.words) {
        if (!word.letters)
            continue;
        const std::uint16_t bits = known(word.hash);
        if (!(bits & KnownCommon) && ((bits & kNames) || (word.upperFirst && !scene.caseless)))
            return true;
        if (word.upperFirst && (bits & KnownGiven))
            return true;
    }
    return scene.tokens.digits > 0 && (scene.tokens.has(Cue::Street) || scene.tokens.has(Cue::Unit));
}

void Tagger::find(const Scene &scene, Finds &finds) const
{
    const auto &all = scene.tokens.words;
    if (all.empty() || !mayName(scene))
        return;
    thread_local std::vector<std::uint16_t> known;
    thread_local TaggerText words;
    thread_local std::vector<Emission> emit;
    thread_local std::vector<std::array<std::uint8_t, kTags>> back;
    thread_local std::vector<std::uint8_t> tags;
    known.resize(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        known[i] = knownAs(all[i]);
    words.look(scene, known);
    // long texts in pieces: memory stays small
    for (std::size_t begin = 0; begin < all.size(); begin += kMostWords) {
        const std::size_t count = std::min(kMostWords, all.size() - begin);
        emit.resize(count);
        back.resize(count);
        tags.resize(count);
        Features features;
        for (std::size_t i = 0; i < count; ++i) {
            words.features(begin + i, features);
            Emission sum{};
            for (const std::uint32_t hash : features) {
                const std::int8_t *row = &m_weights[std::size_t(hash & m_rowMask) * kTagRow];
                for (std::size_t t = 0; t < kTagRow; ++t)
                    sum[t] = std::int16_t(sum[t] + row[t]);
            }
            sum[0] = std::int16_t(sum[0] + reserve(scene, all[begin + i], known[begin + i]));
            emit[i] = sum;
        }
        std::array<std::int32_t, kTags> best{};
        for (std::size_t t = 0; t < kTags; ++t)
            best[t] = t == 0 || t % 2 == 1 ? m_steps[kTags][t] + emit[0][t] : kNever;
        for (std::size_t i = 1; i < count; ++i) {
            std::array<std::int32_t, kTags> next{};
            for (std::size_t to = 0; to < kTags; ++to) {
                std::int32_t most = kNever * 2;
                std::uint8_t from = 0;
                for (std::size_t t = 0; t < kTags; ++t) {
                    const std::int32_t value = follows(t, to) ? best[t] + m_steps[t][to] : kNever;
                    if (value > most) {
                        most = value;
                        from = std::uint8_t(t);
                    }
                }
                next[to] = std::max(most, kNever) + emit[i][to];
                back[i][to] = from;
            }
            best = next;
        }
        auto tag = std::size_t(std::max_element(best.begin(), best.end()) - best.begin());
        for (std::size_t i = count; i-- > 0;) {
            tags[i] = std::uint8_t(tag);
            tag = i > 0 ? back[i][tag] : 0;
        }
        collect(scene, begin, tags, emit, finds);
    }
}

std::int16_t Tagger::reserve(const Scene &scene, const Token &word, std::uint16_t known)
{
    const bool everyday = known & (KnownCommon | KnownBrand);
    if (scene.caseless || scene.titled)
        return everyday ? kReserveEveryday : kReserveCaseless;
    if (!word.upperFirst || everyday)
        return kReserveEveryday;
    return known & KnownGiven ? kReserveGiven : kReserveCapital;
}

void Tagger::collect(const Scene &scene, std::size_t begin, const std::vector<std::uint8_t> &tags,
                     const std::vector<Emission> &emit, Finds &finds) const
{
    const auto &words = scene.tokens.words;
    std::size_t lastEnd = 0; // behind the last word of the last find, 0 for none
    for (std::size_t i = 0; i < tags.size();) {
        if (tags[i] == 0) {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        while (end < tags.size() && tags[end] == tags[i] + 1)
            ++end;
        std::int32_t margin = 0;
        for (std::size_t w = i; w < end; ++w)
            margin += emit[w][tags[w]] - emit[w][0];
        const double score = math::logistic(double(margin) / (kDoubt * double(end - i)));
        Found found{{words[begin + i].start, words[begin + end - 1].end},
                    typeOf(tags[i]),
                    std::clamp(math::round6(score), 0.5, kTaggerCap),
                    "tagger"};
        if (announcesNumber(scene, begin + i, begin + end)
            || (score < kSure && !isCredible(scene, begin + i, begin + end, found))) {
            i = end;
            continue;
        }
        const bool joins = lastEnd == begin + i && lastEnd > 0 && isAddress(finds.back().type) && isAddress(found.type)
            && isAddressGap(scene.text.substr(finds.back().span.end, found.span.start - finds.back().span.end));
        if (joins) { // street, flat, town: one address
            finds.back().span.end = found.span.end;
            finds.back().score = std::max(finds.back().score, found.score);
            finds.back().type = Type::Address;
        } else {
            finds.push_back(found);
        }
        lastEnd = begin + end;
        i = end;
    }
}

bool Tagger::isCredible(const Scene &scene, std::size_t first, std::size_t end, const Found &found) const
{
    const auto &words = scene.tokens.words;
    bool capital = false, digits = false, strange = false;
    std::uint16_t any = 0;
    for (std::size_t i = first; i < end; ++i) {
        const std::uint16_t bits = knownAs(words[i]);
        const bool everyday = bits & KnownCommon;
        digits = digits || words[i].digits;
        capital = capital || words[i].upperFirst;
        strange = strange || !(bits & (KnownCommon | KnownBrand)) || (bits & KnownGiven && words[i].upperFirst);
        any |= everyday ? bits & std::uint16_t(~(KnownGiven | KnownFamily | KnownPlace)) : bits;
    }
    const bool written = capital && !scene.caseless; // with a capital that says something
    switch (found.type) {
    case Type::Person:
        return strange && (written || (any & KnownGiven));
    case Type::Place:
        return (written && strange) || (any & (KnownPlace | KnownCountry));
    case Type::Organisation:
        return strange && (written || (any & KnownCompany));
    case Type::Address:
        return written ? digits || strange : digits && end - first > 1;
    default:
        return true;
    }
}

std::uint16_t Tagger::knownAs(const Token &word) const
{
    std::uint16_t bits = word.letters ? known(word.hash) : std::uint16_t(0);
    if (isA(word, Cue::Street))
        bits |= KnownStreet;
    if (isA(word, Cue::Common))
        bits |= KnownCommon;
    if (givenName(word.hash) != Given::No)
        bits |= KnownGiven;
    return bits;
}

}
