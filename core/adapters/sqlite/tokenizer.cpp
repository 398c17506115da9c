#include "core/adapters/sqlite/tokenizer.h"

#include <memory>
#include <string>
#include <vector>

#include <sqlite3.h>
#include <unicode/normalizer2.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

namespace winnow::sqlite
{

namespace
{

/// Scripts whose words are found by dictionary.
bool withoutBlanks(UChar32 c)
{
    return (c >= 0x0e00 && c <= 0x0eff) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff)
        || (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

class Tokenizer
{
public:
    using Emit = int (*)(void *, int, const char *, int, int, int);

    Tokenizer()
    {
        UErrorCode status = U_ZERO_ERROR;
        m_words.reset(ubrk_open(UBRK_WORD, "root", nullptr, 0, &status));
        m_decompose = icu::Normalizer2::getNFKDInstance(status);
    }

    int tokenize(void *context, const char *text, int length, Emit emit)
    {
        m_token.clear();
        int start = 0, at = 0;
        const auto flush = [&](int end) {
            const int result =
                m_token.empty() ? SQLITE_OK : emit(context, 0, m_token.data(), int(m_token.size()), start, end);
            m_token.clear();
            return result;
        };
        while (at < length) {
            const int before = at;
            const auto byte = static_cast<unsigned char>(text[at]);
            if (byte < 0x80) {
                ++at;
                const unsigned char lower = byte | 0x20;
                if ((lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9')) {
                    if (m_token.empty())
                        start = before;
                    m_token += char(byte >= 'A' && byte <= 'Z' ? lower : byte);
                } else if (const int result = flush(before); result != SQLITE_OK) {
                    return result;
                }
                continue;
            }
            UChar32 c;
            U8_NEXT_OR_FFFD(text, at, length, c);
            if (withoutBlanks(c)) {
                if (const int result = flush(before); result != SQLITE_OK)
                    return result;
                int end = at;
                while (end < length) {
                    int next = end;
                    UChar32 other;
                    U8_NEXT_OR_FFFD(text, next, length, other);
                    if (!withoutBlanks(other))
                        break;
                    end = next;
                }
                if (const int result = byDictionary(context, text, before, end, emit); result != SQLITE_OK)
                    return result;
                at = end;
            } else if (u_isalnum(c) || (!m_token.empty() && u_charType(c) == U_NON_SPACING_MARK)) {
                if (m_token.empty())
                    start = before;
                append(c);
            } else if (const int result = flush(before); result != SQLITE_OK) {
                return result;
            }
        }
        return flush(length);
    }

private:
    /// Lower case, marks off.
    void append(UChar32 c)
    {
        icu::UnicodeString parts;
        if (!m_decompose->getDecomposition(c, parts))
            parts = icu::UnicodeString(c);
        parts.foldCase();
        for (int i = 0; i < parts.length(); i = parts.moveIndex32(i, 1))
            if (const UChar32 part = parts.char32At(i); u_charType(part) != U_NON_SPACING_MARK)
                icu::UnicodeString(part).toUTF8String(m_token);
    }

    int byDictionary(void *context, const char *text, int begin, int end, Emit emit)
    {
        UErrorCode status = U_ZERO_ERROR;
        UText source = UTEXT_INITIALIZER;
        utext_openUTF8(&source, text + begin, end - begin, &status);
        ubrk_setUText(m_words.get(), &source, &status);
        int result = SQLITE_OK;
        int from = ubrk_first(m_words.get());
        for (int to = ubrk_next(m_words.get()); to != UBRK_DONE && result == SQLITE_OK && U_SUCCESS(status);
             from = to, to = ubrk_next(m_words.get())) {
            int at = begin + from;
            bool word = false;
            while (at < begin + to) {
                UChar32 c;
                U8_NEXT_OR_FFFD(text, at, end, c);
                word = word || u_isalnum(c);
                append(c);
            }
            if (word)
                result = emit(context, 0, m_token.data(), int(m_token.size()), begin + from, begin + to);
            m_token.clear();
        }
        utext_close(&source);
        return result;
    }

    struct Close {
        void operator()(UBreakIterator *iterator) const { ubrk_close(iterator); }
    };
    std::unique_ptr<UBreakIterator, Close> m_words;
    const icu::Normalizer2 *m_decompose = nullptr;
    std::string m_token;
};

int create(void *, const char **, int, Fts5Tokenizer **out)
{
    *out = reinterpret_cast<Fts5Tokenizer *>(new Tokenizer);
    return SQLITE_OK;
}

void destroy(Fts5Tokenizer *tokenizer)
{
    delete reinterpret_cast<Tokenizer *>(tokenizer);
}

int tokenize(Fts5Tokenizer *tokenizer, void *context, int, const char *text, int length, Tokenizer::Emit emit)
{
    return reinterpret_cast<Tokenizer *>(tokenizer)->tokenize(context, text, length, emit);
}

}

Result<> registerTokenizer(sqlite3 *handle)
{
    fts5_api *api = nullptr;
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    if (!api)
        return fail(ErrorCode::Internal, "this SQLite has no full-text search (FTS5)");
    fts5_tokenizer functions{create, destroy, tokenize};
    if (api->xCreateTokenizer(api, "winnow", nullptr, &functions, nullptr) != SQLITE_OK)
        return fail(ErrorCode::Internal, "the full-text tokenizer cannot be registered");
    return {};
}

}
