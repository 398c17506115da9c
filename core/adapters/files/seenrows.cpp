#include "core/adapters/files/seenrows.h"

#include <cstring>
#include <filesystem>
#include <new>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace winnow::files
{

namespace
{

/// Memory that a nameless file stands behind; null where there is no such file or no room for it.
void *mapFile(std::size_t bytes)
{
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    if (error)
        return nullptr;
    const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0)
        return nullptr;
    void *memory = MAP_FAILED;
    // Room is taken now: a full disk must be an answer here, not a signal later.
    if (::posix_fallocate(file, 0, off_t(bytes)) == 0)
        memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    return memory == MAP_FAILED ? nullptr : memory;
}

}

SeenRows::~SeenRows()
{
    if (m_table.memory)
        ::munmap(m_table.memory, m_table.bytes);
}

SeenRows::Table SeenRows::make(std::size_t places) const
{
    Table table;
    table.places = places;
    table.bytes = places * (sizeof(std::uint64_t) + sizeof(std::uint32_t));
    if (table.bytes > m_memoryBytes)
        table.memory = mapFile(table.bytes);
    if (!table.memory)
        table.memory = ::mmap(nullptr, table.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table.memory == MAP_FAILED)
        throw std::bad_alloc();
    table.keys = static_cast<std::uint64_t *>(table.memory);
    table.counts = reinterpret_cast<std::uint32_t *>(table.keys + places);
    return table;
}

std::size_t SeenRows::placeOf(const Table &table, std::uint64_t key)
{
    const std::size_t mask = table.places - 1;
    std::size_t place = std::size_t(key) & mask;
    while (table.keys[place] && table.keys[place] != key)
        place = (place + 1) & mask;
    return place;
}

void SeenRows::grow()
{
    const Table larger = make(m_table.places ? m_table.places * 2 : 4096);
    for (std::size_t i = 0; i < m_table.places; ++i) {
        if (!m_table.keys[i])
            continue;
        const std::size_t place = placeOf(larger, m_table.keys[i]);
        larger.keys[place] = m_table.keys[i];
        larger.counts[place] = m_table.counts[i];
    }
    if (m_table.memory)
        ::munmap(m_table.memory, m_table.bytes);
    m_table = larger;
}

std::uint32_t SeenRows::count(const Digest &digest)
{
    if (m_used * 4 >= m_table.places * 3)
        grow();
    std::uint64_t key;
    std::memcpy(&key, digest.data(), sizeof key);
    key += key == 0;
    const std::size_t place = placeOf(m_table, key);
    m_used += m_table.keys[place] == 0;
    m_table.keys[place] = key;
    return ++m_table.counts[place];
}

}
