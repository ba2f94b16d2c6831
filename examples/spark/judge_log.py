"""Judges a log of events on a Spark cluster: spark-submit judge_log.py POLICY EVENTS OUTPUT --as-of INSTANT

EVENTS is a folder or file of JSON lines (an event a line) or of Parquet, OUTPUT a folder for Parquet.
"""

import argparse
import sys

from click import ClickException
from events import read
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from slarules import PolicyError, load
from slarules.cli.options import supplied
from slarules.spark import event_files, judging, set_aside, usable, write


def main():
    """Runs the job; 0: done, 1: it could not be run."""
    told = argparse.ArgumentParser(description="Judge a log of events under a policy.")
    told.add_argument("policy", help="the policy file; its source text stands beside it")
    told.add_argument("events", help="a folder or file of events, on storage that every worker can read")
    told.add_argument("output", help="the folder for the verdicts, which must not exist yet")
    told.add_argument("--as-of", required=True, metavar="INSTANT", help="such as 2026-01-01T00:00:00Z")
    told.add_argument("--reading", action="append", default=[], metavar="NAME=OPTION", help="repeat for several")
    told.add_argument("--supplied", action="append", default=[], metavar="NAME=FILE", help="repeat for several")
    told.add_argument("--position", metavar="COLUMN", help="the column with each event's place in the log")
    told.add_argument("--partitions", type=int, metavar="N", help="how many tasks judge")
    told.add_argument("--by-workers", action="store_true", help="workers open and write the Parquet files themselves")
    asked = told.parse_args()
    spark = SparkSession.builder.appName("slarules: judge a log").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        policy = load(asked.policy)
        found = judging(
            event_files(spark, asked.events) if asked.by_workers else sound(read(spark.read, asked.events)),
            policy,
            asked.as_of,
            readings=dict(pair.split("=", 1) for pair in asked.reading),
            supplied=supplied(policy.contract, asked.supplied),
            position=asked.position,
            partitions=asked.partitions,
        )
        if asked.by_workers:
            write(found, asked.output)
        else:
            found.verdicts.write.parquet(asked.output)
    except (PolicyError, ValueError, ClickException, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except PySparkException as wrong:
        print(said(wrong), file=sys.stderr)
        return 1
    for row in spark.read.parquet(asked.output).groupBy("rule", "state").count().orderBy("rule", "state").collect():
        print(f"{row.rule:<12} {row.state:<18} {row['count']:>12,}")
    for (agreement, status), state in found.agreements.statuses.items():
        print(f"{agreement}: {status} is {state}")
    return 0


def sound(events):
    """The rows that are events; how many are none is said."""
    aside = set_aside(events).collect()
    for row in aside:
        print(f"set aside {row.rows} rows, {row.code}: {row.cause}", file=sys.stderr)
    return usable(events) if aside else events


def said(wrong):
    """What a worker said, without where in the code it was said."""
    lines = [line for line in str(wrong).splitlines() if line and not line.startswith((" ", "\t"))]
    return next((line for line in reversed(lines) if line.startswith("slarules.")), lines[0])


if __name__ == "__main__":
    sys.exit(main())
