#include "ui/dialogs/choicepopup.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSet>
#include <QVBoxLayout>

#include "ui/theme/theme.h"

namespace winnow::ui
{

ChoicePopup::ChoicePopup(const QString &heading, const QList<Entry> &entries, const QString &other,
                         std::function<QString(const QString &)> check, QWidget *parent)
    : QDialog(parent)
    , m_list(new QListWidget(this))
    , m_check(std::move(check))
{
    setObjectName(QStringLiteral("choicePopup"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(heading);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    auto *label = new QLabel(heading, this);
    label->setTextFormat(Qt::PlainText);
    setLook(label, "title");
    layout->addWidget(label);
    m_list->setAccessibleName(heading);
    m_list->setObjectName(QStringLiteral("choiceList"));
    for (const Entry &entry : entries)
        add(entry);
    m_list->setCurrentRow(0);
    m_list->setMinimumWidth(56 * kUnit);
    m_list->setFixedHeight(std::max(1, int(entries.size())) * (fontMetrics().height() + 2 * kUnit) + kUnit);
    m_list->setVisible(!entries.isEmpty());
    m_list->installEventFilter(this);
    layout->addWidget(m_list);
    connect(m_list, &QListWidget::itemClicked, this,
            [this](QListWidgetItem *item) { take(item->data(Qt::UserRole).toString()); });
    if (!other.isEmpty()) {
        m_other = new QLineEdit(this);
        m_other->setObjectName(QStringLiteral("choiceOther"));
        m_other->setPlaceholderText(other);
        m_other->setAccessibleName(other);
        layout->addWidget(m_other);
        m_wrong = new QLabel(this);
        m_wrong->setTextFormat(Qt::PlainText);
        m_wrong->setWordWrap(true);
        setLook(m_wrong, "bad");
        m_wrong->hide();
        layout->addWidget(m_wrong);
        connect(m_other, &QLineEdit::textChanged, this, &ChoicePopup::narrow);
        connect(m_other, &QLineEdit::returnPressed, this, &ChoicePopup::takeTyped);
    }
    if (entries.isEmpty() && m_other)
        m_other->setFocus();
    else
        m_list->setFocus();
}

void ChoicePopup::add(const Entry &entry)
{
    const int digit = m_list->count() + 1;
    auto *item = new QListWidgetItem(digit <= 9 ? QStringLiteral("%1   %2").arg(digit).arg(entry.text)
                                                : QStringLiteral("     ") + entry.text,
                                     m_list);
    item->setData(Qt::UserRole, entry.value);
    item->setSizeHint({0, fontMetrics().height() + 2 * kUnit});
}

void ChoicePopup::addEntries(const QList<Entry> &entries)
{
    m_narrows = true;
    QSet<QString> known;
    for (int row = 0; row < m_list->count(); ++row)
        known.insert(m_list->item(row)->data(Qt::UserRole).toString());
    for (const Entry &entry : entries)
        if (!known.contains(entry.value))
            add(entry);
    m_list->setVisible(m_list->count() > 0);
    if (m_list->currentRow() < 0)
        m_list->setCurrentRow(0);
    narrow(m_other->text());
    if (m_other->text().isEmpty() && m_list->count())
        m_list->setFocus(); // its digits take
}

void ChoicePopup::narrow(const QString &typed)
{
    if (!m_narrows)
        return;
    int first = -1;
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem *item = m_list->item(row);
        const bool fits = typed.isEmpty() || item->text().contains(typed, Qt::CaseInsensitive);
        item->setHidden(!fits);
        if (fits && first < 0)
            first = row;
    }
    if (!typed.isEmpty())
        m_list->setCurrentRow(first);
}

void ChoicePopup::take(const QString &value)
{
    Q_EMIT chosen(value);
    accept();
}

void ChoicePopup::takeTyped()
{
    const QString typed = m_other->text().trimmed();
    if (typed.isEmpty())
        return;
    if (m_narrows && m_list->currentItem() && !m_list->currentItem()->isHidden()) {
        take(m_list->currentItem()->data(Qt::UserRole).toString());
        return;
    }
    const QString wrong = m_check ? m_check(typed) : QString();
    if (wrong.isEmpty()) {
        take(typed);
        return;
    }
    m_wrong->setText(wrong);
    m_wrong->show();
}

bool ChoicePopup::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_list || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const auto &key = static_cast<const QKeyEvent &>(*event);
    if (key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter) {
        if (const QListWidgetItem *item = m_list->currentItem())
            take(item->data(Qt::UserRole).toString());
        return true;
    }
    const int digit = key.key() - Qt::Key_0;
    if (digit >= 1 && digit <= std::min(9, m_list->count())) {
        take(m_list->item(digit - 1)->data(Qt::UserRole).toString());
        return true;
    }
    // what else is written goes where it can be read
    const bool plain = !(key.modifiers() & (Qt::ControlModifier | Qt::AltModifier));
    if (m_other && plain && !key.text().isEmpty() && key.text().front().isPrint()) {
        m_other->setFocus();
        m_other->insert(key.text());
        return true;
    }
    return false;
}

}
