#include "ui/text/words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHash>
#include <QLocale>

namespace winnow::ui
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("words", text);
}

/// `feature_request` as words.
QString spaced(QString text)
{
    return text.replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString capital(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

}

QString bandName(Band band)
{
    switch (band) {
    case Band::Auto:
        return tr("Auto");
    case Band::Review:
        return tr("Review");
    case Band::Backlog:
        return tr("Backlog");
    case Band::Escalate:
        break;
    }
    return tr("Escalate");
}

QString typeName(IssueType type)
{
    switch (type) {
    case IssueType::Bug:
        return tr("Bug");
    case IssueType::Performance:
        return tr("Performance");
    case IssueType::Battery:
        return tr("Battery");
    case IssueType::Security:
        return tr("Security");
    case IssueType::Privacy:
        return tr("Privacy");
    case IssueType::Billing:
        return tr("Billing");
    case IssueType::Usability:
        return tr("Usability");
    case IssueType::FeatureRequest:
        return tr("Feature request");
    case IssueType::Question:
        return tr("Question");
    case IssueType::Praise:
        return tr("Praise");
    case IssueType::Other:
        break;
    }
    return tr("Other");
}

QString severityName(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return tr("Critical");
    case Severity::High:
        return tr("High");
    case Severity::Medium:
        return tr("Medium");
    case Severity::Low:
        return tr("Low");
    case Severity::None:
        break;
    }
    return tr("No severity");
}

QString relationName(Relation relation)
{
    switch (relation) {
    case Relation::Same:
        return tr("the same");
    case Relation::Regression:
        return tr("fixed before, back again");
    case Relation::Related:
        break;
    }
    return tr("related");
}

QString factorName(const std::string &name)
{
    static const QHash<QString, const char *> names{{QStringLiteral("severity"), "Severity"},
                                                    {QStringLiteral("reach"), "Reach"},
                                                    {QStringLiteral("revenue_weight"), "Revenue"},
                                                    {QStringLiteral("recency"), "Recency"},
                                                    {QStringLiteral("confidence"), "Confidence"}};
    const auto known = names.constFind(q(name));
    return known == names.cend() ? capital(spaced(q(name))) : tr(*known);
}

QString reasonName(std::string_view reason)
{
    static const QHash<QString, const char *> names{{QStringLiteral("not_issue"), "Not an issue"},
                                                    {QStringLiteral("duplicate"), "Duplicate"},
                                                    {QStringLiteral("fixed"), "Fixed already"},
                                                    {QStringLiteral("not_actionable"), "Not actionable"},
                                                    {QStringLiteral("evidence_wrong"), "Evidence is wrong"},
                                                    {QStringLiteral("wont_fix"), "Won’t fix"},
                                                    {QStringLiteral("spam"), "Spam"}};
    const QString key = QString::fromUtf8(reason.data(), qsizetype(reason.size()));
    const auto known = names.constFind(key);
    return known == names.cend() ? capital(spaced(key)) : tr(*known);
}

QString stateName(const std::string &state)
{
    static const QHash<QString, const char *> names{{QStringLiteral("open"), "Open"},
                                                    {QStringLiteral("approved"), "Approved"},
                                                    {QStringLiteral("attached"), "Attached"},
                                                    {QStringLiteral("rejected"), "Rejected"},
                                                    {QStringLiteral("snoozed"), "Snoozed"},
                                                    {QStringLiteral("escalated"), "Escalated"},
                                                    {QStringLiteral("planned"), "Waiting"},
                                                    {QStringLiteral("sending"), "Sending"},
                                                    {QStringLiteral("confirmed"), "Filed"},
                                                    {QStringLiteral("ambiguous"), "Unclear"},
                                                    {QStringLiteral("cancelled"), "Called back"},
                                                    {QStringLiteral("refused"), "Refused"}};
    const auto known = names.constFind(q(state));
    return known == names.cend() ? capital(spaced(q(state))) : tr(*known);
}

QString eventName(const std::string &kind)
{
    static const QHash<QString, const char *> names{{QStringLiteral("approved"), "Approved"},
                                                    {QStringLiteral("attached"), "Attached to a ticket"},
                                                    {QStringLiteral("rejected"), "Rejected"},
                                                    {QStringLiteral("snoozed"), "Snoozed"},
                                                    {QStringLiteral("escalated"), "Escalated"},
                                                    {QStringLiteral("edited"), "Draft edited"},
                                                    {QStringLiteral("renamed"), "Renamed"},
                                                    {QStringLiteral("merged"), "Merged"},
                                                    {QStringLiteral("split"), "Split"},
                                                    {QStringLiteral("expelled"), "Member expelled"},
                                                    {QStringLiteral("linked"), "Linked"},
                                                    {QStringLiteral("unlinked"), "Unlinked"},
                                                    {QStringLiteral("undone"), "Undone"},
                                                    {QStringLiteral("redone"), "Redone"},
                                                    {QStringLiteral("run_finished"), "Run finished"},
                                                    {QStringLiteral("config_released"), "Configuration released"},
                                                    {QStringLiteral("erased"), "Person erased"},
                                                    {QStringLiteral("filing_released"), "Ticket to be filed now"},
                                                    {QStringLiteral("filing_retried"), "Ticket to be tried again"},
                                                    {QStringLiteral("filing_confirmed"), "Ticket filed"},
                                                    {QStringLiteral("filing_rejected"), "Ticket refused"}};
    const auto known = names.constFind(q(kind));
    return known == names.cend() ? capital(spaced(q(kind))) : tr(*known);
}

QString maskName(const QString &type)
{
    static const QHash<QString, const char *> names{
        {QStringLiteral("PERSON"), "person"},      {QStringLiteral("EMAIL_ADDRESS"), "e-mail"},
        {QStringLiteral("PHONE_NUMBER"), "phone"}, {QStringLiteral("CREDIT_CARD"), "card"},
        {QStringLiteral("IBAN_CODE"), "IBAN"},     {QStringLiteral("IP_ADDRESS"), "IP address"},
        {QStringLiteral("URL"), "link"},           {QStringLiteral("ORDER_ID"), "order"},
        {QStringLiteral("ACCOUNT_ID"), "account"}, {QStringLiteral("ADDRESS"), "address"}};
    const auto known = names.constFind(type);
    return known == names.cend() ? spaced(type.toLower()) : tr(*known);
}

QString channelName(const std::string &channel)
{
    if (channel == "nps")
        return tr("NPS survey");
    QStringList words = q(channel).split(QLatin1Char('_'), Qt::SkipEmptyParts);
    for (QString &word : words)
        word = capital(word);
    return words.join(QLatin1Char(' '));
}

QString dateText(const std::optional<TimePoint> &time)
{
    return time ? QLocale().toString(QDateTime::fromMSecsSinceEpoch(time->time_since_epoch().count()).date(),
                                     QLocale::ShortFormat)
                : QString();
}

QString timeText(TimePoint time)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count()), QLocale::ShortFormat);
}

QString errorText(const Error &error)
{
    const QString detail = oneLine(error.detail);
    switch (error.code) {
    case ErrorCode::NotFound:
        return tr("This is not there: %1.").arg(detail);
    case ErrorCode::Conflict:
        return tr("This is not possible as things stand: %1.").arg(detail);
    case ErrorCode::Full:
        return tr("The disk is full. What was decided before is kept, this was not: %1.").arg(detail);
    case ErrorCode::ReadOnly:
        return tr("The workspace cannot be written. Nothing was changed: %1.").arg(detail);
    case ErrorCode::Corrupt:
        return tr("The workspace is damaged, and nothing was changed. Restore a backup, or ask “winnowctl verify” "
                  "where: %1.")
            .arg(detail);
    case ErrorCode::Newer:
        return tr("A newer Winnow made this workspace. Nothing was changed: %1.").arg(detail);
    case ErrorCode::Leased:
        return tr("Another program is at work there: %1.").arg(detail);
    case ErrorCode::Busy:
        return tr("Others keep the workspace busy. Try again: %1.").arg(detail);
    case ErrorCode::MissingKey:
        return tr("The key of this workspace is missing, so its text cannot be read: %1.").arg(detail);
    case ErrorCode::Io:
        return tr("The system refused to read or write: %1.").arg(detail);
    case ErrorCode::Network:
    case ErrorCode::Timeout:
        return tr("The other side did not answer: %1.").arg(detail);
    case ErrorCode::Cancelled:
        return tr("Stopped. What was done until then is kept.");
    default:
        return capital(detail) + QLatin1Char('.');
    }
}

QString oneLine(const std::string &text)
{
    QString line;
    for (const QChar c : q(text)) {
        const bool space = c == QLatin1Char('\n') || c == QLatin1Char('\t') || c.category() == QChar::Separator_Line
            || c.category() == QChar::Separator_Paragraph;
        const bool mark = (c.unicode() >= 0x202a && c.unicode() <= 0x202e)
            || (c.unicode() >= 0x2066 && c.unicode() <= 0x2069) || c.unicode() == 0x200e || c.unicode() == 0x200f;
        if (space)
            line += QLatin1Char(' ');
        else if (!mark && c.category() != QChar::Other_Control)
            line += c;
    }
    return line;
}

TimePoint thisMoment()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}
