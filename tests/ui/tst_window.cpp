// The window, driven by keys and clicks.

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QPushButton>
#include <QTableWidget>
#include <QToolButton>

#include "tests/ui/windowkit.h"
#include "ui/widgets/searchfield.h"

using namespace winnow;
using namespace winnow::test;
using namespace winnow::ui;

namespace
{

template <typename T> T *visible(QWidget &window, const char *name)
{
    T *found = nullptr;
    const bool there = QTest::qWaitFor([&] {
        for (T *each : window.findChildren<T *>(QString::fromLatin1(name)))
            if (each->isVisible())
                found = each;
        return found != nullptr;
    });
    return there ? found : nullptr;
}

}

class TestWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { keepSettingsApart(); }
    void init() { QSettings().clear(); }

    void oneKeyDecidesAndBringsTheNext()
    {
        WindowKit kit;
        QAbstractItemModelTester tester(&kit.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        kit.key(Qt::Key_1);
        QTRY_COMPARE(kit.shown(), QStringLiteral("Crash 1"));
        QCOMPARE(kit.model().rowCount(), 5);
        QTRY_COMPARE(kit.state(0), QStringLiteral("approved"));
        QTRY_COMPARE(kit.window->toast().text(), QStringLiteral("Approved into the outbox: Crash 0"));
        kit.key(Qt::Key_E); // escalated stays in the queue
        QTRY_COMPARE(kit.state(1), QStringLiteral("escalated"));
        QTRY_VERIFY(kit.shows("Crash 2"));
        QTRY_COMPARE(kit.child<QToolButton>("bottomUndo")->text(), QStringLiteral("2 to undo"));
        QCOMPARE(kit.world.count("SELECT count(*) FROM event WHERE kind = 'approved' AND json_extract(refs, "
                                 "'$.seen.ms_on_screen') >= 0"),
                 1);
    }

    void undoBringsItBackAndLooksAtIt()
    {
        WindowKit kit;
        kit.key(Qt::Key_J);
        QTRY_VERIFY(kit.shows("Crash 1"));
        kit.key(Qt::Key_1);
        QTRY_COMPARE(kit.state(1), QStringLiteral("approved"));
        QTRY_VERIFY(kit.shows("Crash 2"));
        kit.key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(kit.shows("Crash 1"));
        QTRY_COMPARE(kit.state(1), QString());
        QTRY_COMPARE(kit.model().rowCount(), 6);
        QTRY_COMPARE(kit.list().currentIndex().row(), 1);
        kit.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(kit.state(1), QStringLiteral("approved"));
        QTRY_COMPARE(kit.model().rowCount(), 5);
        // and by the button of the toast
        QTRY_VERIFY(kit.window->commands().isEnabled(QStringLiteral("reject.spam")));
        kit.key(Qt::Key_3);
        kit.key(Qt::Key_7);
        QTRY_VERIFY(kit.window->toast().text().startsWith(QStringLiteral("Rejected (Spam)")));
        QTest::mouseClick(kit.child<QToolButton>("toastAction"), Qt::LeftButton);
        QTRY_COMPARE(kit.model().rowCount(), 5);
        QCOMPARE(kit.world.count("SELECT count(*) FROM triage WHERE state = 'rejected'"), 0);
    }

    void rejectingIsAChordThatShowsItsEndAndCanBeLeft()
    {
        WindowKit kit;
        auto *hint = kit.child<QLabel>("chordHint");
        kit.key(Qt::Key_3);
        QVERIFY(hint->isVisible());
        QVERIFY(hint->text().contains(QStringLiteral("Evidence is wrong")));
        kit.key(Qt::Key_Escape);
        QVERIFY(!hint->isVisible());
        kit.key(Qt::Key_3);
        kit.key(Qt::Key_J); // leads nowhere, and does nothing
        QVERIFY(kit.shows("Crash 0"));
        kit.key(Qt::Key_3);
        kit.key(Qt::Key_5);
        QTRY_COMPARE(kit.state(0), QStringLiteral("rejected evidence_wrong"));
    }

    void lettersAreDeadInTextFields()
    {
        WindowKit kit;
        const QString letters = QStringLiteral("jkq1 e.hmsxw*");
        kit.key(Qt::Key_4); // the fields of the draft
        for (const char *name : {"queueFilter", "searchField", "draftTitle"}) {
            auto *field = kit.child<QLineEdit>(name);
            field->setFocus();
            field->clear();
            QTest::keyClicks(field, letters);
            QCOMPARE(field->text(), letters);
            field->clear();
        }
        auto *body = kit.child<QPlainTextEdit>("draftBody");
        body->setFocus();
        body->clear();
        QTest::keyClicks(body, letters);
        QCOMPARE(body->toPlainText(), letters);
        QVERIFY(kit.shows("Crash 0"));
        QTRY_COMPARE(kit.window->desk().undecided(), std::size_t(0)); // what a letter had decided would be there now
        QCOMPARE(kit.world.count("SELECT count(*) FROM event WHERE actor = 'me'"), 0);
    }

    void anEditedDraftIsApprovedWithControlEnter()
    {
        WindowKit kit;
        kit.key(Qt::Key_4);
        auto *title = kit.child<QLineEdit>("draftTitle");
        QTRY_VERIFY(title->isVisible() && title->hasFocus());
        QTest::keyClicks(title, QStringLiteral("Better words"));
        kit.key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(kit.state(0), QStringLiteral("approved"));
        QCOMPARE(q(kit.world.text("SELECT title FROM filing")), QStringLiteral("Better words"));
        QTRY_VERIFY(kit.shows("Crash 1"));
        QVERIFY(!title->isVisible());
    }

    void attachTakesADigitOrATypedTicket()
    {
        WindowKit kit;
        kit.key(Qt::Key_2);
        auto *list = visible<QListWidget>(*kit.window, "choiceList");
        QVERIFY(list);
        QTest::keyClick(list, Qt::Key_2);
        QTRY_COMPARE(kit.state(0), QStringLiteral("attached APP-2"));
        QTRY_VERIFY(kit.shows("Crash 1"));
        kit.key(Qt::Key_2);
        list = visible<QListWidget>(*kit.window, "choiceList");
        QTest::keyClicks(list, QStringLiteral("Z")); // goes on in the field below
        auto *other = visible<QLineEdit>(*kit.window, "choiceOther");
        QTest::keyClicks(other, QStringLiteral("-9"));
        QTest::keyClick(other, Qt::Key_Return);
        QTRY_COMPARE(kit.state(1), QStringLiteral("attached Z-9"));
    }

    void snoozeTakesAWeekOrADate()
    {
        WindowKit kit;
        kit.key(Qt::Key_H);
        QTest::keyClick(visible<QListWidget>(*kit.window, "choiceList"), Qt::Key_2);
        QTRY_COMPARE(kit.state(0), QStringLiteral("snoozed"));
        QTRY_VERIFY(kit.shows("Crash 1"));
        kit.key(Qt::Key_H);
        auto *other = visible<QLineEdit>(*kit.window, "choiceOther");
        QTest::keyClicks(other, QStringLiteral("soon"));
        QTest::keyClick(other, Qt::Key_Return);
        QVERIFY(other->isVisible()); // says why not
        other->setText(QStringLiteral("2999-01-01"));
        QTest::keyClick(other, Qt::Key_Return);
        QTRY_COMPARE(kit.state(1), QStringLiteral("snoozed"));
    }

    void evidenceIsPlainTextWithQuotesAndChips()
    {
        WindowKit kit;
        const EvidencePane &evidence = kit.evidence();
        QVERIFY(evidence.toPlainText().contains(QStringLiteral("<b>now</b> & then")));
        QVERIFY(!evidence.toPlainText().contains(QStringLiteral("Anna")));
        QVERIFY(evidence.chips().contains(QStringLiteral("person")));
        QCOMPARE(evidence.currentQuote(), 0);
        QCOMPARE(evidence.currentQuoteText(), QStringLiteral("Crash"));
        const int quotes = evidence.quoteCount();
        QVERIFY(quotes >= 3);
        kit.key(Qt::Key_Q);
        QCOMPARE(evidence.currentQuote(), 1);
        kit.key(Qt::Key_Q, Qt::ShiftModifier);
        kit.key(Qt::Key_Q, Qt::ShiftModifier);
        QCOMPARE(evidence.currentQuote(), quotes - 1);
        kit.key(Qt::Key_J);
        QTRY_VERIFY(kit.shows("Crash 1"));
        const qsizetype parts = evidence.toPlainText().size();
        kit.key(Qt::Key_Space);
        QVERIFY(evidence.toPlainText().size() > parts);
    }

    void anotherProcessesDecisionAppearsByItself()
    {
        WindowKit kit;
        const auto other = kit.world.again();
        Decision decision;
        decision.kind = Decision::Kind::Reject;
        decision.reason = "spam";
        must(sqlite::Triage(*other, "ann").decide(kit.incidents[2], decision, app::systemClock().now()));
        QTRY_COMPARE(kit.model().rowCount(), 5);
        QVERIFY(kit.shows("Crash 0")); // nobody's place is lost
        must(sqlite::Triage(*other, "ann").undo({}, false, app::systemClock().now()));
        QTRY_COMPARE(kit.model().rowCount(), 6);
    }

    void whatSomebodyElseDecidedFirstIsRefusedAndSaid()
    {
        WindowKit kit;
        const auto other = kit.world.again();
        Decision decision; // approve
        must(sqlite::Triage(*other, "ann").decide(kit.incidents[0], decision, app::systemClock().now()));
        kit.key(Qt::Key_1); // before the window has heard of it
        QTRY_VERIFY(kit.window->toast().text().contains(QStringLiteral("approved already")));
        QTRY_COMPARE(kit.model().rowCount(), 5);
        QCOMPARE(kit.world.count("SELECT count(*) FROM filing"), 1);
    }

    void selectedCandidatesAreMergedSplitAndExpelled()
    {
        WindowKit kit;
        kit.key(Qt::Key_J, Qt::ShiftModifier); // Crash 0 and 1
        QCOMPARE(kit.model().markedCount(), 2);
        kit.key(Qt::Key_M);
        QTRY_COMPARE(kit.model().rowCount(), 5);
        QTRY_VERIFY(kit.window->toast().text().startsWith(QStringLiteral("Merged 2 candidates")));
        QTRY_VERIFY(kit.model().markedCount() == 0);
        kit.key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(kit.model().rowCount(), 6);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM event WHERE kind = 'undone'"), 1);
        const auto open = [&] { return kit.evidence().quoteCount() >= 3; };
        kit.window->commands().trigger(QStringLiteral("queue.first"));
        QTRY_VERIFY(open());
        kit.key(Qt::Key_Delete);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM event WHERE kind = 'expelled'"), 1);
        QTRY_COMPARE(kit.model().rowCount(), 7);
    }

    void everythingSimilarIsSelectedAndDecidedAtOnce()
    {
        WindowKit kit;
        kit.key(Qt::Key_Asterisk);
        QTRY_COMPARE(kit.model().markedCount(), 6);
        kit.key(Qt::Key_Escape);
        QCOMPARE(kit.model().markedCount(), 0);
        kit.key(Qt::Key_X);
        kit.key(Qt::Key_J, Qt::ShiftModifier);
        QCOMPARE(kit.model().markedCount(), 2);
        kit.key(Qt::Key_3);
        kit.key(Qt::Key_4);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM triage WHERE reason = 'not_actionable'"), 2);
        QTRY_VERIFY(kit.shows("Crash 2"));
    }

    void theFilterNarrowsAndTheEmptyQueueSaysSo()
    {
        WindowKit kit(2);
        auto *filter = kit.child<QLineEdit>("queueFilter");
        filter->setFocus();
        QTest::keyClicks(filter, QStringLiteral("1"));
        QTRY_COMPARE(kit.model().rowCount(), 1);
        QTRY_VERIFY(kit.shows("Crash 1"));
        QTest::keyClicks(filter, QStringLiteral("walrus"));
        QTRY_COMPARE(kit.model().rowCount(), 0);
        const auto says = [&](const char *text) {
            for (const QLabel *label : kit.window->findChildren<QLabel *>())
                if (label->isVisible() && label->text() == QLatin1String(text))
                    return true;
            return false;
        };
        QTRY_VERIFY(says("Nothing matches"));
        filter->clear();
        QTRY_COMPARE(kit.model().rowCount(), 2);
        kit.list().setFocus();
        QTRY_VERIFY(kit.shows("Crash 0"));
        kit.key(Qt::Key_1);
        QTRY_VERIFY(kit.shows("Crash 1"));
        kit.key(Qt::Key_1);
        QTRY_VERIFY(says("The queue is clear"));
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM filing WHERE state = 'planned'"), 2);
    }

    void searchIsNewestFirstWhileTypingAndByRelevanceOnEnter()
    {
        WindowKit kit;
        kit.key(Qt::Key_F, Qt::ControlModifier);
        auto *search = kit.window->findChild<SearchField *>();
        QTRY_VERIFY(search->hasFocus());
        QSignalSpy answered(search, &SearchField::answered);
        QTest::keyClicks(search, QStringLiteral("c"));
        QTest::qWait(60);
        QCOMPARE(answered.count(), 0); // from two letters
        QTest::keyClicks(search, QStringLiteral("rash again"));
        QTRY_COMPARE(search->hits().size(), std::size_t(2));
        QTRY_VERIFY(answered.count() > 0);
        answered.clear();
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(answered.count(), 1);
        kit.key(Qt::Key_Return);
        QTRY_VERIFY(kit.shows("Crash 0")); // the candidate that the first hit belongs to
    }

    void thePaletteFindsAndRunsCommands()
    {
        WindowKit kit;
        kit.key(Qt::Key_K, Qt::ControlModifier);
        auto *words = visible<QLineEdit>(*kit.window, "paletteWords");
        QVERIFY(words);
        QTest::keyClicks(words, QStringLiteral("escal"));
        QTest::keyClick(words, Qt::Key_Return);
        QTRY_COMPARE(kit.state(0), QStringLiteral("escalated"));
    }

    void keysCanBeGivenToOtherCommandsAndAreRemembered()
    {
        WindowKit kit;
        CommandRegistry &commands = kit.window->commands();
        QCOMPARE(commands.setKeys(QStringLiteral("decide.escalate"), {QKeySequence(Qt::Key_J)}),
                 QStringLiteral("queue.next"));
        QCOMPARE(commands.setKeys(QStringLiteral("decide.escalate"), {QKeySequence(Qt::Key_3)}),
                 QStringLiteral("reject.not_issue")); // would hide a chord
        QVERIFY(commands.setKeys(QStringLiteral("decide.escalate"), {QKeySequence(Qt::Key_Y)}).isEmpty());
        kit.key(Qt::Key_E);
        QTRY_COMPARE(kit.window->desk().undecided(), std::size_t(0));
        QCOMPARE(kit.state(0), QString());
        kit.key(Qt::Key_Y);
        QTRY_COMPARE(kit.state(0), QStringLiteral("escalated"));
        QVERIFY(kit.child<QPushButton>("decide.escalate")->text().endsWith(QLatin1Char('Y')));
        const WindowKit again(1);
        QCOMPARE(again.window->commands().keyText(QStringLiteral("decide.escalate")), QStringLiteral("Y"));
    }

    void allCommandsAreInTheMenus()
    {
        WindowKit kit(1);
        QStringList ids;
        for (const QAction *action : kit.window->findChildren<QAction *>())
            if (!action->data().toString().isEmpty())
                ids.push_back(action->data().toString());
        for (const Command &command : kit.window->commands().commands())
            QVERIFY2(ids.contains(command.id), qPrintable(command.id));
    }

    void historyTakesBackAnyDecision()
    {
        WindowKit kit;
        kit.key(Qt::Key_1);
        QTRY_VERIFY(kit.shows("Crash 1"));
        kit.key(Qt::Key_1);
        QTRY_COMPARE(kit.world.count("SELECT count(*) FROM triage WHERE state = 'approved'"), 2);
        kit.key(Qt::Key_H, Qt::ControlModifier);
        auto *table = visible<QTableWidget>(*kit.window, "historyTable");
        QVERIFY(table);
        QTRY_VERIFY(table->rowCount() >= 3); // and the run
        table->setCurrentCell(1, 0); // the older decision
        auto *undo = kit.child<QPushButton>("historyUndo");
        QVERIFY(undo->isEnabled());
        QTest::mouseClick(undo, Qt::LeftButton);
        QTRY_COMPARE(kit.state(0), QString());
        QCOMPARE(kit.state(1), QStringLiteral("approved"));
    }

    void everyControlHasANameAndATabPosition_data()
    {
        QTest::addColumn<QString>("command");
        for (const char *command :
             {"", "decide.edit", "decide.attach", "decide.snooze", "group.split", "edit.history", "help.palette",
              "help.keys", "go.incidents", "go.health", "go.tickets", "go.audit", "go.settings"})
            QTest::newRow(command) << QString::fromLatin1(command);
    }
    void everyControlHasANameAndATabPosition()
    {
        QFETCH(QString, command);
        WindowKit kit(3);
        if (!command.isEmpty())
            kit.window->commands().trigger(command);
        QTest::qWait(150);
        for (QWidget *top : QApplication::topLevelWidgets()) {
            if (!top->isVisible())
                continue;
            QSet<const QWidget *> inChain{top};
            for (QWidget *next = top->nextInFocusChain(); !inChain.contains(next); next = next->nextInFocusChain())
                inChain.insert(next);
            for (const QWidget *control : top->findChildren<QWidget *>()) {
                const bool interactive = qobject_cast<const QAbstractButton *>(control)
                    || qobject_cast<const QLineEdit *>(control) || qobject_cast<const QComboBox *>(control)
                    || qobject_cast<const QAbstractItemView *>(control) || qobject_cast<const QTextEdit *>(control)
                    || qobject_cast<const QPlainTextEdit *>(control);
                const QString named = QStringLiteral("%1 %2 in %3")
                                          .arg(QString::fromLatin1(control->metaObject()->className()),
                                               control->objectName(), top->objectName());
                if (!interactive || !control->isVisible() || control->window() != top)
                    continue;
                // parts of a control: the clear button of a field, the header of a table, the popup of a box
                const QWidget *parent = control->parentWidget();
                if (qobject_cast<const QLineEdit *>(parent) || qobject_cast<const QAbstractItemView *>(parent)
                    || qobject_cast<const QComboBox *>(parent) || control->inherits("QHeaderView")
                    || control->objectName() == QLatin1String("qt_toolbar_ext_button"))
                    continue;
                QVERIFY2(!control->accessibleName().isEmpty(), qPrintable(named));
                // of a group of radio buttons the chosen one is in the chain, arrows lead to the others
                if (const auto *radio = qobject_cast<const QRadioButton *>(control); radio && !radio->isChecked())
                    continue;
                // a field inside a control that takes its focus
                if (parent && parent->focusProxy() == control)
                    continue;
                if (control->isEnabled()) {
                    QVERIFY2(control->focusPolicy() & Qt::TabFocus, qPrintable(named));
                    QVERIFY2(inChain.contains(control), qPrintable(named));
                }
            }
        }
    }

    void theWindowSaysWhyAWorkspaceIsNotOpen()
    {
        World world;
        WorldDesks desks(world);
        FakeWorkshops workshops;
        MainWindow window(desks, workshops);
        window.show();
        window.openWorkspace(q(world.home()) + QStringLiteral("/nothing"));
        auto *problem = window.findChild<QLabel *>(QStringLiteral("welcomeProblem"));
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("nothing")), qPrintable(problem->text()));
    }

    void nonsenseSettingsAreNoReasonNotToOpen()
    {
        QSettings settings;
        settings.setValue(QStringLiteral("window/geometry"), QByteArray("nonsense"));
        settings.setValue(QStringLiteral("window/theme"), 17);
        settings.setValue(QStringLiteral("queue/split"), QStringLiteral("x"));
        settings.setValue(QStringLiteral("keys/decide.approve"), QStringList{QStringLiteral("Frobnicate"), QString()});
        settings.setValue(QStringLiteral("workspace/last"), QStringLiteral("/no/such/folder"));
        settings.setValue(QStringLiteral("workspace/recent"), 3.5);
        WindowKit kit(2);
        QVERIFY(kit.shows("Crash 0"));
        QCOMPARE(kit.window->commands().keyText(QStringLiteral("decide.approve")), QStringLiteral("1"));
    }

    void theLastWorkspaceOpensAgainAndSeveralAreRemembered()
    {
        WindowKit kit(2);
        const QString folder = q(kit.world.folder());
        QCOMPARE(QSettings().value(QStringLiteral("workspace/last")).toString(), folder);
        World other;
        WorldDesks desks(kit.world);
        FakeWorkshops workshops;
        MainWindow window(desks, workshops);
        window.show();
        window.openLast();
        auto *model = window.findChild<QueueModel *>();
        QTRY_COMPARE(model->rowCount(), 2);
        window.commands().trigger(QStringLiteral("workspace.close"));
        auto *recent = window.findChild<QListWidget *>(QStringLiteral("welcomeRecent"));
        QTRY_VERIFY(recent->isVisible());
        QCOMPARE(recent->count(), 1);
        QCOMPARE(model->rowCount(), 0);
    }
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
