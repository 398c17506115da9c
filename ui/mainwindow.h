#pragma once

#include <memory>
#include <vector>

#include <QHash>
#include <QMainWindow>

#include "ui/pages/page.h"

class QButtonGroup;
class QLabel;
class QStackedWidget;

namespace winnow
{
class DeskMaker;
class WorkshopMaker;
struct Hit;
}

namespace winnow::ui
{

class BottomBar;
class KeyDispatcher;
class SearchField;
class StatePanel;
class WelcomePage;

/// The window: arranges pages, and nothing else.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(DeskMaker &desks, WorkshopMaker &workshops, QWidget *parent = nullptr);
    ~MainWindow() override;

    void openWorkspace(const QString &folder);
    /// The one that was open last; none: the welcome page.
    void openLast();

    [[nodiscard]] CommandRegistry &commands() { return *m_commands; }
    [[nodiscard]] DeskRunner &desk() { return *m_desk; }
    [[nodiscard]] Toast &toast() { return *m_toast; }
    /// \param id  as pageTable() names it.
    [[nodiscard]] Page *page(const QString &id) const;
    void go(const QString &id);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void addCommands();
    void makeMenus();
    void buildCenter();
    void opened();
    void failed(const QString &folder, const Error &error);
    void closed();
    void changed();
    void showStatus();
    void showHit(const Hit &hit);
    void showChord(const QString &first, const QStringList &ids);
    void remember(const QString &folder);
    [[nodiscard]] static QStringList recent();
    void chooseFolder();

    CommandRegistry *m_commands;
    DeskRunner *m_desk;
    JobRunner *m_jobs;
    Toast *m_toast = nullptr;
    std::unique_ptr<Surroundings> m_around;
    KeyDispatcher *m_keys;
    QWidget *m_side = nullptr, *m_top = nullptr;
    QButtonGroup *m_sideButtons = nullptr;
    QLabel *m_workspace = nullptr;
    SearchField *m_search = nullptr;
    QStackedWidget *m_stack = nullptr;
    WelcomePage *m_welcome = nullptr;
    StatePanel *m_loading = nullptr;
    QLabel *m_chord = nullptr;
    BottomBar *m_bottom = nullptr;
    std::vector<Page *> m_pages; ///< in the order of the table
    std::vector<bool> m_stale; ///< changed while another page was in front
    Page *m_front = nullptr;
};

}
