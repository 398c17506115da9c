#include <QSettings>
#include <QTest>

#include "tests/ui/windowkit.h"

using namespace winnow::ui;

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { winnow::test::keepSettingsApart(); }

    void contrastIsComputedAsWcagSays()
    {
        QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrast(Qt::white, Qt::white), 1.0);
        QVERIFY(std::abs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01); // the well-known near miss
    }

    void allColoursThatMeetMeetWcagAA_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void allColoursThatMeetMeetWcagAA()
    {
        QFETCH(bool, dark);
        for (const ContrastPair &pair : contrastPairs()) {
            const double found = contrast(Theme::color(dark, pair.front), Theme::color(dark, pair.back));
            QVERIFY2(found >= pair.least,
                     qPrintable(QStringLiteral("roles %1 on %2: %3, wanted %4")
                                    .arg(int(pair.front))
                                    .arg(int(pair.back))
                                    .arg(found)
                                    .arg(pair.least)));
        }
    }

    void everyRoleIsInSomePairButThoseWithoutMeaning()
    {
        for (int role = 0; role < int(Role::Count); ++role) {
            const bool paired =
                std::any_of(contrastPairs().begin(), contrastPairs().end(), [&](const ContrastPair &pair) {
                    return int(pair.front) == role || int(pair.back) == role;
                });
            QVERIFY2(paired || Role(role) == Role::Hairline, qPrintable(QString::number(role)));
        }
    }

    void theSchemeIsRememberedAndTakesEffectAtOnce()
    {
        Theme &theme = Theme::instance();
        theme.setScheme(Theme::Scheme::Dark);
        QVERIFY(theme.isDark());
        QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::color(true, Role::Window));
        QCOMPARE(QSettings().value(QStringLiteral("window/theme")).toString(), QStringLiteral("Dark"));
        theme.setScheme(Theme::Scheme::Light);
        QVERIFY(!theme.isDark());
        QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::color(false, Role::Window));
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
