#pragma once

#include <QTableView>

namespace winnow::ui
{

/// Data role of a cell that is shown as a chip: the Role of its ground; its text has the Role after that.
inline constexpr int kChipRole = Qt::UserRole + 100;
/// Data role of a cell that steps back.
inline constexpr int kMutedRole = kChipRole + 1;
/// Data role of a cell that shows how far something is, as a bar before its text: 0 to 1; negative: nobody knows.
inline constexpr int kShareRole = kMutedRole + 1;

/// A table of rows that are looked at and opened whole: one row is current, Enter or a double click opens it.
class RowTable : public QTableView
{
    Q_OBJECT

public:
    explicit RowTable(QWidget *parent = nullptr);

    /// Moves the current row; it stays in sight.
    void step(int by);
    void setCurrentRow(int row);
    [[nodiscard]] int currentRow() const { return currentIndex().row(); }
    /// Columns keep these widths; the one of width 0 takes what is left. In characters.
    void setWidths(const QList<int> &characters);

Q_SIGNALS:
    void rowOpened(int row);
    void rowChanged(int row);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void restyle();
};

}
