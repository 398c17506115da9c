#include "ui/pages/settingspage.h"

#include <QButtonGroup>
#include <QDir>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QRadioButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/runner/deskrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/keyeditor.h"

namespace winnow::ui
{

SettingsPage::SettingsPage(Surroundings &surroundings, QWidget *parent)
    : Page(surroundings, parent)
    , m_schemes(new QButtonGroup(this))
{
    auto *scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("settingsScroll"));
    scroll->setAccessibleName(tr("Settings"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *content = new QWidget(scroll);
    auto *column = new QVBoxLayout;
    column->setSpacing(2 * kUnit);
    addTheme(column);
    addFacts(column);
    m_keys = new KeyEditor(m_around.commands, content);
    m_keys->setObjectName(QStringLiteral("settingsKeys"));
    m_keys->setMinimumHeight(48 * kUnit);
    addCard(column, tr("Keys"))->addWidget(m_keys, 1);
    column->setStretch(column->count() - 1, 1);
    auto *across = new QHBoxLayout(content);
    across->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    auto *middle = new QWidget(content);
    middle->setLayout(column);
    middle->setMaximumWidth(110 * kUnit);
    column->setContentsMargins(0, 0, 0, 0);
    across->addStretch(1);
    across->addWidget(middle, 1000);
    across->addStretch(1);
    scroll->setWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
}

QVBoxLayout *SettingsPage::addCard(QVBoxLayout *column, const QString &heading)
{
    auto *card = new QFrame(this);
    card->setProperty("card", true);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    auto *label = new QLabel(heading, card);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("look", QStringLiteral("title"));
    layout->addWidget(label);
    column->addWidget(card);
    return layout;
}

void SettingsPage::addTheme(QVBoxLayout *column)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(3 * kUnit);
    const std::array<std::pair<Theme::Scheme, QString>, 3> schemes{{{Theme::Scheme::System, tr("As the system")},
                                                                    {Theme::Scheme::Light, tr("Light")},
                                                                    {Theme::Scheme::Dark, tr("Dark")}}};
    for (const auto &[scheme, name] : schemes) {
        auto *button = new QRadioButton(name, this);
        button->setObjectName(QStringLiteral("scheme-%1").arg(int(scheme)));
        button->setAccessibleName(tr("Appearance: %1").arg(name));
        m_schemes->addButton(button, int(scheme));
        row->addWidget(button);
    }
    row->addStretch(1);
    addCard(column, tr("Appearance"))->addLayout(row);
    const auto show = [this] {
        const QSignalBlocker quiet(m_schemes);
        m_schemes->button(int(Theme::instance().scheme()))->setChecked(true);
    };
    show();
    connect(&Theme::instance(), &Theme::changed, this, show);
    connect(m_schemes, &QButtonGroup::idClicked, this,
            [](int scheme) { Theme::instance().setScheme(Theme::Scheme(scheme)); });
}

QLabel *SettingsPage::addFact(QFormLayout *form, const QString &id, const QString &name)
{
    auto *title = new QLabel(name, this);
    title->setProperty("look", QStringLiteral("muted"));
    auto *value = new QLabel(this);
    value->setObjectName(id);
    value->setAccessibleName(name);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    value->setFocusPolicy(Qt::StrongFocus);
    for (QLabel *label : {title, value})
        label->setTextFormat(Qt::PlainText);
    form->addRow(title, value);
    return value;
}

void SettingsPage::addFacts(QVBoxLayout *column)
{
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(3 * kUnit);
    form->setVerticalSpacing(kUnit);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_folder = addFact(form, QStringLiteral("factFolder"), tr("Folder"));
    m_actor = addFact(form, QStringLiteral("factActor"), tr("Who decides here"));
    m_key = addFact(form, QStringLiteral("factKey"), tr("Workspace key"));
    m_trackers = addFact(form, QStringLiteral("factTrackers"), tr("Tickets go to"));
    m_size = addFact(form, QStringLiteral("factSize"), tr("Database"));
    m_id = addFact(form, QStringLiteral("factId"), tr("Workspace id"));
    QVBoxLayout *card = addCard(column, tr("Workspace"));
    m_warning = new QLabel(this);
    m_warning->setObjectName(QStringLiteral("factWarning"));
    m_warning->setTextFormat(Qt::PlainText);
    m_warning->setWordWrap(true);
    m_warning->setProperty("look", QStringLiteral("bad"));
    m_warning->hide();
    card->addWidget(m_warning);
    card->addLayout(form);
}

void SettingsPage::opened()
{
    const DeskInfo &info = m_around.desk.info();
    m_folder->setText(QDir::toNativeSeparators(q(info.folder)));
    m_actor->setText(oneLine(info.actor));
    m_id->setText(q(info.id));
    for (QLabel *label : {m_key, m_trackers, m_size})
        label->setText(tr("Reading …"));
    load();
}

void SettingsPage::closed()
{
    for (QLabel *label : {m_folder, m_actor, m_id, m_key, m_trackers, m_size})
        label->clear();
    m_warning->hide();
}

void SettingsPage::refresh()
{
    load();
}

void SettingsPage::shown()
{
    m_schemes->checkedButton()->setFocus();
}

void SettingsPage::load()
{
    if (!m_around.desk.isOpen())
        return;
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Facts, this, [](Desk &desk, std::stop_token) { return desk.facts(); },
        [this](Result<DeskFacts> facts) { show(facts); });
}

void SettingsPage::show(const Result<DeskFacts> &facts)
{
    const bool testKey = m_around.desk.info().testKey;
    m_warning->setVisible(!facts || testKey);
    if (!facts) {
        m_warning->setText(tr("What the workspace is cannot be read. %1").arg(errorText(facts.error())));
        for (QLabel *label : {m_key, m_trackers, m_size})
            label->setText(QStringLiteral("–"));
        return;
    }
    m_warning->setText(tr("This workspace was made with a test key: nothing in it is protected."));
    m_key->setText(oneLine(facts->keyPlace));
    QStringList trackers;
    for (const DeskFacts::Connection &connection : facts->connections)
        trackers.push_back(
            tr("%1 (%2): %3").arg(oneLine(connection.name), oneLine(connection.kind), oneLine(connection.url)));
    if (trackers.isEmpty())
        trackers.push_back(
            tr("files: %1").arg(QDir::toNativeSeparators(q(m_around.desk.info().folder) + QStringLiteral("/tickets"))));
    m_trackers->setText(trackers.join(QLatin1Char('\n')));
    m_size->setText(
        tr("%1, schema %2").arg(QLocale().formattedDataSize(qint64(facts->databaseBytes))).arg(facts->schema));
}

}
