// winnow-screenshots: saves pictures of every page and state of the window, for people who look at them.
//   winnow-screenshots WORKSPACE OUT light|dark     QT_SCALE_FACTOR says how large

#include <cstdio>
#include <functional>

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QLineEdit>
#include <QListView>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include "app/composition.h"
#include "app/workshop.h"
#include "ui/commands/commandregistry.h"
#include "ui/mainwindow.h"
#include "ui/runner/deskrunner.h"
#include "ui/text/plurals.h"
#include "ui/theme/theme.h"
#include "ui/widgets/searchfield.h"
#include "ui/widgets/toast.h"

namespace
{

using namespace winnow;
using namespace winnow::ui;

/// Lets the window work until something holds. \returns whether it does, after ten seconds at the latest.
bool until(const std::function<bool()> &holds)
{
    QElapsedTimer time;
    time.start();
    while (!holds()) {
        if (time.hasExpired(10'000))
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    }
    QCoreApplication::processEvents();
    return true;
}

/// A moment without anything left to do: answers are painted.
void settle()
{
    QEventLoop loop;
    QTimer::singleShot(400, &loop, &QEventLoop::quit);
    loop.exec();
}

class Photographer
{
public:
    Photographer(const QString &out, const QString &suffix)
        : m_out(out)
        , m_suffix(suffix)
    {
    }
    void take(QWidget &widget, const QString &name)
    {
        settle();
        const QString path = m_out.filePath(name + m_suffix + QStringLiteral(".png"));
        if (widget.grab().save(path))
            std::printf("%s\n", qPrintable(path));
        else
            std::fprintf(stderr, "winnow-screenshots: cannot write %s\n", qPrintable(path)), m_good = false;
    }
    /// A command that opens a dialog.
    void takeDialog(MainWindow &window, const QString &command, const QString &name)
    {
        window.commands().trigger(command);
        QDialog *dialog = nullptr;
        const auto there = [&] {
            for (QDialog *each : window.findChildren<QDialog *>())
                if (each->isVisible())
                    dialog = each;
            return dialog != nullptr;
        };
        if (!until(there)) {
            std::fprintf(stderr, "winnow-screenshots: %s opened nothing\n", qPrintable(command));
            m_good = false;
            return;
        }
        take(*dialog, name);
        dialog->reject();
        settle();
    }
    [[nodiscard]] bool good() const { return m_good; }

private:
    QDir m_out;
    QString m_suffix;
    bool m_good = true;
};

}

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() != 4) {
        std::fputs("usage: winnow-screenshots WORKSPACE OUT light|dark\n", stderr);
        return 2;
    }
    // settings of its own: a picture shows nobody's window
    const QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    QApplication::setApplicationName(QStringLiteral("winnow"));
    QApplication::setOrganizationName(QStringLiteral("winnow"));
    EnglishPlurals plurals;
    QApplication::installTranslator(&plurals);
    QDir().mkpath(arguments[2]);
    const bool dark = arguments[3] == QLatin1String("dark");
    Theme::instance().setScheme(dark ? Theme::Scheme::Dark : Theme::Scheme::Light);

    MainWindow window(app::deskMaker(), app::workshopMaker());
    window.resize(1440, 900);
    window.show();
    const int percent = qRound(window.devicePixelRatioF() * 100);
    Photographer photographer(arguments[2], QStringLiteral("-%1-%2").arg(arguments[3]).arg(percent));
    photographer.take(window, QStringLiteral("welcome"));
    window.openWorkspace(arguments[2] + QStringLiteral("/nothing-here"));
    until([&] { return !window.desk().isOpen(); });
    photographer.take(window, QStringLiteral("welcome-error"));

    window.openWorkspace(arguments[1]);
    auto *list = window.findChild<QListView *>(QStringLiteral("queueList"));
    if (!until([&] { return window.desk().isOpen() && list->model()->rowCount() > 0; })) {
        std::fputs("winnow-screenshots: this workspace shows no queue\n", stderr);
        return 1;
    }
    photographer.take(window, QStringLiteral("queue"));
    const auto run = [&](const char *command) { window.commands().trigger(QString::fromLatin1(command)); };
    run("quote.next");
    run("evidence.full");
    run("score.why");
    photographer.take(window, QStringLiteral("queue-full-source"));
    run("evidence.full");
    run("score.why");
    run("select.down");
    run("select.down");
    photographer.take(window, QStringLiteral("queue-selected"));
    run("select.none");
    run("decide.edit");
    photographer.take(window, QStringLiteral("queue-edit"));
    run("select.none");
    window.toast().show(QApplication::translate("screenshots", "Approved into the outbox: Checkout hangs"),
                        QApplication::translate("screenshots", "Undo"), [] {});
    photographer.take(window, QStringLiteral("queue-toast"));
    window.toast().hide();
    auto *filter = window.findChild<QLineEdit *>(QStringLiteral("queueFilter"));
    filter->setText(QStringLiteral("component=nothing"));
    until([&] { return list->model()->rowCount() == 0; });
    photographer.take(window, QStringLiteral("queue-empty"));
    filter->clear();
    until([&] { return list->model()->rowCount() > 0; });
    auto *search = window.findChild<SearchField *>();
    search->setFocus();
    search->setText(QStringLiteral("checkout"));
    Q_EMIT search->textEdited(search->text());
    until([&] { return !search->hits().empty(); });
    photographer.take(window, QStringLiteral("search"));
    search->clear();
    photographer.takeDialog(window, QStringLiteral("decide.attach"), QStringLiteral("attach"));
    photographer.takeDialog(window, QStringLiteral("decide.snooze"), QStringLiteral("snooze"));
    photographer.takeDialog(window, QStringLiteral("group.split"), QStringLiteral("split"));
    photographer.takeDialog(window, QStringLiteral("edit.history"), QStringLiteral("history"));
    photographer.takeDialog(window, QStringLiteral("help.palette"), QStringLiteral("palette"));
    photographer.takeDialog(window, QStringLiteral("help.keys"), QStringLiteral("keys"));
    for (const PageEntry &entry : pageTable()) {
        const QString id = QString::fromLatin1(entry.id);
        if (id == QLatin1String("queue"))
            continue;
        window.go(id);
        photographer.take(window, id);
    }
    return photographer.good() ? 0 : 1;
}
