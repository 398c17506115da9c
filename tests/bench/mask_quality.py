"""Prints what the mask finds, per type, and how fast it is.

    mask_quality.py WINNOW_STAGE [TEXTS.jsonl]

Each structured type is measured on 200 values made here (seed 11; national numbers, IBANs and cards with right check
digits) in short sentences of ours; found means any overlap with a find. National numbers need python-stdnum, which decides
what is valid: without it they are left out. TEXTS (JSON Lines with `id` and `text`) is what speed is measured on."""
import collections
import importlib
import json
import random
import subprocess
import sys
import time

ROWS = 200
rng = random.Random(11)


def digits(n):
    return "".join(rng.choice("0123456789") for _ in range(n))


def letters(n, of="ABCDEFGHJKLMNPRSTUVWXYZ"):
    return "".join(rng.choice(of) for _ in range(n))


def date(form, first=40, last=99):
    y, m, d = rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28)
    return form.replace("YY", f"{y:02}").replace("MM", f"{m:02}").replace("DD", f"{d:02}")


def luhn_end(body):
    total = sum(sum(divmod(int(c) * (2 if i % 2 == 0 else 1), 10)) for i, c in enumerate(reversed(body)))
    return body + str(-total % 10)


def iban():
    country, length = rng.choice([("DE", 22), ("FR", 27), ("ES", 24), ("GB", 22), ("NL", 18), ("PL", 28), ("IT", 27), ("CH", 21)])
    body = (letters(4) if country in ("GB", "NL") else letters(1) if country == "IT" else "")
    body += digits(length - 4 - len(body))
    number = int("".join(str(int(c, 36)) for c in body + country + "00"))
    text = f"{country}{98 - number % 97:02}{body}"
    return " ".join(text[i:i + 4] for i in range(0, len(text), 4)) if rng.random() < 0.5 else text


def card():
    text = luhn_end((rng.choice(["4", "51", "52", "55"]) + digits(15))[:15])
    return " ".join(text[i:i + 4] for i in range(0, 16, 4)) if rng.random() < 0.5 else text


def name():
    return "".join(rng.choice(["ba", "ke", "lo", "mi", "ra", "su", "to", "ve"]) for _ in range(rng.randint(2, 3)))


HOSTS = ["example.com", "mail.example.org", "post.example.de", "example.co.uk"]
TYPES = {
    "mail": (lambda: f"{name()}{rng.choice(['.', '_', ''])}{name()}{rng.choice(['', digits(2)])}@{rng.choice(HOSTS)}", ["write to {}", "my mail is {}.", "{}"]),
    "mail, obfuscated": (lambda: rng.choice(["{} at {} dot com", "{} [at] {} [dot] org", "{}(at){}.de", "{} AT {} DOT net"]).format(name(), name()), ["reach me: {} please", "mail {} now"]),
    "phone": (lambda: rng.choice([f"+49 {rng.randint(150, 179)} {digits(7)}", f"+1 (415) 555-{digits(4)}", f"020 7946 0{digits(3)}", f"+33 6 {digits(2)} {digits(2)} {digits(2)} {digits(2)}", f"0{rng.randint(30, 89)} {digits(7)}", f"+34 6{digits(2)} {digits(3)} {digits(3)}", f"({rng.randint(201, 989)}) 555-0{digits(3)}"]), ["call {}", "my number is {}", "Tel: {}"]),
    "card": (card, ["charged twice on {}", "card {} was refused", "{}"]),
    "IBAN": (iban, ["refund to {}", "IBAN {}", "send it to {} please"]),
    "IP": (lambda: ".".join(str(rng.randint(11, 254)) for _ in range(4)), ["my ip {} is blocked", "from {} refused", "connection {} lost"]),
    "MAC": (lambda: ":".join(f"{rng.randint(0, 255):02x}" for _ in range(6)), ["router {}", "mac address {}"]),
    "IMEI": (lambda: luhn_end("35" + digits(12)), ["IMEI {}", "my imei is {}"]),
    "URL with user data or token": (lambda: rng.choice([f"https://{name()}:{name()}1@example.org/x", f"https://example.org/r?token={letters(12).lower()}", f"https://example.com/u?email={name()}%40example.org", f"facebook.com/{name()}{name()}"]), ["see {}", "link {} fails"]),
    "passport": (lambda: letters(1) + digits(8), ["passport number {}", "my passport is {}", "Reisepass {}"]),
    "driving licence": (lambda: letters(2) + digits(7), ["driver's license {}", "driving licence number {}"]),
    "bank account": (lambda: digits(rng.randint(8, 10)), ["bank account number {}", "Kontonummer {}", "account number {}"]),
    "order": (lambda: rng.choice([digits(8), f"{letters(2)}-{digits(6)}", f"{digits(3)}-{digits(7)}-{digits(7)}"]), ["order number {} never came", "my order {} is late", "Bestellnummer {}", "commande {} jamais reçue"]),
    "ticket": (lambda: rng.choice([digits(7), f"{letters(3)}-{digits(5)}"]), ["ticket {} is open", "case number {}"]),
    "customer": (lambda: digits(rng.randint(7, 9)), ["customer number {}", "Kundennummer {}", "numéro de client {}", "my customer id is {}"]),
    "tracking": (lambda: rng.choice([f"1Z{letters(3)}{digits(13)}", f"RR{digits(9)}DE", digits(12)]), ["tracking number {}", "tracking {} shows nothing"]),
    "licence plate": (lambda: rng.choice([f"{letters(2)}{digits(2)} {letters(3)}", f"{letters(1)}-{letters(2)} {digits(4)}", f"{digits(4)} {letters(3)}"]), ["my plate is {}", "licence plate {}", "Kennzeichen {}"]),
    "birth date": (lambda: rng.choice([f"{rng.randint(1, 28)}/{rng.randint(1, 12)}/19{rng.randint(40, 99)}", f"19{date('YY-MM-DD')}", f"{rng.randint(1, 28)} March 19{rng.randint(40, 99)}"]), ["born {}", "date of birth: {}", "geboren am {}", "my birthday is {}"]),
    "coordinates": (lambda: f"{rng.uniform(-80, 80):.5f}, {rng.uniform(-170, 170):.5f}", ["it shows {}", "at {} all day"]),
    "handle": (lambda: f"@{name()}_{digits(2)}", ["ask {}", "follow {} there"]),
    "API key": (lambda: rng.choice([f"ghp_{''.join(rng.choice('abcdefABCDEF0123456789') for _ in range(36))}", f"sk-{''.join(rng.choice('abcdefghijklmnopqrstuvwxyzABCDEF0123456789') for _ in range(40))}", f"AKIA{letters(12)}{digits(4)}"]), ["key {} leaked", "my token {}"]),
    "password": (lambda: name() + digits(3) + rng.choice(["", "!"]), ["my password is {}", "password: {}", "Passwort: {}"]),
}

SAME = lambda s: s
STATES = {  # python-stdnum module: candidates, how they are written, what announces them where they are but digits
    "de.idnr": (lambda: digits(11), SAME, "Steuer-ID "), "nl.bsn": (lambda: digits(9), SAME, "BSN "), "pt.nif": (lambda: digits(9), SAME, "NIF "),
    "no.fodselsnummer": (lambda: date("DDMMYY") + digits(5), SAME, ""), "dk.cpr": (lambda: date("DDMMYY") + digits(4), lambda s: s[:6] + "-" + s[6:], ""),
    "cz.rc": (lambda: date("YYMMDD") + digits(4), lambda s: s[:6] + "/" + s[6:], ""), "ro.cnp": (lambda: rng.choice("12") + date("YYMMDD") + "12" + digits(4), SAME, ""),
    "hr.oib": (lambda: digits(11), SAME, "OIB "), "bg.egn": (lambda: date("YYMMDD") + digits(4), SAME, "EGN "), "tr.tckimlik": (lambda: digits(11), SAME, "TC kimlik "),
    "ee.ik": (lambda: "3" + date("YYMMDD") + digits(4), SAME, "isikukood "), "lt.asmens": (lambda: "4" + date("YYMMDD") + digits(4), SAME, "asmens kodas "),
    "za.idnr": (lambda: date("YYMMDD") + digits(4) + "0" + digits(2), SAME, ""), "ar.cuit": (lambda: "20" + digits(9), lambda s: f"{s[:2]}-{s[2:10]}-{s[10]}", ""),
    "gb.nhs": (lambda: digits(10), lambda s: f"{s[:3]} {s[3:6]} {s[6:]}", "NHS number "), "ca.sin": (lambda: digits(9), lambda s: f"{s[:3]}-{s[3:6]}-{s[6:]}", ""),
    "au.tfn": (lambda: digits(9), lambda s: f"{s[:3]} {s[3:6]} {s[6:]}", "TFN "), "in_.aadhaar": (lambda: digits(12), lambda s: f"{s[:4]} {s[4:8]} {s[8:]}", ""),
    "in_.pan": (lambda: letters(3) + "P" + letters(1) + digits(4) + letters(1), SAME, ""), "at.vnr": (lambda: digits(4) + date("DDMMYY"), lambda s: s[:4] + " " + s[4:], ""),
    "gr.amka": (lambda: date("DDMMYY") + digits(5), SAME, "AMKA "), "ie.pps": (lambda: digits(7) + letters(1), SAME, "PPS "),
    "mx.curp": (lambda: "GODE" + date("YYMMDD") + "HDFRRN" + digits(2), SAME, ""), "cl.rut": (lambda: digits(8) + rng.choice("0123456789K"), lambda s: f"{s[:2]}.{s[2:5]}.{s[5:8]}-{s[8]}", ""),
    "us.ssn": (lambda: digits(9), lambda s: f"{s[:3]}-{s[3:5]}-{s[5:]}", ""), "br.cpf": (lambda: digits(11), lambda s: f"{s[:3]}.{s[3:6]}.{s[6:9]}-{s[9:]}", ""),
    "be.nn": (lambda: date("YYMMDD") + digits(5), lambda s: f"{s[:2]}.{s[2:4]}.{s[4:6]}-{s[6:9]}.{s[9:]}", ""), "ch.ssn": (lambda: "756" + digits(10), lambda s: f"{s[:3]}.{s[3:7]}.{s[7:11]}.{s[11:]}", ""),
    "se.personnummer": (lambda: date("YYMMDD") + digits(4), lambda s: s[:6] + "-" + s[6:], ""), "fr.nir": (lambda: "1" + date("YYMM") + "75" + digits(8), SAME, ""),
    "pl.pesel": (lambda: date("YYMMDD") + digits(5), SAME, "PESEL "), "cn.ric": (lambda: "11010119" + date("YYMMDD") + digits(4), SAME, ""),
    "es.dni": (lambda: digits(8) + letters(1), SAME, ""), "it.codicefiscale": (lambda: f"RSSMRA{rng.randint(40, 99)}C{rng.randint(1, 28):02}H501" + letters(1), SAME, ""),
    "fi.hetu": (lambda: date("DDMMYY") + "-" + digits(3) + letters(1), SAME, ""),
}


def cases():
    for kind, (make, sentences) in TYPES.items():
        for _ in range(ROWS):
            yield kind, make(), rng.choice(sentences)
    for state, (make, write, cue) in STATES.items():
        try:
            check = importlib.import_module("stdnum." + state)
        except ImportError:
            continue
        found = 0
        for _ in range(20_000):
            value = make()
            if found < 25 and check.is_valid(value):
                found += 1
                yield "national number " + state.split(".")[0].rstrip("_"), write(value), "Hello, " + cue + "{} is refused"


def run(stage, lines, *options):
    started = time.perf_counter()
    out = subprocess.run([stage, "mask", *options], input=lines, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    return out, time.perf_counter() - started


def main():
    stage = sys.argv[1]
    rows = list(cases())
    lines = "".join(json.dumps({"id": str(i), "text": sentence.format(value)}) + "\n" for i, (_, value, sentence) in enumerate(rows))
    out, _ = run(stage, lines.encode())
    total, found = collections.Counter(), collections.Counter()
    missed = {}
    for (kind, value, sentence), answer in zip(rows, map(json.loads, out.decode().splitlines())):
        text = sentence.format(value)
        start = len(text[:text.index(value)].encode())
        end = start + len(value.encode())
        total[kind] += 1
        hit = any(s["start"] < end and s["end"] > start for s in answer["spans"])
        found[kind] += hit
        if not hit:
            missed[kind] = text
    print(f"{'type':34} {'rows':>5} {'recall':>7}  goal   a missed one")
    for kind in total:
        print(f"{kind:34} {total[kind]:5} {found[kind] / total[kind]:7.3f}  0.980  {missed.get(kind, '')}")
    if len(sys.argv) > 2:
        lines = open(sys.argv[2], "rb").read()
        for threads in ("1", "2"):
            _, seconds = run(stage, lines, "--threads", threads)
            print(f"{lines.count(b'%c' % 10) / seconds:10,.0f} texts/s with {threads} thread(s), start included; goal 50,000 with 2")


main()
