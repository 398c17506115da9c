#include "ui/dialogs/splitdialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/text/words.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

SplitDialog::SplitDialog(const CandidateDetail &candidate, const std::string &segment, QWidget *parent)
    : QDialog(parent)
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("splitDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Split"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    auto *label = new QLabel(tr("Which reports are about something else? They become a candidate of their own."), this);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    layout->addWidget(label);
    m_list->setAccessibleName(tr("Reports"));
    m_list->setObjectName(QStringLiteral("splitList"));
    m_list->setWordWrap(true);
    m_list->setMinimumSize(80 * kUnit, 40 * kUnit);
    int current = 0;
    for (const MemberDetail &member : candidate.members) {
        const std::string_view words = member.span.of(member.text);
        auto *item = new QListWidgetItem(oneLine(std::string(words)).left(160), m_list);
        item->setData(Qt::UserRole, q(member.segment));
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        const bool leaves = member.segment == segment;
        item->setCheckState(leaves ? Qt::Checked : Qt::Unchecked);
        if (leaves)
            current = m_list->count() - 1;
    }
    m_list->setCurrentRow(current);
    layout->addWidget(m_list, 1);
    auto *buttons = new QDialogButtonBox(this);
    m_done = buttons->addButton(tr("Split"), QDialogButtonBox::AcceptRole);
    m_done->setObjectName(QStringLiteral("splitDone"));
    m_done->setProperty("primary", true);
    m_done->setDefault(true);
    buttons->addButton(QDialogButtonBox::Cancel);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    layout->addWidget(buttons);
    connect(m_list, &QListWidget::itemChanged, this, &SplitDialog::check);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        std::vector<std::string> members;
        for (int i = 0; i < m_list->count(); ++i)
            if (m_list->item(i)->checkState() == Qt::Checked)
                members.push_back(m_list->item(i)->data(Qt::UserRole).toString().toStdString());
        Q_EMIT chosen(members);
        accept();
    });
    check();
    m_list->setFocus();
}

void SplitDialog::check()
{
    int leaving = 0;
    for (int i = 0; i < m_list->count(); ++i)
        leaving += m_list->item(i)->checkState() == Qt::Checked;
    m_done->setEnabled(leaving > 0 && leaving < m_list->count());
}

}
