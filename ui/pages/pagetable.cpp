#include <QCoreApplication>

#include "ui/pages/auditpage.h"
#include "ui/pages/healthpage.h"
#include "ui/pages/incidentspage.h"
#include "ui/pages/page.h"
#include "ui/pages/queuepage.h"
#include "ui/pages/settingspage.h"
#include "ui/pages/sourcespage.h"
#include "ui/pages/ticketspage.h"

namespace winnow::ui
{

namespace
{

template <typename T> Page *make(Surroundings &surroundings)
{
    return new T(surroundings);
}

}

const std::vector<PageEntry> &pageTable()
{
    static const std::vector<PageEntry> table{
        {"queue", QT_TRANSLATE_NOOP("pages", "Queue"), "Q", make<QueuePage>},
        {"incidents", QT_TRANSLATE_NOOP("pages", "Incidents"), "I", make<IncidentsPage>},
        {"health", QT_TRANSLATE_NOOP("pages", "Health"), "H", make<HealthPage>},
        {"sources", QT_TRANSLATE_NOOP("pages", "Sources"), "O", make<SourcesPage>},
        {"tickets", QT_TRANSLATE_NOOP("pages", "Tickets"), "T", make<TicketsPage>},
        {"audit", QT_TRANSLATE_NOOP("pages", "Audit"), "A", make<AuditPage>},
        {"settings", QT_TRANSLATE_NOOP("pages", "Settings"), ",", make<SettingsPage>},
    };
    return table;
}

}
