#pragma once

#include <QDialog>

namespace winnow::ui
{

class CommandRegistry;

/// All commands with their keys, by group; another key can be given to each.
class KeySheet : public QDialog
{
    Q_OBJECT

public:
    KeySheet(CommandRegistry &commands, QWidget *parent);
};

}
