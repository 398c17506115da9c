#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include "app/composition.h"
#include "app/workshop.h"
#include "core/adapters/sqlite/workspace.h"
#include "ui/dialogs/importdialog.h"
#include "ui/mainwindow.h"
#include "ui/models/jobmodel.h"
#include "ui/pages/sourcespage.h"
#include "ui/runner/jobrunner.h"

using namespace winnow;
using namespace winnow::ui;

namespace
{

/// The window on a new, empty workspace.
struct Site {
    QTemporaryDir folder;
    std::unique_ptr<MainWindow> window;

    Site()
    {
        const std::string path = (folder.path() + QStringLiteral("/w")).toStdString();
        const auto created = sqlite::Workspace::create(path, app::secretStore(), "0123456789abcdef0123456789abcdef",
                                                       app::systemClock().now());
        if (!created)
            qFatal("%s", created.error().detail.c_str());
        window = std::make_unique<MainWindow>(app::deskMaker(), app::workshopMaker());
        window->show();
        window->openWorkspace(QString::fromStdString(path));
    }

    QString write(const QString &name, const QByteArray &bytes)
    {
        const QString path = folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return path;
    }

    SourcesPage *page() { return qobject_cast<SourcesPage *>(window->page(QStringLiteral("sources"))); }
    ImportDialog *dialog() { return window->findChild<ImportDialog *>(); }
    template <typename T> T *find(const char *name) { return window->findChild<T *>(QLatin1String(name)); }
    QModelIndex job(int row, int column) { return find<QTableView>("jobTable")->model()->index(row, column); }
    QString state(int row) { return job(row, JobModel::StateColumn).data().toString(); }
};

const QByteArray kTable = "Ticket;Datum;Kommentar;Note\n"
                          "1;03/04/2026;The app crashes when I pay.;1\n"
                          "2;05/06/2026;I cannot log in since the update.;2\n"
                          "3;01/02/2026;\"Please add a dark mode; my eyes hurt.\";4\n";

}

class TestSourcesPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aFileIsLookedAtThenImportedAndRun();
    void datesThatFitTwoOrdersAreAsked();
    void aColumnCanBeSentElsewhere();
    void whatCannotBeReadSaysWhy();
    void severalFilesAreAskedOneAfterTheOther();
};

void TestSourcesPage::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    qputenv("WINNOW_TEST_KEY", "0123456789abcdef0123456789abcdef");
    QSettings().clear();
}

void TestSourcesPage::aFileIsLookedAtThenImportedAndRun()
{
    Site site;
    QTRY_VERIFY(site.find<QPushButton>("runButton")->isEnabled());
    site.page()->importFiles({site.write(QStringLiteral("reviews.csv"), kTable)});
    QTRY_VERIFY(site.dialog());
    auto *import = site.find<QPushButton>("importDone");
    QTRY_VERIFY(import->isEnabled());
    QVERIFY(site.find<QLabel>("importSummary")->text().contains(QLatin1String("csv")));
    QCOMPARE(site.find<QTableWidget>("importRecords")->rowCount(), 3);
    QTest::mouseClick(import, Qt::LeftButton);
    // the import, and the run that follows by itself
    QTRY_COMPARE_WITH_TIMEOUT(site.state(1), QStringLiteral("Done"), 20000);
    QVERIFY(site.job(1, JobModel::ResultColumn).data().toString().startsWith(QLatin1String("3 new")));
    QTRY_COMPARE_WITH_TIMEOUT(site.state(0), QStringLiteral("Done"), 20000);
    QTRY_COMPARE(site.find<QTableView>("runTable")->model()->rowCount(), 1);
    QTRY_COMPARE(site.find<QTableView>("stageTable")->model()->rowCount(), 12);
    site.window->go(QStringLiteral("queue"));
    QTRY_VERIFY(site.find<QListView>("queueList")->model()->rowCount() > 0);
}

void TestSourcesPage::datesThatFitTwoOrdersAreAsked()
{
    Site site;
    QTRY_VERIFY(site.find<QPushButton>("runButton")->isEnabled());
    site.page()->importFiles({site.write(QStringLiteral("dates.csv"), kTable)});
    QTRY_VERIFY(site.dialog() && site.find<QPushButton>("importDone")->isEnabled());
    auto *question = site.find<QLabel>("importDates");
    QVERIFY(question->isVisible());
    QVERIFY(question->text().contains(QLatin1String("Datum")));
    auto *order = site.find<QComboBox>("importDateOrder");
    order->setCurrentIndex(order->findData(QStringLiteral("DMY")));
    QTRY_VERIFY(!question->isVisible());
    QCOMPARE(site.find<QTableWidget>("importRecords")->item(0, 0)->text().isEmpty(), false);
    QTest::keyClick(site.dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!site.dialog());
    QCOMPARE(site.find<QTableView>("jobTable")->model()->rowCount(), 0);
}

void TestSourcesPage::aColumnCanBeSentElsewhere()
{
    Site site;
    QTRY_VERIFY(site.find<QPushButton>("runButton")->isEnabled());
    site.page()->importFiles(
        {site.write(QStringLiteral("odd.csv"), "a,b,c\n1,It crashes at the door.,x\n2,It is slow.,y\n")});
    QTRY_VERIFY(site.dialog() && site.find<QTableWidget>("importColumns")->rowCount() == 3);
    QTRY_VERIFY(site.find<QComboBox>("importField1"));
    auto *field = site.find<QComboBox>("importField1");
    field->setCurrentIndex(field->findData(QStringLiteral("body")));
    auto *import = site.find<QPushButton>("importDone");
    QTRY_VERIFY(import->isEnabled());
    QTRY_COMPARE(site.find<QTableWidget>("importRecords")->rowCount(), 2);
    QCOMPARE(site.find<QTableWidget>("importRecords")->item(0, 3)->text(), QStringLiteral("It crashes at the door."));
    QTest::mouseClick(import, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(site.state(1), QStringLiteral("Done"), 20000);
    QVERIFY(site.job(1, JobModel::ResultColumn).data().toString().startsWith(QLatin1String("2 new")));
}

void TestSourcesPage::whatCannotBeReadSaysWhy()
{
    Site site;
    QTRY_VERIFY(site.find<QPushButton>("runButton")->isEnabled());
    site.page()->importFiles(
        {site.write(QStringLiteral("table.parquet"), QByteArray("PAR1") + QByteArray(64, '\0') + "PAR1")});
    QTRY_VERIFY(site.dialog());
    QTRY_VERIFY(site.dialog()->findChild<QWidget *>(QString(), Qt::FindChildrenRecursively));
    const auto said = [&] {
        for (const QLabel *label : site.dialog()->findChildren<QLabel *>())
            if (label->isVisible() && label->text().contains(QLatin1String("arquet")))
                return true;
        return false;
    };
    QTRY_VERIFY(said());
    QVERIFY(!site.find<QPushButton>("importDone")->isEnabled());
}

void TestSourcesPage::severalFilesAreAskedOneAfterTheOther()
{
    Site site;
    QTRY_VERIFY(site.find<QPushButton>("runButton")->isEnabled());
    site.page()->importFiles({site.write(QStringLiteral("one.csv"), kTable),
                              site.write(QStringLiteral("two.csv"), QByteArray(kTable).replace("log in", "sign up"))});
    for (const char *name : {"one.csv", "two.csv"}) {
        QTRY_VERIFY(site.dialog() && site.dialog()->windowTitle().contains(QLatin1String(name)));
        QTRY_VERIFY(site.find<QPushButton>("importDone")->isEnabled());
        QTest::mouseClick(site.find<QPushButton>("importDone"), Qt::LeftButton);
    }
    QTRY_VERIFY_WITH_TIMEOUT(
        site.find<QTableView>("jobTable")->model()->rowCount() >= 3 && site.state(0) == QLatin1String("Done"), 30000);
}

QTEST_MAIN(TestSourcesPage)
#include "tst_sourcespage.moc"
