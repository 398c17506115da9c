#include "core/stages/language/language.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <unicode/uscript.h>

#include "core/math/elementary.h"
#include "core/stages/language/table.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::language
{

namespace
{

constexpr std::size_t kMaximumBytes = 2 << 10; ///< the beginning of a text tells its language

bool isMember(const std::vector<std::string> &list, std::string_view lang)
{
    return std::find(list.begin(), list.end(), lang) != list.end();
}

/// The name to answer with, for a detector's code; empty where the restriction forbids it.
std::string allowed(std::string_view lang, const Options &options)
{
    std::string base(lang.substr(0, lang.find('-')));
    if (base == "iw")
        base = "he";
    else if (base == "jw")
        base = "jv";
    else if (base == "mo")
        base = "ro";
    else if (base == "sh")
        base = "sr";
    if (options.languages.empty() || isMember(options.languages, base))
        return base;
    if (base == "no" && isMember(options.languages, "nb"))
        return "nb";
    if (base == "nb" && isMember(options.languages, "no"))
        return "no";
    return {};
}

bool startsWord(std::string_view text, std::size_t at)
{
    return at == 0 || static_cast<unsigned char>(text[at - 1]) <= ' ' || text[at - 1] == '(' || text[at - 1] == '"';
}

std::size_t wordEnd(std::string_view text, std::size_t at)
{
    while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ')
        ++at;
    return at;
}

/// The text without addresses, mentions, tags and placeholders: their letters belong to no language.
std::string_view cleaned(std::string_view text, std::string &buffer)
{
    constexpr std::string_view kOpen = "⟦", kClose = "⟧";
    if (text.find('@') == std::string_view::npos && text.find("://") == std::string_view::npos
        && text.find("www.") == std::string_view::npos && text.find(kOpen) == std::string_view::npos)
        return text;
    buffer.clear();
    for (std::size_t at = 0; at < text.size();) {
        if (text.compare(at, kOpen.size(), kOpen) == 0) {
            const std::size_t close = text.find(kClose, at);
            if (close != std::string_view::npos && close - at < 64) {
                buffer += ' ';
                at = close + kClose.size();
                continue;
            }
        }
        if (startsWord(text, at)) {
            const std::size_t end = wordEnd(text, at);
            const std::string_view word = text.substr(at, end - at);
            if (word.find('@') != std::string_view::npos || word.find("://") != std::string_view::npos
                || word.starts_with("www.")) {
                buffer += ' ';
                at = end;
                continue;
            }
        }
        buffer += text[at++];
    }
    return buffer;
}

/// Scripts that one living language writes, so that a look at the letters settles it.
constexpr std::array kOwnScripts{
    std::pair(USCRIPT_HANGUL, "ko"),   std::pair(USCRIPT_THAI, "th"),      std::pair(USCRIPT_GREEK, "el"),
    std::pair(USCRIPT_ARMENIAN, "hy"), std::pair(USCRIPT_GEORGIAN, "ka"),  std::pair(USCRIPT_GUJARATI, "gu"),
    std::pair(USCRIPT_GURMUKHI, "pa"), std::pair(USCRIPT_TAMIL, "ta"),     std::pair(USCRIPT_TELUGU, "te"),
    std::pair(USCRIPT_KANNADA, "kn"),  std::pair(USCRIPT_MALAYALAM, "ml"), std::pair(USCRIPT_SINHALA, "si"),
    std::pair(USCRIPT_KHMER, "km"),    std::pair(USCRIPT_LAO, "lo"),       std::pair(USCRIPT_MYANMAR, "my"),
    std::pair(USCRIPT_ORIYA, "or"),    std::pair(USCRIPT_THAANA, "dv"),    std::pair(USCRIPT_TIBETAN, "bo"),
};

struct Script {
    const char *lang = nullptr; ///< decided by the script, with `share` of the letters
    double share = 0;
    std::size_t letters = 0;
    bool parted = false; ///< most letters are of scripts whose languages only words tell apart
};

/// Counts the letters by script, as long as they are few; an ideograph or syllable weighs as much as a word's half.
Script lookAtScripts(std::string_view text)
{
    std::array<std::size_t, kOwnScripts.size()> own{};
    std::size_t latin = 0, parted = 0, other = 0, han = 0, kana = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80) {
            latin += (byte | 32) >= 'a' && (byte | 32) <= 'z';
            ++at;
            continue;
        }
        const char32_t c = text::decode(text, at);
        if (!text::isLetter(c) && c < 0x900)
            continue;
        UErrorCode status = U_ZERO_ERROR;
        const UScriptCode script = uscript_getScript(UChar32(c), &status);
        if (script == USCRIPT_LATIN) {
            ++latin;
        } else if (script == USCRIPT_CYRILLIC || script == USCRIPT_ARABIC || script == USCRIPT_ETHIOPIC
                   || script == USCRIPT_DEVANAGARI) {
            ++parted;
        } else if (script == USCRIPT_HAN) {
            han += 2;
        } else if (script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA) {
            kana += 2;
        } else if (script != USCRIPT_COMMON && script != USCRIPT_INHERITED) {
            const auto known = std::find_if(kOwnScripts.begin(), kOwnScripts.end(),
                                            [&](const auto &entry) { return entry.first == script; });
            if (known == kOwnScripts.end())
                ++other;
            else
                own[std::size_t(known - kOwnScripts.begin())] += script == USCRIPT_HANGUL ? 2 : 1;
        }
    }
    Script result;
    std::size_t best = 0;
    if (kana > 0 && (kana + han) > 0) {
        best = kana + han;
        result.lang = kana * 8 >= han ? "ja" : "zh";
    } else if (han > 0) {
        best = han;
        result.lang = "zh";
    }
    std::size_t all = latin + parted + other + han + kana;
    for (std::size_t i = 0; i < own.size(); ++i) {
        all += own[i];
        if (own[i] > best) {
            best = own[i];
            result.lang = kOwnScripts[i].second;
        }
    }
    result.letters = all;
    result.parted = (latin + parted) * 2 > all;
    result.share = all ? double(best) / double(all) : 0;
    if (result.share < 0.5)
        result.lang = nullptr;
    return result;
}

constexpr double kDamping = 0.7; ///< n words say as much as their number to this power, each by itself
constexpr std::size_t kMostWords = 256;
constexpr int kAgreement = 18; ///< what CLD2's word adds to a language of the table, in its units
constexpr double kShutOut = 3; ///< units of ln that a language outside the restriction loses
constexpr double kSure = 0.9; ///< above it CLD2 is not asked
constexpr double kNothing = 14; ///< units of ln behind the best from which a language counts for nothing
constexpr std::size_t kWordy = 20; ///< letters from which CLD2's word on a language without a table counts

/// What CLD2 says first among the allowed languages.
struct Opinion {
    std::string lang;
    double score = 0;
    bool reliable = false;
};

Opinion askCld2(std::string_view text, const Options &options)
{
    const CLD2::CLDHints noHints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[3];
    int percents[3];
    double scores[3];
    int bytes = 0;
    bool reliable = false;
    CLD2::ExtDetectLanguageSummary(text.data(), int(text.size()), true, &noHints, CLD2::kCLDFlagBestEffort, languages,
                                   percents, scores, nullptr, &bytes, &reliable);
    for (int i = 0; i < 3; ++i) {
        if (languages[i] == CLD2::UNKNOWN_LANGUAGE || languages[i] == CLD2::TG_UNKNOWN_LANGUAGE)
            continue;
        std::string lang = allowed(CLD2::LanguageCode(languages[i]), options);
        if (!lang.empty())
            return {std::move(lang), percents[i] / 100.0 * (reliable ? 0.95 : 0.6), reliable};
    }
    return {};
}

/// e to the −x for x from 0 to kNothing, by lines between points.
class Fading
{
public:
    Fading()
    {
        for (std::size_t i = 0; i < m_points.size(); ++i)
            m_points[i] = math::exp(-double(i) / kPerUnit);
    }
    double operator()(double x) const
    {
        const auto i = std::size_t(x * kPerUnit);
        return m_points[i] + (x * kPerUnit - double(i)) * (m_points[i + 1] - m_points[i]);
    }

private:
    static constexpr std::size_t kPerUnit = 64;
    std::array<double, std::size_t(kNothing) * kPerUnit + 2> m_points;
};

/// The table of words and the languages it may answer with.
class Judge
{
public:
    Judge(const Table &table, const Options &options)
        : m_table(table)
        , m_options(options)
    {
        // languages in which most reviews of app stores are written get a little ahead where hardly anything is said
        constexpr std::pair<std::string_view, int> kHead[] = {{"en", 56}, {"es", 10}, {"pt", 10}, {"fr", 40},
                                                              {"de", 10}, {"it", 10}, {"ru", 8},  {"id", 8},
                                                              {"tr", 6},  {"nl", 4},  {"pl", 4},  {"ar", 8}};
        for (std::size_t i = 0; i < table.languages().size(); ++i) {
            const std::string &lang = table.languages()[i];
            m_names.push_back(allowed(lang, options));
            int head = table.constants()[i];
            for (const auto &[name, value] : kHead)
                if (name == lang)
                    head += value;
            m_head.push_back(head);
        }
        for (std::size_t count = 0; count <= kMostWords; ++count)
            m_scales.push_back(1 / (Table::kUnit * math::power(double(std::max<std::size_t>(count, 1)), kDamping)));
    }

    Guess guess(std::string_view text, std::size_t letters) const
    {
        Table::Scores scores{};
        const double scale = m_scales[std::min(m_table.add(text, scores), kMostWords)];
        auto [best, share] = winner(scores, scale);
        if (best == m_names.size() || share < kSure) {
            const Opinion other = askCld2(text, m_options);
            const auto named = std::find(m_names.begin(), m_names.end(), other.lang);
            if (best == m_names.size() || (named == m_names.end() && other.reliable && letters >= kWordy))
                return answer(other.lang, other.score);
            if (!other.lang.empty() && named != m_names.end()) {
                scores[std::size_t(named - m_names.begin())] += kAgreement;
                std::tie(best, share) = winner(scores, scale);
            }
        }
        return answer(m_names[best], share);
    }

    [[nodiscard]] Guess answer(const std::string &lang, double score) const
    {
        if (lang.empty() || score < m_options.minimumScore)
            return {"und", math::round6(lang.empty() ? 0 : score)};
        return {lang, math::round6(score)};
    }

private:
    /// The best allowed language and its share of the probability.
    [[nodiscard]] std::pair<std::size_t, double> winner(const Table::Scores &scores, double scale) const
    {
        std::size_t best = m_names.size();
        const auto value = [&](std::size_t i) { return scores[i] + m_head[i]; };
        for (std::size_t i = 0; i < m_names.size(); ++i)
            if (!m_names[i].empty() && scores[i] > 0 && (best == m_names.size() || value(i) > value(best)))
                best = i;
        if (best == m_names.size())
            return {best, 0};
        // a language that may not be the answer still speaks against the best one, but only when it is clearly ahead
        double sum = 0;
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            const double ahead = (value(i) - value(best)) * scale - (m_names[i].empty() ? kShutOut : 0);
            // only what is shut out can be ahead of the best
            if (scores[i] > 0 && ahead > -kNothing)
                sum += ahead > 0 ? math::exp(ahead) : m_fading(-ahead);
        }
        return {best, 1 / sum};
    }

    const Table &m_table;
    const Options &m_options;
    std::vector<std::string> m_names; ///< per language of the table; empty where it may not be the answer
    std::vector<int> m_head; ///< what speaks for it before a word is read, in the table's units
    Fading m_fading;
    std::vector<double> m_scales; ///< per number of words: from the table's units to ln
};

Guess guess(std::string_view raw, const Judge &judge, const Options &options, std::string &buffer)
{
    const std::string_view text = cleaned(text::prefix(raw, kMaximumBytes), buffer);
    const Script script = lookAtScripts(text);
    if (script.letters == 0)
        return {};
    if (script.lang) {
        std::string lang = allowed(script.lang, options);
        if (!lang.empty())
            return {std::move(lang), math::round6(script.share)};
    }
    if (script.parted) {
        if (text::isNfc(text))
            return judge.guess(text, script.letters);
        return judge.guess(text::nfc(text), script.letters);
    }
    const Opinion opinion = askCld2(text, options);
    return judge.answer(opinion.lang, opinion.score);
}

}

Result<> ready()
{
    return Table::shipped().map([](const Table *) {});
}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    const auto table = Table::shipped();
    if (!table)
        return tl::unexpected(table.error());
    const Judge judge(**table, options);
    Output output;
    output.guesses.reserve(input.texts.size());
    std::string buffer;
    for (const std::string_view text : input.texts) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "language: stopped");
        output.guesses.push_back(guess(text, judge, options, buffer));
    }
    return output;
}

}
