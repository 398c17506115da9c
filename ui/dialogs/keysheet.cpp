#include "ui/dialogs/keysheet.h"

#include <QAbstractButton>
#include <QDialogButtonBox>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/theme/theme.h"
#include "ui/widgets/keyeditor.h"

namespace winnow::ui
{

KeySheet::KeySheet(CommandRegistry &commands, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("keySheet"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keys"));
    resize(80 * kUnit, 80 * kUnit);
    auto *editor = new KeyEditor(commands, this);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(editor, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    editor->findChild<QTreeWidget *>()->setFocus();
}

}
