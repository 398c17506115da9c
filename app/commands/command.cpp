#include "app/commands/command.h"

#include <chrono>
#include <cstdio>

#include <unistd.h>

namespace winnow::app
{

const std::vector<Command> &commandTable()
{
    constexpr std::size_t kMany = 100'000;
    static const std::vector<Command> table{
        {"init", "DIR [--sample]", {"sample"}, {}, 1, 1, runInit},
        {"import",
         "FILE…|- [--source S] [--format F] [--map FILE] [--dry-run [--save-map FILE]] | --formats",
         {"dry-run", "formats"},
         {"source", "format", "map", "save-map"},
         0,
         kMany,
         runImport},
        {"accounts import", "FILE", {}, {}, 1, 1, runAccounts},
        {"signals import", "FILE", {}, {}, 1, 1, runSignals},
        {"tickets import", "FILE", {}, {}, 1, 1, runTickets},
        {"releases import", "FILE", {}, {}, 1, 1, runReleases},
        {"watch",
         "add FOLDER [--source S] [--format F] [--map FILE] | list | remove FOLDER | run [--once] [--rehash]",
         {"once", "rehash"},
         {"source", "format", "map"},
         1,
         2,
         runWatch},
        {"records", "[--all-versions]", {"all-versions"}, {}, 0, 0, runRecords},
        {"rejects", "", {}, {}, 0, 0, runRejects},
        {"run",
         "[--until STAGE] [--engine local] [--as-of TIME] [--threads N] [--batch N]",
         {},
         {"until", "engine", "as-of", "threads", "batch"},
         0,
         0,
         runRun},
        {"queue",
         "[--band B] [--sort priority|reports|newest|confidence] [--limit N] [--filter EXPR] [--decided]",
         {"decided"},
         {"band", "sort", "limit", "filter"},
         0,
         0,
         runQueue},
        {"show", "ID", {}, {}, 1, 1, runShow},
        {"search", "TEXT [--limit N]", {}, {"limit"}, 1, kMany, runSearch},
        {"decide",
         "ID approve|attach TICKET|reject REASON|snooze DATE|+N|escalate|edit FILE [--note T] [--to NAME] [--now]",
         {"now"},
         {"note", "to", "shown-ms"},
         2,
         3,
         runDecide},
        {"merge", "A B…", {}, {}, 2, kMany, runMerge},
        {"split", "ID --members F…", {"members"}, {}, 2, kMany, runSplit},
        {"expel", "ID F", {}, {}, 2, 2, runExpel},
        {"link", "F F", {}, {}, 2, 2, runLink},
        {"unlink", "F F", {}, {}, 2, 2, runUnlink},
        {"rename", "ID TITLE", {}, {}, 2, 2, runRename},
        {"undo", "[EVENT] [--with-later]", {"with-later"}, {}, 0, 1, runUndo},
        {"redo", "", {}, {}, 0, 0, runRedo},
        {"history", "[ID]", {}, {}, 0, 1, runHistory},
        {"connection",
         "add NAME --kind KIND --url URL [--set K=V]… | secret NAME | test NAME | list | remove NAME",
         {},
         {"kind", "url", "set"},
         1,
         2,
         runConnection},
        {"push", "[--now] [--dry-run] [CONNECTION]", {"now", "dry-run"}, {}, 0, 1, runPush},
        {"sync", "[CONNECTION]", {}, {}, 0, 1, runSync},
        {"export", "[--format csv|jsonl|md] feedback|filings|history|queue FILE", {}, {"format"}, 2, 2, runExport},
        {"verify", "", {}, {}, 0, 0, runVerify},
        {"erase", "--author ID", {}, {"author"}, 0, 0, runErase},
        {"backup", "FILE", {}, {}, 1, 1, runBackup},
        {"restore", "FILE", {}, {}, 1, 1, runRestore},
        {"key", "export|import FILE", {}, {}, 2, 2, runKey},
        {"config", "list | get KIND | set KIND FILE | release KIND ID | rollback KIND", {}, {}, 1, 3, runConfig},
        {"stats", "", {}, {}, 0, 0, runStats},
    };
    return table;
}

void print(std::string_view line)
{
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
}

namespace
{

bool painted = false;

}

void showProgress(const Call &call, std::string_view what, std::uint64_t done)
{
    if (call.quiet)
        return;
    static auto last = std::chrono::steady_clock::time_point();
    const bool terminal = ::isatty(STDERR_FILENO);
    const auto now = std::chrono::steady_clock::now();
    if (!terminal && now - last < std::chrono::seconds(2))
        return;
    last = now;
    std::fprintf(stderr, terminal ? "\r\x1b[K%.*s: %llu" : "%.*s: %llu\n", int(what.size()), what.data(),
                 static_cast<unsigned long long>(done));
    std::fflush(stderr);
    painted = terminal;
}

void endProgress(const Call &)
{
    if (painted)
        std::fputs("\r\x1b[K", stderr);
    painted = false;
}

std::string printable(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '\n' || byte == '\t') {
            out += ' ';
            continue;
        }
        if (byte < 0x20 || byte == 0x7f)
            continue;
        // C1 controls, direction marks and overrides, line separators
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
            ++i;
            continue;
        }
        if (byte == 0xe2 && i + 2 < text.size()) {
            const auto second = static_cast<unsigned char>(text[i + 1]),
                       third = static_cast<unsigned char>(text[i + 2]);
            if ((second == 0x80 && ((third >= 0x8e && third <= 0x8f) || (third >= 0xa8 && third <= 0xae)))
                || (second == 0x81 && third >= 0xa6 && third <= 0xa9)) {
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

}
