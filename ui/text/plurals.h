#pragma once

#include <QTranslator>

namespace winnow::ui
{

/// English as it is written in the sources, with the plural that `%n report(s)` leaves open.
class EnglishPlurals : public QTranslator
{
    Q_OBJECT

public:
    using QTranslator::QTranslator;
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *source, const char *disambiguation, int n) const override;
};

}
