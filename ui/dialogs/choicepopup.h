#pragma once

#include <functional>

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;

namespace winnow::ui
{

/// A short list from which one entry is taken: by its digit, with arrows and Enter, or by a click; or something else,
/// typed below.
class ChoicePopup : public QDialog
{
    Q_OBJECT

public:
    struct Entry {
        QString text;
        QString value;
    };
    /// \param other  says what may be typed; empty: nothing may.
    /// \param check  why a typed value cannot be taken; empty: it can.
    ChoicePopup(const QString &heading, const QList<Entry> &entries, const QString &other,
                std::function<QString(const QString &)> check, QWidget *parent);

    /// Further entries, below; from now on, what is typed narrows the list, and Enter takes what is left of it.
    void addEntries(const QList<Entry> &entries);

Q_SIGNALS:
    void chosen(const QString &value);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void add(const Entry &entry);
    void narrow(const QString &typed);
    void take(const QString &value);
    void takeTyped();

    QListWidget *m_list;
    QLineEdit *m_other = nullptr;
    bool m_narrows = false;
    QLabel *m_wrong = nullptr;
    std::function<QString(const QString &)> m_check;
};

}
