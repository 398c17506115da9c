#include "core/adapters/files/seenrows.h"

#include <cstring>

namespace winnow::files
{

std::size_t SeenRows::placeOf(std::uint64_t key) const
{
    const std::size_t mask = m_keys.size() - 1;
    std::size_t place = std::size_t(key) & mask;
    while (m_keys[place] && m_keys[place] != key)
        place = (place + 1) & mask;
    return place;
}

void SeenRows::grow()
{
    std::vector<std::uint64_t> keys(m_keys.empty() ? 4096 : m_keys.size() * 2);
    std::vector<std::uint32_t> counts(keys.size());
    keys.swap(m_keys);
    counts.swap(m_counts);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!keys[i])
            continue;
        const std::size_t place = placeOf(keys[i]);
        m_keys[place] = keys[i];
        m_counts[place] = counts[i];
    }
}

std::uint32_t SeenRows::count(const Digest &digest)
{
    if (m_used * 4 >= m_keys.size() * 3)
        grow();
    std::uint64_t key;
    std::memcpy(&key, digest.data(), sizeof key);
    key += key == 0;
    const std::size_t place = placeOf(key);
    m_used += m_keys[place] == 0;
    m_keys[place] = key;
    return ++m_counts[place];
}

}
