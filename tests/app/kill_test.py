"""Real kills: `kill -9` at any moment of import, run, decide and push, and a process that sleeps past its lease.

    kill_test.py WINNOWCTL RESOURCES [--kills N] [--seed N]"""
import json
import os
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from company import AS_OF, Site, database, record_portrait, rows, write  # noqa: E402

WINNOWCTL, RESOURCES = sys.argv.pop(1), sys.argv.pop(1)


def option(name, fallback):
    if name not in sys.argv:
        return fallback
    at = sys.argv.index(name)
    value = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    return value


KILLS, SEED = option("--kills", 200), option("--seed", 20261123)


class Kill(unittest.TestCase):
    def setUp(self):
        self.site = Site(WINNOWCTL, RESOURCES)
        self.addCleanup(self.site.remove)

    def files(self, count, size):
        """Each holds new reviews, edited versions of those before, copies, and rows that cannot be read."""
        chance, paths, known = random.Random(SEED), [], []
        for k in range(count):
            made = rows(size, SEED + k, first=k * size)
            edited = [(i, d, r, text + " It got worse.", user, v) for i, d, r, text, user, v in chance.sample(known, min(6, len(known)))]
            known += made
            paths.append(write(self.site.folder / f"part{k}.csv", made + edited, broken=1))
        return paths

    def test_killedAtAnyMoment(self):
        """Nothing that was told is lost, nothing is there twice, and what was interrupted can be done to its end."""
        chance = random.Random(SEED)
        files = self.files(12, 40)
        killed, reference = self.site.create("killed"), self.site.create("reference")
        told = {}  # note → event, of decisions whose answer came
        notes, candidates, next_file = 0, [], 0
        kills = verified = 0
        spent, finished, deaths = {}, {}, {}
        began = time.monotonic()
        while kills < KILLS:
            kinds = ["import"] * 3 + ["run"] * 3 + (["decide"] * 4 + ["push"] * 2 + ["undo"] if candidates else [])
            kind = chance.choice(kinds)
            note = None
            if kind == "import":
                arguments = ["import", files[min(next_file, len(files) - 1)], "--source", "shop"]
            elif kind == "run":
                arguments = ["run", "--as-of", AS_OF, "--batch", "16"]
            elif kind == "push":
                arguments = ["push", "--now"]
            elif kind == "undo":
                arguments = ["undo"]
            else:
                notes += 1
                note = f"note {notes}."
                verb = chance.choice([["approve"], ["approve"], ["reject", "spam"], ["snooze", "+3"], ["escalate"]])
                arguments = ["decide", chance.choice(candidates), *verb, "--note", note]
            process = self.site.start(killed, *arguments)
            start = time.monotonic()
            try:
                # as long as it usually takes, and half as much more: every moment is as likely as any other, and one in
                # three is done before
                out, err = process.communicate(timeout=chance.uniform(0, 1.5) * spent.get(kind, 0.5))
                took = time.monotonic() - start
                spent[kind] = took if kind not in spent else 0.7 * spent[kind] + 0.3 * took
                finished[kind] = finished.get(kind, 0) + 1
            except Exception:
                process.send_signal(signal.SIGKILL)
                out, err = process.communicate()
                if process.returncode == -signal.SIGKILL:
                    kills += 1
                    deaths[kind] = deaths.get(kind, 0) + 1
                    spent[kind] = spent.get(kind, 0.5) * 1.05  # it takes longer than that, as likely as not
            # what was killed before it was done cannot be undone
            nothing = kind == "undo" and process.returncode == 2 and b"nothing of yours to undo" in err
            self.assertTrue(nothing or process.returncode in (0, 1, -signal.SIGKILL),
                            (process.returncode, arguments, err.decode(errors="replace")))
            answer = json.loads(out) if out.endswith(b"\n") else None
            if note and answer:
                told[note] = answer["event"]
            if kind == "import" and process.returncode in (0, 1) and answer:
                next_file += 1
            if kind == "run" and answer:  # an edited review may end an incident
                candidates = [c["candidate"] for c in self.site.call(killed, "queue", "--limit", "60")]
            if kills // 10 > verified:
                verified = kills // 10
                self.assertTrue(self.site.one(killed, "verify")["ok"])
        seconds = time.monotonic() - began

        for path in files[min(next_file, len(files) - 1):]:
            self.site.call(killed, "import", path, "--source", "shop", status=(0, 1))
        for path in files:
            self.site.call(reference, "import", path, "--source", "shop", status=(0, 1))
        done = self.site.one(killed, "run", "--as-of", AS_OF)
        wanted = self.site.one(reference, "run", "--as-of", AS_OF)
        self.site.one(killed, "push", "--now")
        print(f"\nkills: {kills} {deaths}, finished: {finished}, {seconds:.1f} s", file=sys.stderr)

        # received
        received = self.site.call(killed, "records", "--all-versions")
        self.assertEqual(record_portrait(received), record_portrait(self.site.call(reference, "records", "--all-versions")))
        reject = lambda workspace: sorted((r["file"], r["place"], r["raw"]) for r in self.site.call(workspace, "rejects"))
        self.assertEqual(reject(killed), reject(reference))
        # decided
        history = self.site.call(killed, "history")
        events = [e["event"] for e in history]
        self.assertEqual(len(events), len(set(events)))
        self.assertEqual(set(told.values()) - set(events), set(), "a decision that was told is lost")
        noted = [(e["body"] or {}).get("note") for e in history if isinstance(e["body"], dict)]
        noted = [n for n in noted if n]
        self.assertEqual(len(noted), len(set(noted)), "a decision is there twice")
        self.assertGreater(len(told), 5)
        # derived: the groups do not depend on what was killed when
        self.assertEqual(done["partition_hash"], wanted["partition_hash"])
        again = self.site.one(killed, "run", "--as-of", AS_OF)
        self.assertEqual((again["state_hash"], again["births"]), (done["state_hash"], 0))
        db = database(killed)
        self.assertEqual(db.execute("SELECT incident, count(*) FROM naming WHERE kind = 'birth' GROUP BY 1 HAVING count(*) > 1").fetchall(), [],
                         "an incident was born twice")
        self.assertEqual(db.execute("SELECT count(*) FROM naming WHERE run NOT IN (SELECT id FROM run) AND run NOT IN (SELECT id FROM event)").fetchone()[0], 0)
        # filed: one file per ticket
        approved = [e for e in history if e["kind"] == "approved" and not e["undone"]]
        filings = db.execute("SELECT external_id, state FROM filing WHERE state <> 'cancelled'").fetchall()
        self.assertEqual({state for _, state in filings}, {"confirmed"} if filings else set())
        self.assertEqual(sorted(e["refs"]["incident"] for e in approved), sorted(e[3:] for e, _ in filings))
        tickets = sorted(p.name for p in (killed / "tickets").iterdir()) if filings else []
        self.assertEqual(tickets, sorted(f"{external}.md" for external, _ in filings))
        for name in tickets:
            text = (killed / "tickets" / name).read_text()
            self.assertIn(f"- id: {name[:-3]}\n", text)
            self.assertTrue(text.endswith("\n"))
        self.assertGreater(len(tickets), 0)
        db.close()
        self.assertTrue(self.site.one(killed, "verify")["ok"])

    def sleeper(self, workspace, job, ready, *arguments):
        """A process that is stopped within its job, and whose heartbeat is a minute old. None: it was too fast."""
        process = self.site.start(workspace, *arguments)
        db = database(workspace)
        try:
            while process.poll() is None:
                if not db.execute("SELECT 1 FROM lease WHERE job = ? AND heartbeat > 0", (job,)).fetchone() or not db.execute(ready).fetchone()[0]:
                    continue
                process.send_signal(signal.SIGSTOP)
                os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
                try:
                    db.execute("UPDATE lease SET heartbeat = heartbeat - 60000 WHERE job = ? AND heartbeat > 0", (job,))
                    if db.total_changes:
                        return process
                except Exception:
                    pass  # it was stopped while it held the write lock: nobody can take anything over then
                process.send_signal(signal.SIGCONT)
            process.communicate()
            return None
        finally:
            db.close()

    def takeOver(self, name, job, ready, prepare, *arguments):
        """Another process takes a sleeper's job over and ends it; then the sleeper wakes up."""
        for attempt in range(20):
            workspace = self.site.create(f"{name}{attempt}")
            prepare(workspace)
            sleeper = self.sleeper(workspace, job, ready, *arguments)
            if not sleeper:
                continue
            report = self.site.one(workspace, *arguments)
            sleeper.send_signal(signal.SIGCONT)
            out, err = sleeper.communicate(timeout=120)
            self.assertEqual(sleeper.returncode, 3, err)
            self.assertIn(f"`{job}` was taken over by another process", err.decode())
            self.assertEqual(out, b"")
            return workspace, report
        self.fail("it never was asleep within its job")

    def test_anImportThatSleptPastItsLease(self):
        path = write(self.site.folder / "many.csv", rows(12000, SEED))
        workspace, report = self.takeOver("import", "import", "SELECT count(*) > 500 FROM record", lambda _: None, "import", path, "--source", "shop")
        counts = report["files"][0]
        self.assertEqual(counts["new"] + counts["unchanged"], 12000)
        self.assertGreater(counts["unchanged"], 0, "the other one had not begun")
        self.assertEqual((counts["edited"], counts["rejects"]), (0, 0))
        records = self.site.call(workspace, "records", "--all-versions")
        self.assertEqual(len(records), 12000)
        self.assertEqual(len({r["source_record_id"] for r in records}), 12000)
        self.assertTrue(self.site.one(workspace, "verify")["ok"])

    def test_aRunThatSleptPastItsLease(self):
        path = write(self.site.folder / "some.csv", rows(1500, SEED))
        prepare = lambda workspace: self.site.call(workspace, "import", path, "--source", "shop")
        arguments = ("run", "--as-of", AS_OF, "--batch", "64")
        ready = "SELECT count(*) > 100 FROM feedback"
        workspace, report = self.takeOver("run", "run", ready, prepare, *arguments)
        reference = self.site.create("reference")
        prepare(reference)
        wanted = self.site.one(reference, *arguments)
        self.assertEqual((report["partition_hash"], report["state_hash"]), (wanted["partition_hash"], wanted["state_hash"]))
        self.assertEqual([e["kind"] for e in self.site.call(workspace, "history")], ["run_finished"])
        again = self.site.one(workspace, *arguments)
        self.assertEqual((again["state_hash"], again["births"]), (wanted["state_hash"], 0))
        self.assertTrue(self.site.one(workspace, "verify")["ok"])


if __name__ == "__main__":
    unittest.main()
