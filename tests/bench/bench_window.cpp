// How fast the window is over a large workspace, against the budgets of design.md.
//   bench_window FOLDER [REVIEWS INCIDENTS]     the folder is generated where it is not there (1,000,000 and 50,000)
//   bench_window FOLDER --import FILE           also: blocks of the GUI thread while winnowctl imports a file
// Prints a line per budget; never fails for a slow machine.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <vector>

#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QLineEdit>
#include <QListView>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include "app/composition.h"
#include "app/workshop.h"
#include "tests/bench/bigworkspace.h"
#include "ui/commands/commandregistry.h"
#include "ui/mainwindow.h"
#include "ui/models/queuemodel.h"
#include "ui/pages/queuepage.h"
#include "ui/runner/deskrunner.h"
#include "ui/theme/theme.h"
#include "ui/widgets/searchfield.h"

namespace
{

using namespace winnow;
using namespace winnow::ui;

/// Takes the time of everything that the GUI thread does at a stretch.
class TimedApplication : public QApplication
{
public:
    using QApplication::QApplication;
    bool notify(QObject *receiver, QEvent *event) override
    {
        if (m_inside)
            return QApplication::notify(receiver, event);
        m_inside = true;
        QElapsedTimer time;
        time.start();
        const bool used = QApplication::notify(receiver, event);
        m_inside = false;
        if (recording)
            blocks.push_back(double(time.nsecsElapsed()) / 1e6);
        return used;
    }
    bool recording = false;
    std::vector<double> blocks;

private:
    bool m_inside = false;
};

long anonymousKiB()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon:"))
            return std::stol(line.substr(8));
    return 0;
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, std::size_t(share * double(values.size())))];
}

void report(const char *what, std::vector<double> ms, const char *budget)
{
    std::printf("%-44s p50 %8.2f ms  p95 %8.2f ms  max %8.2f ms  n %zu  (budget %s)\n", what, quantile(ms, 0.5),
                quantile(ms, 0.95), quantile(ms, 1), ms.size(), budget);
    std::fflush(stdout);
}

bool until(const std::function<bool()> &holds, int limitMs = 60'000)
{
    QElapsedTimer time;
    time.start();
    while (!holds()) {
        if (time.hasExpired(limitMs))
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
    }
    return true;
}

void rest(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

}

int main(int argc, char **argv)
{
    TimedApplication application(argc, argv);
    qputenv("WINNOW_TEST_KEY", "bench");
    if (argc < 2) {
        std::fputs("usage: bench_window FOLDER [REVIEWS INCIDENTS | --import FILE]\n", stderr);
        return 2;
    }
    const std::string folder = argv[1];
    const bool importing = argc == 4 && std::string_view(argv[2]) == "--import";
    if (!std::filesystem::exists(folder)) {
        const int reviews = argc == 4 && !importing ? std::atoi(argv[2]) : 1'000'000;
        const int incidents = argc == 4 && !importing ? std::atoi(argv[3]) : 50'000;
        QElapsedTimer time;
        time.start();
        if (auto made = bench::makeBigWorkspace(folder, reviews, incidents); !made) {
            std::fprintf(stderr, "bench_window: %s\n", made.error().detail.c_str());
            return 1;
        }
        std::printf("generated %d reviews, %d incidents in %.1f s\n", reviews, incidents,
                    double(time.elapsed()) / 1000);
    }
    const QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    QApplication::setApplicationName(QStringLiteral("winnow"));
    QApplication::setOrganizationName(QStringLiteral("winnow"));
    static_cast<void>(Theme::instance());

    MainWindow window(app::deskMaker(), app::workshopMaker());
    window.resize(1440, 900);
    window.show();
    QString shown;
    auto *page = window.findChild<QueuePage *>();
    QObject::connect(page, &QueuePage::candidateShown, page, [&shown](const QString &id) { shown = id; });
    QElapsedTimer time;
    time.start();
    window.openWorkspace(QString::fromStdString(folder));
    if (!until([&] { return !shown.isEmpty(); })) {
        std::fputs("bench_window: no queue within a minute\n", stderr);
        return 1;
    }
    window.repaint();
    report("open, to the first candidate", {double(time.nsecsElapsed()) / 1e6}, "1000");
    rest(1000);

    const auto timed = [&](const std::function<void()> &act, const std::function<bool()> &holds) {
        QElapsedTimer one;
        one.start();
        act();
        until(holds);
        return double(one.nsecsElapsed()) / 1e6;
    };
    const auto run = [&](const char *command) { window.commands().trigger(QString::fromLatin1(command)); };
    std::vector<double> steps, decisions, jumps, filters, sorts, searches;
    for (int i = 0; i < 100; ++i) {
        const QString before = shown;
        steps.push_back(timed([&] { run("queue.next"); },
                              [&] {
                                  if (shown == before)
                                      return false;
                                  window.repaint();
                                  return true;
                              }));
        rest(15);
    }
    report("J to the painted next candidate", steps, "50");
    for (int i = 0; i < 100; ++i) {
        const QString before = shown;
        decisions.push_back(timed([&] { run("reject.not_actionable"); },
                                  [&] {
                                      if (shown == before)
                                          return false;
                                      window.repaint();
                                      return true;
                                  }));
        rest(30);
    }
    report("decision to the painted next candidate", decisions, "50");
    auto *list = window.findChild<QListView *>(QStringLiteral("queueList"));
    auto *model = window.findChild<QueueModel *>();
    for (int i = 1; i <= 40; ++i) {
        const int row = int(std::int64_t(i) * 7919 % std::max(1, model->rowCount()));
        jumps.push_back(timed(
            [&] {
                list->scrollTo(model->index(row), QAbstractItemView::PositionAtTop);
                list->viewport()->repaint();
            },
            [&] { return model->rowAt(row) != nullptr; }));
    }
    report("jump anywhere, to painted rows", jumps, "50");
    auto *filter = window.findChild<QLineEdit *>(QStringLiteral("queueFilter"));
    for (const char *text : {"che", "login", "component=Cart", "type=bug", "slow", "delivery kari", "search", "x"}) {
        filters.push_back(timed([&] { filter->setText(QString::fromLatin1(text)); },
                                [&, rows = model->rowCount()] { return model->rowCount() != rows; }));
        rest(100);
    }
    filter->clear();
    rest(500);
    report("filter (with 60 ms of waiting for letters)", filters, "100");
    auto *sort = window.findChild<QComboBox *>(QStringLiteral("queueSort"));
    for (int i = 0; i < 20; ++i) {
        const std::int64_t first = model->keyAt(0);
        sorts.push_back(timed([&] { sort->setCurrentIndex((sort->currentIndex() + 1) % 4); },
                              [&] { return model->keyAt(0) != first; }));
        rest(50);
    }
    report("sort", sorts, "100");
    auto *search = window.findChild<SearchField *>();
    bool answered = false;
    QObject::connect(search, &SearchField::answered, page, [&answered] { answered = true; });
    for (const char *word : {"checkout", "crash", "payment", "the app", "kari slow"})
        for (int letters = 2; letters <= int(std::strlen(word)); ++letters) {
            answered = false;
            const QString text = QString::fromLatin1(word).left(letters);
            searches.push_back(timed(
                [&] {
                    search->setText(text);
                    Q_EMIT search->textEdited(text);
                },
                [&] { return answered; }));
        }
    search->clear();
    report("search as you type", searches, "100");
    std::printf("%-44s %.0f MiB anonymous (budget 600)\n", "memory", double(anonymousKiB()) / 1024);

    if (importing) {
        rest(500);
        QProcess import;
        import.start(QCoreApplication::applicationDirPath() + QStringLiteral("/../bin/winnowctl"),
                     {QStringLiteral("--workspace"), QString::fromStdString(folder), QStringLiteral("import"),
                      QString::fromLocal8Bit(argv[3])});
        application.recording = true;
        while (import.state() != QProcess::NotRunning) {
            run("queue.next");
            rest(40);
        }
        application.recording = false;
        std::printf("%-44s p99.9 %.2f ms  max %.2f ms  events %zu  exit %d  (budget 16 / 100)\n",
                    "GUI thread while an import runs", quantile(application.blocks, 0.999),
                    quantile(application.blocks, 1), application.blocks.size(), import.exitCode());
        std::printf("%-44s %.0f MiB anonymous (budget 600)\n", "memory", double(anonymousKiB()) / 1024);
    }
    return 0;
}
