// winnow: the workbench.

#include <cstdio>
#include <mutex>

#include <QApplication>
#include <QCommandLineParser>
#include <QLoggingCategory>

#include "app/composition.h"
#include "app/workshop.h"
#include "core/base/log.h"
#include "ui/mainwindow.h"
#include "ui/text/plurals.h"
#include "ui/theme/theme.h"

namespace
{

/// Log lines of the core go to Qt's categories of the same names.
void logToQt()
{
    winnow::setLogSink([](winnow::LogLevel level, std::string_view category, std::string_view message) {
        const std::string name(category);
        const QLoggingCategory qt(name.c_str(), QtInfoMsg);
        const QString text = QString::fromUtf8(message.data(), qsizetype(message.size()));
        if (level >= winnow::LogLevel::Warning)
            qCWarning(qt).noquote() << text;
        else
            qCInfo(qt).noquote() << text;
    });
}

}

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("winnow"));
    QApplication::setOrganizationName(QStringLiteral("winnow"));
    QApplication::setApplicationDisplayName(QStringLiteral("Winnow"));
    winnow::ui::EnglishPlurals plurals;
    QApplication::installTranslator(&plurals);
    logToQt();
    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::tr("The workbench for customer feedback."));
    parser.addHelpOption();
    parser.addPositionalArgument(QStringLiteral("folder"),
                                 QApplication::tr("The workspace to open; else the last one."),
                                 QStringLiteral("[folder]"));
    parser.process(application);
    static_cast<void>(winnow::ui::Theme::instance()); // colours before anything is painted
    winnow::ui::MainWindow window(winnow::app::deskMaker(), winnow::app::workshopMaker());
    window.show();
    if (const QStringList folders = parser.positionalArguments(); !folders.isEmpty())
        window.openWorkspace(folders.front());
    else
        window.openLast();
    return QApplication::exec();
}
