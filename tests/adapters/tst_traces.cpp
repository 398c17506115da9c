#include <QtTest>

#include <rapidcheck.h>

#include "core/adapters/sqlite/traces.h"

using winnow::sqlite::Traces;

/// Words of a person in other people's texts.
class TestTraces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void found_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("left"); // after they were taken out
        const auto row = [](const char *name, const char *text, const char *left) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(left);
        };
        row("whole", "Says: The list of invoices never loads on my phone", "Says: [erased]");
        row("shortened", "> list of invoices never loads on…", "> [erased]…");
        row("over two lines", "The list of invoices\n> never loads on my phone.", "[erased].");
        row("as code", "`The list of invoices never loads`", "`[erased]`");
        row("escaped", "The list of invoices \\*never\\* loads", "[erased]");
        row("with entities", "The list &amp; of invoices never &#42;loads&#42;", "[erased]&#42;");
        row("in capitals", "THE LIST OF INVOICES NEVER LOADS", "[erased]");
        row("twice", "invoices never loads on my phone, and: invoices never loads on my phone", "[erased], and: [erased]");
        row("inside a sentence", "They say the list of invoices never loads, so it does.",
            "They say [erased], so it does.");
        row("a short line whole", "Title: Invoice trouble!", "Title: [erased]!");
        row("letters of another script", "发票列表在我的手机上从来无法加载", "[erased]");
        row("a name", "Plantagena phoned", "[erased] phoned");
        row("a name in brackets", "(Plantagena)", "([erased])");
        row("a name inside a word", "Plantagenas", "Plantagenas");
        row("a few words only", "the list of bills", "the list of bills");
        row("nothing", "", "");
        row("other words", "Login is broken since the update", "Login is broken since the update");
    }
    void found()
    {
        QFETCH(QString, text);
        QFETCH(QString, left);
        std::string bytes = text.toStdString();
        QCOMPARE(traces().in(bytes), text != left);
        QCOMPARE(traces().redact(bytes), text != left);
        QCOMPARE(QString::fromStdString(bytes), left);
        QVERIFY(!traces().in(bytes));
    }

    void whatIsShortIsFoundByChance()
    {
        Traces traces;
        traces.addText("It crashes");
        traces.addName("Ann");
        QVERIFY(!traces.in("Ann says: It crashes"));
    }

    void anyLongerRunIsFound()
    {
        const std::string text =
            "My dear ünderground app; it ate 42 of my 57 pictures (all of Ærø!) and never gave one back";
        QVERIFY(rc::check("wherever it is cut out and whatever stands around it", [&] {
            Traces traces;
            traces.addText(text);
            const auto from = *rc::gen::inRange<std::size_t>(0, text.size() - 40);
            const auto size = *rc::gen::inRange<std::size_t>(40, text.size() - from + 1);
            const auto around = *rc::gen::container<std::string>(rc::gen::inRange('0', '~'));
            std::string other = around + ' ' + text.substr(from, size) + ' ' + around;
            RC_ASSERT(traces.in(other));
            RC_ASSERT(traces.redact(other));
            RC_ASSERT(other.find("pictures") == std::string::npos);
        }));
    }

private:
    static const Traces &traces()
    {
        static const Traces traces = [] {
            Traces made;
            made.addText("Invoice trouble\n\nThe list of invoices *never* loads on my phone");
            made.addText("发票列表在我的手机上从来无法加载");
            made.addName("Plantagena");
            return made;
        }();
        return traces;
    }
};

QTEST_GUILESS_MAIN(TestTraces)
#include "tst_traces.moc"
