// winnowctl: everything without a window. \source contracts/commands.md 2

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <QCoreApplication>
#include <pthread.h>
#include <unistd.h>

#include "app/commands/command.h"
#include "core/base/log.h"

namespace
{

using namespace winnow;
using namespace winnow::app;

int usage(const std::string &detail)
{
    std::string text =
        "winnowctl: " + detail + "\nusage: winnowctl [--workspace DIR] [--json] [--quiet] [--log FILE] COMMAND …\n";
    for (const Command &command : commandTable())
        text +=
            "  " + std::string(command.name) + (command.usage.empty() ? "" : " ") + std::string(command.usage) + "\n";
    std::fputs(text.c_str(), stderr);
    return kUsage;
}

int statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Usage:
    case ErrorCode::InvalidInput:
    case ErrorCode::NotFound:
        return kUsage;
    case ErrorCode::Conflict:
        return kRefusals;
    case ErrorCode::Io:
    case ErrorCode::Full:
    case ErrorCode::ReadOnly:
    case ErrorCode::Corrupt:
    case ErrorCode::Newer:
    case ErrorCode::Leased:
    case ErrorCode::Busy:
    case ErrorCode::MissingKey:
        return kWorkspace;
    case ErrorCode::Network:
    case ErrorCode::Timeout:
    case ErrorCode::Protocol:
        return kNetwork;
    case ErrorCode::Forbidden:
        return kForbidden;
    case ErrorCode::Cancelled:
        return kStopped;
    case ErrorCode::Internal:
        break;
    }
    return kInternal;
}

/// Log lines go to a file, with the time and the level.
void logTo(const std::string &path)
{
    static std::mutex mutex;
    static std::FILE *file = std::fopen(path.c_str(), "ae");
    setLogSink([](LogLevel level, std::string_view category, std::string_view message) {
        static constexpr const char *kLevels[] = {"debug", "info", "warning", "error"};
        const std::lock_guard lock(mutex);
        if (file) {
            std::fprintf(file, "%s %s %.*s: %.*s\n", formatTime(systemClock().now()).c_str(), kLevels[int(level)],
                         int(category.size()), category.data(), int(message.size()), message.data());
            std::fflush(file);
        }
    });
}

int run(std::vector<std::string> arguments, std::stop_token stop)
{
    Call call;
    call.stop = stop;
    if (const char *folder = std::getenv("WINNOW_WORKSPACE"); folder && *folder)
        call.workspace = folder;
    const Command *command = nullptr;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &argument = arguments[i];
        if (argument == "--") {
            call.arguments.insert(call.arguments.end(), arguments.begin() + std::ptrdiff_t(i) + 1, arguments.end());
            break;
        }
        if (!argument.starts_with("--")) {
            if (command) {
                call.arguments.push_back(argument);
                continue;
            }
            // some commands have two words
            for (const Command &known : commandTable()) {
                const std::string two = i + 1 < arguments.size() ? argument + ' ' + arguments[i + 1] : argument;
                if (known.name == argument || known.name == two)
                    command = &known;
            }
            if (!command)
                return usage("no command " + argument);
            i += command->name.find(' ') != std::string_view::npos;
            continue;
        }
        std::string name = argument.substr(2), value;
        const std::size_t equals = name.find('=');
        if (equals != std::string::npos) {
            value = name.substr(equals + 1);
            name.resize(equals);
        }
        if (name == "json" || name == "quiet") {
            (name == "json" ? call.json : call.quiet) = true;
            continue;
        }
        const bool global = name == "workspace" || name == "log";
        if (!global && (!command || (!command->flags.contains(name) && !command->values.contains(name))))
            return usage((command ? std::string(command->name) + " has" : "there is") + " no option --" + name);
        if (!global && command->flags.contains(name)) {
            call.options[name];
            continue;
        }
        if (equals == std::string::npos) {
            if (i + 1 == arguments.size())
                return usage("--" + name + " wants a value");
            value = arguments[++i];
        }
        if (name == "workspace")
            call.workspace = value;
        else if (name == "log")
            logTo(value);
        else
            call.options[name].push_back(value);
    }
    if (!command)
        return usage("which command?");
    if (call.arguments.size() < command->least || call.arguments.size() > command->most)
        return usage(std::string(command->name) + ' ' + std::string(command->usage));
    if (call.workspace.empty())
        call.workspace = ".";
    const auto status = command->run(call);
    endProgress(call);
    if (status)
        return *status;
    std::fprintf(stderr, "winnowctl: %s\n", printable(status.error().detail).c_str());
    return status.error().code == ErrorCode::NotFound
            && status.error().detail.find("no workspace here") != std::string::npos
        ? kWorkspace
        : statusOf(status.error().code);
}

}

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    // Ctrl-C finishes the batch in hand: a thread waits for the signal and asks the work to stop
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::stop_source stop;
    std::thread([signals, &stop] {
        int signal = 0;
        while (sigwait(&signals, &signal) == 0) {
            if (stop.stop_requested())
                ::_exit(kStopped); // asked twice
            stop.request_stop();
        }
    }).detach();
    QCoreApplication application(argc, argv); // the system's key store answers through its event loop
    const int status = run({argv + 1, argv + argc}, stop.get_token());
    std::fflush(stdout);
    ::_exit(status); // the waiting thread holds a reference to this frame
}
