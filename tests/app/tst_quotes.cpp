#include <QTest>
#include <rapidcheck.h>

#include "core/stages/extract/extract.h"
#include "core/stages/language/language.h"
#include "core/stages/mask/mask.h"
#include "core/stages/normalise/normalise.h"
#include "core/stages/segment/segment.h"
#include "tests/app/sampleworkspace.h"

using namespace winnow;

namespace
{

/// A text with everything the maps have to carry a quote through: marks to compose, brackets of the mask's own,
/// identifiers, scripts of other widths.
rc::Gen<std::string> genText()
{
    static const std::vector<std::string> kPieces{"the app crashes ",
                                                  "cafe\u0301 ",
                                                  "⟦x⟧ ",
                                                  "mail anna@example.org now ",
                                                  "cannot log in. ",
                                                  "日本語が落ちる。",
                                                  "\n",
                                                  "order 1234-5678 is missing, ",
                                                  "😀 ",
                                                  "but the map is slow ",
                                                  "IBAN DE89 3704 0044 0532 0130 00 ",
                                                  "A\u030angstro\u0308m ",
                                                  "please add a dark mode! ",
                                                  "ne fonctionne plus ",
                                                  "\u200b",
                                                  "+49 30 901820 ",
                                                  "charged twice ",
                                                  "  "};
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces)),
                        [](const std::vector<std::string> &pieces) {
                            std::string text;
                            for (const std::string &piece : pieces)
                                text += piece;
                            return text.find_first_not_of(" \n") == std::string::npos
                                ? std::string()
                                : text; // blank is null in a record
                        });
}

/// Leads every quote of a record's findings back to the record. \returns what is wrong; empty: nothing.
std::string wrongQuotes(Extractor &extractor, const normalise::Options &normaliseOptions, std::vector<Record> records,
                        std::size_t &quotes)
{
    const normalise::Input input{std::move(records)};
    const auto normalised = normalise::run(input, normaliseOptions, {});
    if (!normalised)
        return normalised.error().detail;
    language::Input languageInput;
    for (const NormalisedText &text : normalised->items)
        languageInput.texts.push_back(text.text);
    const auto languages = language::run(languageInput, {}, {});
    mask::Input maskInput;
    maskInput.key = sha256("key");
    for (std::size_t i = 0; i < normalised->items.size(); ++i)
        maskInput.items.push_back({normalised->items[i].text, languages->guesses[i].lang});
    const auto masked = mask::run(maskInput, {}, {});
    segment::Input segmentInput;
    for (std::size_t i = 0; i < masked->items.size(); ++i)
        segmentInput.items.push_back({masked->items[i].text, languages->guesses[i].lang});
    const auto segments = segment::run(segmentInput, {}, {});
    extract::Input extractInput;
    for (std::size_t i = 0; i < masked->items.size(); ++i) {
        ExtractionRequest request;
        request.text = masked->items[i].text;
        request.lang = languages->guesses[i].lang;
        request.segments = segments->items[i];
        extractInput.items.push_back(std::move(request));
    }
    const auto found = extract::run(extractInput, {}, {extractor}, {});
    if (!found)
        return found.error().detail;
    for (std::size_t i = 0; i < found->items.size(); ++i) {
        const Record &record = input.records[i];
        const std::string joined = record.title.empty() || record.body.empty() ? record.title + record.body
                                                                               : record.title + "\n\n" + record.body;
        const mask::Masked &m = masked->items[i];
        const NormalisedText &n = normalised->items[i];
        for (const Finding &finding : found->items[i])
            for (const Evidence &evidence : finding.evidence) {
                ++quotes;
                if (evidence.span.end > m.text.size() || evidence.span.of(m.text) != evidence.quote)
                    return "a quote is not verbatim in the masked text";
                if (!finding.segment.contains(evidence.span))
                    return "a quote leaves its segment";
                const ByteSpan inNormalised = m.toSource.toOriginal(evidence.span);
                const ByteSpan inRecord = n.toRecord.toOriginal(inNormalised);
                if (inNormalised.end > n.text.size() || inRecord.end > joined.size() || inRecord.start >= inRecord.end)
                    return "a quote does not lead back into the record";
                // what neither normalising nor masking touched is the record's own bytes
                const auto touched = [](const OffsetMap &map, ByteSpan changed) {
                    return std::any_of(map.edits().begin(), map.edits().end(),
                                       [&](const OffsetMap::Edit &edit) { return edit.to.overlaps(changed); });
                };
                if (!touched(m.toSource, evidence.span) && inNormalised.of(n.text) != evidence.quote)
                    return "masked and normalised text differ where nothing was masked";
                if (!touched(n.toRecord, inNormalised) && inNormalised.of(n.text) != inRecord.of(joined))
                    return "normalised text and record differ where nothing was normalised";
                // and back again
                if (!n.toRecord.toChanged(inRecord).contains(inNormalised)
                    || !m.toSource.toChanged(inNormalised).contains(evidence.span))
                    return "the way back is another one";
            }
    }
    return {};
}

std::vector<Record> bulkRecords(std::size_t most)
{
    std::vector<Record> records;
    if (!std::filesystem::exists(SHARED_DATA "/bulk"))
        return records;
    std::vector<std::string> paths;
    for (const auto &entry : std::filesystem::directory_iterator(SHARED_DATA "/bulk"))
        paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    for (const std::string &path : paths) {
        std::size_t taken = 0;
        ImportOptions options;
        options.now = *parseTime("2026-11-23T12:00:00.000Z");
        static_cast<void>(importFile(path, options,
                                     [&](ImportBatch &&batch) -> Result<> {
                                         taken += batch.records.size();
                                         std::move(batch.records.begin(), batch.records.end(),
                                                   std::back_inserter(records));
                                         return taken < most ? Result<>() : fail(ErrorCode::Cancelled, "enough");
                                     },
                                     {}));
    }
    return records;
}

}

class TestQuotes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void leadBackToTheRecordForAnyText();
    void leadBackToTheRecordOnTheSample();
    void leadBackToTheRecordOnRealFeedback();

private:
    std::unique_ptr<test::TemporaryWorkspace> m_temporary;
    app::Engines m_engines;
};

void TestQuotes::initTestCase()
{
    m_temporary = std::make_unique<test::TemporaryWorkspace>();
    m_engines = std::move(app::makeEngines(*m_temporary->workspace, nullptr).value());
}

void TestQuotes::leadBackToTheRecordForAnyText()
{
    std::size_t quotes = 0;
    QVERIFY(rc::check("every quote leads back", [&] {
        Record record;
        record.source = "test";
        record.sourceRecordId = "1";
        record.title = *genText();
        record.body = *genText();
        const std::string wrong =
            wrongQuotes(*m_engines.extractor, m_engines.request.options.normalise, {record}, quotes);
        RC_LOG() << record.title << '|' << record.body << '|' << wrong;
        RC_ASSERT(wrong.empty());
    }));
    QVERIFY(quotes > 20);
}

void TestQuotes::leadBackToTheRecordOnTheSample()
{
    std::size_t quotes = 0;
    const std::string wrong = wrongQuotes(*m_engines.extractor, m_engines.request.options.normalise,
                                          test::sampleRecords(sha256("key")), quotes);
    QVERIFY2(wrong.empty(), wrong.c_str());
    QVERIFY(quotes > 300);
}

void TestQuotes::leadBackToTheRecordOnRealFeedback()
{
    const std::vector<Record> records = bulkRecords(4000);
    if (records.empty())
        QSKIP("no shared data beside the checkout");
    std::size_t quotes = 0;
    const std::string wrong = wrongQuotes(*m_engines.extractor, m_engines.request.options.normalise, records, quotes);
    QVERIFY2(wrong.empty(), wrong.c_str());
    QVERIFY(quotes > records.size() / 10);
}

QTEST_GUILESS_MAIN(TestQuotes)
#include "tst_quotes.moc"
