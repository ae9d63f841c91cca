#!/usr/bin/env python3
"""Judges lines of evidence with mxray on Spark: spark-submit spark-job.py EVIDENCE OUT [PARTITIONS]

EVIDENCE is a file or folder of NDJSON, OUT a folder that is not there yet; MXRAY names the binary on the workers. Each
partition streams its lines through one `mxray check --evidence-lines -`; a line that cannot be judged comes back as an
`error` line and costs nothing else. Prints one line of counts.
"""
import json
import os
import subprocess
import sys
import threading

from pyspark import SparkContext


def judge(lines):
    """The lines of one partition, through one process."""
    command = [os.environ.get("MXRAY", "mxray"), "check", "--evidence-lines", "-", "--jobs", "1", "--brief"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def feed():
        try:
            for line in lines:
                process.stdin.write(line + b"\n")
        finally:
            process.stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    for report in process.stdout:
        yield report.rstrip(b"\n")
    feeder.join()
    # 0: all judged. 1: some lines were not; they are in the output. Anything else is a fault of the set-up.
    if process.wait() > 1:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")


def main():
    source, out = sys.argv[1:3]
    context = SparkContext(appName="mxray")
    context.setLogLevel("ERROR")
    partitions = int(sys.argv[3]) if len(sys.argv) > 3 else context.defaultParallelism
    # Octets, not text: a line that is not UTF-8 is a broken line like any other.
    lines = context.textFile(source, use_unicode=False, minPartitions=partitions).map(bytes_of)
    reports = lines.repartition(partitions).mapPartitions(judge)
    reports.map(bytes.decode).saveAsTextFile(out)
    kinds = context.textFile(out).map(lambda line: "failed" if "error" in json.loads(line) else "judged")
    print(json.dumps(dict(kinds.countByValue()), sort_keys=True))
    context.stop()


def bytes_of(line):
    """Spark hands over octets as text of one character each where it is not asked for Unicode."""
    return line if isinstance(line, bytes) else line.encode("latin-1")


if __name__ == "__main__":
    main()
