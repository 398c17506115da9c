#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the bundled sample data in resources/samples (Python 3.11, standard library only).

Prints figures; exits 1 when a promise of the README is broken.
Usage: check_samples.py [SAMPLES_DIR] [--counts]   (--counts lists the issues with their number of records)
"""
from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

ARGS = [a for a in sys.argv[1:] if not a.startswith("--")]
ROOT = Path(ARGS[0]) if ARGS else Path(__file__).resolve().parents[2] / "resources" / "samples"

TYPES = set("bug performance battery security privacy billing usability feature_request question praise other".split())
SEVERITIES = set("critical high medium low none".split())
DECISIONS = set("approve attach reject snooze escalate".split())
REASONS = set("not_issue duplicate fixed not_actionable evidence_wrong wont_fix spam".split())
CHANNELS = set("app_review business_review product_review support_ticket support_message csat nps survey forum_post "
               "chat_message social_post call_transcript call_note other".split())
CANONICAL = set("source_record_id url author_id author_name author_email created_at updated_at language rating title body product "
                "app_version os os_version device region country plan_tier account_id thread_id".split())
PII_TYPES = set("PERSON EMAIL_ADDRESS PHONE_NUMBER CREDIT_CARD IBAN_CODE ORDER_ID ACCOUNT_ID IP_ADDRESS ADDRESS URL".split())
SCALES = {"stars_1_5": (1, 5), "nps_0_10": (0, 10)}
FIRST, LAST = "2026-08-24", "2026-11-22"

FILES = {
    "app_reviews": "app_reviews.jsonl", "shop_reviews": "shop_reviews.csv", "support_tickets": "support_tickets.tsv",
    "survey_nps": "survey_nps.json", "forum_posts": "forum_posts.jsonl", "social_posts": "social_posts.csv.gz",
    "call_notes": "call_notes.jsonl",
}

breaches: list[str] = []


def need(ok: bool, text: str) -> None:
    if not ok:
        breaches.append(text)


def raw_bytes(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".gz":
        need(data[4:8] == b"\0\0\0\0", f"{path.name}: gzip time is not 0")
        data = gzip.decompress(data)
    need(not data.startswith(b"\xef\xbb\xbf"), f"{path.name}: byte order mark")
    need(b"\r" not in data, f"{path.name}: CR line ends")
    data.decode("utf-8")
    return data


def rows_of(path: Path) -> list[dict]:
    text = raw_bytes(path).decode("utf-8")
    name = path.name.removesuffix(".gz")
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    if name.endswith(".json"):
        return json.loads(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if name.endswith(".tsv") else ",", strict=True))
    head = rows[0]
    need(all(len(r) == len(head) for r in rows), f"{name}: rows of different length")
    return [dict(zip(head, r)) for r in rows[1:]]


def sentences(text: str | None) -> list[str]:
    """Sentences, normalised: case folded, only letters and digits of any script."""
    result = []
    for part in re.split(r"(?<=[.!?…])[\"'”“’»)\]]*\s+|[。！？]|\n+", text or ""):
        folded = unicodedata.normalize("NFKC", part).casefold()
        folded = " ".join("".join(c if c.isalnum() else " " for c in folded).split())
        if folded:
            result.append(folded)
    return result


def luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()][::-1]
    total = sum(digits[0::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])
    return 13 <= len(digits) <= 19 and total % 10 == 0


def iban(text: str) -> bool:
    s = re.sub(r"\s", "", text).upper()
    return bool(re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", s)) and int("".join(str(int(c, 36)) for c in s[4:] + s[:4])) % 97 == 1


def bare(text: str | None) -> str:
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


# --- feedback -----------------------------------------------------------------------------------------------------------
records: dict[tuple[str, str], dict] = {}
per_file: Counter = Counter()
channels: Counter = Counter()
languages: Counter = Counter()
for stem, name in FILES.items():
    mapping_file = json.loads((ROOT / "feedback" / f"{stem}.map.json").read_text("utf-8"))
    source, channel, mapping = mapping_file["source"], mapping_file["channel"], mapping_file["mapping"]
    need(re.fullmatch(r"[a-z0-9_]+", source) is not None, f"{stem}: source {source}")
    need(channel in CHANNELS, f"{stem}: channel {channel}")
    need(set(mapping) <= CANONICAL, f"{stem}: unknown canonical fields {set(mapping) - CANONICAL}")
    rows = rows_of(ROOT / "feedback" / name)
    for row in rows:
        missing = [c for c in mapping.values() if c not in row]
        need(not missing, f"{name}: columns {missing} are missing")
        get = lambda field: row.get(mapping.get(field, ""), None)  # noqa: E731
        rid = str(get("source_record_id"))
        need((source, rid) not in records, f"{name}: id {rid} twice")
        need(bool(get("body")), f"{name}: {rid} has no body")
        at = str(get("created_at")).replace(" ", "T").removesuffix("Z")
        need(FIRST <= at[:10] <= LAST, f"{name}: {rid} dated {at}")
        dt.datetime.fromisoformat(at)
        rating = get("rating")
        if "rating_scale" in mapping_file:
            low, high = SCALES[mapping_file["rating_scale"]]
            need(rating is not None and low <= int(rating) <= high, f"{name}: {rid} rating {rating}")
        records[source, rid] = {"title": get("title") or None, "body": get("body"), "at": at, "channel": channel,
                                "language": get("language"), "version": get("app_version") or None,
                                "account": get("account_id") or None, "plan": get("plan_tier")}
        channels[channel] += 1
        languages[get("language")] += 1
        per_file[name] += 1

shop = rows_of(ROOT / "feedback" / "shop_reviews.csv")
newlines = sum("\n" in r["Review Content"] for r in shop)
quotes = sum('"' in v for r in shop for v in r.values())
need(newlines >= 5, f"shop_reviews.csv: only {newlines} cells with newlines")
need(quotes >= 3, f"shop_reviews.csv: only {quotes} cells with quotes")

# --- context ------------------------------------------------------------------------------------------------------------
tickets = rows_of(ROOT / "context" / "tickets.jsonl")
releases = rows_of(ROOT / "context" / "releases.jsonl")
accounts = rows_of(ROOT / "context" / "accounts.csv")
signals = rows_of(ROOT / "context" / "signals.jsonl")
ticket_ids = {t["id"] for t in tickets}
released = {r["version"]: r["date"] for r in releases}
tier_of = {a["account_id"]: a["plan_tier"] for a in accounts}
need(len(ticket_ids) == len(tickets) >= 45, f"tickets: {len(tickets)}")
need(all(set(t) == set("id title body status component created resolved fix_version".split()) for t in tickets), "tickets: members")
need(all(t["fix_version"] in released for t in tickets if t["fix_version"]), "tickets: unknown fix_version")
causes = sum("Root cause: " in t["body"] for t in tickets)
need(causes >= 8, f"tickets: only {causes} root causes")
need(len(released) >= 12, f"releases: {len(released)}")
need(released.get("8.2.0") == "2026-10-28", "release 8.2.0 has another date")
need(all("2026-06-01" <= d <= "2026-11-20" for d in released.values()), "releases outside the period")
need(len(tier_of) >= 40, f"accounts: {len(tier_of)}")
need(set(tier_of.values()) == {"free", "plus", "business", "enterprise"}, "accounts: tiers")
days = [s["at"][:10] for s in signals]
expected = [(dt.date.fromisoformat(FIRST) + dt.timedelta(n)).isoformat() for n in range(91)]
need(days == expected and {s["name"] for s in signals} == {"payment_abandonment_rate"}, "signals: not one value per day")
before = [s["value"] for s in signals if s["at"][:10] < "2026-10-28"]
after = [s["value"] for s in signals if s["at"][:10] > "2026-10-30"]
need(min(after) > max(before), "signals: no clear rise after 2026-10-28")
used_accounts = {r["account"] for r in records.values() if r["account"]}
need(used_accounts <= set(tier_of), f"unknown accounts {used_accounts - set(tier_of)}")
need(all(tier_of[r["account"]] == r["plan"] for r in records.values() if r["account"]), "plan differs from the account's tier")
for key, r in records.items():
    if r["version"]:
        need(r["version"] in released, f"{key}: unknown version {r['version']}")
        need(released.get(r["version"], "") <= r["at"][:10], f"{key}: version {r['version']} before its release")

# --- gold ---------------------------------------------------------------------------------------------------------------
labels = rows_of(ROOT / "gold" / "labels.jsonl")
decisions = rows_of(ROOT / "gold" / "decisions.jsonl")
pii = rows_of(ROOT / "gold" / "pii.jsonl")
copies = rows_of(ROOT / "gold" / "copies.jsonl")

of_record: dict[tuple[str, str], list[dict]] = defaultdict(list)
of_issue: dict[str, set] = defaultdict(set)
nature: dict[str, set] = defaultdict(set)
for g in labels:
    key = (g["source"], g["source_record_id"])
    need(key in records, f"labels: unknown record {key}")
    need(g["type"] in TYPES and g["severity"] in SEVERITIES, f"labels: {key} {g['type']} {g['severity']}")
    of_record[key].append(g)
    if g["issue"] is None:
        need(g["type"] in ("praise", "question", "other") and g["quote"] is None, f"labels: {key} without issue")
        continue
    of_issue[g["issue"]].add(key)
    nature[g["issue"]].add((g["type"], g["component"]))
    r = records.get(key, {"title": "", "body": ""})
    need(g["quote"] in r["body"] or g["quote"] in (r["title"] or ""), f"labels: quote not in {key}: {g['quote'][:40]}")
need(set(of_record) == set(records), f"{len(set(records) - set(of_record))} records without label")
need(all(len(v) == 1 for v in nature.values()), "an issue has two types or components")
need({d["issue"] for d in decisions} == set(of_issue) and len(decisions) == len(of_issue), "decisions do not match the issues")
for d in decisions:
    need(d["decision"] in DECISIONS, f"decisions: {d['issue']} {d['decision']}")
    need((d["reason"] in REASONS) == (d["decision"] == "reject"), f"decisions: reason of {d['issue']}")
    need((d["ticket"] in ticket_ids) == (d["decision"] == "attach"), f"decisions: ticket of {d['issue']}")
    need(bool(d["title"]) and bool(d["why"]), f"decisions: {d['issue']} lacks words")

sizes = {k: len(v) for k, v in of_issue.items()}
large = {k for k, n in sizes.items() if n >= 8}
small = sum(n <= 3 for n in sizes.values())
need(all(sizes[k] <= 22 for k in large), f"incidents above 22 records: {[k for k in large if sizes[k] > 22]}")
need(small >= 165, f"small problems: {small}")
need(len(large) >= 28, f"large incidents: {len(large)}")
need(len(sizes) >= 220, f"issues: {len(sizes)}")
spread = {k: {records[x]["channel"] for x in of_issue[k]} for k in large}
tongues = {k: {records[x]["language"] for x in of_issue[k]} for k in large}
need(all(len(v) >= 3 for v in spread.values()), f"large incidents in few channels: {[k for k in large if len(spread[k]) < 3]}")
need(sum(len(v) >= 2 for v in tongues.values()) >= len(large) - 2, "large incidents in one language")
need(any({t for t, _ in nature[k]} == {"security"} for k in large), "no large security incident")
need(any({t for t, _ in nature[k]} == {"privacy"} for k in large), "no large privacy incident")
need(any({t for t, _ in nature[k]} == {"billing"} for k in large), "no large billing incident")
first = {k: min(records[x]["at"][:10] for x in of_issue[k]) for k in large}
need(sum(d >= "2026-10-28" and d < "2026-11-13" for d in first.values()) >= 1, "no large incident starts after 8.2.0")
need(sum(d >= "2026-11-13" for d in first.values()) >= 1, "no large incident starts after 8.3.0")

span = {k: sorted(records[x]["at"][:10] for x in v) for k, v in of_issue.items()}
need(span["checkout-spinner-820"][0] >= released["8.2.0"], "checkout-spinner-820 before 8.2.0")
need(span["login-loop-830"][0] >= released["8.3.0"], "login-loop-830 before 8.3.0")
need(span["paypal-redirect"][-1] <= released["8.1.2"], "paypal-redirect after its repair in 8.1.2")
for k, fixed in (("cart-emptied", "8.1.0"), ("map-pin", "8.1.1"), ("receipt-pdf-blank", "8.1.0")):
    need(not any(released[fixed] < d < released["8.2.0"] for d in span[k]), f"{k}: reports between repair and relapse")
    need(sum(d >= released["8.2.0"] for d in span[k]) >= 3, f"{k}: no relapse after 8.2.0")
    need(all(records[x]["version"] is None or tuple(map(int, records[x]["version"].split("."))) >= (8, 2, 0)
             for x in of_issue[k] if records[x]["at"][:10] >= released["8.2.0"]), f"{k}: relapse reported from an old version")

multi = sum(len({g["issue"] for g in v}) > 1 for v in of_record.values())
blank = [v[0]["type"] for v in of_record.values() if v[0]["issue"] is None]
need(len(records) >= 860, f"records: {len(records)}")
need(len(channels) >= 6, f"channels: {len(channels)}")
need(len(languages) >= 5 and all(languages[x] >= 30 for x in ("de", "fr", "es", "it")), f"languages: {dict(languages)}")
need(0.55 <= languages["en"] / len(records) <= 0.65, f"English share {languages['en'] / len(records):.3f}")
need(0.10 <= len(blank) / len(records) <= 0.16, f"praise, noise and questions: {len(blank) / len(records):.3f}")
need(multi >= 40, f"records with several issues: {multi}")

planted = {(p["source"], p["source_record_id"]) for p in pii}
kinds = Counter(p["type"] for p in pii)
for p in pii:
    r = records.get((p["source"], p["source_record_id"]), {"title": "", "body": ""})
    need(p["text"] in r["body"] or p["text"] in (r["title"] or ""), f"pii: {p['text']} is not in its record")
    need(p["type"] in PII_TYPES, f"pii: type {p['type']}")
    need(p["type"] != "CREDIT_CARD" or luhn(p["text"]), f"pii: card {p['text']}")
    need(p["type"] != "IBAN_CODE" or iban(p["text"]), f"pii: IBAN {p['text']}")
need(len(planted) >= 60, f"records with personal data: {len(planted)}")
need(set(kinds) == PII_TYPES, f"pii: types {PII_TYPES - set(kinds)} are missing")
listed = defaultdict(set)
for p in pii:
    listed[p["source"], p["source_record_id"]].add(p["text"])
for key, r in records.items():
    text = f"{r['title'] or ''}\n{r['body']}"
    for found in re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|LB-\d{4}-\d{6}|ACC-\d{5}|\b\d{1,3}(?:\.\d{1,3}){3}\b|https?://\S+?(?=[,)\s])|\+?\d[\d ]{8,}\d", text):
        need(any(found in x or x in found for x in listed[key]), f"pii: {found} in {key} is not listed")

# --- copies and repeated sentences --------------------------------------------------------------------------------------
group_of: dict[tuple[str, str], str] = {}
made: Counter = Counter()
for c in copies:
    originals = [m for m in c["members"] if m["kind"] == "original"]
    need(len(originals) == 1 and len(c["members"]) >= 2, f"copies: {c['group']}")
    base = records[originals[0]["source"], originals[0]["source_record_id"]]
    for m in c["members"]:
        key = (m["source"], m["source_record_id"])
        need(key in records and key not in group_of, f"copies: {key}")
        group_of[key] = c["group"]
        made[m["kind"]] += 1
        body = records[key]["body"]
        if m["kind"] == "exact":
            need(body == base["body"], f"copies: {key} is not exact")
        elif m["kind"] != "original":
            need(body != base["body"] and bare(body) == bare(base["body"]), f"copies: {key} is no {m['kind']} variant")
extra = sum(n for k, n in made.items() if k != "original")
need(extra >= 30, f"copies: {extra}")

seen: dict[str, tuple[str, str]] = {}


def once(text: str | None, place: tuple[str, str], owner: str) -> None:
    mine = Counter(sentences(text))
    for s, n in mine.items():
        need(n == 1, f"sentence twice in {place}: {s[:80]}")
        if s in seen and seen[s][1] != owner:
            need(False, f"sentence repeated in {seen[s][0]} and {place}: {s[:80]}")
        seen[s] = (str(place), owner)


for key, r in records.items():
    once((r["title"] or "") + "\n" + r["body"], key, group_of.get(key, str(key)))
for t in tickets:
    once(t["title"] + "\n" + t["body"], ("ticket", t["id"]), t["id"])
for r in releases:
    once(r["notes"], ("release", r["version"]), r["version"])
feedback_sentences = len(seen)
seen.clear()
for d in decisions:
    once(d["title"] + "\n" + d["why"], ("decision", d["issue"]), d["issue"])

# --- figures ------------------------------------------------------------------------------------------------------------
print(f"records {len(records)}: " + ", ".join(f"{n} {c}" for n, c in per_file.items()))
print("channels " + ", ".join(f"{n} {c}" for n, c in channels.most_common()))
print("languages " + ", ".join(f"{n} {c}" for n, c in languages.most_common()))
print(f"issues {len(sizes)}, large (8 and more) {len(large)} holding {sum(sizes[k] for k in large)} mentions, "
      f"largest {max(sizes.values())}, small (1-3) {small}, several issues in one record {multi}")
print(f"praise, noise, questions {len(blank)} ({len(blank) / len(records):.1%}): {dict(Counter(blank))}")
print("decisions " + ", ".join(f"{n} {c}" for n, c in Counter(d["decision"] for d in decisions).most_common()))
print("types " + ", ".join(f"{n} {c}" for n, c in Counter(next(iter(v))[0] for v in nature.values()).most_common()))
print(f"personal data {len(pii)} in {len(planted)} records: " + ", ".join(f"{n} {c}" for n, c in kinds.most_common()))
print(f"copies {extra} in {len(copies)} groups: {dict(made)}; different sentences {feedback_sentences}")
print(f"tickets {len(tickets)} ({causes} with root cause), releases {len(releases)}, accounts {len(accounts)} "
      f"({len(used_accounts)} used), signal values {len(signals)}; shop cells with newlines {newlines}, with quotes {quotes}")
if "--counts" in sys.argv:
    for k, n in sorted(sizes.items(), key=lambda x: (-x[1], x[0])):
        print(f"{n:4} {k}  {len({records[x]['channel'] for x in of_issue[k]})} channels, "
              f"{'/'.join(sorted({records[x]['language'] for x in of_issue[k]}))}")
for b in breaches:
    print("BREACH " + b, file=sys.stderr)
sys.exit(1 if breaches else 0)
