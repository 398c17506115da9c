"""Makes languages.bin, the table of the language stage.

    pip download --no-deps langidentify-full-model==1.0.0 lingua-language-detector==1.3.5   # wheels, unzip both
    make_language_table.py LISTS MODELS LINES fit language_weights.json
    make_language_table.py LISTS MODELS LINES make language_weights.json languages.bin

LISTS   langidentify_full_model/data: words with frequencies of 62 languages, counted in Wikipedia (Apache-2.0, Jeremy
        Lilley; wheel SHA-256 LISTS_SHA256)
MODELS  lingua/language-models: n-grams of 75 languages (Apache-2.0, Peter M. Stahl; wheel SHA-256 MODELS_SHA256)
LINES   a CSV of lang, kind, text: the word, word_pair and sentence lines of lingua's accuracy report (Apache-2.0)

What speaks for a language is a weighted sum over a text's words, each in the form ^word$:
  m4  ln(p / FLOOR) of its 4-grams, p the mean of what LISTS and MODELS say
  K   that LISTS know the word, W: ln(p / WORD_FLOOR) of it
  d1, d3, d4, dW   ln(1 + count / ALPHA) of its letters, 3-grams, 4-grams and itself in LINES
`fit` finds the weights and one constant per language by softmax regression. The d-features of a line then come from the
other four fifths of LINES, so that the weights are those for texts never seen. `make` counts in all LINES, but those of
fold N with --without N, for measuring.

languages.bin: zlib of
  "WLT2", u8 number of languages, each: u8 length, code, i16 constant;
  u32 number of keys, then per key in order of its hash: varint(hash - hash before); then their numbers of languages, u8
  each; then for all keys in that order the language numbers, u8 each; then all weights, u8 each.
hash: FNV-1a, 32 bits, of the n-gram's UTF-8; of a whole word, of "=" and the word. A unit is 1 / UNIT of ln."""
import collections
import csv
import gzip
import hashlib
import json
import math
import pathlib
import re
import struct
import sys
import unicodedata
import zlib

import brotli
import numpy as np
from scipy import optimize, sparse

LISTS_SHA256 = "5d0b1125a1fdbb381cec6995c8da0f6320fc042d23211fde387d9c8cee82c0d2"
MODELS_SHA256 = "7254696753c4ee8ce127190cfb985d8b4621690d355c55b278c883f5bb5e152b"
FLOOR, WORD_FLOOR = 1e-5, 1e-6
ALPHA = {"d1": .5, "d3": .3, "d4": .2, "dW": .05}
FEATURES = ("m4", "K", "W", "d1", "d3", "d4", "dW")
UNIT = 20
FOLDS = 5
# of the lists: what we do not tell apart stays out
LEFT_OUT = {"lb", "ps"}
# one language alone writes these, so their letters settle it
BY_SCRIPT = set("bn el gu he hy ja ka ko pa si ta te th zh".split())
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff])*")
LONGEST = 40


def words(text):
    return [w[:LONGEST] for w in WORD.findall(unicodedata.normalize("NFC", text).lower().replace("i\u0307", "i"))]


def ngrams(word, order):
    text = word if order == 1 else "^" + word + "$"
    return [text[i:i + order] for i in range(len(text) - order + 1)]


def norm(code):
    return "no" if code == "nb" else code


def fold(text):
    """which fifth of LINES a line is of"""
    return hashlib.sha256(text.encode()).digest()[0] % FOLDS


def read_list(path):
    """word → share; 4-gram → share"""
    shares, grams = collections.defaultdict(float), collections.defaultdict(float)
    for line in gzip.open(path, "rt", encoding="utf-8"):
        if line.startswith("#"):
            continue
        text, log_p = line.rsplit(" ", 1)
        p = math.exp(float(log_p))
        for word in words(text):
            shares[word] += p
            for gram in ngrams(word, 4):
                grams[gram] += p
    total = sum(grams.values())
    return {w: p for w, p in shares.items() if p >= WORD_FLOOR}, {g: p / total for g, p in grams.items()}


def read_model(folder):
    """4-gram → share, through the chain of conditional shares"""
    shares = {"": 1.0}
    for name in ("unigrams", "bigrams", "trigrams", "quadrigrams"):
        path = folder / f"{name}.json.br"
        if not path.exists():
            return {}
        longer = {}
        for fraction, grams in json.loads(brotli.decompress(path.read_bytes()))["ngrams"].items():
            above, below = fraction.split("/")
            p = int(above) / int(below)
            for gram in grams.split(" "):
                longer[gram] = p * shares.get(gram[:-1], 0)
        shares = longer
    return shares


def sources(lists, models):
    """feature → language → key → weight before the fitted one"""
    files = {norm(re.search(r"topwords-(\w+)\.", f.name).group(1)): f for f in lists.glob("topwords-*.txt.gz")}
    folders = {norm(f.name): f for f in models.iterdir() if f.is_dir()}
    out = {"m4": {}, "K": {}, "W": {}}
    for code in sorted((set(files) | set(folders)) - LEFT_OUT - BY_SCRIPT):
        shares, grams = read_list(files[code]) if code in files else ({}, {})
        chain = read_model(folders[code]) if code in folders else {}
        mixed = {g: (grams.get(g, 0) + chain.get(g, 0)) / 2 for g in grams.keys() | chain.keys()}
        out["m4"][code] = {g: math.log(p / FLOOR) for g, p in mixed.items() if p > FLOOR}
        out["K"][code] = {"=" + w: 1.0 for w in shares}
        out["W"][code] = {"=" + w: math.log(p / WORD_FLOOR) for w, p in shares.items()}
        print(code, len(shares), len(out["m4"][code]), file=sys.stderr, flush=True)
    return out


def keys(text):
    """feature → keys of a text"""
    found = words(text)
    out = {"d" + str(n): [g for w in found for g in ngrams(w, n)] for n in (1, 3, 4)}
    out["dW"] = ["=" + w for w in found]
    out["m4"], out["K"], out["W"] = out["d4"], out["dW"], out["dW"]
    return out


def counted(rows, codes):
    """the same as sources() of LINES"""
    out = {name: {code: collections.Counter() for code in codes} for name in ALPHA}
    for code, text in rows:
        cut = keys(text)
        for name in ALPHA:
            out[name][code].update(cut[name])
    for name, alpha in ALPHA.items():
        totals = {code: sum(c.values()) + 1 for code, c in out[name].items()}
        middle = sum(totals.values()) / len(totals)
        for code, counts in out[name].items():
            out[name][code] = {k: math.log(1 + n * middle / totals[code] / alpha) for k, n in counts.items()}
    return out


def measure(weights, cut, codes):
    """texts × languages: the sum of a feature's weights"""
    index = {}
    at = [[index.setdefault(k, len(index)) for k in row] for row in cut]
    table = np.zeros((len(index), len(codes)), np.float32)
    for column, code in enumerate(codes):
        known = weights.get(code, {})
        for key, row in index.items():
            if key in known:
                table[row, column] = known[key]
    starts = np.cumsum([0] + [len(r) for r in at])
    flat = np.array([i for r in at for i in r], np.int32)
    return sparse.csr_matrix((np.ones(len(flat), np.float32), flat, starts), shape=(len(at), len(index))) @ table


def fit(rows, base, codes):
    """feature → weight; language → constant"""
    rows = [r for r in rows if r[0] in codes]
    cuts = [keys(text) for _, text in rows]
    y = np.array([codes.index(code) for code, _ in rows])
    folds = np.array([fold(text) for _, text in rows])
    size = np.maximum(1, [len(c["dW"]) for c in cuts]) ** .7
    sums = np.zeros((len(FEATURES), len(rows), len(codes)), np.float32)
    for number, name in enumerate(FEATURES):
        if name in base:
            sums[number] = measure(base[name], [c[name] for c in cuts], codes)
    for part in range(FOLDS):
        here = np.flatnonzero(folds == part)
        other = counted([r for r, f in zip(rows, folds) if f != part], codes)
        for number, name in enumerate(FEATURES):
            if name in other:
                sums[number, here] = measure(other[name], [cuts[i][name] for i in here], codes)
    sums /= size[None, :, None].astype(np.float32)
    picks = np.arange(len(rows))

    def loss(x):
        weights, constants = x[:len(FEATURES)], x[len(FEATURES):]
        s = np.tensordot(weights, sums, 1) + constants / size[:, None]
        s -= s.max(1, keepdims=True)
        e = np.exp(s)
        z = e.sum(1)
        value = (np.log(z) - s[picks, y]).mean() + 1e-4 * constants @ constants
        e /= z[:, None]
        e[picks, y] -= 1
        e /= len(rows)
        slopes = [np.vdot(e, sums[k]) for k in range(len(FEATURES))]
        return value, np.r_[slopes, (e / size[:, None]).sum(0) + 2e-4 * constants]

    start = np.r_[np.full(len(FEATURES), .3), np.zeros(len(codes))]
    best = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80},
                             bounds=[(0, None)] * len(FEATURES) + [(None, None)] * len(codes))
    s = np.tensordot(best.x[:len(FEATURES)], sums, 1) + best.x[len(FEATURES):] / size[:, None]
    print("cross-validated accuracy of all lines", (s.argmax(1) == y).mean(), file=sys.stderr)
    return {"features": {n: round(float(w), 4) for n, w in zip(FEATURES, best.x)},
            "languages": {c: round(float(w), 3) for c, w in zip(codes, best.x[len(FEATURES):])}}


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


def make(weights, parts, codes, target):
    table = {}  # of two keys with one hash the heavier weight counts
    for number, code in enumerate(codes):
        row = collections.defaultdict(float)
        for name, part in parts.items():
            factor = weights["features"][name]
            for key, value in part.get(code, {}).items():
                row[key] += factor * value
        for key, value in row.items():
            # words differ little in weight once they are known, and a coarse weight packs better
            weight = round(value * UNIT / 4) * 4 if key[0] == "=" else round(value * UNIT)
            if weight > 0:
                entry = table.setdefault(fnv(key), {})
                entry[number] = max(min(weight, 255), entry.get(number, 0))
    hashes = sorted(table)
    out = bytearray(b"WLT2") + bytes([len(codes)])
    for code in codes:
        constant = round(weights["languages"][code] * UNIT)
        out += bytes([len(code)]) + code.encode() + struct.pack("<h", constant)
    out += struct.pack("<I", len(hashes))
    before = 0
    for value in hashes:
        out += varint(value - before)
        before = value
    out += bytes(len(table[value]) for value in hashes)
    out += b"".join(bytes(sorted(table[value])) for value in hashes)
    out += b"".join(bytes(table[value][number] for number in sorted(table[value])) for value in hashes)
    target.write_bytes(zlib.compress(bytes(out), 9))
    print(len(codes), "languages,", len(hashes), "keys,", sum(map(len, table.values())), "weights,", len(out),
          "bytes, packed", target.stat().st_size, file=sys.stderr)


def main():
    arguments = sys.argv[1:]
    without = None
    if "--without" in arguments:
        at = arguments.index("--without")
        without = int(arguments[at + 1])
        del arguments[at:at + 2]
    lists, models, lines, mode, weights = map(pathlib.Path, arguments[:5])
    opened = gzip.open if lines.suffix == ".gz" else open
    with opened(lines, "rt", encoding="utf-8", newline="") as file:
        rows = [(norm(r["lang"]), r["text"]) for r in csv.DictReader(file) if r["kind"] != "review"]
    rows = [r for r in rows if r[0] not in BY_SCRIPT]
    base = sources(lists, models)
    codes = sorted(set(base["m4"]) | {r[0] for r in rows})
    if str(mode) == "fit":
        weights.write_text(json.dumps(fit(rows, base, codes), indent=1) + "\n", encoding="utf-8")
        return
    base.update(counted([r for r in rows if fold(r[1]) != without], codes))
    make(json.loads(weights.read_text(encoding="utf-8")), base, codes, pathlib.Path(arguments[5]))


if __name__ == "__main__":
    main()
