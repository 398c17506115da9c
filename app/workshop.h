#pragma once

#include "core/ports/workshop.h"

namespace winnow::app
{

/// The workshops that a window opens.
[[nodiscard]] WorkshopMaker &workshopMaker();

}
