#include "ui/theme/theme.h"

#include <cmath>

#include <QApplication>
#include <QMetaEnum>
#include <QSettings>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>
#include <QWidget>

namespace winnow::ui
{

namespace
{

const QString kSetting = QStringLiteral("window/theme");

struct Colors {
    QRgb light, dark;
};

// In the order of Role.
constexpr std::array<Colors, std::size_t(Role::Count)> kColors{{
    {0xfff4f5f7, 0xff15181c}, // Window
    {0xffffffff, 0xff1d2126}, // Surface
    {0xffeceef1, 0xff111417}, // Sunken
    {0xffd8dce2, 0xff343a42}, // Hairline
    {0xff7d8793, 0xff78838f}, // Outline
    {0xff1b1f24, 0xffe8ebef}, // Text
    {0xff545d68, 0xffa7b0ba}, // Muted
    {0xff0a5ab0, 0xff82bbf6}, // Accent
    {0xffffffff, 0xff0c1a29}, // OnAccent
    {0xffd9e9fb, 0xff223e5c}, // Selection
    {0xff10243a, 0xfff2f6fb}, // OnSelection
    {0xfffff0b3, 0xff4b4013}, // Quote
    {0xffffd23d, 0xff7a640b}, // QuoteNow
    {0xff1f1a00, 0xfffff8dd}, // OnQuote
    {0xffe4e0f6, 0xff3a3361}, // Chip
    {0xff412f8c, 0xffd9d2ff}, // OnChip
    {0xffd9f1e1, 0xff183c27}, // AutoBand
    {0xff0e562b, 0xffa9e6bf}, // OnAutoBand
    {0xffd9e9fb, 0xff1b395a}, // ReviewBand
    {0xff0b488a, 0xffb6d8fb}, // OnReviewBand
    {0xffe6e8ec, 0xff323840}, // BacklogBand
    {0xff474f59, 0xffc8cfd7}, // OnBacklogBand
    {0xfffbdedd, 0xff55211f}, // EscalateBand
    {0xff8c1812, 0xffffc3bf}, // OnEscalateBand
    {0xff156636, 0xff80d49c}, // Positive
    {0xffa5211a, 0xffff9d96}, // Negative
    {0xff23282e, 0xffe8ebef}, // Toast
    {0xffffffff, 0xff15181c}, // OnToast
    {0xff9acbff, 0xff0a4c94}, // ToastAction
}};

double luminance(const QColor &color)
{
    const auto linear = [](double value) {
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

}

double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

const std::vector<ContrastPair> &contrastPairs()
{
    constexpr double kText = 4.5, kShape = 3;
    static const std::vector<ContrastPair> pairs{
        {Role::Text, Role::Window, kText},
        {Role::Text, Role::Surface, kText},
        {Role::Text, Role::Sunken, kText},
        {Role::Muted, Role::Window, kText},
        {Role::Muted, Role::Surface, kText},
        {Role::Muted, Role::Sunken, kText},
        {Role::Muted, Role::Selection, kText},
        {Role::Accent, Role::Window, kText},
        {Role::Accent, Role::Surface, kText},
        {Role::OnAccent, Role::Accent, kText},
        {Role::OnSelection, Role::Selection, kText},
        {Role::OnQuote, Role::Quote, kText},
        {Role::OnQuote, Role::QuoteNow, kText},
        {Role::OnChip, Role::Chip, kText},
        {Role::OnAutoBand, Role::AutoBand, kText},
        {Role::OnReviewBand, Role::ReviewBand, kText},
        {Role::OnBacklogBand, Role::BacklogBand, kText},
        {Role::OnEscalateBand, Role::EscalateBand, kText},
        {Role::Positive, Role::Surface, kText},
        {Role::Positive, Role::Window, kText},
        {Role::Negative, Role::Surface, kText},
        {Role::Negative, Role::Window, kText},
        {Role::Positive, Role::Sunken, kShape},
        {Role::Negative, Role::Sunken, kShape},
        {Role::Accent, Role::Sunken, kShape},
        {Role::OnToast, Role::Toast, kText},
        {Role::ToastAction, Role::Toast, kText},
        {Role::Outline, Role::Surface, kShape},
        {Role::Outline, Role::Window, kShape},
        {Role::Accent, Role::Selection, kShape},
    };
    return pairs;
}

void setLook(QWidget *label, const char *look)
{
    label->setProperty("look", QString::fromLatin1(look));
    label->style()->unpolish(label);
    label->style()->polish(label);
}

Theme &Theme::instance()
{
    static Theme theme;
    return theme;
}

Theme::Theme()
    : m_system(QApplication::palette())
{
    const QByteArray name = QSettings().value(kSetting).toString().toLatin1();
    bool known = false;
    const int value = QMetaEnum::fromType<Scheme>().keyToValue(name.constData(), &known);
    m_scheme = known ? Scheme(value) : Scheme::System;
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    apply();
}

QColor Theme::color(bool dark, Role role)
{
    const Colors &colors = kColors[std::size_t(role)];
    return QColor::fromRgba(dark ? colors.dark : colors.light);
}

bool Theme::isDark() const
{
    // Qt 6.4 does not tell what the system prefers, but its palette does
    return m_scheme == Scheme::Dark
        || (m_scheme == Scheme::System
            && m_system.color(QPalette::Window).lightness() < m_system.color(QPalette::WindowText).lightness());
}

void Theme::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    QSettings().setValue(kSetting, QString::fromLatin1(QMetaEnum::fromType<Scheme>().valueToKey(int(scheme))));
    apply();
    Q_EMIT changed();
}

Role Theme::band(Band band)
{
    switch (band) {
    case Band::Auto:
        return Role::AutoBand;
    case Band::Review:
        return Role::ReviewBand;
    case Band::Escalate:
        return Role::EscalateBand;
    case Band::Backlog:
        break;
    }
    return Role::BacklogBand;
}

Role Theme::onBand(Band band)
{
    return Role(int(Theme::band(band)) + 1);
}

QFont Theme::font(double scale, bool bold)
{
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(bold);
    return font;
}

/// How labels look, by their property `look`: display, title, number, heading, strong, muted, bad.
QString Theme::looks() const
{
    const double points = QApplication::font().pointSizeF();
    const auto rule = [&](const char *look, double scale, bool bold, Role role) {
        return QStringLiteral("QLabel[look=\"%1\"] { font-size: %2pt; font-weight: %3; color: %4; }")
            .arg(QString::fromLatin1(look))
            .arg(points * scale, 0, 'f', 1)
            .arg(bold ? QStringLiteral("bold") : QStringLiteral("normal"), color(role).name());
    };
    return rule("display", 2.2, true, Role::Text) + rule("title", 1.2, true, Role::Text)
        + rule("number", 1.6, true, Role::Text) + rule("heading", 0.9, true, Role::Muted)
        + rule("strong", 1, true, Role::Text) + rule("muted", 1, false, Role::Muted)
        + rule("bad", 1.2, true, Role::Negative);
}

void Theme::apply()
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, Role ours) { palette.setColor(role, color(ours)); };
    set(QPalette::Window, Role::Window);
    set(QPalette::WindowText, Role::Text);
    set(QPalette::Base, Role::Surface);
    set(QPalette::AlternateBase, Role::Sunken);
    set(QPalette::Text, Role::Text);
    set(QPalette::Button, Role::Surface);
    set(QPalette::ButtonText, Role::Text);
    set(QPalette::BrightText, Role::Negative);
    set(QPalette::Highlight, Role::Selection);
    set(QPalette::HighlightedText, Role::OnSelection);
    set(QPalette::PlaceholderText, Role::Muted);
    set(QPalette::ToolTipBase, Role::Surface);
    set(QPalette::ToolTipText, Role::Text);
    set(QPalette::Link, Role::Accent);
    set(QPalette::LinkVisited, Role::Accent);
    set(QPalette::Light, Role::Surface);
    set(QPalette::Midlight, Role::Hairline);
    set(QPalette::Mid, Role::Hairline);
    set(QPalette::Dark, Role::Outline);
    set(QPalette::Shadow, Role::Hairline);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, color(Role::Muted));
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);

    const auto name = [&](Role role) { return color(role).name(); };
    qApp->setStyleSheet(
        QStringLiteral(
            "QFrame[card=\"true\"] { background: %3; border: 1px solid %1; border-radius: 8px; }"
            "QToolTip { padding: 4px; border: 1px solid %1; }"
            "QPushButton { padding: 6px 12px; border: 1px solid %2; border-radius: 6px; background: %3; color: %4; }"
            "QPushButton:hover, QPushButton:checked { background: %5; }"
            "QPushButton:focus, QLineEdit:focus, QPlainTextEdit:focus, QToolButton:focus { border: 2px solid %6; }"
            "QPushButton:disabled { color: %7; border-color: %1; }"
            "QPushButton[primary=\"true\"] { background: %6; color: %8; border-color: %6; font-weight: bold; }"
            "QPushButton[primary=\"true\"]:focus { border: 2px solid %4; }"
            "QPushButton[primary=\"true\"]:disabled { background: %5; color: %7; }"
            "QToolButton { padding: 6px 8px; border: 2px solid transparent; border-radius: 6px; color: %4; }"
            "QToolButton:hover { background: %9; } QToolButton:checked { background: %10; color: %11; }"
            "QLineEdit, QPlainTextEdit { padding: 5px; border: 1px solid %2; "
            "border-radius: 6px; background: %3; }"
            "QListView::item, QTreeView::item, QTableView::item { padding: 4px 8px; }"
            "QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: %10; color: "
            "%11; }"
            "QHeaderView::section { padding: 6px 8px; border: none; border-bottom: 1px solid %1; background: %3; "
            "color: %7; }")
            .arg(name(Role::Hairline), name(Role::Outline), name(Role::Surface), name(Role::Text), name(Role::Sunken),
                 name(Role::Accent), name(Role::Muted), name(Role::OnAccent), name(Role::Sunken))
            .arg(name(Role::Selection), name(Role::OnSelection))
        + looks());
}

}
