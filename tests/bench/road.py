"""The whole road on real input: init, import, run, queue, decide, push, and both again.

    road.py WINNOWCTL DATA_FOLDER [--keep DIR] [--approve N]

DATA_FOLDER holds the feedback files (`*.csv.gz` and so on). Prints seconds, peak anonymous memory and rows of each step;
never fails on a figure. Checks what must hold: a second import and run add nothing and give the same hashes, and there is
one file per approved candidate; it exits 1 where one of these is broken."""
import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time


def measured(arguments, environment):
    """(exit status, stdout, seconds, peak anonymous MB)"""
    start, peak = time.perf_counter(), [0]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)

    def watch():
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status") as status:
                    for line in status:
                        if line.startswith("RssAnon:"):
                            peak[0] = max(peak[0], int(line.split()[1]) / 1024)
            except OSError:
                pass
            time.sleep(0.01)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    out, err = process.communicate()
    watcher.join()
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(arguments[:6])}: exit status {process.returncode}: {err.decode(errors='replace')[-500:]}")
    return process.returncode, out.decode(), time.perf_counter() - start, peak[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("winnowctl")
    parser.add_argument("data")
    parser.add_argument("--keep")
    parser.add_argument("--approve", type=int, default=10, help="every how many-th candidate is approved")
    parser.add_argument("--most", type=int, default=1000, help="at most so many approvals")
    given = parser.parse_args()
    folder = given.keep or tempfile.mkdtemp(prefix="winnow-road-")
    workspace = os.path.join(folder, "workspace")
    environment = {**os.environ, "XDG_CONFIG_HOME": os.path.join(folder, "config"), "WINNOW_ACTOR": "bench"}
    ctl = lambda *a: measured([given.winnowctl, "--workspace", workspace, "--json", "--quiet", *a], environment)
    files = sorted(f for f in glob.glob(os.path.join(given.data, "*")) if os.path.isfile(f))
    broken, total = [], 0.0

    def row(step, seconds, memory, rows, note=""):
        rate = f"{rows / seconds:12,.0f}/s" if rows and seconds else " " * 14
        print(f"{step:<26}{seconds:9.2f} s {memory:8.0f} MB {rows:10,} rows {rate}  {note}", flush=True)

    measured([given.winnowctl, "init", workspace], environment)
    as_of = "2026-11-24T23:59:59.999Z"
    hashes = []
    for turn in (1, 2):
        code, out, seconds, memory = ctl("import", *files)
        imported = json.loads(out)["files"]
        fresh = sum(f.get("new", 0) + f.get("edited", 0) for f in imported)
        row(f"import, turn {turn}", seconds, memory, sum(f.get("records", 0) for f in imported), f"{fresh:,} new, {sum(f.get('rejects', 0) for f in imported)} rejects")
        total += seconds if turn == 1 else 0
        if turn == 2 and fresh:
            broken.append(f"the second import added {fresh} records")
        code, out, seconds, memory = ctl("run", "--as-of", as_of)
        run = json.loads(out)
        row(f"run, turn {turn}", seconds, memory, run["stages"][0]["in"] if turn == 1 else 0, f"locks {run['locks']}")
        for stage in run["stages"]:
            print(f"    {stage['name']:<22}{stage['seconds']:9.2f} s             {stage['in']:10,} in {stage['out']:10,} out")
        total += seconds if turn == 1 else 0
        hashes.append((run["partition_hash"], run["state_hash"]))
        if turn == 2:
            break
        code, out, seconds, memory = ctl("queue")
        queue = [json.loads(line) for line in out.splitlines()]
        row("queue", seconds, memory, len(queue))
        total += seconds
        bands = {}
        for candidate in queue:
            bands[candidate["band"]] = bands.get(candidate["band"], 0) + 1
        print(f"    bands {bands}")
        chosen = [c["candidate"] for c in queue[::given.approve]][:given.most]
        start, slowest, peak = time.perf_counter(), 0.0, 0.0
        for candidate in chosen:
            _, _, one, memory = ctl("decide", candidate, "approve")
            slowest, peak = max(slowest, one), max(peak, memory)
        seconds = time.perf_counter() - start
        row("decide approve", seconds, peak, len(chosen), f"slowest {slowest * 1000:.0f} ms")
        total += seconds
        code, out, seconds, memory = ctl("push", "--now")
        filings = json.loads(out)["filings"]
        row("push --now", seconds, memory, len(filings))
        total += seconds
        tickets = os.listdir(os.path.join(workspace, "tickets"))
        if len(tickets) != len(chosen) or len(set(tickets)) != len(chosen):
            broken.append(f"{len(chosen)} approved, {len(tickets)} files")
        code, out, seconds, _ = ctl("push", "--now")
        if json.loads(out)["filings"] or len(os.listdir(os.path.join(workspace, "tickets"))) != len(chosen):
            broken.append("a second push filed again")
    if hashes[0] != hashes[1]:
        broken.append(f"other hashes the second time: {hashes}")
    code, out, seconds, memory = ctl("verify")
    row("verify", seconds, memory, json.loads(out)["records"])
    if not json.loads(out)["ok"]:
        broken.append(f"verify: {out}")
    size = sum(os.path.getsize(os.path.join(workspace, f)) for f in os.listdir(workspace) if f.startswith("workspace.db"))
    print(f"whole road (first turn): {total:.1f} s; workspace {size / 1e6:.0f} MB; partition {hashes[0][0][:16]}…, state {hashes[0][1][:16]}…")
    for line in broken:
        print("BROKEN:", line)
    if not given.keep:
        shutil.rmtree(folder)
    return 1 if broken else 0


sys.exit(main())
