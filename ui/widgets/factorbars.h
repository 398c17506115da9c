#pragma once

#include <QWidget>

#include "core/domain/incident.h"

namespace winnow::ui
{

/// Why a candidate stands where it stands: each factor's share of the priority, w·ln(value), as a signed bar.
class FactorBars : public QWidget
{
    Q_OBJECT

public:
    explicit FactorBars(QWidget *parent = nullptr);

    void setScore(const Score &score);
    /// With the value and the share as numbers.
    void setDetailed(bool detailed);
    [[nodiscard]] bool isDetailed() const { return m_detailed; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int rowHeight() const;

    Score m_score;
    bool m_detailed = false;
};

}
