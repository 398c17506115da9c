#include "core/adapters/keys/filesecretstore.h"

#include <cstdlib>

#include <sys/stat.h>

#include "core/adapters/files/filelayer.h"
#include "core/base/resources.h"

namespace winnow
{

FileSecretStore::FileSecretStore(std::string folder)
    : m_folder(std::move(folder))
{
    if (!m_folder.empty())
        return;
    if (const char *config = std::getenv("XDG_CONFIG_HOME"); config && *config) {
        m_folder = config;
    } else {
        const char *home = std::getenv("HOME");
        m_folder = std::string(home ? home : ".") + "/.config";
    }
    m_folder += "/winnow/keys";
}

std::string FileSecretStore::place(const std::string &name) const
{
    return m_folder + '/' + name;
}

Result<std::optional<std::string>> FileSecretStore::get(const std::string &name)
{
    auto data = readFile(place(name));
    if (!data && data.error().code == ErrorCode::NotFound)
        return std::optional<std::string>();
    if (!data)
        return tl::unexpected(data.error());
    return std::optional(std::move(*data));
}

Result<> FileSecretStore::set(const std::string &name, const std::string &secret)
{
    FileLayer files;
    if (auto done = files.createFolder(m_folder); !done)
        return done;
    ::chmod(m_folder.c_str(), 0700);
    return files.writeWhole(place(name), secret, FileLayer::Access::OwnerOnly);
}

Result<> FileSecretStore::remove(const std::string &name)
{
    auto done = FileLayer().remove(place(name));
    return !done && done.error().code == ErrorCode::NotFound ? Result<>() : done;
}

}
