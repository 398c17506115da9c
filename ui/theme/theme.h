#pragma once

#include <array>
#include <vector>

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>

#include "core/domain/incident.h"

class QWidget;

namespace winnow::ui
{

/// The grid: every margin, gap and height is a multiple of this.
inline constexpr int kUnit = 8;

/// What a colour is for.
enum class Role {
    Window,
    Surface, ///< where content lies: lists, text
    Sunken, ///< fields, tracks of bars
    Hairline, ///< between surfaces; carries no meaning
    Outline, ///< of controls
    Text,
    Muted,
    Accent,
    OnAccent,
    Selection,
    OnSelection,
    Quote,
    QuoteNow, ///< the quote that Q stands on
    OnQuote,
    Chip,
    OnChip,
    AutoBand,
    OnAutoBand,
    ReviewBand,
    OnReviewBand,
    BacklogBand,
    OnBacklogBand,
    EscalateBand,
    OnEscalateBand,
    Positive,
    Negative,
    Toast,
    OnToast,
    ToastAction,
    Count
};

/// Two colours that stand on each other, and the contrast that WCAG AA wants of them.
struct ContrastPair {
    Role front, back;
    double least; ///< 4.5 for text, 3 for large shapes and controls
};
[[nodiscard]] const std::vector<ContrastPair> &contrastPairs();
/// \source WCAG 2.2, contrast ratio: 1 to 21.
[[nodiscard]] double contrast(const QColor &a, const QColor &b);

/// Gives a label one of the looks of the theme: display, title, number, heading, strong, muted, bad.
void setLook(QWidget *label, const char *look);

/// Colours and sizes of the window: the one table.
class Theme : public QObject
{
    Q_OBJECT

public:
    enum class Scheme { System, Light, Dark };
    Q_ENUM(Scheme)

    /// The theme of the program.
    [[nodiscard]] static Theme &instance();
    [[nodiscard]] static QColor color(bool dark, Role role);

    [[nodiscard]] Scheme scheme() const { return m_scheme; }
    /// Takes effect at once, and is remembered.
    void setScheme(Scheme scheme);
    [[nodiscard]] bool isDark() const;
    [[nodiscard]] QColor color(Role role) const { return color(isDark(), role); }
    [[nodiscard]] static Role band(Band band);
    [[nodiscard]] static Role onBand(Band band);
    [[nodiscard]] static QFont font(double scale, bool bold = false);

Q_SIGNALS:
    void changed();

private:
    Theme();
    void apply();
    [[nodiscard]] QString looks() const;

    Scheme m_scheme = Scheme::System;
    QPalette m_system; ///< as it was before we changed it
};

}
