"""What the tests of several processes share: a workspace, its program, and feedback made of word lists."""
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import tempfile

AS_OF = "2026-11-23T23:59:59.999Z"
COLUMNS = "id,date,rating,text,user,version\n"

THINGS = ["checkout", "search", "basket", "login", "voucher", "delivery map", "order list", "photo upload", "invoice",
          "wish list", "chat", "push message", "address book", "refund", "language switch", "dark mode", "barcode scan",
          "loyalty card", "store finder", "gift card"]
FAULTS = ["crashes", "shows an error", "is very slow", "freezes", "stays white", "loses my entries", "drains the battery",
          "logs me out", "charges me twice", "shows the wrong total"]
WHENS = ["after the update", "every morning", "on my tablet", "when I go back", "without a network", "with a saved card",
         "since yesterday", "on the second try", "in the evening", "while it loads"]
MANNERS = ["", "Please fix this.", "Very annoying.", "It worked before.", "Support did not help.", "I want my money back."]


def rows(count, seed, first=0):
    """`count` reviews: some tell the same fault in other words, some are plain copies."""
    chance, made = random.Random(seed), []
    for i in range(count):
        thing, fault, when = chance.choice(THINGS), chance.choice(FAULTS), chance.choice(WHENS)
        text = chance.choice(made)[3] if made and chance.random() < 0.1 else (
            f"The {thing} {fault} {when}. {chance.choice(MANNERS)}".strip())
        made.append((f"r{first + i}", f"2026-{chance.randint(5, 11):02}-{chance.randint(1, 23):02}T10:00:00Z",
                     chance.randint(1, 3), text, f"user{chance.randint(0, count)}", f"9.{chance.randint(0, 4)}.0"))
    return made


def write(path, made, broken=0):
    with open(path, "w", encoding="utf-8") as out:
        out.write(COLUMNS)
        for row in made:
            out.write("%s,%s,%d,\"%s\",%s,%s\n" % row)
        for i in range(broken):
            out.write(f"bad{i},,,,,\n")
    return str(path)


class Site:
    """A folder with workspaces and the configuration of one person."""

    def __init__(self, winnowctl, resources):
        self.winnowctl = winnowctl
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="winnow-company-"))
        self.environment = {**os.environ, "XDG_CONFIG_HOME": str(self.folder / "config"), "WINNOW_ACTOR": "tester",
                            "WINNOW_TEST_KEY": "a key for tests", "WINNOW_RESOURCES": resources}

    def remove(self):
        shutil.rmtree(self.folder)

    def start(self, workspace, *arguments, actor="tester"):
        return subprocess.Popen([self.winnowctl, "--workspace", str(workspace), "--json", "--quiet", *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**self.environment, "WINNOW_ACTOR": actor})

    def call(self, workspace, *arguments, status=(0,), actor="tester"):
        """The objects of stdout, one a line."""
        process = self.start(workspace, *arguments, actor=actor)
        out, err = process.communicate(timeout=300)
        assert process.returncode in status, (arguments, process.returncode, err.decode(errors="replace"))
        return [json.loads(line) for line in out.decode().splitlines()]

    def one(self, workspace, *arguments, **more):
        return self.call(workspace, *arguments, **more)[0]

    def create(self, name):
        workspace = self.folder / name
        process = subprocess.run([self.winnowctl, "--json", "--quiet", "init", str(workspace)], capture_output=True,
                                 env=self.environment, timeout=300)
        assert process.returncode == 0, process.stderr
        return workspace


def database(workspace):
    """Straight to the tables, as no user ever is."""
    connection = sqlite3.connect(f"{workspace}/workspace.db", timeout=0, isolation_level=None)
    return connection


def record_portrait(records):
    """What was received, without the times and numbers of work."""
    return sorted((r["source_record_id"], r["version_hash"], r["body"] or "", bool(r["tombstone"]), r["author_name"] or "")
                  for r in records)
