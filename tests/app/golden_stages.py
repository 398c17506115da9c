"""Runs winnow-stage on golden JSON Lines: tests/data/stages/<stage>/<case>.in.jsonl must give <case>.out.jsonl.

    golden_stages.py WINNOW_STAGE FOLDER [--write]

An optional <case>.args holds further arguments, one a line ({} is the case's folder), and <case>.status the exit status
when it is not 0. --write records what the program says now: read the difference before you commit it."""
import pathlib
import subprocess
import sys


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    write = "--write" in sys.argv
    failed = passed = 0
    for source in sorted(folder.glob("*/*.in.jsonl")):
        stage, case = source.parent.name, source.name.removesuffix(".in.jsonl")
        beside = lambda suffix: source.with_name(case + suffix)
        extra = beside(".args").read_text().splitlines() if beside(".args").exists() else []
        extra = [a.replace("{}", str(source.parent)) for a in extra]
        status = int(beside(".status").read_text()) if beside(".status").exists() else 0
        outputs = []
        for threads in ("1", "2"):
            done = subprocess.run([program, stage, "--threads", threads, *extra], stdin=source.open("rb"), capture_output=True)
            outputs.append(done.stdout)
        wanted = beside(".out.jsonl")
        if write:
            wanted.write_bytes(outputs[0])
        why = ""
        if outputs[0] != outputs[1]:
            why = "other bytes with two threads"
        elif done.returncode != status:
            why = f"exit status {done.returncode}, not {status}: {done.stderr.decode(errors='replace').strip()[-200:]}"
        elif not wanted.exists() or outputs[0] != wanted.read_bytes():
            got, want = outputs[0].splitlines(), wanted.read_bytes().splitlines() if wanted.exists() else []
            line = next((i for i, (a, b) in enumerate(zip(got, want)) if a != b), min(len(got), len(want)))
            why = f"line {line + 1}: {got[line][:300] if line < len(got) else b'missing'!r}"
        if why:
            failed += 1
            print(f"FAIL {stage}/{case}: {why}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
