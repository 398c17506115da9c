#pragma once

#include <string>
#include <string_view>

namespace winnow
{

/// The variable that a connection's secret may be given in: `WINNOW_SECRET_NAME_FIELD`, what is no letter or digit in
/// the name becomes `_`. \source contracts/commands.md 6
[[nodiscard]] std::string secretVariable(std::string_view connection, std::string_view field);
/// Its value; empty where it is not set.
[[nodiscard]] std::string environmentSecret(std::string_view connection, std::string_view field);
/// The entry of the key store. \param workspace  the workspace's own id: two workspaces may use one name.
[[nodiscard]] std::string secretEntry(std::string_view workspace, std::string_view connection, std::string_view field);

}
