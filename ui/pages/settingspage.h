#pragma once

#include <array>

#include "core/ports/desk.h"
#include "ui/pages/page.h"

class QButtonGroup;
class QFormLayout;
class QLabel;
class QVBoxLayout;

namespace winnow::ui
{

class KeyEditor;

/// How the window looks, which keys it listens to, and what the workspace is.
class SettingsPage : public Page
{
    Q_OBJECT

public:
    explicit SettingsPage(Surroundings &surroundings, QWidget *parent = nullptr);

    void opened() override;
    void closed() override;
    void refresh() override;
    void shown() override;

private:
    QVBoxLayout *addCard(QVBoxLayout *column, const QString &heading);
    void addTheme(QVBoxLayout *column);
    void addFacts(QVBoxLayout *column);
    QLabel *addFact(QFormLayout *form, const QString &id, const QString &name);
    void load();
    void show(const Result<DeskFacts> &facts);

    QButtonGroup *m_schemes;
    QLabel *m_folder, *m_actor, *m_id, *m_key, *m_size, *m_trackers, *m_warning;
    KeyEditor *m_keys;
};

}
