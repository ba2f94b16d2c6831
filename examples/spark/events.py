"""The columns of an event file, as Spark reads JSON lines: what an event is said with, and `facts` as JSON text."""

SCHEMA = (
    "id string, source string, subject string, type string, at timestamp, actor string, agreement string, "
    "kind string, target string, sequence long, recorded_at timestamp, facts string"
)


def read(reader, path):
    """The events of a folder or file of JSON lines, or of Parquet; `reader` is spark.read or spark.readStream."""
    if str(path).endswith(".parquet"):
        return reader.parquet(path)
    return reader.schema(SCHEMA).json(path)
