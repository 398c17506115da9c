"""How well the sample's incidents and bands agree with its gold, printed: B-cubed of the grouping, share of issues that reach
a candidate, decisions against bands.

    sample_quality.py WINNOWCTL RESOURCES"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

WINNOWCTL, RESOURCES = sys.argv[1:3]
AS_OF = "2026-11-23T23:59:59.999Z"


def main():
    folder = tempfile.mkdtemp(prefix="winnow-quality-")
    environment = {**os.environ, "XDG_CONFIG_HOME": folder + "/config"}
    call = lambda *a: subprocess.run([WINNOWCTL, "--workspace", folder + "/w", "--json", "--quiet", *a], capture_output=True, env=environment, check=True).stdout.decode()
    subprocess.run([WINNOWCTL, "init", folder + "/w", "--sample"], capture_output=True, env=environment, check=True)
    call("run", "--as-of", AS_OF)
    records = {}
    for line in call("records").splitlines():
        r = json.loads(line)
        records[r["source"], r["source_record_id"]] = r
    import sqlite3
    db = sqlite3.connect(folder + "/w/workspace.db")
    members = collections.defaultdict(list)  # record -> (start, end, incident)
    for source, record, start, end, incident in db.execute(
            'SELECT r.source, r.source_record_id, s.start, s."end", i.uid FROM membership m JOIN incident i ON i.id = m.incident '
            "JOIN segment s ON s.id = m.segment JOIN record r ON r.id = m.segment >> 16"):
        members[source, record].append((start, end, incident))
    texts = {(s, i): t for s, i, t in db.execute("SELECT r.source, r.source_record_id, f.text FROM feedback f JOIN record r ON r.id = f.id")}
    gold = [json.loads(line) for line in pathlib.Path(RESOURCES, "samples/gold/labels.jsonl").read_text().splitlines()]
    pairs, missed, noise = [], 0, 0
    for label in gold:
        key = label["source"], label["source_record_id"]
        if not label["issue"]:
            noise += bool(members[key])
            continue
        at = texts[key].find(label["quote"])
        start = len(texts[key][:at].encode()) if at >= 0 else 0
        end = start + len(label["quote"].encode()) if at >= 0 else len(texts[key].encode())
        best = max(members[key], key=lambda m: min(m[1], end) - max(m[0], start), default=None)
        if best is None or min(best[1], end) <= max(best[0], start):
            missed += 1
        else:
            pairs.append((label["issue"], best[2]))
    by_issue, by_incident, both = collections.Counter(a for a, _ in pairs), collections.Counter(b for _, b in pairs), collections.Counter(pairs)
    precision = sum(both[p] / by_incident[p[1]] for p in pairs) / len(pairs)
    recall = sum(both[p] / by_issue[p[0]] for p in pairs) / len(pairs)
    issues = [label for label in gold if label["issue"]]
    print(f"issue labels {len(issues)}, in a candidate {len(pairs)} ({len(pairs) / len(issues):.3f}); records without an issue in one: {noise}")
    print(f"B3 precision {precision:.3f} recall {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}; incidents {len(by_incident)} for {len(by_issue)} issues")
    decisions = {d["issue"]: d["decision"] for d in map(json.loads, pathlib.Path(RESOURCES, "samples/gold/decisions.jsonl").read_text().splitlines())}
    queue = {c["candidate"]: c for c in map(json.loads, call("queue").splitlines())}
    main_issue = {i: collections.Counter(a for a, b in pairs if b == i).most_common(1)[0][0] for i in by_incident}
    table = collections.Counter((queue[i]["band"], decisions[a]) for i, a in main_issue.items() if i in queue)
    for band in ("auto", "review", "backlog", "escalate"):
        print(band, {d: n for (b, d), n in sorted(table.items()) if b == band})
    priorities = sorted((queue[i]["priority"] for i in queue), reverse=True)
    print("priorities", [priorities[int(len(priorities) * q)] for q in (0, .05, .1, .2, .3, .5, .8)])


main()
