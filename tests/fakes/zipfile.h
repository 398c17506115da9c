#pragma once
// ZIP archives for tests, byte by byte, so that they can also be wrong.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>

namespace winnow::fakes
{

inline std::string deflated(std::string_view text, int windowBits)
{
    z_stream stream = {};
    deflateInit2(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = uInt(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = uInt(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

inline std::string gzipped(std::string_view text)
{
    return deflated(text, 15 + 16);
}

struct ZipMember {
    std::string name, text;
    bool encrypted = false; ///< only says so
    std::uint32_t claimed = 0; ///< size that the directory claims; 0: the real one
    bool wrongChecksum = false;
};

inline std::string zipped(const std::vector<ZipMember> &members)
{
    std::string file, directory;
    const auto put = [](std::string &to, std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            to += char(value >> (8 * i));
    };
    for (const ZipMember &member : members) {
        const std::string packed = deflated(member.text, -15);
        const auto sum = crc32(0, reinterpret_cast<const Bytef *>(member.text.data()), uInt(member.text.size()))
            ^ (member.wrongChecksum ? 1u : 0u);
        const std::uint64_t at = file.size(), size = member.claimed ? member.claimed : member.text.size();
        std::string common;
        put(common, 20, 2); // version needed
        put(common, 0x800 | (member.encrypted ? 1 : 0), 2); // names are UTF-8
        put(common, 8, 2); // deflate
        put(common, 0, 4); // time
        put(common, sum, 4);
        put(common, packed.size(), 4);
        put(common, size, 4);
        put(common, member.name.size(), 2);
        put(common, 0, 2); // extra
        file += "PK\x03\x04" + common + member.name + packed;
        directory += "PK\x01\x02";
        put(directory, 20, 2); // version made by
        directory += common;
        put(directory, 0, 2); // comment
        put(directory, 0, 2); // disk
        put(directory, 0, 2); // attributes
        put(directory, 0, 4);
        put(directory, at, 4);
        directory += member.name;
    }
    const std::uint64_t at = file.size();
    file += directory + "PK\x05\x06";
    put(file, 0, 4);
    put(file, members.size(), 2);
    put(file, members.size(), 2);
    put(file, directory.size(), 4);
    put(file, at, 4);
    put(file, 0, 2);
    return file;
}

/// What a workbook needs besides its sheets.
struct Book {
    std::vector<std::pair<std::string, std::string>> sheets; ///< name and `<row>…` elements
    std::string shared; ///< `<si>…` elements
    std::string formats; ///< `<numFmt …/>` elements
    std::string cellStyles; ///< `<xf …/>` elements
    bool from1904 = false;
    std::string hidden; ///< name of a sheet
    std::string prefix; ///< before every element's name on sheets, such as `x:`
};

inline std::vector<ZipMember> membersOf(const Book &book)
{
    const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    const std::string main = " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const std::string relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    std::string sheets, targets;
    std::vector<ZipMember> members{
        {"[Content_Types].xml",
         head + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"}};
    for (std::size_t i = 0; i < book.sheets.size(); ++i) {
        const std::string number = std::to_string(i + 1);
        sheets += "<sheet name=\"" + book.sheets[i].first + "\" sheetId=\"" + number + "\" r:id=\"rId" + number + "\""
            + (book.sheets[i].first == book.hidden ? " state=\"hidden\"" : "") + "/>";
        targets += "<Relationship Id=\"rId" + number + "\" Type=\"" + relations
            + "/worksheet\" Target=\"worksheets/sheet" + number + ".xml\"/>";
        const std::string &p = book.prefix;
        members.push_back({"xl/worksheets/sheet" + number + ".xml",
                           head + "<" + p + "worksheet" + main + "><" + p + "sheetData>" + book.sheets[i].second + "</"
                               + p + "sheetData></" + p + "worksheet>"});
    }
    members.push_back({"xl/workbook.xml",
                       head + "<workbook" + main + " xmlns:r=\"" + relations + "\"><workbookPr"
                           + (book.from1904 ? " date1904=\"1\"" : "") + "/><sheets>" + sheets
                           + "</sheets></workbook>"});
    members.push_back({"xl/_rels/workbook.xml.rels",
                       head + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                           + targets + "</Relationships>"});
    if (!book.shared.empty())
        members.push_back({"xl/sharedStrings.xml", head + "<sst" + main + ">" + book.shared + "</sst>"});
    if (!book.cellStyles.empty())
        members.push_back({"xl/styles.xml",
                           head + "<styleSheet" + main + "><numFmts>" + book.formats + "</numFmts><cellXfs>"
                               + book.cellStyles + "</cellXfs></styleSheet>"});
    return members;
}

/// Cells that hold their own text.
inline std::string inlineRow(const std::vector<std::string> &cells)
{
    std::string row = "<row>";
    for (const std::string &cell : cells)
        row += "<c t=\"inlineStr\"><is><t>" + cell + "</t></is></c>";
    return row + "</row>";
}

}
