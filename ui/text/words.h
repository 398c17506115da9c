#pragma once

#include <optional>
#include <string>

#include <QString>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/triage.h"

namespace winnow::ui
{

/// Values of the core in the person's language.
[[nodiscard]] QString bandName(Band band);
[[nodiscard]] QString typeName(IssueType type);
[[nodiscard]] QString severityName(Severity severity);
[[nodiscard]] QString relationName(Relation relation);
/// \param name  of Factor.
[[nodiscard]] QString factorName(const std::string &name);
/// \param reason  one of kRejectReasons.
[[nodiscard]] QString reasonName(std::string_view reason);
[[nodiscard]] QString stateName(const std::string &state);
/// What an event did, in the past tense.
[[nodiscard]] QString eventName(const std::string &kind);
/// What stands in a masked place: "person" for PERSON.
[[nodiscard]] QString maskName(const QString &type);
/// A channel as people write it: "Google Play" for google_play.
[[nodiscard]] QString channelName(const std::string &channel);
/// A date as the system writes it; empty where there is none.
[[nodiscard]] QString dateText(const std::optional<TimePoint> &time);
[[nodiscard]] QString timeText(TimePoint time);

/// What went wrong, in a whole sentence, and what can be done about it.
[[nodiscard]] QString errorText(const Error &error);

[[nodiscard]] inline QString q(const std::string &text)
{
    return QString::fromStdString(text);
}
/// Text that came from outside, fit for one line: control characters and marks of direction are left out.
[[nodiscard]] QString oneLine(const std::string &text);
/// This moment.
[[nodiscard]] TimePoint thisMoment();

}
