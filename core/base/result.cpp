#include "core/base/result.h"

namespace winnow
{

std::string_view toString(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput:
        return "invalid_input";
    case ErrorCode::NotFound:
        return "not_found";
    case ErrorCode::Conflict:
        return "conflict";
    case ErrorCode::Usage:
        return "usage";
    case ErrorCode::Io:
        return "io";
    case ErrorCode::Full:
        return "full";
    case ErrorCode::ReadOnly:
        return "read_only";
    case ErrorCode::Corrupt:
        return "corrupt";
    case ErrorCode::Newer:
        return "newer";
    case ErrorCode::Leased:
        return "leased";
    case ErrorCode::Busy:
        return "busy";
    case ErrorCode::MissingKey:
        return "missing_key";
    case ErrorCode::Network:
        return "network";
    case ErrorCode::Timeout:
        return "timeout";
    case ErrorCode::Protocol:
        return "protocol";
    case ErrorCode::Forbidden:
        return "forbidden";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::Internal:
        break;
    }
    return "internal";
}

}
