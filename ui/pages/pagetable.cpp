#include <QCoreApplication>

#include "ui/pages/page.h"
#include "ui/pages/queuepage.h"
#include "ui/pages/sourcespage.h"

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
        {"sources", QT_TRANSLATE_NOOP("pages", "Sources"), "O", make<SourcesPage>},
    };
    return table;
}

}
