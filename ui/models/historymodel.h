#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "core/domain/triage.h"

namespace winnow::ui
{

/// Events, newest first, page by page as far as somebody scrolls.
class HistoryModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { WhenColumn, WhoColumn, WhatColumn, CandidateColumn, ColumnCount };
    enum Role { SortRole = Qt::UserRole, EventRole };
    Q_ENUM(Role)
    static constexpr std::size_t kPage = 200;

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    /// The newest ones, in place of all that was here. \param more  there are older ones.
    void reset(std::vector<HistoryEntry> entries, bool more);
    /// What `pageWanted` asked for.
    void append(std::vector<HistoryEntry> entries, bool more);
    [[nodiscard]] const HistoryEntry *entryAt(int row) const;
    [[nodiscard]] int rowOf(const std::string &event) const;

Q_SIGNALS:
    /// Events before this one are wanted.
    void pageWanted(const winnow::Event &before);

private:
    std::vector<HistoryEntry> m_entries;
    bool m_more = false;
    bool m_waiting = false;
};

}
