"""Several processes decide at once, while an import and runs go on: nothing is lost, and nobody holds the lock for long.

    two_processes_test.py WINNOWCTL RESOURCES [--records N]"""
import collections
import json
import os
import random
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from company import AS_OF, Site, database, record_portrait, rows, write  # noqa: E402

WINNOWCTL, RESOURCES = sys.argv.pop(1), sys.argv.pop(1)
RECORDS = 3000
if "--records" in sys.argv:
    at = sys.argv.index("--records")
    RECORDS = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]


class TwoProcesses(unittest.TestCase):
    def setUp(self):
        self.site = Site(WINNOWCTL, RESOURCES)
        self.addCleanup(self.site.remove)
        self.locks = collections.defaultdict(list)

    def note_locks(self, kind, answer):
        self.locks[kind].append(answer["locks"])

    def decider(self, actor, workspace, candidates, going, told, refused):
        """Decides until the jobs have ended, and at least a while."""
        chance = random.Random(actor)
        for turn in range(400):
            if turn >= 25 and not going.is_set():
                return
            verb = chance.choice([["snooze", "2030-01-01"], ["reject", "spam"], ["reject", "duplicate"], ["escalate"], None])
            note = f"{actor} {turn}."
            arguments = ["undo"] if verb is None else ["decide", chance.choice(candidates), *verb, "--note", note]
            process = self.site.start(workspace, *arguments, actor=actor)
            out, err = process.communicate(timeout=120)
            if process.returncode == 0:
                answer = json.loads(out)
                told.append((actor, arguments[0], answer["event"]))
                self.note_locks(arguments[0], answer)
            else:
                refused.append((process.returncode, err.decode(errors="replace")))

    def test_twoDecideWhileAnImportAndRunsGoOn(self):
        """A disk that stalls under its neighbours is not the program's doing: of three rounds one must be free of long
        holds. What is decided must hold in every one."""
        for turn in range(3):
            self.locks.clear()
            over = self.together(f"{turn}")
            if not over:
                return
            print(f"round {turn}: over 50 ms {over}", file=sys.stderr)
        self.assertEqual(over, {})

    def together(self, turn):
        workspace = self.site.create("shared" + turn)
        first, second = rows(RECORDS, 1), rows(RECORDS // 2, 2, first=RECORDS)
        self.site.call(workspace, "import", write(self.site.folder / "first.csv", first), "--source", "shop")
        self.note_locks("run", self.site.one(workspace, "run", "--as-of", AS_OF))
        candidates = [c["candidate"] for c in self.site.call(workspace, "queue", "--limit", "40")]
        self.assertGreater(len(candidates), 20)
        before = len(self.site.call(workspace, "history"))
        path = write(self.site.folder / "second.csv", second)

        going = threading.Event()
        going.set()
        told, refused = [], []
        threads = [threading.Thread(target=self.decider, args=(actor, workspace, candidates, going, told, refused)) for actor in ("ann", "bob")]
        for thread in threads:
            thread.start()
        try:
            while len(told) < 4 and any(t.is_alive() for t in threads):
                time.sleep(0.01)
            importing = self.site.start(workspace, "import", path, "--source", "shop")
            running = self.site.start(workspace, "run", "--as-of", AS_OF, "--batch", "256")
            for kind, process in (("import", importing), ("run", running)):
                out, err = process.communicate(timeout=300)
                self.assertEqual(process.returncode, 0, err)
                self.note_locks(kind, json.loads(out))
            during = len(told)
            final = self.site.one(workspace, "run", "--as-of", AS_OF)
            self.note_locks("run", final)
        finally:
            going.clear()
            for thread in threads:
                thread.join()
        self.assertEqual([r for r in refused if r[0] not in (1,)], [], "refused, but not because of what somebody had decided")

        # nothing lost, nothing doubled
        history = self.site.call(workspace, "history")
        events = collections.Counter(e["event"] for e in history)
        self.assertEqual([e for e in events if events[e] > 1], [])
        self.assertEqual([t for t in told if t[2] not in events], [])
        decided = [e for e in history if e["kind"] not in ("run_finished", "config_released")]
        self.assertEqual(len(decided), len(told))
        by_actor = collections.Counter(e["actor"] for e in decided)
        self.assertEqual(by_actor, collections.Counter(actor for actor, _, _ in told))
        taken_back = collections.Counter(i for e in history if e["kind"] == "undone" for i in e["refs"]["events"])
        self.assertEqual([i for i, times in taken_back.items() if times > 1], [], "undone twice")
        self.assertEqual({e["event"] for e in history if e["undone"]}, set(taken_back))
        self.assertEqual(len(self.site.call(workspace, "records")), len(first) + len(second))
        self.assertTrue(self.site.one(workspace, "verify")["ok"])

        # what the queue shows is the fold of the events
        newest = {}
        for event in history:
            incident = event["refs"].get("incident")
            if incident and not event["undone"]:
                newest[incident] = event["kind"]
        states = {c["candidate"]: c["state"] for c in self.site.call(workspace, "queue", "--decided")}
        for incident, kind in newest.items():
            if incident in states and kind != "rejected":  # a rejection ends by itself when its reports double
                self.assertEqual(states[incident], kind, incident)

        # a process of its own gives the same as both together
        alone = self.site.create("alone" + turn)
        for path in ("first.csv", "second.csv"):
            self.site.call(alone, "import", str(self.site.folder / path), "--source", "shop")
        self.assertEqual(self.site.one(alone, "run", "--as-of", AS_OF)["partition_hash"], final["partition_hash"])

        print(f"\ndecisions: {len(told)} ({during} during the jobs), refused: {len(refused)}, records: {len(first) + len(second)}", file=sys.stderr)
        for kind, locks in sorted(self.locks.items()):
            most = lambda name: max(lock[name] for lock in locks)
            print(f"{kind:<8} {sum(lock['count'] for lock in locks):6} holds, longest {most('longest_ms'):7.2f} ms"
                  f" ({most('longest_wall_ms'):7.2f} by the clock), longest wait {most('longest_wait_ms'):8.2f} ms,"
                  f" disk {most('longest_sync_ms'):7.2f} ms", file=sys.stderr)
        self.assertGreater(during, 4)
        return {k: sum(lock["over_50_ms"] for lock in locks) for k, locks in self.locks.items() if any(lock["over_50_ms"] for lock in locks)}


if __name__ == "__main__":
    unittest.main()
