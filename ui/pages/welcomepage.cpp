#include "ui/pages/welcomepage.h"

#include <QDir>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/theme/theme.h"

namespace winnow::ui
{

WelcomePage::WelcomePage(QWidget *parent)
    : QWidget(parent)
    , m_problem(new QLabel(this))
    , m_recent(new QListWidget(this))
    , m_recentHeading(new QLabel(tr("Opened before"), this))
{
    setObjectName(QStringLiteral("welcomePage"));
    auto *column = new QVBoxLayout;
    column->setSpacing(2 * kUnit);
    auto *heading = new QLabel(tr("Winnow"), this);
    setLook(heading, "display");
    setLook(m_recentHeading, "heading");
    setLook(m_problem, "bad");
    auto *sentence = new QLabel(tr("Customer feedback becomes prioritised tickets, with the evidence attached. "
                                   "Open the folder of a workspace to go on."),
                                this);
    sentence->setWordWrap(true);
    auto *open = new QPushButton(tr("Open a workspace …"), this);
    open->setObjectName(QStringLiteral("welcomeOpen"));
    open->setAccessibleName(tr("Open a workspace"));
    open->setProperty("primary", true);
    m_problem->setObjectName(QStringLiteral("welcomeProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_recent->setObjectName(QStringLiteral("welcomeRecent"));
    m_recent->setAccessibleName(tr("Workspaces that were opened before"));
    m_recent->setFrameShape(QFrame::NoFrame);
    m_recent->setFixedHeight(24 * kUnit);
    column->addStretch(2);
    column->addWidget(heading);
    column->addWidget(sentence);
    column->addWidget(m_problem);
    column->addWidget(open, 0, Qt::AlignLeft);
    column->addSpacing(2 * kUnit);
    column->addWidget(m_recentHeading);
    column->addWidget(m_recent);
    column->addStretch(3);
    auto *layout = new QHBoxLayout(this);
    layout->addStretch(1);
    layout->addLayout(column, 2);
    layout->addStretch(1);
    connect(open, &QPushButton::clicked, this, &WelcomePage::otherWanted);
    const auto choose = [this](QListWidgetItem *item) { Q_EMIT folderChosen(item->data(Qt::UserRole).toString()); };
    connect(m_recent, &QListWidget::itemActivated, this, choose);
    connect(m_recent, &QListWidget::itemClicked, this, choose);
    setRecent({});
}

void WelcomePage::setRecent(const QStringList &folders)
{
    m_recent->clear();
    for (const QString &folder : folders) {
        auto *item = new QListWidgetItem(QDir::toNativeSeparators(folder), m_recent);
        item->setData(Qt::UserRole, folder);
        item->setSizeHint({0, fontMetrics().height() + 2 * kUnit});
    }
    m_recent->setVisible(!folders.isEmpty());
    m_recentHeading->setVisible(!folders.isEmpty());
}

void WelcomePage::setProblem(const QString &text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

}
