"""The road on the bundled sample, by winnowctl alone: what scripts rely on, and what must hold of hashes and tickets.

    road_test.py WINNOWCTL RESOURCES"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

WINNOWCTL, RESOURCES = sys.argv.pop(1), sys.argv.pop(1)
AS_OF = "2026-11-23T23:59:59.999Z"


def gold(name):
    return [json.loads(line) for line in pathlib.Path(RESOURCES, "samples/gold", name + ".jsonl").read_text().splitlines()]


class Road(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="winnow-road-"))
        cls.workspace = cls.folder / "workspace"
        cls.environment = {**os.environ, "XDG_CONFIG_HOME": str(cls.folder / "config"), "WINNOW_ACTOR": "tester"}
        cls.environment.pop("WINNOW_TEST_KEY", None)
        cls.init = json.loads(cls.call("init", str(cls.workspace), "--sample", plain=True)[0])
        cls.run_report = cls.one("run", "--as-of", AS_OF)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def call(cls, *arguments, workspace=None, status=(0,), plain=False):
        where = [] if plain else ["--workspace", str(workspace or cls.workspace)]
        done = subprocess.run([WINNOWCTL, "--json", "--quiet", *where, *arguments], capture_output=True, env=cls.environment, timeout=300)
        assert done.returncode in status, (arguments, done.returncode, done.stderr.decode(errors="replace"))
        return done.stdout.decode(), done.stderr.decode(errors="replace"), done.returncode

    @classmethod
    def one(cls, *arguments, **more):
        return json.loads(cls.call(*arguments, **more)[0])

    @classmethod
    def many(cls, *arguments, **more):
        return [json.loads(line) for line in cls.call(*arguments, **more)[0].splitlines()]

    def copy(self, name):
        target = self.folder / name
        shutil.copytree(self.workspace, target)
        return target

    def test_theSampleIsReadWhole(self):
        files = {os.path.basename(f["file"]): f for f in self.init["files"]}
        self.assertGreaterEqual(len(files), 7)
        self.assertEqual(sum(f["rejects"] for f in files.values()), 0)
        records = self.many("records")
        self.assertEqual(len(records), sum(f["new"] for f in files.values()))
        labelled = {label["source_record_id"] for label in gold("labels")}
        self.assertEqual(labelled - {r["source_record_id"] for r in records}, set())

    def test_candidatesCarryEvidenceThatIsVerbatim(self):
        queue = self.many("queue")
        self.assertGreaterEqual(len(queue), 200)
        self.assertEqual(queue, sorted(queue, key=lambda c: (-c["priority"], c["candidate"])))
        for row in queue[:20]:
            candidate = self.one("show", row["candidate"])
            self.assertTrue(candidate["evidence"])
            self.assertTrue(candidate["draft"]["body"])
            self.assertAlmostEqual(sum(c["p"] for c in candidate["root_causes"]), 1, delta=1e-3)
            for member in candidate["evidence"]:
                raw = member["text"].encode()
                for quote in member["quotes"]:
                    self.assertEqual(raw[quote["start"]:quote["end"]].decode(), quote["quote"])
                    self.assertLessEqual(member["start"], quote["start"])
                    self.assertLessEqual(quote["end"], member["end"])

    def test_plantedIdentifiersOfStructuredKindsAreNotSeen(self):
        shown = self.call("search", "the", "--limit", "100000")[0] + "".join(self.call("show", c["candidate"])[0] for c in self.many("queue")[::5])
        structured = {"EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS"}
        planted = gold("pii")
        self.assertGreater(sum(p["type"] in structured for p in planted), 20)
        self.assertEqual([p["type"] for p in planted if p["type"] in structured and p["text"] in shown], [])

    def test_theSameAgainAddsNothing(self):
        workspace = self.copy("again")
        files = [f for f in (pathlib.Path(RESOURCES) / "samples/feedback").iterdir() if not f.name.endswith(".map.json")]
        for file in files:
            mapping = file.with_name(file.name.split(".")[0] + ".map.json")
            got = self.one("import", str(file), "--map", str(mapping), workspace=workspace)["files"][0]
            self.assertEqual((got["new"], got["edited"], got["rejects"]), (0, 0, 0), file.name)
        again = self.one("run", "--as-of", AS_OF, workspace=workspace)
        self.assertEqual((again["partition_hash"], again["state_hash"]), (self.run_report["partition_hash"], self.run_report["state_hash"]))
        self.assertEqual(again["births"], 0)

    def test_neitherThreadsNorBatchesChangeTheHashes(self):
        for threads, batch in ((1, 7), (2, 333), (3, 4096)):
            workspace = self.folder / f"batch{batch}"
            self.call("init", str(workspace), "--sample", plain=True)
            got = self.one("run", "--as-of", AS_OF, "--threads", str(threads), "--batch", str(batch), workspace=workspace)
            self.assertEqual(got["partition_hash"], self.run_report["partition_hash"])
            # pseudonyms depend on the key of each workspace, so states differ; the partition does not

    def test_oneApprovalBecomesOneTicketFile(self):
        workspace = self.copy("approve")
        chosen = [c["candidate"] for c in self.many("queue")[::40]]
        for candidate in chosen:
            self.one("decide", candidate, "approve", workspace=workspace)
        self.assertEqual(self.one("push", workspace=workspace)["filings"], [], "a filing waits its hold time")
        filed = self.one("push", "--now", workspace=workspace)["filings"]
        self.assertEqual({f["state"] for f in filed}, {"confirmed"})
        tickets = sorted((workspace / "tickets").iterdir())
        self.assertEqual([t.stem for t in tickets], sorted("fb-" + c for c in chosen))
        for ticket in tickets:
            self.assertIn(ticket.stem, ticket.read_text())
        before = [t.read_bytes() for t in tickets]
        self.assertEqual(self.one("push", "--now", workspace=workspace)["filings"], [])
        self.assertEqual([t.read_bytes() for t in sorted((workspace / "tickets").iterdir())], before)
        # what has left cannot be undone, and a second approval is refused
        self.assertIn("already", self.call("decide", chosen[0], "approve", workspace=workspace, status=(1,))[1])
        self.assertIn("outbox", self.call("undo", workspace=workspace, status=(1,))[1])
        self.assertTrue(self.one("verify", workspace=workspace)["ok"])

    def test_decisionsAreEventsThatCanBeUndone(self):
        workspace = self.copy("decide")
        queue = self.many("queue")
        one, two, three = (c["candidate"] for c in queue[:3])
        size = len(queue)
        self.one("decide", one, "reject", "spam", "--note", "nonsense", workspace=workspace)
        self.one("decide", two, "snooze", "2030-01-01", workspace=workspace)
        self.one("decide", three, "attach", "LB-1", workspace=workspace)
        self.assertEqual(len(self.many("queue", workspace=workspace)), size - 3)
        for _ in range(3):
            self.one("undo", workspace=workspace)
        self.assertEqual(len(self.many("queue", workspace=workspace)), size)
        self.one("redo", workspace=workspace)
        self.assertEqual(len(self.many("queue", workspace=workspace)), size - 1)
        seen = [e for e in self.many("history", one, workspace=workspace) if e["kind"] == "rejected"][0]["refs"]["seen"]
        self.assertEqual(seen["priority"], queue[0]["priority"])
        self.assertIn("factors", seen)
        self.assertIn("version", seen)

    def test_aMergeHoldsThroughTheNextRunAndBack(self):
        workspace = self.copy("merge")
        queue = self.many("queue")
        a, b = queue[0]["candidate"], queue[1]["candidate"]
        reports = queue[0]["reports"] + queue[1]["reports"]
        self.one("merge", a, b, workspace=workspace)
        for step in ("at once", "after a run"):
            merged = self.one("show", a, workspace=workspace)
            self.assertGreaterEqual(merged["reports"], reports, step)
            self.assertEqual(self.one("show", b, workspace=workspace)["candidate"], a, step)
            if step == "at once":
                self.one("run", "--as-of", AS_OF, workspace=workspace)
        self.one("undo", workspace=workspace)
        again = self.one("run", "--as-of", AS_OF, workspace=workspace)
        self.assertEqual(again["partition_hash"], self.run_report["partition_hash"])
        self.assertEqual(self.one("show", b, workspace=workspace)["candidate"], b)

    def test_anEditedReviewStaysInItsIncident(self):
        workspace = self.folder / "edited"
        self.call("init", str(workspace), plain=True)
        rows = [("a", "The app crashes when I open the basket."), ("b", "I cannot log in with my new password."),
                ("c", "Please add a dark mode.")]

        def receive(rows):
            path = self.folder / "edited.jsonl"
            path.write_text("".join(json.dumps({"source_record_id": i, "body": t, "created_at": "2026-11-02T08:00:00Z"}) + "\n"
                                    for i, t in rows))
            counts = self.one("import", str(path), "--source", "shop", workspace=workspace)["files"][0]
            return counts, self.one("run", "--as-of", AS_OF, workspace=workspace)

        receive(rows)
        before = {c["candidate"] for c in self.many("queue", workspace=workspace)}
        self.assertEqual(len(before), 3)
        chosen = next(c for c in before if "basket" in json.dumps(self.one("show", c, workspace=workspace)["evidence"]))
        self.call("decide", chosen, "approve", workspace=workspace)
        edited = [(i, t + " It got worse since Monday.") for i, t in rows[:2]] + rows[2:]
        counts, report = receive(edited)
        self.assertEqual((counts["edited"], report["births"]), (2, 0))
        self.assertEqual({c["candidate"] for c in self.many("queue", "--decided", workspace=workspace)}, before)
        words = json.dumps(self.one("show", chosen, workspace=workspace)["evidence"])
        self.assertIn("since Monday", words)
        self.assertEqual(self.one("show", chosen, workspace=workspace)["state"], "approved")
        again = self.one("run", "--as-of", AS_OF, workspace=workspace)
        self.assertEqual(again["state_hash"], report["state_hash"])

    def test_anExpelledMemberStaysOut(self):
        workspace = self.copy("expel")
        row = next(c for c in self.many("queue") if c["reports"] >= 4)
        member = self.one("show", row["candidate"])["evidence"][0]["segment"]
        done = self.one("expel", row["candidate"], member, workspace=workspace)
        other = next(i for i in done["incidents"] if i != row["candidate"])
        for step in ("at once", "after a run"):
            inside = [m["segment"] for m in self.one("show", row["candidate"], workspace=workspace)["evidence"]]
            self.assertNotIn(member, inside, step)
            self.assertIn(member, [m["segment"] for m in self.one("show", other, workspace=workspace)["evidence"]], step)
            self.one("run", "--as-of", AS_OF, workspace=workspace)

    def test_searchFindsNewestFirst(self):
        hits = self.many("search", "deliv")
        self.assertGreater(len(hits), 5)
        dates = [h["at"] for h in hits if h["at"]]
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_exportedTablesAreWholeAndSafeToOpen(self):
        workspace = self.folder / "formulas"
        self.call("init", str(workspace), plain=True)
        path = self.folder / "formulas.jsonl"
        path.write_text(json.dumps({"source_record_id": "f", "body": "=HYPERLINK(\"x\") crashes, says \"no\"\nagain"}) + "\n")
        self.call("import", str(path), workspace=workspace)
        self.call("run", "--as-of", AS_OF, workspace=workspace)
        out = self.folder / "feedback.csv"
        self.assertEqual(self.one("export", "feedback", str(out), workspace=workspace)["rows"], 1)
        with out.open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertTrue(rows[0]["text"].startswith("'=HYPERLINK"))
        self.assertIn("\nagain", rows[0]["text"])
        self.call("export", "feedback", str(out), workspace=workspace, status=(2,))
        for what, command in (("queue", ("queue", "--decided")), ("history", ("history",))):
            out = self.folder / f"{what}.jsonl"
            self.assertEqual(self.one("export", what, str(out))["rows"], len(self.many(*command)))
            self.assertEqual([json.loads(line) for line in out.read_text().splitlines()][0].keys() >= {"at"} or what == "queue", True)
        self.assertEqual([p for p in self.folder.iterdir() if p.name.endswith(".part")], [])

    def test_anErasedPersonIsGoneAndStaysOut(self):
        workspace = self.copy("erase")
        planted = gold("pii")
        records = {(r["source"], r["source_record_id"]): r for r in self.many("records", workspace=workspace)}
        person = next(records[p["source"], p["source_record_id"]] for p in planted
                      if p["type"] == "EMAIL_ADDRESS" and records[p["source"], p["source_record_id"]]["author_id"])
        its = [r for r in records.values() if r["author_id"] == person["author_id"]]
        done = self.one("erase", "--author", person["author_id"], workspace=workspace)
        self.assertEqual(done["rows"]["records"], len(its))
        self.assertTrue(self.one("verify", workspace=workspace)["ok"])
        left = b"".join(p.read_bytes() for p in workspace.rglob("*") if p.is_file())
        wanted = [p["text"] for p in planted for r in its if (p["source"], p["source_record_id"]) == (r["source"], r["source_record_id"])]
        wanted += [r["body"] for r in its if r["body"]] + [r["author_name"] for r in its if r["author_name"] and len(r["author_name"]) > 6]
        self.assertTrue(wanted)
        self.assertEqual([w for w in wanted if w.encode() in left], [])
        name = {"lumbasket_app_reviews": "app_reviews.jsonl", "zendesk_export": "support_tickets.tsv", "lumbasket_forum": "forum_posts.jsonl",
                "lumbasket_social": "social_posts.csv.gz", "lumbasket_calls": "call_notes.jsonl", "lumbasket_shop": "shop_reviews.csv",
                "lumbasket_nps": "survey_nps.json"}[person["source"]]
        file = pathlib.Path(RESOURCES) / "samples/feedback" / name
        again = self.one("import", str(file), "--map", str(file.with_name(name.split(".")[0] + ".map.json")), workspace=workspace, status=(1,))["files"][0]
        self.assertEqual((again["new"], again["erased"]), (0, len([r for r in its if r["source"] == person["source"]])))

    def test_aBackupOpensElsewhereWithItsKey(self):
        file, key, other = self.folder / "b.winnow", self.folder / "b.key", self.folder / "restored"
        self.call("backup", str(file))
        self.call("key", "export", str(key))
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        self.call("restore", str(file), workspace=other)
        self.assertEqual(self.one("verify", workspace=other)["state_hash"], self.one("verify")["state_hash"])
        stranger = {**self.environment, "XDG_CONFIG_HOME": str(self.folder / "stranger")}
        lost = subprocess.run([WINNOWCTL, "--workspace", str(other), "queue"], capture_output=True, env=stranger)
        self.assertEqual(lost.returncode, 3)
        self.assertIn(b"key import", lost.stderr)
        subprocess.run([WINNOWCTL, "key", "import", str(key)], env=stranger, check=True, capture_output=True)
        subprocess.run([WINNOWCTL, "--workspace", str(other), "queue"], env=stranger, check=True, capture_output=True)

    def test_badInputSaysWhereAndWhatToDo(self):
        bad = self.folder / "bad"
        bad.mkdir(exist_ok=True)
        cases = {
            "lines.jsonl": (b'{"id":"1","text":"it crashes"}\n{"id":"2","text":\n{"id":"3","text":"fine"}\n', (1,)),
            "ragged.csv": (b"id,text,rating\n1,it crashes,1\n2,short\n3,fine,5,more,cells\n", (0, 1)),
        }
        workspace = self.copy("bad-input")
        for name, (content, status) in cases.items():
            (bad / name).write_bytes(content)
            got = self.one("import", str(bad / name), "--source", name.split(".")[0], workspace=workspace, status=status)["files"][0]
            self.assertEqual(got["new"] + got["rejects"], 3, name)
        rejects = self.many("rejects", workspace=workspace)
        self.assertEqual([r["raw"] for r in rejects if r["file"] == "lines.jsonl"], ['{"id":"2","text":'])
        self.assertIn("2", rejects[0]["place"])
        mapping = bad / "wrong.map.json"
        mapping.write_text('{"source":"x","mapping":{"body":"Kommentar"}}')
        error = self.call("import", str(bad / "ragged.csv"), "--map", str(mapping), workspace=workspace, status=(2,))[1]
        self.assertIn("Kommentar", error)
        self.assertIn("text", error, "it lists the columns there are")
        self.assertIn("winnowctl init", self.call("queue", workspace=self.folder / "nowhere", status=(3,))[1])
        self.assertEqual(self.call("decide", "zzzz", "approve", status=(2,))[2], 2)


if __name__ == "__main__":
    unittest.main(verbosity=1)
