#include "core/stages/language/table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include <unicode/uchar.h>

#include "core/base/bytereader.h"
#include "core/base/packed.h"
#include "core/base/resources.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::language
{

namespace
{

constexpr std::uint32_t kSeed = 2166136261u, kPrime = 16777619u;
constexpr std::size_t kShortest = 3, kLongest = 4; ///< n-grams, in characters
constexpr std::size_t kMostCharacters = 40; ///< of a word; its sum then fits 16 bits
constexpr std::size_t kRemembered = 8192; ///< words per thread
constexpr std::size_t kMostBytes = 64u << 20;

constexpr std::uint16_t kReviewWord = 50; ///< what a word of kReviewWords adds to its language

/// Words short reviews consist of, which lists of written language hardly know: small letters, blanks between.
constexpr std::pair<std::string_view, std::string_view> kReviewWords[] = {
    {"en",
     "good nice great awesome amazing excellent ok okay okey love loved fabulous fantastic perfect useless worst best "
     "wow "
     "pretty helpful "
     "easy crap sucks boring fun lovely brilliant superb thanks app please fix crashes laggy worthless garbage "
     "annoying"},
    {"fr",
     "bien bon bonne très tres sympa superbe génial genial nul nulle parfait parfaite adore appli pratique inutile "
     "merci excellente super top "
     "bof dommage mauvais mauvaise déçu déçue pas marche bug plante rien"},
    {"de",
     "gut gute guter toll schlecht klasse perfekt prima leider schrott danke funktioniert nicht geht einfach spitze "
     "hervorragend sehr super top "
     "mies müll empfehlenswert"},
    {"es",
     "bueno buena muy excelente genial malo mala gracias perfecto encanta funciona sirve pésimo pesimo increíble "
     "recomiendo"},
    {"pt",
     "bom boa muito ótimo otimo excelente legal ruim péssimo pessimo bem obrigado obrigada perfeito adorei gostei não "
     "funciona recomendo"},
    {"it",
     "bene buono buona ottimo ottima bella bello pessimo pessima perfetto perfetta grazie utile molto funziona comoda "
     "schifo"},
    {"nl", "goed goede prima mooi slecht slechte handig geweldig helaas werkt niet bedankt fijn perfect"},
    {"pl", "dobra dobry dobre super polecam świetna świetny fajna fajne słaba słabe działa dziękuję beznadziejna"},
    {"tr", "güzel iyi kötü harika mükemmel çok berbat teşekkürler süper"},
    {"ru", "хорошо хорошее отлично отличное супер класс плохо ужасно спасибо нормально круто приложение работает"},
    {"id", "bagus mantap keren jelek bisa sangat terima kasih aplikasi membantu tolong"},
    {"sv", "bra dålig toppen kanon tack fungerar mycket perfekt"},
    {"da", "god godt dårlig fint tak virker meget"},
    {"nb", "bra dårlig veldig takk fungerer fint"},
    {"ar", "ممتاز جيد رائع جميل حلو سيء شكرا"},
};

tl::unexpected<Error> corrupt(std::string_view what)
{
    return fail(ErrorCode::Corrupt, "models/languages.bin: " + std::string(what));
}

}

Result<const Table *> Table::shipped()
{
    static const Result<Table> table =
        readResource("models/languages.bin").and_then([](const std::string &data) { return read(data); });
    if (!table)
        return tl::unexpected(table.error());
    return &*table;
}

Result<Table> Table::read(std::string_view data)
{
    const auto plain = unpacked(data, kMostBytes);
    if (!plain)
        return corrupt("cannot be unpacked");
    ByteReader bytes(*plain);
    const bool ours = bytes.bytes(4) == "WLT2";
    const std::uint32_t count = bytes.number<std::uint8_t>();
    if (!ours || count == 0 || count > kMostLanguages)
        return corrupt("not a table of languages");
    Table table;
    for (std::uint32_t i = 0; i < count; ++i) {
        table.m_languages.emplace_back(bytes.bytes(bytes.number<std::uint8_t>()));
        table.m_constants.push_back(bytes.number<std::int16_t>());
    }
    const auto keys = bytes.number<std::uint32_t>();
    if (bytes.failed())
        return corrupt("cut off");
    if (keys > kMostBytes / 4)
        return corrupt("too large");
    table.m_buckets.assign((std::size_t(1) << kHeadBits) + 1, 0);
    table.m_tails.reserve(keys);
    std::uint32_t hash = 0;
    for (std::uint32_t i = 0; i < keys; ++i) {
        const std::uint32_t step = bytes.varint();
        if (bytes.failed())
            return corrupt("cut off");
        if (step > 0xffffffffu - hash)
            return corrupt("out of order");
        hash += step;
        ++table.m_buckets[(hash >> kTailBits) + 1];
        table.m_tails.push_back(std::uint16_t(hash & ((1u << kTailBits) - 1)));
    }
    for (std::size_t i = 1; i < table.m_buckets.size(); ++i)
        table.m_buckets[i] += table.m_buckets[i - 1];
    const std::string_view counts = bytes.bytes(keys);
    if (bytes.failed())
        return corrupt("cut off");
    table.m_firstPairs.reserve(keys + 1);
    std::uint32_t pairs = 0;
    for (const char number : counts) {
        if (static_cast<unsigned char>(number) > count)
            return corrupt("more languages than there are");
        table.m_firstPairs.push_back(pairs);
        pairs += static_cast<unsigned char>(number);
    }
    table.m_firstPairs.push_back(pairs);
    const std::string_view languages = bytes.bytes(pairs), weights = bytes.bytes(pairs);
    if (bytes.failed() || !bytes.atEnd())
        return corrupt("cut off");
    for (const char language : languages)
        if (static_cast<unsigned char>(language) >= count)
            return corrupt("a language that is not there");
    for (const auto &[code, words] : kReviewWords) {
        const auto known = std::find(table.m_languages.begin(), table.m_languages.end(), code == "nb" ? "no" : code);
        for (std::string_view rest = words; known != table.m_languages.end() && !rest.empty();) {
            const std::size_t blank = std::min(rest.find(' '), rest.size());
            table.m_reviewWords.emplace_back(rest.substr(0, blank), std::uint8_t(known - table.m_languages.begin()));
            rest.remove_prefix(std::min(blank + 1, rest.size()));
        }
    }
    std::sort(table.m_reviewWords.begin(), table.m_reviewWords.end());
    table.m_pairLanguages = languages;
    table.m_pairWeights = weights;
    table.spread();
    return table;
}

void Table::spread()
{
    for (std::size_t key = 0; key + 1 < m_firstPairs.size(); ++key) {
        const std::uint32_t first = m_firstPairs[key], end = m_firstPairs[key + 1];
        if (end - first < kWide)
            continue;
        WordScores &row = m_rows.emplace_back();
        row.fill(0);
        for (std::uint32_t i = first; i < end; ++i)
            row[static_cast<unsigned char>(m_pairLanguages[i])] = static_cast<unsigned char>(m_pairWeights[i]);
        m_wide.push_back(std::uint32_t(key));
    }
}

void Table::addKeys(std::span<std::uint32_t> hashes, WordScores &scores) const
{
    // three rounds, so that the memory of all keys is on its way before the first is read
    for (const std::uint32_t hash : hashes)
        __builtin_prefetch(&m_buckets[hash >> kTailBits]);
    std::size_t known = 0;
    for (const std::uint32_t hash : hashes) {
        const std::uint32_t head = hash >> kTailBits;
        const auto tail = std::uint16_t(hash & ((1u << kTailBits) - 1));
        for (std::uint32_t key = m_buckets[head]; key < m_buckets[head + 1]; ++key)
            if (m_tails[key] == tail) {
                __builtin_prefetch(&m_firstPairs[key]);
                hashes[known++] = key;
                break;
            }
    }
    hashes = hashes.first(known);
    for (const std::uint32_t key : hashes) {
        __builtin_prefetch(&m_pairLanguages[m_firstPairs[key]]);
        __builtin_prefetch(&m_pairWeights[m_firstPairs[key]]);
    }
    for (const std::uint32_t key : hashes) {
        const std::uint32_t first = m_firstPairs[key], end = m_firstPairs[key + 1];
        if (end - first >= kWide) {
            const auto wide = std::lower_bound(m_wide.begin(), m_wide.end(), key);
            const WordScores &row = m_rows[std::size_t(wide - m_wide.begin())];
            for (std::size_t i = 0; i < kMostLanguages; ++i)
                scores[i] = std::uint16_t(scores[i] + row[i]);
            continue;
        }
        for (std::uint32_t i = first; i < end; ++i) {
            std::uint16_t &score = scores[static_cast<unsigned char>(m_pairLanguages[i])];
            score = std::uint16_t(score + static_cast<unsigned char>(m_pairWeights[i]));
        }
    }
}

void Table::score(std::string_view word, WordScores &scores) const
{
    // "^word$", and its characters' borders
    std::array<char, kMostCharacters * 4 + 2> text;
    std::array<std::uint16_t, kMostCharacters + 3> starts;
    std::size_t size = 0, characters = 0;
    const auto put = [&](std::string_view bytes) {
        starts[characters++] = std::uint16_t(size);
        std::memcpy(text.data() + size, bytes.data(), bytes.size());
        size += bytes.size();
    };
    put("^");
    for (std::size_t at = 0; at < word.size() && characters <= kMostCharacters;) {
        const std::size_t start = at;
        static_cast<void>(text::decode(word, at));
        put(word.substr(start, at - start));
    }
    put("$");
    starts[characters] = std::uint16_t(size);
    scores.fill(0);
    for (auto known = std::lower_bound(m_reviewWords.begin(), m_reviewWords.end(), std::pair(word, std::uint8_t(0)));
         known != m_reviewWords.end() && known->first == word; ++known)
        scores[known->second] += kReviewWord;
    const auto hashed = [&](std::uint32_t hash, std::size_t first, std::size_t last) {
        for (std::size_t i = starts[first]; i < starts[last]; ++i)
            hash = (hash ^ static_cast<unsigned char>(text[i])) * kPrime;
        return hash;
    };
    std::array<std::uint32_t, (kMostCharacters + 2) * 3> hashes;
    std::size_t count = 0;
    for (std::size_t i = 1; i + 1 < characters; ++i)
        hashes[count++] = hashed(kSeed, i, i + 1);
    for (std::size_t first = 0; first + kShortest <= characters; ++first) {
        std::uint32_t hash = hashed(kSeed, first, first + kShortest - 1);
        for (std::size_t length = kShortest; length <= kLongest && first + length <= characters; ++length)
            hashes[count++] = hash = hashed(hash, first + length - 1, first + length);
    }
    hashes[count++] = hashed((kSeed ^ '=') * kPrime, 1, characters - 1);
    addKeys(std::span(hashes).first(count), scores);
}

const Table::WordScores &Table::remembered(std::string_view word) const
{
    struct Entry {
        const Table *table = nullptr;
        std::uint64_t hash = 0;
        WordScores scores;
    };
    thread_local std::vector<Entry> entries(kRemembered);
    std::uint64_t hash = 14695981039346656037ull;
    for (const char c : word)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    Entry &entry = entries[(hash ^ hash >> 32) % kRemembered];
    if (entry.hash != hash || entry.table != this) {
        entry.table = this;
        entry.hash = hash;
        score(word, entry.scores);
    }
    return entry.scores;
}

std::size_t Table::add(std::string_view text, Scores &scores) const
{
    std::string word;
    std::size_t count = 0;
    const auto finish = [&] {
        if (word.empty())
            return;
        const WordScores &one = remembered(word);
        for (std::size_t i = 0; i < kMostLanguages; ++i)
            scores[i] += one[i];
        word.clear();
        ++count;
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80) {
            if ((byte | 32) >= 'a' && (byte | 32) <= 'z')
                word += char(byte | 32);
            else
                finish();
            ++at;
            continue;
        }
        const char32_t c = text::decode(text, at);
        // marks above letters and the vowel signs of India belong to the word
        if (text::isLetter(c) || (!word.empty() && ((c >= 0x300 && c < 0x370) || (c >= 0x900 && c < 0xe00))))
            text::append(word, char32_t(u_tolower(UChar32(c))));
        else if (!text::isInvisible(c))
            finish();
    }
    finish();
    return count;
}

}
