#include "core/pipeline/pipeline.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <unordered_map>

#include "core/base/parallel.h"
#include "core/json/reportjson.h"
#include "core/pipeline/naming.h"
#include "core/pipeline/quotes.h"
#include "core/stages/cluster/cluster.h"
#include "core/stages/embed/embed.h"
#include "core/stages/extract/extract.h"
#include "core/stages/incident/incident.h"
#include "core/stages/nearduplicates/nearduplicates.h"
#include "core/stages/segment/segment.h"

namespace winnow
{

namespace
{

constexpr std::size_t kIncidentChunk = 512;
constexpr int kMostRegroupings = 3; ///< how often a run begins its groups anew because people regroup
constexpr std::size_t kWorkChunk = 256; ///< rows a thread takes at a time in a map stage

/// Runs a map stage over chunks of a batch on several threads. Chunk borders do not depend on the number of threads.
/// \param stage  (begin, end) → Result<void>, writes its results by index.
Result<> mapChunks(std::size_t rows, unsigned threads, std::stop_token stop,
                   const std::function<Result<>(std::size_t, std::size_t)> &stage)
{
    const std::size_t chunks = (rows + kWorkChunk - 1) / kWorkChunk;
    std::vector<Result<>> results(chunks);
    if (!parallelFor(rows, kWorkChunk, threads, stop,
                     [&](std::size_t begin, std::size_t end) { results[begin / kWorkChunk] = stage(begin, end); }))
        return fail(ErrorCode::Cancelled, "the run was stopped; what was saved stays");
    for (const Result<> &result : results)
        if (!result)
            return result;
    return {};
}

std::string optionsVersion(const StageOptions &options, std::initializer_list<std::string_view> stages)
{
    std::string text;
    for (const std::string_view stage : stages)
        text += toJson(options, stage) + '\n';
    return base32(sha256(text), 16);
}

}

/// One call of run(): what the steps share.
struct Pipeline::Work {
    Pipeline &pipeline;
    const RunRequest &request;
    const std::function<void(const Progress &)> &progress;
    std::stop_token stop;
    Store &store = pipeline.m_store;
    std::vector<StageFigures> figures = {};
    std::chrono::steady_clock::time_point lastProgress = {};
    RowId watermark = 0;

    StageFigures &figure(std::string_view name)
    {
        const auto it =
            std::find_if(figures.begin(), figures.end(), [&](const StageFigures &f) { return f.name == name; });
        return it != figures.end() ? *it : figures.emplace_back(StageFigures{std::string(name)});
    }

    /// Checks for a stop, takes the time, counts.
    Result<> stage(std::string_view name, std::size_t in, const std::function<Result<std::size_t>()> &work)
    {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "the run was stopped; what was saved stays");
        const auto start = std::chrono::steady_clock::now();
        auto out = work();
        if (!out)
            return failAt(name, out.error());
        const auto end = std::chrono::steady_clock::now();
        StageFigures &f = figure(name);
        f.in += in;
        f.out += *out;
        f.seconds += std::chrono::duration<double>(end - start).count();
        if (progress && end - lastProgress >= std::chrono::milliseconds(100)) {
            lastProgress = end;
            progress({name, f.in});
        }
        return {};
    }

    Result<> silver();
    Result<> nearDuplicates();
    Result<> segmentAll();
    Result<> extractAll();
    struct Placed {
        std::vector<PlacedSegment> segments;
        std::vector<SparseVector> vectors;
    };
    Result<Placed> embedAll();
    struct Grouped {
        std::vector<std::vector<RowId>> groups;
        NamedGroups names;
        std::string partitionHash;
        std::size_t needALook = 0;
        std::int64_t clock = 0; ///< of the newest event that the groups know
    };
    Result<Grouped> clusterAll(const Placed &placed);
    Result<> finish(RunRecord &run, Grouped &&grouped, bool anyway);
    struct Context {
        std::map<std::string, Account> accounts;
        std::vector<SignalPoint> signals;
        std::uint32_t authors = 0;
        std::map<std::string, std::string> owners;
        std::optional<match::Index> index;
    };
    Result<Context> loadContext();
    Result<> gold(RowId snapshot, std::span<const std::string> only);
    Result<std::vector<GoldRow>> goldRows(const Context &context, const std::vector<IncidentMembers> &chunk,
                                          bool backlogToo);
};

Pipeline::Pipeline(Store &store, Extractor &extractor, Embedder &embedder, Clock &clock)
    : m_store(store)
    , m_extractor(extractor)
    , m_embedder(embedder)
    , m_clock(clock)
{
}

Pipeline::~Pipeline() = default;

Result<RunReport> Pipeline::run(const RunRequest &request, const std::function<void(const Progress &)> &progress,
                                std::stop_token stop)
{
    RunReport report;
    report.run.id = request.runId;
    report.run.startedAt = m_clock.now();
    report.run.asOf = request.asOf;
    report.run.engine = m_extractor.version();
    Work work{*this, request, progress, stop};
    const auto wanted = [&](std::string_view stage) {
        const auto place = [](std::string_view name) {
            return std::find(kStageNames.begin(), kStageNames.end(), name);
        };
        return request.until.empty() || place(stage) <= place(request.until);
    };
    const auto ended = [&]() -> Result<RunReport> {
        report.stages = std::move(work.figures);
        return std::move(report);
    };

    if (auto done = work.silver(); !done)
        return tl::unexpected(done.error());
    if (!wanted("near-duplicates"))
        return ended();
    if (auto done = work.nearDuplicates(); !done)
        return tl::unexpected(done.error());
    if (!wanted("segment"))
        return ended();
    if (auto done = work.segmentAll(); !done)
        return tl::unexpected(done.error());
    if (!wanted("extract"))
        return ended();
    if (auto done = work.extractAll(); !done)
        return tl::unexpected(done.error());
    if (!wanted("embed"))
        return ended();
    // people go on deciding meanwhile: where they regroup, their word goes into this very run
    for (int regroupings = 0;; ++regroupings) {
        std::erase_if(work.figures, [](const StageFigures &figure) {
            const auto place = std::find(kStageNames.begin(), kStageNames.end(), figure.name);
            return place >= std::find(kStageNames.begin(), kStageNames.end(), "embed");
        });
        auto placed = work.embedAll();
        if (!placed)
            return tl::unexpected(placed.error());
        if (!wanted("cluster"))
            return ended();
        auto grouped = work.clusterAll(*placed);
        if (!grouped)
            return tl::unexpected(grouped.error());
        *placed = {};
        auto done = work.finish(report.run, std::move(*grouped), regroupings == kMostRegroupings);
        if (done)
            break;
        if (done.error().code != ErrorCode::Conflict)
            return tl::unexpected(done.error());
    }
    report.complete = true;
    return ended();
}

/// Everything from the groups on, up to the run's event.
/// \param anyway  what people say from now on waits for the next run.
/// \errors Conflict: they have regrouped meanwhile.
Result<> Pipeline::Work::finish(RunRecord &run, Grouped &&grouped, bool anyway)
{
    const auto snapshot = store.beginSnapshot();
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    std::vector<std::pair<std::string, std::vector<RowId>>> groups;
    for (std::size_t g = 0; g < grouped.groups.size(); ++g)
        groups.emplace_back(grouped.names.ids[g], std::move(grouped.groups[g]));
    if (auto done = store.saveMembership(*snapshot, groups); !done)
        return done;
    groups.clear();
    if (auto done = gold(*snapshot, {}); !done)
        return done;
    auto hash = store.stateHash(*snapshot);
    if (!hash)
        return tl::unexpected(hash.error());
    run.finishedAt = pipeline.m_clock.now();
    run.partitionHash = grouped.partitionHash;
    run.stateHash = std::move(*hash);
    run.births = grouped.names.births;
    run.heirs = grouped.names.heirs;
    run.aliases = grouped.names.aliases;
    run.needALook = grouped.needALook;
    run.watermark = watermark;
    run.snapshot = *snapshot;
    run.knows = anyway ? std::numeric_limits<std::int64_t>::max() : grouped.clock;
    run.versions =
        runVersionsJson(pipeline.m_extractor.version(), pipeline.m_embedder.space(), request.configurations);
    run.stages = stagesJson(figures);
    return store.finishRun(run, grouped.names.changes);
}

Result<> Pipeline::refresh(const RunRequest &request, RowId snapshot, std::span<const std::string> incidents,
                           std::stop_token stop)
{
    if (incidents.empty())
        return {};
    Work work{*this, request, {}, stop};
    return work.gold(snapshot, incidents);
}

Result<Draft> Pipeline::draft(const RunRequest &request, RowId snapshot, const std::string &incident,
                              std::stop_token stop)
{
    Work work{*this, request, {}, stop};
    const auto context = work.loadContext();
    if (!context)
        return tl::unexpected(context.error());
    std::optional<Draft> draft;
    auto done = m_store.eachIncident(snapshot, 1, std::span(&incident, 1),
                                     [&](std::vector<IncidentMembers> &&chunk) -> Result<> {
                                         auto rows = work.goldRows(*context, chunk, true);
                                         if (!rows)
                                             return tl::unexpected(rows.error());
                                         draft = std::move(rows->front().draft);
                                         return {};
                                     });
    if (!done)
        return tl::unexpected(done.error());
    if (!draft)
        return fail(ErrorCode::NotFound, "incident " + incident + " has no members");
    return std::move(*draft);
}

/// Normalise, language and mask are one unit: the first save after Bronze is the mask's output.
Result<> Pipeline::Work::silver()
{
    const std::string version = optionsVersion(request.options, {"normalise", "language", "mask"});
    if (auto done = store.preparePass(Pass::Silver, version); !done)
        return done;
    while (true) {
        auto pending = store.pendingRecords(request.batch);
        if (!pending)
            return tl::unexpected(pending.error());
        if (pending->empty())
            return {};
        const RowId last = watermark = pending->back().id;
        std::vector<RowId> ids, dropped;
        normalise::Input records;
        for (PendingRecord &row : *pending) {
            if (row.current && !row.record.tombstone) {
                ids.push_back(row.id);
                records.records.push_back(std::move(row.record));
            } else {
                dropped.push_back(row.id);
            }
        }
        std::vector<SilverRow> rows(ids.size());
        auto done = stage("normalise", ids.size(), [&]() -> Result<std::size_t> {
            return mapChunks(
                       ids.size(), request.threads, stop,
                       [&](std::size_t begin, std::size_t end) -> Result<> {
                           normalise::Input input;
                           input.records.assign(std::move_iterator(records.records.begin() + std::ptrdiff_t(begin)),
                                                std::move_iterator(records.records.begin() + std::ptrdiff_t(end)));
                           auto output = normalise::run(input, request.options.normalise, stop);
                           if (!output)
                               return tl::unexpected(output.error());
                           for (std::size_t i = begin; i < end; ++i) {
                               const Record &record = input.records[i - begin];
                               rows[i].id = ids[i];
                               rows[i].uid =
                                   FeedbackId(derivedId({record.source, record.sourceRecordId, record.versionHash}));
                               rows[i].normalised = std::move(output->items[i - begin]);
                           }
                           return {};
                       })
                .map([&] { return rows.size(); });
        });
        if (!done)
            return done;
        done = stage("language", rows.size(), [&]() -> Result<std::size_t> {
            return mapChunks(rows.size(), request.threads, stop,
                             [&](std::size_t begin, std::size_t end) -> Result<> {
                                 language::Input input;
                                 for (std::size_t i = begin; i < end; ++i)
                                     input.texts.push_back(rows[i].normalised.text);
                                 auto output = language::run(input, request.options.language, stop);
                                 if (!output)
                                     return tl::unexpected(output.error());
                                 for (std::size_t i = begin; i < end; ++i)
                                     rows[i].language = std::move(output->guesses[i - begin]);
                                 return {};
                             })
                .map([&] { return rows.size(); });
        });
        if (!done)
            return done;
        done = stage("mask", rows.size(), [&]() -> Result<std::size_t> {
            return mapChunks(rows.size(), request.threads, stop,
                             [&](std::size_t begin, std::size_t end) -> Result<> {
                                 mask::Input input;
                                 input.key = request.pseudonymKey;
                                 for (std::size_t i = begin; i < end; ++i)
                                     input.items.push_back({rows[i].normalised.text, rows[i].language.lang});
                                 auto output = mask::run(input, request.options.mask, stop);
                                 if (!output)
                                     return tl::unexpected(output.error());
                                 for (std::size_t i = begin; i < end; ++i)
                                     rows[i].masked = std::move(output->items[i - begin]);
                                 return {};
                             })
                .and_then([&] { return store.saveSilver(rows, dropped, last); })
                .map([&] { return rows.size(); });
        });
        if (!done)
            return done;
    }
}

Result<> Pipeline::Work::nearDuplicates()
{
    struct Text {
        RowId id;
        std::string uid, text;
    };
    std::vector<Text> texts;
    if (auto loaded = store.eachText([&](RowId id, std::string_view uid, std::string_view text) {
            if (!text.empty())
                texts.push_back({id, std::string(uid), std::string(text)});
        });
        !loaded)
        return loaded;
    return stage("near-duplicates", texts.size(), [&]() -> Result<std::size_t> {
        nearduplicates::Input input;
        input.items.reserve(texts.size());
        for (const Text &text : texts)
            input.items.push_back({text.uid, text.text});
        nearduplicates::Options options = request.options.nearDuplicates;
        options.threads = request.threads;
        auto output = nearduplicates::run(input, options, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<DuplicateRow> rows;
        for (std::size_t i = 0; i < texts.size(); ++i)
            if (const auto &item = output->items[i]; item.representative != i)
                rows.push_back({texts[i].id, texts[item.representative].id, item.similarity});
        return store.saveDuplicates(rows).map([&] { return texts.size() - rows.size(); });
    });
}

Result<> Pipeline::Work::segmentAll()
{
    if (auto done = store.preparePass(Pass::Segment, optionsVersion(request.options, {"segment"})); !done)
        return done;
    while (true) {
        auto rows = store.pendingFeedback(Pass::Segment, request.batch);
        if (!rows)
            return tl::unexpected(rows.error());
        if (rows->empty())
            return {};
        auto done = stage("segment", rows->size(), [&]() -> Result<std::size_t> {
            std::size_t cut = 0;
            return mapChunks(rows->size(), request.threads, stop,
                             [&](std::size_t begin, std::size_t end) -> Result<> {
                                 segment::Input input;
                                 for (std::size_t i = begin; i < end; ++i)
                                     input.items.push_back({(*rows)[i].text, (*rows)[i].lang});
                                 auto output = segment::run(input, request.options.segment, stop);
                                 if (!output)
                                     return tl::unexpected(output.error());
                                 for (std::size_t i = begin; i < end; ++i)
                                     (*rows)[i].segments = std::move(output->items[i - begin]);
                                 return {};
                             })
                .and_then([&] { return store.saveSegments(*rows); })
                .map([&] {
                    for (const FeedbackRow &row : *rows)
                        cut += row.segments.size();
                    return cut;
                });
        });
        if (!done)
            return done;
    }
}

Result<> Pipeline::Work::extractAll()
{
    Extractor &engine = pipeline.m_extractor;
    if (auto done = store.preparePass(Pass::Extract,
                                      engine.version() + ' ' + optionsVersion(request.options, {"segment", "extract"}));
        !done)
        return done;
    while (true) {
        auto rows = store.pendingFeedback(Pass::Extract, request.batch);
        if (!rows)
            return tl::unexpected(rows.error());
        if (rows->empty())
            return {};
        auto done = stage("extract", rows->size(), [&]() -> Result<std::size_t> {
            std::vector<std::vector<Finding>> findings(rows->size());
            return mapChunks(rows->size(), request.threads, stop,
                             [&](std::size_t begin, std::size_t end) -> Result<> {
                                 extract::Input input;
                                 for (std::size_t i = begin; i < end; ++i) {
                                     const FeedbackRow &row = (*rows)[i];
                                     input.items.push_back({row.text, row.lang, row.segments, row.product,
                                                            row.componentHint, row.os, row.appVersion, row.rating});
                                 }
                                 auto output = extract::run(input, request.options.extract, {engine}, stop);
                                 if (!output)
                                     return tl::unexpected(output.error());
                                 for (std::size_t i = begin; i < end; ++i)
                                     findings[i] = std::move(output->items[i - begin]);
                                 return {};
                             })
                .and_then([&] { return store.saveFindings(*rows, findings); })
                .map([&] {
                    std::size_t found = 0;
                    for (const auto &list : findings)
                        found += list.size();
                    return found;
                });
        });
        if (!done)
            return done;
    }
}

Result<Pipeline::Work::Placed> Pipeline::Work::embedAll()
{
    Placed placed;
    if (auto loaded = store.eachPlaced([&](PlacedSegment &&segment) { placed.segments.push_back(std::move(segment)); });
        !loaded)
        return tl::unexpected(loaded.error());
    placed.vectors.resize(placed.segments.size());
    auto done = stage("embed", placed.segments.size(), [&]() -> Result<std::size_t> {
        return mapChunks(placed.segments.size(), request.threads, stop,
                         [&](std::size_t begin, std::size_t end) -> Result<> {
                             embed::Input input;
                             // the taxonomy's words join reports in different words and languages
                             std::vector<std::string> texts;
                             for (std::size_t k = begin; k < end; ++k)
                                 texts.push_back(placed.segments[k].text + '\n' + placed.segments[k].topic);
                             for (std::size_t k = begin; k < end; ++k)
                                 input.items.push_back({texts[k - begin], placed.segments[k].lang});
                             auto output = embed::run(input, request.options.embed, {pipeline.m_embedder}, stop);
                             if (!output)
                                 return tl::unexpected(output.error());
                             std::move(output->vectors.sparse.begin(), output->vectors.sparse.end(),
                                       placed.vectors.begin() + std::ptrdiff_t(begin));
                             return {};
                         })
            .map([&] { return placed.vectors.size(); });
    });
    if (!done)
        return tl::unexpected(done.error());
    return placed;
}

Result<Pipeline::Work::Grouped> Pipeline::Work::clusterAll(const Placed &placed)
{
    auto known = store.groupingInput();
    if (!known)
        return tl::unexpected(known.error());
    const auto current = store.currentPartition();
    if (!current)
        return tl::unexpected(current.error());
    Grouped grouped;
    grouped.needALook = known->needALook;
    grouped.clock = known->clock;
    auto done = stage("cluster", placed.segments.size(), [&]() -> Result<std::size_t> {
        cluster::Input input;
        const std::string space = pipeline.m_embedder.space();
        std::unordered_map<RowId, std::size_t> index;
        input.items.resize(placed.segments.size());
        for (std::size_t i = 0; i < placed.segments.size(); ++i) {
            const PlacedSegment &segment = placed.segments[i];
            input.items[i] = {segment.uid, cluster::nodeHash(space, segment.block, segment.text), &placed.vectors[i],
                              segment.block};
            if (!known->constraints.empty())
                index.emplace(segment.segment, i);
        }
        for (const ConstraintRow &constraint : known->constraints) {
            const auto a = index.find(constraint.a), b = index.find(constraint.b);
            if (a == index.end() || b == index.end()) {
                ++grouped.needALook;
                continue;
            }
            (constraint.must ? input.mustLinks : input.cannotLinks).push_back({a->second, b->second});
        }
        cluster::Options options = request.options.cluster;
        options.threads = request.threads;
        auto output = cluster::run(input, options, stop);
        if (!output)
            return tl::unexpected(output.error());
        grouped.needALook += output->refused.size();
        grouped.partitionHash = std::move(output->partitionHash);
        grouped.groups.resize(output->incidents);
        std::vector<std::string_view> anchors(output->incidents);
        for (std::size_t i = 0; i < placed.segments.size(); ++i) {
            const std::uint32_t incident = output->incident[i];
            grouped.groups[incident].push_back(placed.segments[i].segment);
            if (anchors[incident].empty() || placed.segments[i].uid < anchors[incident])
                anchors[incident] = placed.segments[i].uid;
        }
        grouped.names = nameGroups(grouped.groups, anchors, *current, *known);
        return std::size_t(output->incidents);
    });
    if (!done)
        return tl::unexpected(done.error());
    return grouped;
}

Result<Pipeline::Work::Context> Pipeline::Work::loadContext()
{
    Context context;
    const auto tickets = store.knownTickets();
    const auto releases = store.releases();
    auto accounts = store.accounts();
    auto signals = store.signalPoints();
    auto authors = store.authorCount();
    auto owners = store.owners();
    for (const Error *error : std::initializer_list<const Error *>{
             tickets ? nullptr : &tickets.error(), releases ? nullptr : &releases.error(),
             accounts ? nullptr : &accounts.error(), signals ? nullptr : &signals.error(),
             authors ? nullptr : &authors.error(), owners ? nullptr : &owners.error()})
        if (error)
            return tl::unexpected(*error);
    context.accounts = std::move(*accounts);
    context.signals = std::move(*signals);
    context.authors = *authors;
    context.owners = std::move(*owners);
    context.owners.insert(request.owners.begin(), request.owners.end());
    context.index.emplace(*tickets, *releases);
    return context;
}

Result<> Pipeline::Work::gold(RowId snapshot, std::span<const std::string> only)
{
    const auto context = loadContext();
    if (!context)
        return tl::unexpected(context.error());
    return store.eachIncident(snapshot, kIncidentChunk, only, [&](std::vector<IncidentMembers> &&chunk) -> Result<> {
        const auto rows = goldRows(*context, chunk, false);
        if (!rows)
            return tl::unexpected(rows.error());
        return stage("draft", 0, [&] { return store.saveGold(snapshot, *rows).map([] { return std::size_t(0); }); });
    });
}

/// Sum, score, band, match, draft. \param backlogToo  match and draft those as well that nobody will look at unasked.
Result<std::vector<GoldRow>> Pipeline::Work::goldRows(const Context &context, const std::vector<IncidentMembers> &chunk,
                                                      bool backlogToo)
{
    std::vector<GoldRow> rows(chunk.size());
    // the sum of its findings belongs to the grouping
    auto done = stage("cluster", 0, [&]() -> Result<std::size_t> {
        incident::Input input;
        input.ofAuthors = context.authors;
        input.accounts = context.accounts;
        input.signals = context.signals;
        input.asOf = request.asOf;
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            input.ids.push_back(chunk[i].uid);
            for (const MemberRow &row : chunk[i].members)
                input.members.push_back({std::uint32_t(i), &row.finding, row.product, row.author, row.accountId,
                                         row.planTier, row.channel, row.lang, row.appVersion, row.at, 1});
        }
        auto output = incident::run(input, request.options.incident, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            rows[i].incident = chunk[i].incident;
            rows[i].data = std::move(output->incidents[i]);
        }
        return std::size_t(0);
    });
    if (!done)
        return tl::unexpected(done.error());
    done = stage("score", rows.size(), [&]() -> Result<std::size_t> {
        score::Input input;
        input.asOf = request.asOf;
        for (const GoldRow &row : rows)
            input.incidents.push_back(row.data);
        auto output = score::run(input, request.options.score, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i].score = std::move(output->scores[i]);
        return rows.size();
    });
    if (!done)
        return tl::unexpected(done.error());
    done = stage("band", rows.size(), [&]() -> Result<std::size_t> {
        band::Input input;
        for (const GoldRow &row : rows)
            input.items.push_back({&row.data, row.score.priority, row.data.confidence});
        auto output = band::run(input, request.options.band, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i].banding = std::move(output->bandings[i]);
        return rows.size();
    });
    if (!done)
        return tl::unexpected(done.error());
    // match and draft serve those that somebody will look at
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (backlogToo || rows[i].banding.band != Band::Backlog)
            chosen.push_back(i);
    done = stage("match", chosen.size(), [&]() -> Result<std::size_t> {
        match::Input input;
        input.index = &*context.index;
        std::vector<std::string> texts;
        for (const std::size_t i : chosen)
            texts.push_back(matchText(rows[i].data, chunk[i].members));
        for (std::size_t k = 0; k < chosen.size(); ++k) {
            const Incident &data = rows[chosen[k]].data;
            input.queries.push_back({texts[k], data.component,
                                     data.versions.empty() ? std::string_view() : data.versions.back(), data.newestAt});
        }
        auto output = match::run(input, request.options.match, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t k = 0; k < chosen.size(); ++k)
            rows[chosen[k]].matching = std::move(output->items[k]);
        return chosen.size();
    });
    if (!done)
        return tl::unexpected(done.error());
    done = stage("draft", chosen.size(), [&]() -> Result<std::size_t> {
        draft::Input input;
        const std::string versions = pipeline.m_extractor.version() + " · " + pipeline.m_embedder.space();
        for (const std::size_t i : chosen) {
            const GoldRow &row = rows[i];
            const auto owner = context.owners.find(row.data.component);
            input.items.push_back({&row.data, &row.score, row.banding.band,
                                   telling(chunk[i].members, request.options.draft.maximumQuotes), row.matching.matches,
                                   commonConditions(chunk[i].members),
                                   owner == context.owners.end() ? std::string_view() : std::string_view(owner->second),
                                   versions});
        }
        auto output = draft::run(input, request.options.draft, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t k = 0; k < chosen.size(); ++k)
            rows[chosen[k]].draft = std::move(output->drafts[k]);
        return chosen.size();
    });
    if (!done)
        return tl::unexpected(done.error());
    return rows;
}

}
