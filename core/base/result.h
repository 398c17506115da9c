#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace winnow
{

/// What went wrong, for deciding. The words are in Error::detail.
enum class ErrorCode {
    InvalidInput, ///< a value that breaks its contract
    NotFound, ///< something named does not exist
    Conflict, ///< the state forbids it (undo with later events, a must-link across a cannot-link …)
    Usage, ///< a wrong command line or option
    Io, ///< the system refused a read or write
    Full, ///< no space left
    ReadOnly, ///< the place cannot be written
    Corrupt, ///< stored bytes are damaged
    Newer, ///< made by a newer program
    Leased, ///< another process holds the job
    Busy, ///< a lock was not free in time
    MissingKey, ///< the workspace key is not there
    Network,
    Timeout,
    Protocol, ///< a stranger's answer breaks its contract
    Forbidden,
    Cancelled,
    Internal,
};

/// The code's name in the form that is written out: `invalid_input`.
[[nodiscard]] std::string_view toString(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string detail; ///< in English; names the place, never text of a review
    bool operator==(const Error &) const = default;
};

template <typename T = void> using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string detail)
{
    return tl::unexpected<Error>(Error{code, std::move(detail)});
}

/// Passes an error on with the place in front of it.
[[nodiscard]] inline tl::unexpected<Error> failAt(std::string_view place, const Error &error)
{
    return fail(error.code, std::string(place) + ": " + error.detail);
}

}
