#pragma once

#include <functional>
#include <string>
#include <vector>

#include <QWidget>

#include "core/base/result.h"

namespace winnow::ui
{

class CommandRegistry;
class DeskRunner;
class JobRunner;
class Toast;

/// What a page has of the window.
struct Surroundings {
    DeskRunner &desk;
    JobRunner &jobs;
    CommandRegistry &commands;
    Toast &toast;
    /// Shows another page, or a candidate on the Queue page.
    std::function<void(const QString &page)> go;
    std::function<void(const std::string &incident)> showCandidate;
    /// Shows another page with a filter, as QueueRequest has it.
    std::function<void(const QString &page, const QString &filter)> showRows;
};

/// One page of the window. It adds its commands in its constructor; they are enabled while `isInFront`.
class Page : public QWidget
{
    Q_OBJECT

public:
    explicit Page(Surroundings &surroundings, QWidget *parent = nullptr)
        : QWidget(parent)
        , m_around(surroundings)
    {
    }

    /// A workspace was opened.
    virtual void opened() { }
    virtual void closed() { }
    /// Somebody has written; asked only while in front, else before it comes to the front.
    virtual void refresh() { }
    /// It came to the front: what should have the focus gets it.
    virtual void shown() { }
    /// It is about to show what passes a filter, whatever it showed before.
    virtual void showRows(const QString &filter) { Q_UNUSED(filter) }
    [[nodiscard]] bool isInFront() const { return isVisible(); }

protected:
    Surroundings &m_around;
};

/// The pages in the order of the sidebar.
struct PageEntry {
    const char *id; ///< `queue`: what commands and tests name it by
    const char *title; ///< to be translated, context "pages"
    const char *key; ///< second key of the chord G …
    Page *(*make)(Surroundings &surroundings);
};
[[nodiscard]] const std::vector<PageEntry> &pageTable();

}
