#pragma once

#include <memory>

#include <QApplication>
#include <QListView>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/composition.h"
#include "tests/fakes/fakeworkshop.h"
#include "tests/fakes/workspacekit.h"
#include "ui/commands/commandregistry.h"
#include "ui/mainwindow.h"
#include "ui/models/queuemodel.h"
#include "ui/pages/queuepage.h"
#include "ui/runner/deskrunner.h"
#include "ui/text/plurals.h"
#include "ui/theme/theme.h"
#include "ui/widgets/decisionpane.h"
#include "ui/widgets/evidencepane.h"
#include "ui/widgets/toast.h"

namespace winnow::test
{

/// Settings that nobody else reads, in an empty folder.
inline void keepSettingsApart()
{
    static const QTemporaryDir folder;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    QCoreApplication::setApplicationName(QStringLiteral("winnow"));
    QCoreApplication::setOrganizationName(QStringLiteral("winnow"));
    QSettings().clear();
    static ui::EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
}

/// Desks in a hand-made workspace.
class WorldDesks : public DeskMaker
{
public:
    explicit WorldDesks(World &world)
        : m_world(world)
    {
    }
    Result<std::unique_ptr<Desk>> open(const std::string &folder, bool decides) override
    {
        auto workspace = sqlite::Workspace::open(folder, m_world.secrets, decides);
        if (!workspace)
            return tl::unexpected(workspace.error());
        return std::unique_ptr<Desk>(std::make_unique<sqlite::SqliteDesk>(
            std::move(*workspace), "me",
            sqlite::SqliteDesk::Engines{
                app::refreshRegrouped,
                [](sqlite::Workspace &, const std::string &incident, std::stop_token) -> Result<Draft> {
                    return Draft{"Draft of " + incident, "Made when it was asked for", {}};
                },
                [] { return app::systemClock().now(); }}));
    }

private:
    World &m_world;
};

/// A window over a small workspace: candidates `Crash 0`, `Crash 1` … in this order; the first one has three reports.
struct WindowKit {
    World world;
    WorldDesks desks{world};
    FakeWorkshops workshops;
    std::vector<std::string> incidents; ///< ids, in the order of the queue
    std::unique_ptr<ui::MainWindow> window;

    explicit WindowKit(int candidates = 6)
    {
        std::vector<Said> said;
        std::vector<std::vector<std::string>> groups;
        const auto say = [&](const std::string &id, const std::string &body) {
            said.push_back({id, body, "Anna Smith"});
        };
        for (int i = 0; i < candidates; ++i) {
            const std::string id = "r" + std::to_string(i);
            say(id,
                "Crash when I pay <b>now</b> & then, number " + std::to_string(i)
                    + ", says Anna Smith\n\nSecond <img src=x>");
            groups.push_back({id});
        }
        for (const char *more : {"more1", "more2"}) {
            say(more, std::string("Crash again, ") + more);
            groups.front().push_back(more);
        }
        world.receive(said);
        world.derive();
        world.shape = [this](GoldRow &row) {
            // which one is which is known by its first report
            std::string first;
            must(world.db().query(
                "SELECT min(r.source_record_id) FROM membership m JOIN record r ON r.id = m.segment >> 16 WHERE "
                "m.incident = ?1 AND r.source_record_id LIKE 'r%'",
                [&](const sqlite::Row &found) { first = found.text(0); }, row.incident));
            const int number = first.empty() ? 99 : std::stoi(first.substr(1));
            row.data.title = "Crash " + std::to_string(number);
            row.score.priority = 90 - number;
            row.matching.matches = {{"APP-1", Relation::Same, 0.9}, {"APP-2", Relation::Related, 0.4}};
            row.data.rootCauses = {{"unknown", 0.6, {}}, {"a race", 0.4, "taxonomy"}};
        };
        incidents = world.group(groups);
        window = std::make_unique<ui::MainWindow>(desks, workshops);
        window->resize(1440, 900);
        window->show();
        window->openWorkspace(q(world.folder()));
        if (!QTest::qWaitForWindowActive(window.get())
            || !QTest::qWaitFor([&] { return model().rowCount() == candidates && shows("Crash 0"); }, 10'000))
            qFatal("the window shows no queue");
    }
    [[nodiscard]] ui::QueueModel &model() { return *window->findChild<ui::QueueModel *>(); }
    [[nodiscard]] QListView &list() { return *window->findChild<QListView *>(QStringLiteral("queueList")); }
    [[nodiscard]] ui::EvidencePane &evidence() { return *window->findChild<ui::EvidencePane *>(); }
    template <typename T> [[nodiscard]] T *child(const char *name)
    {
        T *found = window->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no control %s", name);
        return found;
    }
    /// What the decision pane is about.
    [[nodiscard]] QString shown() { return child<QWidget>("candidateTitle")->property("text").toString(); }
    [[nodiscard]] bool shows(const char *title) { return shown() == QLatin1String(title); }
    /// A key, typed at whatever has the focus.
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget *target = QApplication::focusWidget(); // none while a dialog goes away
        if (!target)
            target = window->focusWidget();
        QTest::keyClick(target ? target : window.get(), key, modifiers);
    }
    /// `approved`, `rejected spam` …; empty: open.
    [[nodiscard]] QString state(int candidate)
    {
        return q(world.text(
            "SELECT trim(state || ' ' || coalesce(reason, '') || coalesce(ticket, '')) FROM triage WHERE incident = '"
            + incidents[std::size_t(candidate)] + "'"));
    }
};

}
