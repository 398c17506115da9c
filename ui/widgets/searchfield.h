#pragma once

#include <QLineEdit>
#include <QTimer>

#include "core/base/result.h"
#include "core/domain/triage.h"

class QListWidget;
class QLabel;
class QFrame;

namespace winnow::ui
{

class DeskRunner;

/// Searches what customers wrote: newest first while one types, from two letters; by relevance on Enter.
class SearchField : public QLineEdit
{
    Q_OBJECT

public:
    SearchField(DeskRunner &desk, QWidget *parent);

    /// What was found last.
    [[nodiscard]] const std::vector<Hit> &hits() const { return m_hits; }
    void closeResults();

Q_SIGNALS:
    void hitChosen(const winnow::Hit &hit);
    /// The results on screen are those of what stands in the field.
    void answered();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void search(bool byRelevance);
    void more();
    void showHits(const Result<std::vector<Hit>> &hits, bool byRelevance, bool append);
    void place();
    void take(int row);

    DeskRunner &m_desk;
    QFrame *m_panel;
    QListWidget *m_list;
    QLabel *m_word;
    QTimer m_delay;
    std::vector<Hit> m_hits;
    bool m_byRelevance = false, m_hasMore = false, m_answered = false;
};

}
