"""Judges events as they come into a folder: spark-submit watch_log.py POLICY EVENTS OUTPUT

EVENTS is a folder into which whole files of JSON lines are moved. OUTPUT gets Parquet files of what changed, and keeps
the checkpoint in OUTPUT/checkpoint: started again, the job goes on where it was.
"""

import argparse
import sys

from click import ClickException
from events import read
from judge_log import said
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from slarules import PolicyError, load
from slarules.cli.options import supplied
from slarules.spark import live


def main():
    """Runs the job until it is stopped, or with --once until all files are read."""
    told = argparse.ArgumentParser(description="Judge events as they come.")
    told.add_argument("policy", help="the policy file; its source text stands beside it")
    told.add_argument("events", help="the folder that is watched")
    told.add_argument("output", help="the folder for what changed, and for the checkpoint")
    told.add_argument("--agreements", metavar="LOG", help="a log with the events of agreements; read at the start")
    told.add_argument("--apart", action="store_true", help="spread the tickets over the cluster; none bears on another")
    told.add_argument("--delay", default="0 seconds", help="how much later than others an event may come")
    told.add_argument("--reading", action="append", default=[], metavar="NAME=OPTION", help="repeat for several")
    told.add_argument("--supplied", action="append", default=[], metavar="NAME=FILE", help="repeat for several")
    told.add_argument("--position", metavar="COLUMN", help="the column with each event's place in the log")
    told.add_argument("--once", action="store_true", help="stop when all files that are there have been read")
    asked = told.parse_args()
    spark = SparkSession.builder.appName("slarules: watch a log").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        policy = load(asked.policy)
        changes = live(
            read(spark.readStream, asked.events),
            policy,
            agreements=read(spark.read, asked.agreements) if asked.agreements else None,
            delay=asked.delay,
            readings=dict(pair.split("=", 1) for pair in asked.reading),
            supplied=supplied(policy.contract, asked.supplied),
            position=asked.position,
            apart=asked.apart,
        )
        writer = changes.writeStream.format("parquet").outputMode("append").option("path", f"{asked.output}/changes")
        writer = writer.option("checkpointLocation", f"{asked.output}/checkpoint")
        if asked.once:
            writer = writer.trigger(availableNow=True)
        writer.start().awaitTermination()
    except (PolicyError, ValueError, ClickException) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except PySparkException as wrong:
        print(said(wrong), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
