#pragma once

#include <string>

#include "core/domain/incident.h"

namespace winnow::incident {

/// A title from type, component and symptom: "Checkout: payment declined", "Crash in barcode scanner". Words that look
/// like anything but a taxonomy's (placeholders, addresses, digits in a row, more than a few words) do not get in.
[[nodiscard]] std::string titleOf(const Incident &incident);

}
