"""Links the records with GoldenMatch, three ways:

    peer_goldenmatch.py RECORDS.csv OUT zero-config
    peer_goldenmatch.py RECORDS.csv OUT rules
    peer_goldenmatch.py RECORDS.csv OUT LINK-THRESHOLD

zero-config is what it chooses itself; rules are exact matchkeys, an ID number, a
birth date or a name that differs being evidence against; a threshold takes its probabilistic (Fellegi-Sunter) matchkey with the
blocking that Splink is given. Writes OUT/WAY/resolve/clusters.csv.
"""
import os
import pathlib
import sys

os.environ["GOLDENMATCH_AUTOCONFIG_MEMORY"] = "0"

import goldenmatch as gm
import pyarrow as pa
import pyarrow.csv
from goldenmatch.config.schemas import (
    BlockingConfig,
    BlockingKeyConfig,
    GoldenMatchConfig,
    GoldenRulesConfig,
    MatchkeyConfig,
    MatchkeyField,
    NegativeEvidenceField,
)

IDENTITIES = [["id_number"], ["mobile"], ["vin"], ["email"], ["sender_key"], ["name", "birth_date"]]
AGAINST = [
    NegativeEvidenceField(field="id_number", scorer="exact", threshold=1.0, penalty=1.0),
    NegativeEvidenceField(field="name", scorer="levenshtein", threshold=0.6, penalty=1.0),
    NegativeEvidenceField(field="birth_date", scorer="exact", threshold=1.0, penalty=1.0),
]
BLOCKING = [
    ["id_number"],
    ["mobile"],
    ["vin"],
    ["plate"],
    ["sender_key"],
    ["email"],
    ["phone", "name"],
    ["name", "birth_date"],
    ["name", "address"],
]
COMPARED = [
    MatchkeyField(field="id_number", scorer="exact"),
    MatchkeyField(field="name", scorer="levenshtein", levels=3, level_thresholds=[1.0, 0.6],
                  tf_adjustment=True),
    MatchkeyField(field="mobile", scorer="exact", tf_adjustment=True),
    MatchkeyField(field="phone", scorer="exact"),
    MatchkeyField(field="email", scorer="exact"),
    MatchkeyField(field="birth_date", scorer="date", levels=3, level_thresholds=[1.0, 0.85]),
    MatchkeyField(field="address", scorer="jaro_winkler", levels=3, level_thresholds=[1.0, 0.95]),
    MatchkeyField(field="vin", scorer="exact", tf_adjustment=True),
    MatchkeyField(field="plate", scorer="exact"),
    MatchkeyField(field="sender_key", scorer="exact"),
]
WHOLE = GoldenRulesConfig(default_strategy="most_complete", max_cluster_size=1000)


def rules():
    return GoldenMatchConfig(
        matchkeys=[
            MatchkeyConfig(
                name="_".join(fields),
                type="exact",
                fields=[MatchkeyField(field=field) for field in fields],
                threshold=0.9,
                negative_evidence=None if fields == ["id_number"] else AGAINST,
            )
            for fields in IDENTITIES
        ],
        golden_rules=WHOLE,
    )


def probabilistic(threshold):
    return GoldenMatchConfig(
        matchkeys=[
            MatchkeyConfig(
                name="customer",
                type="probabilistic",
                fields=COMPARED,
                link_threshold=threshold,
                review_threshold=threshold,
            )
        ],
        blocking=BlockingConfig(
            strategy="multi_pass",
            passes=[BlockingKeyConfig(fields=fields, additive=True) for fields in BLOCKING],
            max_block_size=5000,
        ),
        golden_rules=WHOLE,
    )


def config_of(way):
    if way == "zero-config":
        return None
    return rules() if way == "rules" else probabilistic(float(way))


def read(path):
    names = pa.csv.open_csv(path).schema.names
    options = pa.csv.ConvertOptions(
        column_types={name: pa.string() for name in names}, strings_can_be_null=True,
        null_values=[""],
    )
    return pa.csv.read_csv(path, convert_options=options)


def main():
    records, out, way = read(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    result = gm.dedupe_df(records, config=config_of(way), exclude_columns=["record_id"])
    ids = records["record_id"].to_pylist()
    folder = out / way / "resolve"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "clusters.csv", "w") as clusters:
        print("record_id,customer_id", file=clusters)
        for number, cluster in result.clusters.items():
            for row in cluster["members"]:
                print(ids[row], number, sep=",", file=clusters)


if __name__ == "__main__":
    main()
