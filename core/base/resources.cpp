#include "core/base/resources.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

namespace winnow
{

Result<std::string> resourcePath(std::string_view name)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    std::string looked;
    const auto found = [&](const fs::path &folder) {
        const fs::path path = folder / name;
        looked += (looked.empty() ? "" : ", ") + path.string();
        return fs::exists(path, ignored) ? path.string() : std::string();
    };
    if (const char *folder = std::getenv("WINNOW_RESOURCES"); folder && *folder)
        if (auto path = found(folder); !path.empty())
            return path;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    if (auto path = found(program.parent_path().parent_path() / "share" / "winnow"); !path.empty())
        return path;
    return fail(ErrorCode::NotFound, "shipped file " + std::string(name) + " is missing; looked at " + looked);
}

Result<std::string> readFile(const std::string &path)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file)
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, path + ": " + std::strerror(errno));
    std::string data;
    char buffer[1 << 16];
    while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file.get()))
        data.append(buffer, n);
    if (std::ferror(file.get()))
        return fail(ErrorCode::Io, path + ": " + std::strerror(errno));
    return data;
}

Result<std::string> readResource(std::string_view name)
{
    return resourcePath(name).and_then(readFile);
}

}
