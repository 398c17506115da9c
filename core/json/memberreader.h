#pragma once
// Internal to core/json: members of an object, one after the other.

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json/lines.h"

namespace winnow::lines {

/// Reads members one after the other and keeps the first error.
class MemberReader
{
public:
    explicit MemberReader(const Json &object) : m_object(object) { }

    MemberReader &text(const char *name, std::string &value) { return take(optionalText(m_object, name), value); }

    MemberReader &requiredTextOrNumber(const char *name, std::string &value)
    {
        const Json *found = present(name);
        if (found && found->is_number_integer()) {
            value = found->dump();
            return *this;
        }
        return take(requiredText(m_object, name), value);
    }

    MemberReader &number(const char *name, double &value)
    {
        return take(optionalNumber(m_object, name, value), value);
    }

    MemberReader &share(const char *name, double &value)
    {
        number(name, value);
        if (m_error.empty() && !(value >= 0 && value <= 1))
            m_error = std::string("/") + name + ": expected 0 to 1";
        return *this;
    }

    MemberReader &count(const char *name, std::uint32_t &value)
    {
        const Json *found = present(name);
        if (!found)
            return *this;
        if (const auto whole = countOf(*found))
            value = *whole;
        else
            set(name, "expected a whole number from 0");
        return *this;
    }

    MemberReader &counts(const char *name, std::map<std::string, std::uint32_t> &value)
    {
        const Json *found = present(name);
        if (!found)
            return *this;
        if (!found->is_object()) {
            set(name, "expected an object of counts");
            return *this;
        }
        for (const auto &[key, item] : found->items()) {
            if (const auto whole = countOf(item))
                value[key] = *whole;
            else
                set(std::string(name) + "/" + key, "expected a whole number from 0");
        }
        return *this;
    }

    MemberReader &time(const char *name, std::optional<TimePoint> &value) { return take(optionalTime(m_object, name), value); }
    MemberReader &texts(const char *name, std::vector<std::string> &value) { return take(optionalTexts(m_object, name), value); }

    /// One word of a list of names.
    template <typename T, typename From>
    MemberReader &word(const char *name, T &value, From from)
    {
        std::string found;
        text(name, found);
        if (!m_error.empty() || found.empty())
            return *this;
        if (const auto known = from(found))
            value = *known;
        else
            set(name, "not a known word");
        return *this;
    }

    /// A list of objects. \param each  called with a Reader over one object and the new entry
    template <typename T, typename Each>
    MemberReader &list(const char *name, std::vector<T> &value, Each each)
    {
        const Json *found = present(name);
        if (!found)
            return *this;
        if (!found->is_array()) {
            set(name, "expected a list");
            return *this;
        }
        for (std::size_t i = 0; i < found->size() && m_error.empty(); ++i) {
            const std::string place = std::string(name) + "/" + std::to_string(i);
            if (!(*found)[i].is_object()) {
                set(place, "expected an object");
                break;
            }
            MemberReader reader((*found)[i]);
            each(reader, value.emplace_back());
            if (!reader.m_error.empty())
                m_error = "/" + place + reader.m_error;
        }
        return *this;
    }

    [[nodiscard]] Result<> done() const
    {
        if (m_error.empty())
            return {};
        return fail(ErrorCode::InvalidInput, m_error);
    }

private:
    [[nodiscard]] const Json *present(const char *name) const
    {
        const auto it = m_object.find(name);
        return it == m_object.end() || it->is_null() ? nullptr : &*it;
    }

    static std::optional<std::uint32_t> countOf(const Json &value)
    {
        if (value.is_number_unsigned() && value.get<std::uint64_t>() <= UINT32_MAX)
            return std::uint32_t(value.get<std::uint64_t>());
        if (value.is_number_float()) {
            const double real = value.get<double>();
            if (real >= 0 && real <= double(UINT32_MAX) && real == std::floor(real))
                return std::uint32_t(real);
        }
        return std::nullopt;
    }

    template <typename T, typename U>
    MemberReader &take(Result<T> &&result, U &value)
    {
        if (result)
            value = std::move(*result);
        else if (m_error.empty())
            m_error = result.error().detail;
        return *this;
    }

    void set(const std::string &pointer, const std::string &want)
    {
        if (m_error.empty())
            m_error = "/" + pointer + ": " + want;
    }

    const Json &m_object;
    std::string m_error;
};

}
