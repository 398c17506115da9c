// The file that heads lie in: a header, then everything packed, its SHA-256 in front.

#include <cstring>

#include <zlib.h>

#include "core/base/bytereader.h"
#include "core/base/hash.h"
#include "core/local/heads/heads.h"

namespace winnow::local
{

namespace
{

constexpr std::string_view kMagic = "WNHEADS";
constexpr char kVersion = '1';
constexpr std::size_t kMostBytes = std::size_t(1) << 30;
constexpr std::size_t kMostLabels = 10000;

class Writer
{
public:
    template <typename T> void number(T value)
    {
        for (std::size_t i = 0; i < sizeof value; ++i)
            m_bytes += char(std::uint64_t(value) >> (8 * i) & 0xff);
    }
    void real(double value)
    {
        std::uint64_t bits;
        std::memcpy(&bits, &value, sizeof bits);
        number(bits);
    }
    void text(std::string_view value)
    {
        number(std::uint32_t(value.size()));
        m_bytes += value;
    }
    void reals(const std::vector<double> &values)
    {
        for (const double value : values)
            real(value);
    }
    [[nodiscard]] const std::string &bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

class Reader : public ByteReader
{
public:
    using ByteReader::ByteReader;

    double real()
    {
        const auto bits = number<std::uint64_t>();
        double value;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }
    std::string text() { return std::string(bytes(number<std::uint32_t>())); }
    std::vector<double> reals(std::size_t count)
    {
        std::vector<double> values;
        for (std::size_t i = 0; i < count && !failed(); ++i)
            values.push_back(real());
        return values;
    }
};

}

std::string Heads::save() const
{
    Writer out;
    for (const double block : weighing.blocks)
        out.real(block);
    out.real(weighing.vector);
    out.number(weighing.leastTexts);
    out.text(phrases);
    out.text(space);
    out.number(vectorSize);
    out.number(std::uint32_t(fields.size()));
    for (const Field &field : fields) {
        out.text(field.name);
        out.number(std::uint8_t(field.single));
        out.number(std::uint32_t(field.labels.size()));
        for (const std::string &label : field.labels)
            out.text(label);
        for (const auto *values : {&field.scales, &field.slopes, &field.offsets, &field.borders})
            out.reals(*values);
        out.real(field.abstainBelow);
    }
    out.number(vocabulary.size());
    out.number(vocabulary.unknownRarity());
    for (const std::uint64_t column : vocabulary.columns())
        out.number(std::uint8_t(column >> 32));
    for (const std::uint64_t column : vocabulary.columns())
        out.number(std::uint32_t(column));
    for (const std::uint16_t rarity : vocabulary.rarities())
        out.number(rarity);
    // Label by label, low bytes and high bytes apart: packs better.
    const std::size_t labels = labelCount(), columns = width() + 1;
    for (std::size_t l = 0; l < labels; ++l)
        for (const int shift : {0, 8})
            for (std::size_t c = 0; c < columns; ++c)
                out.number(std::uint8_t(std::uint16_t(weights[c * labels + l]) >> shift));

    std::string packed(compressBound(uLong(out.bytes().size())), '\0');
    uLongf size = uLongf(packed.size());
    compress2(reinterpret_cast<Bytef *>(packed.data()), &size, reinterpret_cast<const Bytef *>(out.bytes().data()),
              uLong(out.bytes().size()), 9);
    packed.resize(size);
    Writer file;
    file.number(std::uint64_t(out.bytes().size()));
    return std::string(kMagic) + kVersion + std::string(bytesOf(sha256(out.bytes()))) + file.bytes() + packed;
}

Result<Heads> Heads::load(std::string_view bytes)
{
    constexpr std::size_t kHead = 8 + sizeof(Digest) + 8;
    const auto corrupt = [](const char *why) { return fail(ErrorCode::Corrupt, std::string("no model: ") + why); };
    if (bytes.size() < kHead || !bytes.starts_with(kMagic))
        return corrupt("it does not begin as one");
    if (bytes[kMagic.size()] != kVersion)
        return fail(ErrorCode::Newer, "a model of another version of the program");
    const auto plainSize = Reader(bytes.substr(kHead - 8, 8)).number<std::uint64_t>();
    if (plainSize > kMostBytes)
        return corrupt("too large");
    std::string plain(plainSize, '\0');
    uLongf size = uLongf(plain.size());
    const auto packed = bytes.substr(kHead);
    if (uncompress(reinterpret_cast<Bytef *>(plain.data()), &size, reinterpret_cast<const Bytef *>(packed.data()),
                   uLong(packed.size()))
            != Z_OK
        || size != plain.size() || bytesOf(sha256(plain)) != bytes.substr(8, sizeof(Digest)))
        return corrupt("its bytes are damaged");

    Reader in(plain);
    Heads heads;
    for (double &block : heads.weighing.blocks)
        block = in.real();
    heads.weighing.vector = in.real();
    heads.weighing.leastTexts = in.number<std::uint32_t>();
    heads.phrases = in.text();
    heads.space = in.text();
    heads.vectorSize = in.number<std::uint32_t>();
    const auto fieldCount = in.number<std::uint32_t>();
    for (std::uint32_t f = 0; f < fieldCount && !in.failed(); ++f) {
        Field field;
        field.name = in.text();
        field.single = in.number<std::uint8_t>() != 0;
        const auto labels = in.number<std::uint32_t>();
        if (labels > kMostLabels)
            return corrupt("too many labels");
        for (std::uint32_t l = 0; l < labels && !in.failed(); ++l)
            field.labels.push_back(in.text());
        for (auto *values : {&field.scales, &field.slopes, &field.offsets, &field.borders})
            *values = in.reals(labels);
        field.abstainBelow = in.real();
        heads.fields.push_back(std::move(field));
    }
    const auto columns = in.number<std::uint32_t>();
    const auto unknown = in.number<std::uint16_t>();
    if (!in.has(columns, 7) || heads.vectorSize > 65536)
        return corrupt("it ends too early");
    std::vector<std::uint64_t> keys(columns);
    std::vector<std::uint16_t> rarities(columns);
    for (std::uint64_t &key : keys)
        key = std::uint64_t(in.number<std::uint8_t>()) << 32;
    for (std::uint64_t &key : keys)
        key |= in.number<std::uint32_t>();
    for (std::uint16_t &rarity : rarities)
        rarity = in.number<std::uint16_t>();
    auto vocabulary = Vocabulary::from(std::move(keys), std::move(rarities), unknown);
    if (!vocabulary)
        return failAt("no model", vocabulary.error());
    heads.vocabulary = std::move(*vocabulary);
    const std::size_t labels = heads.labelCount(), rows = heads.width() + 1;
    if (!in.has(std::uint64_t(labels) * rows, 2))
        return corrupt("it ends too early");
    std::vector<std::uint16_t> bits(labels * rows, 0);
    for (std::size_t l = 0; l < labels; ++l)
        for (const int shift : {0, 8})
            for (std::size_t c = 0; c < rows; ++c)
                bits[c * labels + l] |= std::uint16_t(in.number<std::uint8_t>() << shift);
    heads.weights.resize(bits.size());
    std::memcpy(heads.weights.data(), bits.data(), bits.size() * sizeof(std::uint16_t));
    if (in.failed() || !in.atEnd())
        return corrupt("it ends elsewhere than it should");
    return heads;
}

}
