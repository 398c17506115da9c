"""Makes lexical.bin, the frozen table of the lexical space.

    make_lexical_table.py DATA_FOLDER [lexical.bin]

Counts in how many general reviews and sentences a word occurs, so that words everybody uses weigh little. Only counts
of hashed words go into the table, from these sets (no text is kept):

- bulk/undated_wechat_gp, bulk/dated_wechat_wp: armor-ai/CrossMiner, MIT
- feature_search/collection: jsdabrowski/IS-22, MIT
- review_type/urr_14label: panichella/UserReviewReference-Replication-Package, MIT
- lang_id/lang_id: pemistahl/lingua language test data, Apache-2.0 (sentences from Leipzig Wortschatz, CC BY)

stopwords.json (our own lists) gives the words that carry no issue: per language, and `generic` for all languages.

Layout, little endian: "WLEX", u32 format, u32 buckets, u16 × buckets weights; u32 languages, each u8 length, name,
u32 count, u32 × count hashes of stop words (the first list, named "", is the generic one); u32 terms, u32 × terms
hashes in rising order, u8 × terms buckets. A bucket is a step of 0.4 in ln(1 / share); a term that is not in the table
is in the rarest one. Words are folded, cut to six code points and hashed as core/local/lexicalterms.cpp does it."""
import collections
import csv
import gzip
import json
import math
import pathlib
import struct
import sys
import unicodedata

FORMAT = 1
STEP = 0.4
BUCKETS = 32
CUT = 6
TYPICAL = 0.02  # a word of an issue stands in about this share of a block's texts
HEAVIEST = 5.0


def is_dropped(cp):
    return 0x300 <= cp <= 0x36F or 0x591 <= cp <= 0x5C7 or 0x610 <= cp <= 0x61A or 0x64B <= cp <= 0x65F or cp in (0x640, 0x670)


def is_dense(cp):
    """Scripts written without blanks, and Hangul: cut into character pairs."""
    return (0xE00 <= cp <= 0xEFF or 0x1000 <= cp <= 0x109F or 0x1780 <= cp <= 0x17FF or 0x3040 <= cp <= 0x30FF or 0x31F0 <= cp <= 0x31FF
            or 0x3400 <= cp <= 0x4DBF or 0x4E00 <= cp <= 0x9FFF or 0xAC00 <= cp <= 0xD7A3 or 0xF900 <= cp <= 0xFAFF or 0x20000 <= cp <= 0x323AF)


FOLDED = {}


def fold(c):
    known = FOLDED.get(c)
    if known is None:
        if 0xAC00 <= ord(c) <= 0xD7A3:
            known = c
        else:
            known = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", c).casefold())
        known = FOLDED[c] = "".join(x for x in known if not is_dropped(ord(x)))
    return known


def words(text):
    """Folded words in order; None where a sign that is no blank or apostrophe parts two words."""
    out, run, kind = [], "", ""

    def flush():
        nonlocal run
        if kind == "dense":
            out.extend([run] if len(run) == 1 else [run[i:i + 2] for i in range(len(run) - 1)])
        elif len(run) >= 2 or kind == "digit" and run:
            out.append(run[:CUT])
        run = ""

    for c in text:
        for x in fold(c) or ("" if is_dropped(ord(c)) else " "):
            category = unicodedata.category(x)
            now = "dense" if is_dense(ord(x)) and category[0] in "LM" else "letter" if category[0] in "LM" else "digit" if category == "Nd" else ""
            if now != kind:
                flush()
                kind = now
            if now:
                run += x
    flush()
    return out


def hash_of(word):
    h = 0xCBF29CE484222325
    for b in word.encode():
        h = (h ^ b) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    h ^= h >> 32
    h = h * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return h >> 32


def rows(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def bucket(share):
    return max(0, min(BUCKETS - 1, round(-math.log(share) / STEP)))


def weight(b):
    return max(1, round(100 * min(HEAVIEST, 0.5 + max(0.0, b * STEP + math.log(TYPICAL)))))


def main():
    data = pathlib.Path(sys.argv[1])
    here = pathlib.Path(__file__).parent
    out = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else here / "lexical.bin"
    stop = {lang: sorted({hash_of(w) for word in text.split() for w in words(word)}) for lang, text in json.loads((here / "stopwords.json").read_text(encoding="utf-8")).items()}
    pools = collections.defaultdict(list)
    for name in ("bulk/undated_wechat_gp.csv.gz", "bulk/dated_wechat_wp.csv.gz", "feature_search/collection.csv.gz", "review_type/urr_14label.csv"):
        pools["reviews"] += [set(words(r["text"])) for r in rows(data / name)]
    for r in rows(data / "lang_id/lang_id.csv.gz"):
        if r["kind"] == "sentence":
            pools[r["lang"]].append(set(words(r["text"])))
    share = {}
    for name, texts in sorted(pools.items()):
        texts = [t for t in texts if len(t) >= 5]
        counts = collections.Counter(w for t in texts for w in t)
        for word, count in counts.items():
            if count >= 3:
                share[word] = max(share.get(word, 0.0), count / len(texts))
    table = {}
    for word, s in share.items():
        h = hash_of(word)
        table[h] = min(table.get(h, BUCKETS - 1), bucket(s))
    terms = sorted(h for h in table if table[h] < BUCKETS - 1)
    names = [n for n in ["generic"] + sorted(set(stop) - {"generic"}) if stop[n]]
    blob = b"WLEX" + struct.pack("<II", FORMAT, BUCKETS) + struct.pack(f"<{BUCKETS}H", *(weight(b) for b in range(BUCKETS)))
    blob += struct.pack("<I", len(names))
    for n in names:
        label = b"" if n == "generic" else n.encode()
        blob += struct.pack("<B", len(label)) + label + struct.pack(f"<I{len(stop[n])}I", len(stop[n]), *stop[n])
    blob += struct.pack(f"<I{len(terms)}I", len(terms), *terms) + bytes(table[h] for h in terms)
    out.write_bytes(blob)
    print(f"{out}: {len(terms)} terms, {len(names)} lists of stop words, {len(blob)} bytes")


main()
