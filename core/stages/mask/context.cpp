// What only its context makes personal: orders, accounts, user names, birth dates, documents.

#include <algorithm>
#include <array>

#include "core/stages/mask/detectors.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

constexpr std::size_t kMostFillers = 5;

/// Where the value of a cue begins, and what stood between them.
struct Reach {
    std::size_t token = 0; ///< the value's first word; the number of words where there is none
    std::size_t at = 0; ///< the value's first character (`#`, `@` and `_` included)
    bool marked = false; ///< a colon, #, =, or a word like "number"
    bool colon = false;
    bool named = false; ///< "is", "est": then a plain word may be the value
};

/// Fillers that say that an id follows.
bool isMarker(const Token &word)
{
    return isA(word, Cue::Marker);
}

/// Walks over fillers and light punctuation.
Reach reach(const Scene &scene, const Hit &hit)
{
    const auto &words = scene.tokens.words;
    Reach out;
    std::size_t token = hit.end, from = words[hit.end - 1].end;
    for (std::size_t fillers = 0;; ++fillers) {
        out.token = words.size();
        if (token >= words.size())
            return out;
        bool line = false;
        for (std::size_t at = from; at < words[token].start; ++at) {
            const char c = scene.text[at];
            if (c == '.' && at + 1 < words[token].start && scene.text[at + 1] != '.' && at - words[token - 1].start > 4)
                return out; // a sentence ends, unless the dot is of an abbreviation
            out.colon = out.colon || c == ':';
            if (c == ':' || c == '#' || c == '=')
                out.marked = true;
            else if (c == '\n' && out.marked && !line)
                line = true; // "Order number:" and the number on the next line
            else if (std::string_view(" \t-.'\"()[]*_@,/+").find(c) == std::string_view::npos
                     && !(static_cast<unsigned char>(c) & 0x80))
                return out;
            if (words[token].start - from > 12)
                return out;
        }
        const std::uint32_t filler = fillers < kMostFillers ? phraseAt(scene.tokens, token, Cue::Filler) : 0;
        if (filler == 0 || words[token].digits)
            break;
        const std::string_view word = words[token].span().of(scene.text);
        out.named = out.named || (word.size() >= 2 && filler == 1);
        out.marked = out.marked || isMarker(words[token]);
        from = words[token + filler - 1].end;
        token += filler;
    }
    out.token = token;
    out.at = words[token].start;
    while (out.at > from && std::string_view("#@_").find(scene.text[out.at - 1]) != std::string_view::npos)
        --out.at;
    return out;
}

struct Shape {
    std::size_t end = 0;
    std::size_t digits = 0;
    std::size_t letters = 0;
    std::size_t joints = 0; ///< separators inside
    bool underscore = false;
    bool dotted = false;
};

/// A run of letters and digits with single joints between them.
Shape shapeAt(std::string_view text, std::size_t at, std::string_view joints = "-_./")
{
    Shape shape;
    std::size_t i = at;
    while (i < text.size() && (text[i] == '#' || text[i] == '@'))
        ++i;
    for (; i < text.size() && i - at < 64; ++i) {
        if (isDigit(text[i])) {
            ++shape.digits;
        } else if (isAsciiLetter(text[i])) {
            ++shape.letters;
        } else if (joints.find(text[i]) != std::string_view::npos && i > at && i + 1 < text.size()
                   && isWordChar(text[i + 1]) && isWordChar(text[i - 1])) {
            ++shape.joints;
            shape.underscore = shape.underscore || text[i] == '_';
            shape.dotted = shape.dotted || text[i] == '.';
        } else if (text[i] == '_') {
            shape.underscore = true;
        } else {
            break;
        }
    }
    shape.end = i;
    return shape;
}

bool isYear(std::string_view text)
{
    return text.size() == 4 && (text.starts_with("19") || text.starts_with("20"));
}

/// A decimal, a version, a price, a time, a date: numbers that a cue does not turn into an id.
bool isPlainQuantity(const Scene &scene, std::size_t at, const Shape &shape)
{
    const std::string_view value = scene.text.substr(at, shape.end - at);
    if (shape.letters == 0) {
        if (shape.dotted && std::all_of(value.begin(), value.end(), [](char c) { return isDigit(c) || c == '.'; })) {
            // groups of up to three digits: a version or an amount
            std::size_t group = 0, largest = 0;
            for (const char c : value)
                largest = std::max(largest, group = c == '.' ? 0 : group + 1);
            if (largest <= 3)
                return true;
        }
        if (dateAt(scene, at) == shape.end || isYear(value))
            return true;
    }
    if (shape.end < scene.text.size() && (scene.text[shape.end] == '%' || scene.text[shape.end] == '$'))
        return true;
    return at > 0
        && (scene.text[at - 1] == '$' || (at >= 2 && scene.text.substr(at - 2, 2) == "£")
            || (at >= 3 && scene.text.substr(at - 3, 3) == "€"));
}

/// Takes further groups of digits behind a blank: "1234 5678 90".
std::size_t withGroups(std::string_view text, std::size_t end, std::size_t &digits)
{
    while (end + 3 < text.size() && text[end] == ' ') {
        std::size_t next = end + 1;
        while (next < text.size() && isDigit(text[next]))
            ++next;
        if (next - end - 1 < 2 || next - end - 1 > 8
            || (next < text.size() && (isWordChar(text[next]) || text[next] == '%')))
            break;
        digits += next - end - 1;
        end = next;
    }
    return end;
}

void add(Finds &finds, std::size_t start, std::size_t end, Type type, double score, const char *detector)
{
    finds.push_back({{std::uint32_t(start), std::uint32_t(end)}, type, score, detector});
}

void findId(const Scene &scene, const Hit &hit, Type type, const char *detector, Finds &finds)
{
    Reach value = reach(scene, hit);
    if (value.token >= scene.tokens.words.size())
        return;
    Shape shape = shapeAt(scene.text, value.at);
    if (shape.digits == 0) { // letters first, digits behind a blank or dash: "order AB 123456"
        const Token &word = scene.tokens.words[value.token];
        if (word.upperAll && word.end - word.start <= 4 && shape.end + 1 < scene.text.size()
            && scene.text[shape.end] == ' ') {
            const Shape next = shapeAt(scene.text, shape.end + 1);
            if (next.digits >= 4 && next.letters == 0 && !isPlainQuantity(scene, shape.end + 1, next))
                add(finds, value.at, next.end, type, 0.8, detector);
        }
        return;
    }
    if (isPlainQuantity(scene, value.at, shape))
        return;
    const std::size_t length = shape.digits + shape.letters;
    bool good;
    if (shape.letters == 0) {
        if (shape.joints == 0)
            shape.end = withGroups(scene.text, shape.end, shape.digits);
        const bool strong = value.marked || scene.text[value.at] == '#';
        good = shape.digits >= (strong ? 5u : 7u) || (shape.digits >= 4 && scene.text[value.at] == '#');
    } else {
        // letters and digits in one word; a model name ("S4", "P30 Pro", "mp3") is short
        good = (length >= 6 && shape.digits >= 3) || (length >= 8 && shape.digits >= 2)
            || (value.marked && length >= 5 && shape.digits >= 2);
    }
    if (good)
        add(finds, value.at, shape.end, type, value.marked ? 0.9 : 0.75, detector);
}

void findDocument(const Scene &scene, const Hit &hit, Type type, const char *detector, Finds &finds)
{
    const Reach value = reach(scene, hit);
    if (value.token >= scene.tokens.words.size())
        return;
    Shape shape = shapeAt(scene.text, value.at);
    std::size_t digits = shape.digits;
    if (shape.letters == 0 && shape.joints == 0)
        shape.end = withGroups(scene.text, shape.end, digits);
    if (isPlainQuantity(scene, value.at, shape))
        return;
    if (digits >= 5 || (digits >= 3 && digits + shape.letters >= 6))
        add(finds, value.at, shape.end, type, 0.85, detector);
}

/// A name of one's own making: digits, underscores, inner capitals or dots; a plain word only where "is" or a colon
/// names it.
void findUsername(const Scene &scene, const Hit &hit, Finds &finds)
{
    const Reach value = reach(scene, hit);
    if (value.token >= scene.tokens.words.size())
        return;
    const Token &word = scene.tokens.words[value.token];
    const std::string_view text = scene.text;
    const Shape shape = shapeAt(text, value.at, "-_.");
    std::size_t end = shape.end;
    if (end <= value.at || end - value.at < 3 || wordAfter(text, end))
        return;
    const bool handle = text[value.at] == '@';
    bool innerCapital = false;
    for (std::size_t i = value.at + 1; i < end; ++i)
        innerCapital = innerCapital || (text[i] >= 'A' && text[i] <= 'Z' && text[i - 1] >= 'a' && text[i - 1] <= 'z');
    const bool own =
        (shape.digits > 0 && shape.letters > 0) || (shape.underscore && shape.letters > 0) || innerCapital || handle;
    // a plain word: capitalised behind a cue in small letters, or told by "is" and a colon
    const Token &cue = scene.tokens.words[hit.end - 1];
    const bool plain = !own && shape.digits == 0 && word.upperFirst && !word.upperAll && !scene.caseless
        && !scene.titled && !isA(word, Cue::Common) && !cue.upperFirst
        && value.token == hit.end + (value.named ? 1u : 0u);
    const bool told = !own && shape.digits == 0 && shape.letters >= 4 && value.colon && value.named
        && !isA(word, Cue::Common) && !isA(word, Cue::Filler);
    if (isPlainQuantity(scene, value.at, shape) || !(own || (shape.digits >= 5 && value.marked) || plain || told))
        return;
    add(finds, value.at, end, Type::Username, own ? 0.85 : 0.6, "username");
}

/// The cue ends in "is" or "was" itself.
bool toldByVerb(const Scene &scene, const Hit &hit)
{
    return isA(scene.tokens.words[hit.end - 1], Cue::Filler);
}

void findPassword(const Scene &scene, const Hit &hit, Finds &finds)
{
    const Reach value = reach(scene, hit);
    if (value.token >= scene.tokens.words.size() || !(value.marked || value.named || toldByVerb(scene, hit)))
        return;
    std::size_t end = value.at;
    while (end < scene.text.size() && static_cast<unsigned char>(scene.text[end]) > ' ' && end - value.at < 64)
        ++end;
    while (end > value.at && std::string_view(".,;:!?)\"'").find(scene.text[end - 1]) != std::string_view::npos)
        --end;
    while (end > value.at && !text::isBorder(scene.text, end))
        --end;
    const std::string_view word = scene.text.substr(value.at, end - value.at);
    const bool digit = std::any_of(word.begin(), word.end(), isDigit);
    const bool letter = std::any_of(word.begin(), word.end(), isAsciiLetter);
    if (word.size() >= 4 && digit && (letter || word.size() <= 8)
        && !isPlainQuantity(scene, value.at, shapeAt(scene.text, value.at)))
        add(finds, value.at, end, Type::Password, 0.8, "password");
}

void findBirthDate(const Scene &scene, const Hit &hit, Finds &finds)
{
    const auto &words = scene.tokens.words;
    for (std::size_t token = hit.end; token < words.size() && token < hit.end + 6; ++token) {
        const std::string_view between =
            scene.text.substr(words[token - 1].end, words[token].start - words[token - 1].end);
        if (between.find('\n') != std::string_view::npos && between.find(':') == std::string_view::npos)
            return;
        if (const std::size_t end = dateAt(scene, words[token].start)) {
            add(finds, words[token].start, end, Type::BirthDate, 0.9, "birth_date");
            return;
        }
    }
}

/// Order numbers whose form alone says what they are.
void findFormedOrders(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    const auto digitsAt = [&](std::size_t at, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            if (at + i >= text.size() || !isDigit(text[at + i]))
                return false;
        return true;
    };
    for (const Token &word : scene.tokens.words) {
        const std::size_t at = word.start;
        const std::size_t length = word.end - word.start;
        std::size_t end = 0;
        if (length == 3 && text::foldCase(word.span().of(text)) == "gpa" && text.substr(at + 3, 1) == "."
            && digitsAt(at + 4, 4)) {
            end = shapeAt(text, at, "-.").end; // Google Play: GPA.1234-5678-9012-34567
        } else if (length == 3 && digitsAt(at, 3) && text.substr(at + 3, 1) == "-" && digitsAt(at + 4, 7)
                   && text.substr(at + 11, 1) == "-" && digitsAt(at + 12, 7)) {
            end = at + 19; // Amazon: 123-1234567-1234567
        } else if (length == 18 && text.substr(at, 2) == "1Z" && word.letters) {
            end = word.end; // UPS
        } else if (length == 13 && word.upperFirst && isAsciiLetter(text[at + 1]) && digitsAt(at + 2, 9)
                   && isAsciiLetter(text[at + 11]) && isAsciiLetter(text[at + 12])) {
            end = word.end; // S10 postal items: RR123456789DE
        } else if (length >= 8 && length <= 16 && word.letters && text.substr(at, 3) == "ORD"
                   && digitsAt(at + 3, length - 3)) {
            end = word.end;
        }
        if (end && !wordBefore(text, at) && !wordAfter(text, end))
            add(finds, at, end, Type::Order, 0.9, "order_form");
    }
}

/// Chinese, Japanese and Korean put no blanks: the cue is looked for as such, the value follows light punctuation.
void findUnparted(const Scene &scene, Finds &finds)
{
    struct Wide {
        std::string_view cue;
        Type type;
        const char *detector;
    };
    constexpr std::array kCues{
        Wide{"订单", Type::Order, "order"},
        Wide{"訂單", Type::Order, "order"},
        Wide{"单号", Type::Order, "order"},
        Wide{"快递", Type::Order, "order"},
        Wide{"工单", Type::Order, "order"},
        Wide{"注文番号", Type::Order, "order"},
        Wide{"注文", Type::Order, "order"},
        Wide{"予約番号", Type::Order, "order"},
        Wide{"追跡番号", Type::Order, "order"},
        Wide{"伝票番号", Type::Order, "order"},
        Wide{"お問い合わせ番号", Type::Order, "order"},
        Wide{"주문번호", Type::Order, "order"},
        Wide{"주문", Type::Order, "order"},
        Wide{"송장", Type::Order, "order"},
        Wide{"账号", Type::Account, "account"},
        Wide{"帐号", Type::Account, "account"},
        Wide{"帳號", Type::Account, "account"},
        Wide{"用户名", Type::Username, "username"},
        Wide{"会员", Type::Account, "account"},
        Wide{"用户ID", Type::Account, "account"},
        Wide{"会員番号", Type::Account, "account"},
        Wide{"アカウント", Type::Account, "account"},
        Wide{"顧客番号", Type::Account, "account"},
        Wide{"ユーザーID", Type::Account, "account"},
        Wide{"ユーザー名", Type::Username, "username"},
        Wide{"회원번호", Type::Account, "account"},
        Wide{"아이디", Type::Username, "username"},
        Wide{"계정", Type::Account, "account"},
        Wide{"微信", Type::Username, "username"},
        Wide{"QQ", Type::Username, "username"},
        Wide{"身份证", Type::NationalId, "national_id"},
        Wide{"マイナンバー", Type::NationalId, "national_id"},
        Wide{"护照", Type::Passport, "passport"},
        Wide{"パスポート", Type::Passport, "passport"},
    };
    const std::string_view text = scene.text;
    for (const Wide &cue : kCues) {
        for (std::size_t at = text.find(cue.cue); at != std::string_view::npos; at = text.find(cue.cue, at + 1)) {
            std::size_t value = at + cue.cue.size();
            for (std::size_t steps = 0; steps < 6 && value < text.size(); ++steps) {
                std::size_t next = value;
                const char32_t c = text::decode(text, next);
                if (c < 0x80 && (isWordChar(char(c)) || c == '@'))
                    break;
                if (c < 0x80 && std::string_view(" :#=").find(char(c)) == std::string_view::npos)
                    break;
                value = next;
            }
            const Shape shape = shapeAt(text, value);
            if (shape.end > value && shape.digits >= 4 && shape.digits + shape.letters >= 5
                && !isPlainQuantity(scene, value, shape))
                add(finds, value, shape.end, cue.type, 0.8, cue.detector);
            else if (cue.type == Type::Username && shape.letters >= 4 && shape.digits + shape.joints > 0)
                add(finds, value, shape.end, cue.type, 0.7, cue.detector);
        }
    }
}

}

void findByContext(const Scene &scene, Finds &finds)
{
    for (const Hit &hit : scene.tokens.hits) {
        switch (hit.cue) {
        case Cue::Username:
            findUsername(scene, hit, finds);
            break;
        case Cue::Password:
            findPassword(scene, hit, finds);
            break;
        default:
            break;
        }
        if (scene.tokens.digits < 3)
            continue;
        switch (hit.cue) {
        case Cue::Order:
            findId(scene, hit, Type::Order, "order", finds);
            break;
        case Cue::Account:
            findId(scene, hit, Type::Account, "account", finds);
            break;
        case Cue::Bank:
            findDocument(scene, hit, Type::Account, "bank_account", finds);
            break;
        case Cue::National:
            findDocument(scene, hit, Type::NationalId, "national_id", finds);
            break;
        case Cue::Licence:
            findDocument(scene, hit, Type::Licence, "licence", finds);
            break;
        case Cue::Passport:
            findDocument(scene, hit, Type::Passport, "passport", finds);
            break;
        case Cue::Device:
            findDocument(scene, hit, Type::Device, "device", finds);
            break;
        case Cue::Birth:
            findBirthDate(scene, hit, finds);
            break;
        default:
            break;
        }
    }
    if (scene.tokens.digits >= 5)
        findFormedOrders(scene, finds);
    if (scene.tokens.digits >= 4
        && scene.text.find_first_of("\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed") != std::string_view::npos)
        findUnparted(scene, finds);
}

}
