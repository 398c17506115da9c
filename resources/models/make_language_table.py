"""Makes languages.bin, the table of the language stage, from the word lists of the PyPI packages langidentify and
langidentify-full-model 1.0 (Apache-2.0, Jeremy Lilley).

    pip download --no-deps langidentify-full-model==1.0.0 && unzip langidentify_full_model-*.whl -d lists
    make_language_table.py lists/langidentify_full_model/data languages.bin

Per language the 50,000 commonest words with their frequencies are cut into n-grams of 3, 4 and 5 characters, word
borders (^ and $) among them. Kept is what makes up more than one in 100,000 of its order in the language.

languages.bin: zlib of
  "WLT1", u8 number of languages, each: u8 length, code;
  u32 number of n-grams, then per n-gram in order of its hash: varint(hash - hash before), u8 languages;
  then for all n-grams in that order: the language numbers, u8 each; then all weights, u8 each.
hash: FNV-1a, 32 bits, of the n-gram's UTF-8. weight: 16 ln(p / FLOOR), rounded, at most 255, at least 1."""
import collections
import gzip
import math
import pathlib
import re
import struct
import sys
import zlib

ORDERS = (3, 4, 5)
WORDS = 50_000
FLOOR = 1e-5
# of the lists: what we do not tell apart stays out
LEFT_OUT = {"lb", "ps"}


def ngrams(path):
    """n-gram → share of its order"""
    counts = {n: collections.Counter() for n in ORDERS}
    read = 0
    for line in gzip.open(path, "rt", encoding="utf-8"):
        if line.startswith("#"):
            continue
        word, log_p = line.rsplit(" ", 1)
        read += 1
        if read > WORDS:
            break
        p = math.exp(float(log_p))
        for part in re.findall(r"[^\W\d_]+", word):
            text = "^" + part + "$"
            for n in ORDERS:
                for i in range(len(text) - n + 1):
                    counts[n][text[i:i + n]] += p
    shares = {}
    for n in ORDERS:
        total = sum(counts[n].values())
        shares.update((gram, value / total) for gram, value in counts[n].items() if value / total > FLOOR)
    return shares


def fnv(gram):
    value = 2166136261
    for byte in gram.encode():
        value = (value ^ byte) * 16777619 & 0xffffffff
    return value


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7f | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def main():
    folder, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    files = {re.search(r"topwords-(\w+)\.", f.name).group(1): f for f in folder.glob("topwords-*.txt.gz")}
    codes = sorted(set(files) - LEFT_OUT)
    table = collections.defaultdict(dict)  # of two n-grams with one hash the heavier weight counts
    for number, code in enumerate(codes):
        for gram, share in ngrams(files[code]).items():
            weight = min(255, max(1, round(16 * math.log(share / FLOOR))))
            row = table[fnv(gram)]
            row[number] = max(weight, row.get(number, 0))
        print(code, len(table), file=sys.stderr)
    out = bytearray(b"WLT1") + bytes([len(codes)])
    for code in codes:
        out += bytes([len(code)]) + code.encode()
    hashes = sorted(table)
    out += struct.pack("<I", len(hashes))
    before = 0
    for value in hashes:
        out += varint(value - before) + bytes([len(table[value])])
        before = value
    out += b"".join(bytes(sorted(table[value])) for value in hashes)
    out += b"".join(bytes(table[value][number] for number in sorted(table[value])) for value in hashes)
    target.write_bytes(zlib.compress(bytes(out), 9))
    print(len(codes), "languages,", len(hashes), "n-grams,", target.stat().st_size, "bytes")


main()
