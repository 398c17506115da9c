"""Makes lexical.bin, the frozen table of the lexical space.

    make_lexical_table.py DATA_FOLDER [lexical.bin]

Counts in how many general reviews and sentences a word occurs, so that words everybody uses weigh little. Only counts
of hashed words go into the table, from these sets (no text is kept):

- bulk/undated_wechat_gp, bulk/dated_wechat_wp: armor-ai/CrossMiner, MIT
- feature_search/collection: jsdabrowski/IS-22, MIT
- review_type/urr_14label: panichella/UserReviewReference-Replication-Package, MIT
- lang_id/lang_id: pemistahl/lingua language test data, Apache-2.0 (sentences from Leipzig Wortschatz, CC BY)

stopwords.json (our own lists) gives the words that carry no issue: per language, and `generic` for all languages.
concepts.json (our own lists too) names words of several languages that mean one thing.

Layout, little endian: "WLEX", u32 format; u32 lists, each u8 length, language, u32 count, u32 × count hashes of its stop
words (the list named "" is the generic one); u32 concepts, each u32 hash, u8 rarity, u32 count, u32 × count hashes of its
words; u32 words, u32 × words hashes in rising order, u8 × words rarities. A rarity is a step of 0.4 in ln(1 / share of
texts that hold the word); a word that is not in the table has the greatest. Words are folded, cut to six code points and
hashed as core/local/lexicalterms.cpp does it."""
import collections
import csv
import gzip
import json
import math
import pathlib
import struct
import sys
import unicodedata

FORMAT = 2
STEP = 0.4
RAREST = 31
CUT = 6


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


def rarity(share):
    return max(0, min(RAREST, round(-math.log(share) / STEP)))


def shares(data):
    """Share of the texts that hold a word, in the set where it is most common: a word that is common in one language is
    no sign of an issue in another."""
    pools = collections.defaultdict(list)
    for name in ("bulk/undated_wechat_gp.csv.gz", "bulk/dated_wechat_wp.csv.gz", "feature_search/collection.csv.gz", "review_type/urr_14label.csv"):
        pools["reviews"] += [set(words(r["text"])) for r in rows(data / name)]
    for r in rows(data / "lang_id/lang_id.csv.gz"):
        if r["kind"] == "sentence":
            pools[r["lang"]].append(set(words(r["text"])))
    share = {}
    for name, texts in sorted(pools.items()):
        texts = [t for t in texts if len(t) >= 5]
        for word, count in collections.Counter(w for t in texts for w in t).items():
            if count >= 3:
                share[word] = max(share.get(word, 0.0), count / len(texts))
    return share


def main():
    data = pathlib.Path(sys.argv[1])
    here = pathlib.Path(__file__).parent
    out = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else here / "lexical.bin"
    stop = {lang: sorted({hash_of(w) for w in words(text)}) for lang, text in json.loads((here / "stopwords.json").read_text(encoding="utf-8")).items()}
    share = shares(data)
    concepts, concept_of = {}, {}
    for name, text in json.loads((here / "concepts.json").read_text(encoding="utf-8")).items():
        for word in text.split():
            if len(words(word)) != 1:
                sys.exit(f"concepts.json: {word} is not one word")
            if concept_of.setdefault(words(word)[0], name) != name:
                sys.exit(f"concepts.json: {word} is in {concept_of[words(word)[0]]} and in {name}")
    for word, name in concept_of.items():
        concepts.setdefault(name, []).append(word)
    table = {}
    for word, s in share.items():
        table[hash_of(word)] = min(table.get(hash_of(word), RAREST), rarity(s))
    terms = sorted(h for h in table if table[h] < RAREST)
    names = sorted(n for n in stop if stop[n])
    blob = b"WLEX" + struct.pack("<II", FORMAT, len(names))
    for n in names:
        label = b"" if n == "generic" else n.encode()
        blob += struct.pack("<B", len(label)) + label + struct.pack(f"<I{len(stop[n])}I", len(stop[n]), *stop[n])
    blob += struct.pack("<I", len(concepts))
    for name, members in sorted(concepts.items()):
        hashes = sorted({hash_of(w) for w in members})
        common = max((share[w] for w in members if w in share), default=0.0)
        blob += struct.pack(f"<IBI{len(hashes)}I", hash_of("=" + name), rarity(common) if common else RAREST, len(hashes), *hashes)
    blob += struct.pack(f"<I{len(terms)}I", len(terms), *terms) + bytes(table[h] for h in terms)
    out.write_bytes(blob)
    print(f"{out}: {len(terms)} words, {len(names)} lists of stop words, {len(concepts)} concepts, {len(blob)} bytes")


main()
