// The pages beside the queue, driven by keys and clicks.

#include <QComboBox>
#include <QDesktopServices>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeWidget>
#include <QUrl>

#include "core/adapters/sqlite/triage.h"
#include "tests/ui/windowkit.h"
#include "ui/models/incidentsmodel.h"
#include "ui/pages/ticketspage.h"
#include "ui/widgets/barchart.h"
#include "ui/widgets/keyeditor.h"
#include "ui/widgets/rowtable.h"

using namespace winnow;
using namespace winnow::test;
using namespace winnow::ui;

namespace
{

/// A page of the window, gone to by its chord.
struct PageKit : WindowKit {
    explicit PageKit(int candidates = 6)
        : WindowKit(candidates)
    {
    }
    void go(Qt::Key second, const char *page)
    {
        key(Qt::Key_G);
        key(second);
        if (!QTest::qWaitFor([&] { return window->page(QString::fromLatin1(page))->isVisible(); }))
            qFatal("no page %s", page);
    }
    RowTable &table(const char *name) { return *child<RowTable>(name); }
    QString cell(const char *name, int row, int column)
    {
        return table(name).model()->index(row, column).data().toString();
    }
    int rows(const char *name) { return table(name).model()->rowCount(); }
    bool says(const QString &text)
    {
        for (const QLabel *label : window->findChildren<QLabel *>())
            if (label->isVisible() && label->text().contains(text))
                return true;
        return false;
    }
    void approveFirst(int count)
    {
        for (int i = 0; i < count; ++i) {
            const QString title = QStringLiteral("Crash %1").arg(i);
            if (!QTest::qWaitFor([&] { return shown() == title; }))
                qFatal("not shown");
            key(Qt::Key_1);
            if (!QTest::qWaitFor([&] { return state(i) == QLatin1String("approved"); }))
                qFatal("not approved");
        }
    }
    /// As another process does.
    void write(const char *sql)
    {
        const auto other = world.again();
        must(other->database().script(sql));
    }
};

constexpr auto kIncidents = "incidentsTable", kTickets = "ticketsTable", kAudit = "auditTable";

/// Stands in for the system's browser.
class Browser : public QObject
{
    Q_OBJECT

public:
    Browser()
    {
        for (const char *scheme : {"https", "http", "file", "javascript"})
            QDesktopServices::setUrlHandler(QString::fromLatin1(scheme), this, "open");
    }
    ~Browser() override
    {
        for (const char *scheme : {"https", "http", "file", "javascript"})
            QDesktopServices::unsetUrlHandler(QString::fromLatin1(scheme));
    }
    QList<QUrl> opened;
public Q_SLOTS:
    void open(const QUrl &url) { opened.push_back(url); }
};

}

class TestPages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { keepSettingsApart(); }
    void init() { QSettings().clear(); }

    // incidents
    // ----------------------------------------------------------------------------------------------------------
    void incidentsShowDecidedOnesAndOpenOnTheQueuePage()
    {
        PageKit kit;
        kit.approveFirst(1);
        kit.go(Qt::Key_I, "incidents");
        QTRY_COMPARE(kit.rows(kIncidents), 6);
        QTRY_COMPARE(kit.cell(kIncidents, 0, IncidentsModel::TitleColumn), QStringLiteral("Crash 0"));
        QTRY_COMPARE(kit.cell(kIncidents, 0, IncidentsModel::StateColumn), QStringLiteral("Approved"));
        QCOMPARE(kit.cell(kIncidents, 0, IncidentsModel::ReportsColumn), QStringLiteral("4"));
        QCOMPARE(kit.cell(kIncidents, 0, IncidentsModel::TicketColumn), QStringLiteral("APP-1"));
        QTRY_VERIFY(kit.table(kIncidents).hasFocus());
        kit.key(Qt::Key_J);
        kit.key(Qt::Key_Down);
        kit.key(Qt::Key_K);
        QCOMPARE(kit.table(kIncidents).currentRow(), 1);
        kit.key(Qt::Key_K);
        kit.key(Qt::Key_Return);
        QTRY_VERIFY(kit.window->page(QStringLiteral("queue"))->isVisible());
        QTRY_VERIFY(kit.shows("Crash 0")); // which is not in the queue any more
    }

    void incidentsAreFilteredByWordsStateAndBand()
    {
        PageKit kit;
        kit.approveFirst(2);
        kit.go(Qt::Key_I, "incidents");
        QTRY_COMPARE(kit.rows(kIncidents), 6);
        auto *state = kit.child<QComboBox>("incidentsState");
        state->setCurrentIndex(state->findText(QStringLiteral("Approved")));
        QTRY_COMPARE(kit.rows(kIncidents), 2);
        kit.key(Qt::Key_L, Qt::ControlModifier);
        auto *filter = kit.child<QLineEdit>("incidentsFilter");
        QTRY_VERIFY(filter->hasFocus());
        QTest::keyClicks(filter, QStringLiteral("crash 1 jk"));
        QCOMPARE(filter->text(), QStringLiteral("crash 1 jk")); // letters are dead there
        QTRY_COMPARE(kit.rows(kIncidents), 0);
        QTRY_VERIFY(kit.says(QStringLiteral("Nothing matches")));
        for (QPushButton *button : kit.window->page(QStringLiteral("incidents"))->findChildren<QPushButton *>())
            if (button->isVisible())
                QTest::mouseClick(button, Qt::LeftButton); // Show all
        QTRY_COMPARE(kit.rows(kIncidents), 6);
        QCOMPARE(state->currentIndex(), 0);
        QCOMPARE(kit.child<QComboBox>("incidentsBand")->itemText(0), QStringLiteral("All bands (6)"));
    }

    void incidentsAreSortedByAClickOnAHeadAndTurnedRound()
    {
        PageKit kit;
        kit.go(Qt::Key_I, "incidents");
        QTRY_COMPARE(kit.cell(kIncidents, 0, 0), QStringLiteral("Crash 0"));
        QHeaderView *head = kit.table(kIncidents).horizontalHeader();
        const int column = IncidentsModel::TitleColumn;
        const QPoint place(head->sectionViewportPosition(column) + 20, head->height() / 2);
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, place);
        QTRY_COMPARE(kit.child<QComboBox>("incidentsSort")->currentIndex(), column);
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, place);
        QTRY_COMPARE(kit.cell(kIncidents, 0, 0), QStringLiteral("Crash 5"));
        QCOMPARE(head->sortIndicatorOrder(), Qt::DescendingOrder);
        kit.table(kIncidents).setFocus();
        kit.key(Qt::Key_R);
        QTRY_COMPARE(kit.cell(kIncidents, 0, 0), QStringLiteral("Crash 0"));
    }

    // health
    // -------------------------------------------------------------------------------------------------------------
    void everyBarOpensTheRowsThatItCounts()
    {
        PageKit kit;
        kit.approveFirst(1); // what is decided counts too
        kit.go(Qt::Key_H, "health");
        auto *chart = kit.child<BarChart>("healthConfidenceChart");
        QTRY_COMPARE(chart->bars().size(), std::size_t(20));
        QTRY_VERIFY(chart->hasFocus());
        kit.key(Qt::Key_Right);
        kit.key(Qt::Key_Left);
        QTRY_VERIFY(chart->bar() >= 0);
        QCOMPARE(chart->bar(), 16); // all have 0.8
        const std::size_t count = chart->bars()[std::size_t(chart->bar())].parts[std::size_t(chart->band())];
        QCOMPARE(count, std::size_t(6));
        QVERIFY(kit.child<QLabel>("healthConfidenceBar")->text().contains(QStringLiteral("6 incidents")));
        kit.key(Qt::Key_Return);
        QTRY_VERIFY(kit.window->page(QStringLiteral("incidents"))->isVisible());
        QCOMPARE(kit.child<QLineEdit>("incidentsFilter")->text(), QStringLiteral("band=review confidence=0.80-0.85"));
        QTRY_COMPARE(kit.rows(kIncidents), int(count));
    }

    void aClickOnAWeekOpensItsIncidents()
    {
        PageKit kit;
        kit.go(Qt::Key_H, "health");
        auto *chart = kit.child<BarChart>("healthWeeksChart");
        QTRY_COMPARE(chart->bars().size(), std::size_t(1)); // all of one day
        QCOMPARE(chart->bars()[0].parts[std::size_t(Band::Review)], std::size_t(14)); // two paragraphs of six, and two
        QTRY_VERIFY(chart->viewport()->rect().contains(chart->middleOf(0, Band::Review))); // laid out
        QTest::mouseMove(chart->viewport(), chart->middleOf(0, Band::Review));
        QTest::mouseClick(chart->viewport(), Qt::LeftButton, {}, chart->middleOf(0, Band::Review));
        QTRY_VERIFY(kit.window->page(QStringLiteral("incidents"))->isVisible());
        QVERIFY(kit.child<QLineEdit>("incidentsFilter")->text().contains(QStringLiteral("week=")));
        QTRY_COMPARE(kit.rows(kIncidents), 6);
    }

    void figuresFollowDecisionsOfOthers()
    {
        PageKit kit;
        kit.go(Qt::Key_H, "health");
        auto *chart = kit.child<BarChart>("healthConfidenceChart");
        QTRY_COMPARE(chart->bars().size(), std::size_t(20));
        const auto other = kit.world.again();
        Decision escalate;
        escalate.kind = Decision::Kind::Escalate;
        must(sqlite::Triage(*other, "ann").decide(kit.incidents[2], escalate, app::systemClock().now()));
        QTRY_COMPARE(chart->bars()[16].parts[std::size_t(Band::Escalate)], std::size_t(1));
        QCOMPARE(chart->bars()[16].parts[std::size_t(Band::Review)], std::size_t(5));
    }

    // tickets
    // ------------------------------------------------------------------------------------------------------------
    void whatWaitsIsFiledNowOrCalledBackByKey()
    {
        PageKit kit;
        kit.approveFirst(2);
        kit.go(Qt::Key_T, "tickets");
        QTRY_COMPARE(kit.rows(kTickets), 2);
        QTRY_VERIFY(kit.table(kTickets).hasFocus());
        QVERIFY(kit.cell(kTickets, 0, 3).startsWith(QStringLiteral("Leaves in ")));
        QCOMPARE(kit.child<QLabel>("ticketTitle")->text(), QStringLiteral("Crash in Checkout"));
        QVERIFY(kit.child<QPushButton>("button-outbox.release")->isEnabled());
        QVERIFY(!kit.child<QPushButton>("button-outbox.retry")->isEnabled());
        QVERIFY(!kit.child<QPushButton>("button-outbox.open")->isEnabled());
        kit.key(Qt::Key_F);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM event WHERE kind = 'filing_released'"), 1);
        QTRY_COMPARE(kit.cell(kTickets, 0, 3), QStringLiteral("Due"));
        QTRY_VERIFY(!kit.child<QPushButton>("button-outbox.release")->isEnabled());
        kit.key(Qt::Key_C);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM filing WHERE state = 'cancelled'"), 1);
        QTRY_COMPARE(kit.cell(kTickets, 1, 0), QStringLiteral("Called back"));
        QTRY_COMPARE(kit.state(0), QString()); // the approval is taken back
        QTest::mouseClick(kit.child<QPushButton>("button-outbox.releaseAll"), Qt::LeftButton);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM event WHERE kind = 'filing_released'"), 2);
        auto *kind = kit.child<QComboBox>("ticketsKind");
        QTRY_COMPARE(kind->itemText(2), QStringLiteral("Waiting (1)"));
        kind->setCurrentIndex(1); // none needs a look
        QTRY_VERIFY(kit.says(QStringLiteral("No ticket is in this state.")));
    }

    void whatBecomesOfTicketsAppearsByItselfAndIsExplained()
    {
        PageKit kit;
        kit.approveFirst(2);
        kit.go(Qt::Key_T, "tickets");
        QTRY_COMPARE(kit.rows(kTickets), 2);
        kit.write(
            "UPDATE filing SET state = 'rejected', detail = 'no such project', attempts = 1 WHERE id = (SELECT min(id) "
            "FROM filing)");
        QTRY_COMPARE(kit.cell(kTickets, 0, 0), QStringLiteral("Refused"));
        QCOMPARE(kit.cell(kTickets, 0, 5), QStringLiteral("no such project"));
        kit.table(kTickets).setCurrentRow(0);
        QTRY_VERIFY(kit.says(QStringLiteral("The tracker refused it")));
        kit.key(Qt::Key_R);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM filing WHERE state = 'planned'"), 2);
        kit.write("UPDATE filing SET state = 'ambiguous', detail = 'timeout' WHERE id = (SELECT min(id) FROM filing)");
        QTRY_COMPARE(kit.cell(kTickets, 0, 0), QStringLiteral("Unclear"));
        kit.table(kTickets).setCurrentRow(0);
        QTRY_VERIFY(kit.says(QStringLiteral("the ticket may exist or not")));
        QVERIFY(!kit.child<QPushButton>("button-outbox.retry")->isEnabled());
        QVERIFY(!kit.child<QPushButton>("button-outbox.recall")->isEnabled());
    }

    void ticketsOpenInTheBrowserAndNothingElseDoes()
    {
        Browser browser;
        PageKit kit;
        kit.approveFirst(1);
        kit.write("UPDATE filing SET state = 'confirmed', ticket = 'APP-77', url = 'https://tracker.example/APP-77'");
        kit.go(Qt::Key_T, "tickets");
        QTRY_COMPARE(kit.cell(kTickets, 0, 2), QStringLiteral("APP-77"));
        kit.key(Qt::Key_O);
        QCOMPARE(browser.opened, QList<QUrl>{QUrl(QStringLiteral("https://tracker.example/APP-77"))});
        kit.write("UPDATE filing SET url = 'javascript:alert(1)'");
        QTRY_VERIFY(!kit.child<QPushButton>("button-outbox.open")->isEnabled());
        kit.key(Qt::Key_O);
        QCOMPARE(browser.opened.size(), 1);
        kit.key(Qt::Key_Return); // the candidate
        QTRY_VERIFY(kit.shows("Crash 0"));
    }

    void onlyPagesAndFilesMayBeOpened_data()
    {
        QTest::addColumn<bool>("can");
        QTest::newRow("https://tracker.example/browse/APP-1") << true;
        QTest::newRow("http://tracker.example:8080/x") << true;
        QTest::newRow("file:///home/ann/w/tickets/fb-1.md") << true;
        QTest::newRow("") << false;
        QTest::newRow("https://") << false;
        QTest::newRow("file://host/share/run.exe") << false;
        QTest::newRow("javascript:alert(1)") << false;
        QTest::newRow("mailto:ann@mail.example") << false;
        QTest::newRow("ssh://tracker.example") << false;
        QTest::newRow("/etc/passwd") << false;
        QTest::newRow("https://tracker.example/a b\n") << false;
    }
    void onlyPagesAndFilesMayBeOpened()
    {
        QFETCH(bool, can);
        QCOMPARE(TicketsPage::canOpen(QTest::currentDataTag()), can);
    }

    // the log
    // --------------------------------------------------------------------------------------------------------------
    void anyEventOfTheLogIsTakenBackWithWhatRestsOnIt()
    {
        PageKit kit;
        kit.approveFirst(1);
        {
            const auto other = kit.world.again();
            sqlite::Triage ann(*other, "ann");
            must(ann.rename(kit.incidents[1], "First name", app::systemClock().now()));
            must(ann.rename(kit.incidents[1], "Second name", app::systemClock().now()));
        }
        kit.go(Qt::Key_A, "audit");
        QTRY_COMPARE(kit.rows(kAudit), 4); // with the run
        QTRY_VERIFY(kit.table(kAudit).hasFocus());
        QCOMPARE(kit.cell(kAudit, 0, 2), QStringLiteral("Renamed"));
        QCOMPARE(kit.cell(kAudit, 3, 2), QStringLiteral("Run finished"));
        QCOMPARE(kit.cell(kAudit, 0, 3), QStringLiteral("Second name"));
        kit.key(Qt::Key_J); // the first name: the second one rests on it
        QTRY_VERIFY(kit.child<QPlainTextEdit>("auditBody")->toPlainText().contains(QStringLiteral("First name")));
        kit.key(Qt::Key_U);
        QListWidget *later = nullptr;
        QTRY_VERIFY((later = kit.window->findChild<QListWidget *>(QStringLiteral("undoList"))));
        QCOMPARE(later->count(), 1);
        QTest::mouseClick(kit.child<QPushButton>("undoAll"), Qt::LeftButton);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM event WHERE kind = 'undone'"), 1);
        QTRY_COMPARE(kit.rows(kAudit), 5);
        QTRY_COMPARE(kit.cell(kAudit, 1, 2), QStringLiteral("Renamed (taken back)"));
        // the approval, alone: no question
        QTRY_VERIFY(!kit.window->findChild<QListWidget *>(QStringLiteral("undoList")));
        kit.table(kAudit).setCurrentRow(3);
        QTest::mouseClick(kit.child<QPushButton>("auditUndo"), Qt::LeftButton);
        QTRY_COMPARE(kit.state(0), QString());
        kit.table(kAudit).setCurrentRow(kit.rows(kAudit) - 1);
        QVERIFY(!kit.child<QPushButton>("auditUndo")->isEnabled()); // a run
    }

    void theLogIsFilteredByWordsAndKind()
    {
        PageKit kit;
        kit.approveFirst(2);
        kit.go(Qt::Key_A, "audit");
        QTRY_COMPARE(kit.rows(kAudit), 3);
        auto *kind = kit.child<QComboBox>("auditKind");
        kind->setCurrentIndex(1); // decisions
        QTRY_COMPARE(kit.rows(kAudit), 2);
        auto *filter = kit.child<QLineEdit>("auditFilter");
        filter->setFocus();
        QTest::keyClicks(filter, QStringLiteral("CRASH ") + q(kit.incidents[1]));
        QTRY_COMPARE(kit.rows(kAudit), 1);
        QTest::keyClicks(filter, QStringLiteral("walrus"));
        QTRY_VERIFY(kit.says(QStringLiteral("No event passes this filter.")));
    }

    // settings
    // -----------------------------------------------------------------------------------------------------------
    void theAppearanceIsChosenAndRemembered()
    {
        PageKit kit(1);
        kit.go(Qt::Key_Comma, "settings");
        auto *dark = kit.child<QRadioButton>("scheme-2"), *light = kit.child<QRadioButton>("scheme-1");
        QTest::mouseClick(dark, Qt::LeftButton, {}, {10, dark->height() / 2});
        QVERIFY(Theme::instance().isDark());
        QCOMPARE(QSettings().value(QStringLiteral("window/theme")).toString(), QStringLiteral("Dark"));
        kit.window->commands().trigger(QStringLiteral("view.light"));
        QVERIFY(light->isChecked());
        QVERIFY(!Theme::instance().isDark());
    }

    void aTakenKeyIsShownTakenOverAndGivenBack()
    {
        PageKit kit(1);
        CommandRegistry &commands = kit.window->commands();
        kit.go(Qt::Key_Comma, "settings");
        auto *editor = kit.child<KeyEditor>("settingsKeys");
        auto *tree = editor->findChild<QTreeWidget *>(QStringLiteral("keyTree"));
        auto *edit = editor->findChild<QKeySequenceEdit *>(QStringLiteral("keyEdit"));
        auto *word = editor->findChild<QLabel *>(QStringLiteral("keyWord"));
        const auto button = [&](const char *name) {
            return editor->findChild<QPushButton *>(QString::fromLatin1(name));
        };
        const auto select = [&](const QString &id) {
            QTreeWidgetItem *found = nullptr;
            for (QTreeWidgetItem *item :
                 tree->findItems(commands.find(id)->text, Qt::MatchRecursive | Qt::MatchExactly))
                if (item->data(0, Qt::UserRole) == id)
                    found = item;
            tree->setCurrentItem(found);
        };
        const QString escalate = QStringLiteral("decide.escalate"), snooze = QStringLiteral("decide.snooze");
        select(escalate);
        edit->setFocus();
        QTest::keyClick(edit, Qt::Key_H); // no command runs, not even a chord's first key
        QTest::mouseClick(button("keySet"), Qt::LeftButton);
        QVERIFY2(word->text().contains(commands.find(snooze)->text), qPrintable(word->text()));
        QCOMPARE(commands.keyText(escalate), QStringLiteral("E"));
        QVERIFY(button("keyTake")->isVisible());
        QTest::mouseClick(button("keyTake"), Qt::LeftButton);
        QCOMPARE(commands.keyText(escalate), QStringLiteral("H"));
        QCOMPARE(commands.keyText(snooze), QString());
        {
            const WindowKit again(1); // remembered, also that there is none
            QCOMPARE(again.window->commands().keyText(escalate), QStringLiteral("H"));
            QCOMPARE(again.window->commands().keyText(snooze), QString());
        }
        select(escalate);
        QTest::mouseClick(button("keyReset"), Qt::LeftButton);
        QCOMPARE(commands.keyText(escalate), QStringLiteral("E"));
        QTest::mouseClick(button("keyResetAll"), Qt::LeftButton);
        QCOMPARE(commands.keyText(snooze), QStringLiteral("H"));
        // the same key on another page is no conflict
        select(QStringLiteral("audit.undo"));
        edit->setKeySequence(QKeySequence(Qt::Key_X));
        QTest::mouseClick(button("keySet"), Qt::LeftButton);
        QCOMPARE(commands.keyText(QStringLiteral("audit.undo")), QStringLiteral("X"));
    }

    void keysAreNamedAsTheKeyboardNamesThem()
    {
        QCOMPARE(KeyEditor::normal(QKeySequence(Qt::SHIFT | Qt::Key_Question)), QKeySequence(Qt::Key_Question));
        QCOMPARE(KeyEditor::normal(QKeySequence(Qt::SHIFT | Qt::Key_J)), QKeySequence(Qt::SHIFT | Qt::Key_J));
        QCOMPARE(KeyEditor::normal(QKeySequence(Qt::Key_G, Qt::Key_Q, Qt::Key_X)), QKeySequence(Qt::Key_G, Qt::Key_Q));
        QVERIFY(KeyEditor::normal(QKeySequence()).isEmpty());
    }

    void theSettingsSayWhatTheWorkspaceIs()
    {
        PageKit kit(1);
        kit.write(
            "INSERT INTO connection(name, kind, url, settings) VALUES('trk', 'linear', 'https://l.example', '{}')");
        kit.go(Qt::Key_Comma, "settings");
        QTRY_VERIFY(kit.child<QLabel>("factTrackers")->text().contains(QStringLiteral("https://l.example")));
        QCOMPARE(kit.child<QLabel>("factFolder")->text(), q(kit.world.folder()));
        QCOMPARE(kit.child<QLabel>("factActor")->text(), QStringLiteral("me"));
        QVERIFY(kit.child<QLabel>("factSize")->text().contains(QStringLiteral("schema")));
    }
};

QTEST_MAIN(TestPages)
#include "tst_pages.moc"
