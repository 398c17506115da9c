#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

#include "core/base/result.h"
#include "ui/runner/worker.h"

namespace winnow::ui
{

/// A thread, and what it works at: made there when it is first asked for.
template <typename Thing> struct Seat {
    using Open = std::function<Result<std::unique_ptr<Thing>>()>;

    explicit Seat(Open how)
        : open(std::move(how))
    {
    }

    /// \thread the worker's. \errors those of opening: it is tried again next time.
    [[nodiscard]] Result<> ready()
    {
        if (thing)
            return {};
        auto opened = open();
        if (!opened)
            return tl::unexpected(opened.error());
        thing = std::move(*opened);
        return {};
    }

    /// \param work  `Result<T>(Thing &, std::stop_token)`, on the thread.
    /// \param done  `void(Result<T>)`, in the GUI thread, unless `context` is gone by then.
    template <typename Work, typename Done> void ask(QObject *context, Worker::Lane lane, Work work, Done done)
    {
        worker.ask(
            context, lane,
            [this, work = std::move(work)](std::stop_token stop) mutable -> decltype(work(*thing, stop)) {
                if (auto opened = ready(); !opened)
                    return tl::unexpected(opened.error());
                return work(*thing, stop);
            },
            std::move(done));
    }

    Open open;
    std::unique_ptr<Thing> thing; ///< of the worker's thread
    Worker worker; ///< last: ends first
};

}
