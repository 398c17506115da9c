#include "core/json/flatline.h"

#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/json/lines.h"

namespace winnow::lines
{

namespace
{

constexpr std::size_t kMaximumDepth = 256;

/// Takes the events of nlohmann's parser.
class MemberReader
{
public:
    MemberReader(std::span<const std::string_view> names, std::span<Member> members)
        : m_names(names)
        , m_members(members)
    {
    }

    bool null()
    {
        return take(
            Member::Kind::Null, [](Member &) {}, "null");
    }
    bool boolean(bool value)
    {
        return take(
            Member::Kind::Flag, [&](Member &member) { member.flag = value; }, value ? "true" : "false");
    }
    bool number_integer(std::int64_t value) { return takeNumber(double(value), std::to_string(value)); }
    bool number_unsigned(std::uint64_t value) { return takeNumber(double(value), std::to_string(value)); }
    bool number_float(double value, const std::string &text) { return takeNumber(value, text); }
    bool string(std::string &value)
    {
        if (m_depth == 1) {
            if (m_current) {
                m_current->kind = Member::Kind::Text;
                m_current->text.swap(value);
            }
            return true;
        }
        if (m_depth == 0)
            return false;
        if (m_current) {
            comma();
            putText(m_current->text, value);
        }
        return true;
    }
    bool binary(nlohmann::json::binary_t &) { return false; }
    bool start_object(std::size_t) { return open('{'); }
    bool start_array(std::size_t) { return open('['); }
    bool end_object() { return close('}'); }
    bool end_array() { return close(']'); }
    bool key(std::string &name)
    {
        if (m_depth == 1) {
            m_current = nullptr;
            for (std::size_t i = 0; i < m_names.size(); ++i)
                if (m_names[i] == name) {
                    m_current = &m_members[i];
                    break;
                }
        } else if (m_current) {
            comma();
            putText(m_current->text, name);
            m_current->text += ':';
            m_first = true;
        }
        return true;
    }
    bool parse_error(std::size_t, const std::string &, const nlohmann::json::exception &) { return false; }

private:
    template <typename Fill> bool take(Member::Kind kind, Fill fill, std::string_view text)
    {
        if (m_depth == 0)
            return false;
        if (!m_current)
            return true;
        if (m_depth == 1) {
            m_current->kind = kind;
            m_current->text.clear();
            fill(*m_current);
        } else {
            comma();
            m_current->text += text;
        }
        return true;
    }
    bool takeNumber(double value, const std::string &text)
    {
        return take(
            Member::Kind::Number, [&](Member &member) { member.number = value; }, text);
    }
    void comma()
    {
        if (!m_first)
            m_current->text += ',';
        m_first = false;
    }
    bool open(char bracket)
    {
        if (m_depth == 0 && bracket != '{')
            return false;
        if (++m_depth > kMaximumDepth)
            return false;
        if (m_depth == 1 || !m_current)
            return true;
        if (m_depth == 2) {
            m_current->kind = Member::Kind::Other;
            m_current->text.clear();
        } else {
            comma();
        }
        m_current->text += bracket;
        m_first = true;
        return true;
    }
    bool close(char bracket)
    {
        if (--m_depth >= 1 && m_current) {
            m_current->text += bracket;
            m_first = false;
        }
        return true;
    }

    std::span<const std::string_view> m_names;
    std::span<Member> m_members;
    Member *m_current = nullptr;
    std::size_t m_depth = 0;
    bool m_first = true; ///< nothing stands yet in the list or object being copied
};

bool tryRead(std::string_view line, std::span<const std::string_view> names, std::span<Member> members)
{
    for (Member &member : members)
        member.kind = Member::Kind::Absent;
    MemberReader reader(names, members);
    return nlohmann::json::sax_parse(line.begin(), line.end(), &reader);
}

}

Result<> readMembers(std::string_view line, std::span<const std::string_view> names, std::span<Member> members)
{
    if (tryRead(line, names, members))
        return {};
    // the slow way names the error, or mends lone surrogates
    const auto object = parseObject(line);
    if (!object)
        return tl::unexpected(object.error());
    if (!tryRead(dump(*object), names, members))
        return fail(ErrorCode::Internal, "a line that was read once cannot be read again");
    return {};
}

Result<> wantText(const Member &member, std::string_view name, bool required)
{
    if (member.kind == Member::Kind::Text)
        return {};
    if (!member.empty())
        return fail(ErrorCode::InvalidInput,
                    "/" + std::string(name) + (required ? ": expected text" : ": expected text or null"));
    if (required)
        return fail(ErrorCode::InvalidInput, "/" + std::string(name) + ": missing");
    return {};
}

void putText(std::string &out, std::string_view text)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        out += '\\';
        switch (c) {
        case '"':
            out += '"';
            break;
        case '\\':
            out += '\\';
            break;
        case '\n':
            out += 'n';
            break;
        case '\r':
            out += 'r';
            break;
        case '\t':
            out += 't';
            break;
        case '\b':
            out += 'b';
            break;
        case '\f':
            out += 'f';
            break;
        default:
            out += "u00";
            out += kDigits[c >> 4];
            out += kDigits[c & 15];
        }
    }
    out.append(text, plain);
    out += '"';
}

void putTextOrNull(std::string &out, std::string_view text)
{
    if (text.empty())
        out += "null";
    else
        putText(out, text);
}

void putNumber(std::string &out, double number)
{
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char digits[32];
    const auto done = number == std::trunc(number) && std::fabs(number) < 1e15
        ? std::to_chars(digits, digits + sizeof digits, std::int64_t(number))
        : std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, done.ptr);
}

void putNumber(std::string &out, std::uint64_t number)
{
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void putErrorLine(std::string &out, const Member &id, std::size_t line, const Error &error)
{
    out += "{\"id\":";
    if (id.kind == Member::Kind::Text)
        putText(out, id.text);
    else
        out += "null";
    out += ",\"line\":";
    putNumber(out, std::uint64_t(line));
    out += ",\"error\":{\"code\":";
    putText(out, toString(error.code));
    out += ",\"detail\":";
    putText(out, error.detail);
    out += "}}\n";
}

}
