#include "ui/dialogs/importdialog.h"

#include <algorithm>
#include <array>

#include <QComboBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QStyle>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/runner/jobrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/statepanel.h"

namespace winnow::ui
{

namespace
{

constexpr int kDelayMs = 250;
constexpr int kCellCharacters = 200;

struct Named {
    const char *value;
    const char *text;
};

/// Canonical fields that a column may go to. \source contracts/sources.md 2
constexpr std::array<Named, 23> kFields{{
    {"source_record_id", QT_TRANSLATE_NOOP("fields", "Id")},
    {"body", QT_TRANSLATE_NOOP("fields", "Text")},
    {"title", QT_TRANSLATE_NOOP("fields", "Title")},
    {"rating", QT_TRANSLATE_NOOP("fields", "Rating")},
    {"rating_scale", QT_TRANSLATE_NOOP("fields", "Scale of the rating")},
    {"created_at", QT_TRANSLATE_NOOP("fields", "Written at")},
    {"updated_at", QT_TRANSLATE_NOOP("fields", "Changed at")},
    {"author_id", QT_TRANSLATE_NOOP("fields", "Author's id")},
    {"author_name", QT_TRANSLATE_NOOP("fields", "Author's name")},
    {"author_email", QT_TRANSLATE_NOOP("fields", "Author's address")},
    {"channel", QT_TRANSLATE_NOOP("fields", "Channel")},
    {"language", QT_TRANSLATE_NOOP("fields", "Language")},
    {"product", QT_TRANSLATE_NOOP("fields", "Product")},
    {"app_version", QT_TRANSLATE_NOOP("fields", "App version")},
    {"os", QT_TRANSLATE_NOOP("fields", "Operating system")},
    {"os_version", QT_TRANSLATE_NOOP("fields", "Version of the system")},
    {"device", QT_TRANSLATE_NOOP("fields", "Device")},
    {"country", QT_TRANSLATE_NOOP("fields", "Country")},
    {"region", QT_TRANSLATE_NOOP("fields", "Region")},
    {"plan_tier", QT_TRANSLATE_NOOP("fields", "Plan")},
    {"account_id", QT_TRANSLATE_NOOP("fields", "Account")},
    {"thread_id", QT_TRANSLATE_NOOP("fields", "Thread")},
    {"url", QT_TRANSLATE_NOOP("fields", "Address")},
}};

QString fieldName(const char *text)
{
    return QCoreApplication::translate("fields", text);
}

QString cellText(const std::string &text)
{
    return oneLine(text).left(kCellCharacters);
}

QTableWidget *makeTable(QWidget *parent, const QString &objectName, const QString &name, const QStringList &headings)
{
    auto *table = new QTableWidget(0, int(headings.size()), parent);
    table->setObjectName(objectName);
    table->setAccessibleName(name);
    table->setHorizontalHeaderLabels(headings);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(4 * kUnit);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return table;
}

void setRow(QTableWidget *table, int row, const QStringList &cells)
{
    for (int column = 0; column < cells.size(); ++column)
        table->setItem(row, column, new QTableWidgetItem(cells[column]));
}

/// Chooses the entry with this data; adds it where the list does not know it.
void choose(QComboBox *box, const QString &value, const QString &text = {})
{
    int index = box->findData(value);
    if (index < 0) {
        box->addItem(text.isEmpty() ? value : text, value);
        index = box->count() - 1;
    }
    box->setCurrentIndex(index);
}

}

ImportDialog::ImportDialog(JobRunner &jobs, ImportRequest request, QWidget *parent)
    : QDialog(parent)
    , m_jobs(jobs)
    , m_request(std::move(request))
    , m_summary(new QLabel(this))
    , m_note(new QLabel(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StatePanel(this))
{
    setObjectName(QStringLiteral("importDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(m_request.pasted ? tr("Import the pasted table")
                                    : tr("Import %1").arg(QFileInfo(q(m_request.path)).fileName()));
    resize(120 * kUnit, 80 * kUnit);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_summary->setObjectName(QStringLiteral("importSummary"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setObjectName(QStringLiteral("importNote"));
    m_note->hide();

    auto *found = new QWidget(this);
    auto *columns = new QHBoxLayout(found);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(2 * kUnit);
    columns->addWidget(makeSettings());
    columns->addWidget(makeTables(), 1);
    m_stack->addWidget(found);
    m_stack->addWidget(m_state);
    m_stack->setCurrentWidget(m_state);
    m_state->showLoading(tr("Looking at the file…"));

    auto *buttons = new QDialogButtonBox(this);
    m_import = buttons->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
    m_import->setObjectName(QStringLiteral("importDone"));
    m_import->setProperty("primary", true);
    style()->unpolish(m_import); // the box has shown it to the style before
    style()->polish(m_import);
    m_import->setDefault(true);
    m_import->setEnabled(false);
    auto *load = buttons->addButton(tr("Use a mapping…"), QDialogButtonBox::ActionRole);
    load->setObjectName(QStringLiteral("importLoad"));
    m_save = buttons->addButton(tr("Save as mapping…"), QDialogButtonBox::ActionRole);
    m_save->setObjectName(QStringLiteral("importSave"));
    m_save->setEnabled(false);
    buttons->addButton(QDialogButtonBox::Cancel);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    connect(load, &QPushButton::clicked, this, &ImportDialog::loadMapping);
    connect(m_save, &QPushButton::clicked, this, &ImportDialog::saveMapping);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(this->request());
        accept();
    });

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(2 * kUnit);
    layout->addWidget(m_summary);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_note);
    layout->addWidget(buttons);

    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ImportDialog::look);
    m_jobs.ask(
        JobRunner::Formats, this, [](Workshop &workshop, std::stop_token) { return workshop.importer().formats(); },
        [this](Result<std::vector<std::string>> formats) {
            if (!formats)
                return;
            m_filling = true;
            for (const std::string &format : *formats)
                if (m_format->findData(q(format)) < 0)
                    m_format->addItem(q(format), q(format));
            m_filling = false;
        });
    look();
}

QWidget *ImportDialog::makeSettings()
{
    auto *pane = new QWidget(this);
    pane->setFixedWidth(36 * kUnit);
    m_form = new QFormLayout(pane);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(2 * kUnit);
    m_form->setVerticalSpacing(kUnit);
    m_form->setRowWrapPolicy(QFormLayout::WrapAllRows);
    const auto add = [&](QWidget *field, const QString &label, const char *name) {
        field->setObjectName(QLatin1String(name));
        field->setAccessibleName(label);
        m_form->addRow(label, field);
    };
    const auto box = [&](const QString &label, const char *name,
                         std::initializer_list<std::pair<QString, QString>> entries) {
        auto *field = new QComboBox(pane);
        for (const auto &[text, value] : entries)
            field->addItem(text, value);
        add(field, label, name);
        connect(field, &QComboBox::currentIndexChanged, this, &ImportDialog::changed);
        return field;
    };
    m_source = new QLineEdit(pane);
    m_source->setPlaceholderText(QStringLiteral("generic"));
    add(m_source, tr("Source"), "importSource");
    connect(m_source, &QLineEdit::textEdited, this, &ImportDialog::changed);
    m_format = box(tr("Format"), "importFormat", {{tr("Found by content"), {}}});
    m_encoding = box(tr("Encoding"), "importEncoding",
                     {{tr("Found by content"), QStringLiteral("auto")},
                      {QStringLiteral("UTF-8"), QStringLiteral("utf-8")},
                      {QStringLiteral("UTF-16 LE"), QStringLiteral("utf-16le")},
                      {QStringLiteral("UTF-16 BE"), QStringLiteral("utf-16be")},
                      {QStringLiteral("Windows-1252"), QStringLiteral("windows-1252")}});
    m_delimiter = box(tr("Cells are parted by"), "importDelimiter",
                      {{tr("Found by content"), QStringLiteral("auto")},
                       {tr("comma"), QStringLiteral(",")},
                       {tr("semicolon"), QStringLiteral(";")},
                       {tr("tab"), QStringLiteral("\t")},
                       {tr("bar |"), QStringLiteral("|")}});
    m_headerRow = new QSpinBox(pane);
    m_headerRow->setRange(0, 1000);
    m_headerRow->setSpecialValueText(tr("there are none"));
    add(m_headerRow, tr("Headings stand in row"), "importHeaderRow");
    connect(m_headerRow, &QSpinBox::valueChanged, this, &ImportDialog::changed);
    m_sheet = box(tr("Sheet"), "importSheet", {});
    m_dateOrder = box(tr("Order of dates"), "importDateOrder",
                      {{tr("Found in each column"), {}},
                       {tr("day, month, year"), QStringLiteral("DMY")},
                       {tr("month, day, year"), QStringLiteral("MDY")},
                       {tr("year, month, day"), QStringLiteral("YMD")}});
    m_dates = new QLabel(pane);
    m_dates->setTextFormat(Qt::PlainText);
    m_dates->setWordWrap(true);
    m_dates->setObjectName(QStringLiteral("importDates"));
    m_form->addRow(m_dates);
    return pane;
}

QWidget *ImportDialog::makeTables()
{
    auto *tabs = new QTabWidget(this);
    tabs->setObjectName(QStringLiteral("importTabs"));
    tabs->setAccessibleName(tr("What was found"));
    tabs->setDocumentMode(true);
    m_columns = makeTable(tabs, QStringLiteral("importColumns"), tr("Columns"),
                          {tr("Column"), tr("Goes to"), tr("First values")});
    m_columns->setColumnWidth(0, 22 * kUnit);
    m_columns->setColumnWidth(1, 24 * kUnit);
    m_records = makeTable(tabs, QStringLiteral("importRecords"), tr("First rows"),
                          {tr("Written at"), tr("Rating"), tr("Title"), tr("Text")});
    m_records->setColumnWidth(0, 18 * kUnit);
    m_records->setColumnWidth(1, 9 * kUnit);
    m_records->setColumnWidth(2, 20 * kUnit);
    m_rejects = makeTable(tabs, QStringLiteral("importRejects"), tr("Rows that cannot be read"),
                          {tr("Place"), tr("Reason"), tr("As it stands there")});
    m_rejects->setColumnWidth(0, 20 * kUnit);
    m_rejects->setColumnWidth(1, 28 * kUnit);
    tabs->addTab(m_columns, tr("Columns"));
    tabs->addTab(m_records, tr("First rows"));
    tabs->addTab(m_rejects, tr("Not readable"));
    return tabs;
}

ImportRequest ImportDialog::request() const
{
    ImportRequest request = m_request;
    request.source = m_source->text().trimmed().toStdString();
    request.format = m_format->currentData().toString().toStdString();
    if (m_own)
        request.mapping = m_mapping;
    return request;
}

void ImportDialog::changed()
{
    if (m_filling)
        return;
    m_own = true;
    m_mapping.encoding = m_encoding->currentData().toString().toStdString();
    m_mapping.delimiter = m_delimiter->currentData().toString().toStdString();
    m_mapping.header = m_headerRow->value() > 0;
    m_mapping.headerRow = std::max(1, m_headerRow->value());
    m_mapping.dateOrder = m_dateOrder->currentData().toString().toStdString();
    m_mapping.sheet = m_sheet->currentData().toString().toStdString();
    if (const std::string source = m_source->text().trimmed().toStdString(); !source.empty())
        m_mapping.source = source;
    for (int row = 0; row < m_columns->rowCount(); ++row) {
        const auto *box = qobject_cast<QComboBox *>(m_columns->cellWidget(row, 1));
        if (!box)
            continue;
        const std::string column = m_columns->item(row, 0)->data(Qt::UserRole).toString().toStdString();
        const std::string field = box->currentData().toString().toStdString();
        std::erase_if(m_mapping.columns, [&](const auto &entry) {
            const auto *name = std::get_if<std::string>(&entry.second);
            const auto *place = std::get_if<int>(&entry.second);
            return (name && *name == column) || (place && *place == row);
        });
        if (!field.empty()) {
            if (m_mapping.header)
                m_mapping.columns[field] = column;
            else
                m_mapping.columns[field] = row;
        }
    }
    m_import->setEnabled(false);
    m_delay.start();
}

void ImportDialog::look()
{
    m_jobs.ask(
        JobRunner::Preview, this,
        [request = request()](Workshop &workshop, std::stop_token stop) {
            return workshop.importer().preview(request, stop);
        },
        [this](Result<ImportPreview> preview) {
            if (preview) {
                show(*preview);
                return;
            }
            m_import->setEnabled(false);
            if (m_own) { // what was set can be set back
                say(errorText(preview.error()), true);
                return;
            }
            m_state->showError(tr("This cannot be imported"), errorText(preview.error()));
            m_stack->setCurrentWidget(m_state);
        });
}

void ImportDialog::say(const QString &text, bool bad)
{
    QPalette palette;
    palette.setColor(QPalette::WindowText, Theme::instance().color(bad ? Role::Negative : Role::Muted));
    m_note->setPalette(palette);
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
}

void ImportDialog::show(const ImportPreview &preview)
{
    m_filling = true;
    m_stack->setCurrentIndex(0);
    m_mapping = preview.mapping;
    QStringList parts{preview.layout.empty() ? q(preview.format)
                                             : tr("%1, laid out as %2").arg(q(preview.format), q(preview.layout))};
    if (!preview.encoding.empty())
        parts << q(preview.encoding);
    if (!preview.delimiter.empty())
        parts << (preview.delimiter == "\t" ? tr("parted by tabs") : tr("parted by %1").arg(q(preview.delimiter)));
    if (!preview.sheetsRead.empty()) {
        QStringList sheets;
        for (const std::string &sheet : preview.sheetsRead)
            sheets << q(sheet);
        parts << tr("sheet %1").arg(sheets.join(QLatin1String(", ")));
    }
    m_summary->setText(tr("Read as %1.").arg(parts.join(QLatin1String(", "))));
    if (m_source->text().isEmpty())
        m_source->setPlaceholderText(preview.mapping.source.empty() ? QStringLiteral("generic")
                                                                    : q(preview.mapping.source));
    const bool table = !preview.delimiter.empty(), text = !preview.encoding.empty();
    m_form->setRowVisible(m_encoding, text);
    m_form->setRowVisible(m_delimiter, table);
    m_form->setRowVisible(m_headerRow, table || !preview.sheets.empty());
    m_form->setRowVisible(m_sheet, preview.sheets.size() > 1);
    m_headerRow->setValue(preview.header ? preview.headerRow : 0);
    if (m_own) {
        choose(m_encoding, q(preview.mapping.encoding));
        choose(m_delimiter, q(preview.mapping.delimiter));
        choose(m_dateOrder, q(preview.mapping.dateOrder));
    }
    m_sheet->clear();
    m_sheet->addItem(tr("The one that fits best"), QString());
    for (const std::string &sheet : preview.sheets)
        m_sheet->addItem(q(sheet), q(sheet));
    choose(m_sheet, q(preview.mapping.sheet));
    showColumns(preview);
    showRecords(preview);
    askDates(preview);
    m_filling = false;
    const bool texts = std::any_of(preview.columns.begin(), preview.columns.end(), [](const auto &column) {
        return column.field == "body" || column.field == "title" || column.field == "rating";
    });
    // archives and chats have no columns of their own
    const bool usable = texts || preview.columns.empty() || !preview.records.empty();
    say(usable ? preview.rejects.empty() ? QString()
                                         : tr("Rows that cannot be read are kept apart and can be looked at later.")
               : tr("Say which column holds the text."),
        !usable);
    m_import->setEnabled(usable);
    if (usable && !m_own)
        m_import->setFocus();
    m_save->setEnabled(!preview.columns.empty());
}

void ImportDialog::showColumns(const ImportPreview &preview)
{
    const QString focused = focusWidget() ? focusWidget()->objectName() : QString();
    m_columns->setRowCount(int(preview.columns.size()));
    for (int row = 0; row < int(preview.columns.size()); ++row) {
        const ImportPreview::Column &column = preview.columns[std::size_t(row)];
        QStringList values;
        for (const auto &cells : preview.rows)
            if (std::size_t(row) < cells.size() && !cells[std::size_t(row)].empty() && values.size() < 3)
                values << cellText(cells[std::size_t(row)]).left(60);
        auto *name = new QTableWidgetItem(column.name.empty() ? tr("Column %1").arg(row + 1) : cellText(column.name));
        name->setData(Qt::UserRole, q(column.name));
        m_columns->setItem(row, 0, name);
        m_columns->setItem(row, 2, new QTableWidgetItem(values.join(QStringLiteral("  ·  "))));
        auto *box = new QComboBox(m_columns);
        box->setObjectName(QStringLiteral("importField%1").arg(row));
        box->setAccessibleName(tr("Field of column %1").arg(name->text()));
        box->addItem(tr("kept, not used"), QString());
        for (const Named &field : kFields)
            box->addItem(fieldName(field.text), QLatin1String(field.value));
        choose(box, q(column.field));
        connect(box, &QComboBox::currentIndexChanged, this, &ImportDialog::changed);
        m_columns->setCellWidget(row, 1, box);
        if (box->objectName() == focused)
            box->setFocus();
    }
}

void ImportDialog::showRecords(const ImportPreview &preview)
{
    m_records->setRowCount(int(preview.records.size()));
    for (int row = 0; row < int(preview.records.size()); ++row) {
        const Record &record = preview.records[std::size_t(row)];
        setRow(m_records, row,
               {dateText(record.createdAt), record.rating ? QLocale().toString(*record.rating, 'g', 4) : QString(),
                cellText(record.title), cellText(record.body)});
    }
    m_rejects->setRowCount(int(preview.rejects.size()));
    for (int row = 0; row < int(preview.rejects.size()); ++row) {
        const Reject &reject = preview.rejects[std::size_t(row)];
        setRow(m_rejects, row, {cellText(reject.place), cellText(reject.reason), cellText(reject.raw)});
    }
    auto *tabs = findChild<QTabWidget *>(QStringLiteral("importTabs"));
    tabs->setTabText(1, tr("First rows (%1)").arg(preview.records.size()));
    tabs->setTabText(2, tr("Not readable (%1)").arg(preview.rejects.size()));
    tabs->setTabVisible(0, !preview.columns.empty());
}

void ImportDialog::askDates(const ImportPreview &preview)
{
    QStringList lines;
    for (const ImportPreview::DateQuestion &question : preview.dateQuestions) {
        QStringList readings;
        for (const auto &choice : question.choices)
            readings << tr("%1 (%2)").arg(q(choice.reading), q(choice.order));
        lines << tr("Column “%1”: does “%2” mean %3? Please choose the order of dates; otherwise they stay empty.")
                     .arg(oneLine(question.column), oneLine(question.example), readings.join(tr(" or ")));
    }
    m_dates->setText(lines.join(QLatin1Char('\n')));
    m_dates->setVisible(!lines.isEmpty());
    QPalette palette;
    palette.setColor(QPalette::WindowText, Theme::instance().color(Role::Negative));
    m_dates->setPalette(palette);
}

void ImportDialog::saveMapping()
{
    auto *dialog = new QFileDialog(this, tr("Save as mapping"), {}, tr("Mapping (*.map.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("map.json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        ImportMapping mapping = m_mapping;
        if (mapping.source.empty())
            mapping.source = m_source->text().isEmpty() ? "generic" : m_source->text().trimmed().toStdString();
        m_jobs.ask(
            JobRunner::InTurn, this,
            [path = path.toStdString(), mapping](Workshop &workshop, std::stop_token) {
                return workshop.importer().saveMapping(path, mapping);
            },
            [this, path](Result<> saved) {
                say(saved ? tr("Saved as %1.").arg(QFileInfo(path).fileName()) : errorText(saved.error()), !saved);
            });
    });
    dialog->open();
}

void ImportDialog::loadMapping()
{
    auto *dialog = new QFileDialog(this, tr("Use a mapping"), {}, tr("Mapping (*.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_jobs.ask(
            JobRunner::InTurn, this,
            [path = path.toStdString()](Workshop &workshop, std::stop_token) {
                return workshop.importer().loadMapping(path);
            },
            [this](Result<ImportMapping> mapping) {
                if (!mapping) {
                    say(errorText(mapping.error()), true);
                    return;
                }
                m_mapping = std::move(*mapping);
                m_own = true;
                look();
            });
    });
    dialog->open();
}

}
