#pragma once

#include <QDialog>
#include <QTimer>

#include "core/ports/importer.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableWidget;

namespace winnow::ui
{

class JobRunner;
class StatePanel;

/// Shows what a file looks like to us before anything of it is stored: how it is read, which column goes where, what
/// becomes of its first rows. A person corrects it, saves it as a mapping, and lets it in.
class ImportDialog : public QDialog
{
    Q_OBJECT

public:
    ImportDialog(JobRunner &jobs, ImportRequest request, QWidget *parent = nullptr);

Q_SIGNALS:
    /// It may come in, read this way.
    void chosen(const winnow::ImportRequest &request);

private:
    QWidget *makeSettings();
    QWidget *makeTables();
    /// Looks again, with what the person has set.
    void look();
    void show(const ImportPreview &preview);
    void showColumns(const ImportPreview &preview);
    void showRecords(const ImportPreview &preview);
    void askDates(const ImportPreview &preview);
    /// A person has set something: from now on the mapping says how the file is read.
    void changed();
    [[nodiscard]] ImportRequest request() const;
    void saveMapping();
    void loadMapping();
    void say(const QString &text, bool bad);

    JobRunner &m_jobs;
    ImportRequest m_request;
    ImportMapping m_mapping; ///< as the last look had it, with what the person has changed since
    bool m_own = false; ///< a person has changed something
    bool m_filling = false; ///< the controls are being set from a preview
    QTimer m_delay;
    QLabel *m_summary, *m_note;
    QFormLayout *m_form = nullptr;
    QLineEdit *m_source = nullptr;
    QComboBox *m_format = nullptr, *m_encoding = nullptr, *m_delimiter = nullptr, *m_dateOrder = nullptr,
              *m_sheet = nullptr;
    QSpinBox *m_headerRow = nullptr;
    QLabel *m_dates = nullptr;
    QTableWidget *m_columns = nullptr, *m_records = nullptr, *m_rejects = nullptr;
    QStackedWidget *m_stack;
    StatePanel *m_state;
    QPushButton *m_import = nullptr, *m_save = nullptr;
};

}
