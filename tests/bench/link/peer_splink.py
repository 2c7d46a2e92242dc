"""Links the records with Splink (Fellegi-Sunter, DuckDB) as its documentation advises: u by
random sampling, m by expectation maximisation over several blockings, term frequencies for
names and addresses, connected components at a threshold.

    peer_splink.py RECORDS.csv OUT MATCH_WEIGHT[,MATCH_WEIGHT...]

writes OUT/MATCH_WEIGHT/resolve/clusters.csv for each threshold.
"""
import pathlib
import sys

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

BLOCKING = [
    block_on("id_number"),
    block_on("mobile"),
    block_on("vin"),
    block_on("plate"),
    block_on("sender_key"),
    block_on("email"),
    block_on("phone", "name"),
    block_on("name", "birth_date"),
    block_on("name", "address"),
]


def name_comparison():
    return cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            cll.NullLevel("name"),
            cll.ExactMatchLevel("name", term_frequency_adjustments=True),
            cll.LevenshteinLevel("name", 1),  # one wrong or missing character
            cll.JaroWinklerLevel("name", 0.9),  # companies
            cll.CustomLevel("substr(name_l, 1, 1) = substr(name_r, 1, 1)", "same surname"),
            cll.ElseLevel(),
        ],
    )


def settings():
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[
            cl.ExactMatch("id_number"),
            name_comparison(),
            cl.LevenshteinAtThresholds("mobile", 1).configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone"),
            cl.ExactMatch("email"),
            cl.LevenshteinAtThresholds("birth_date", 1),
            cl.JaroWinklerAtThresholds("address", 0.95).configure(term_frequency_adjustments=True),
            cl.ExactMatch("vin").configure(term_frequency_adjustments=True),
            cl.ExactMatch("plate"),
            cl.ExactMatch("sender_key"),
        ],
        blocking_rules_to_generate_predictions=BLOCKING,
        retain_matching_columns=False,
    )


def train(linker):
    linker.training.estimate_probability_two_random_records_match(
        [block_on("id_number"), block_on("name", "mobile"), block_on("name", "vin")], recall=0.95
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for blocking in (block_on("id_number"), block_on("name", "mobile"), block_on("name", "vin")):
        linker.training.estimate_parameters_using_expectation_maximisation(blocking)


def main():
    records, out, thresholds = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3].split(",")
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE records AS SELECT * FROM read_csv(?, all_varchar = true, nullstr = '')",
        [records],
    )
    api = DuckDBAPI(database)
    linker = Linker(api.register("records"), settings())
    train(linker)
    lowest = min(float(t) for t in thresholds)
    pairs = linker.inference.predict(threshold_match_weight=lowest)
    for threshold in thresholds:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_weight=float(threshold)
        )
        folder = out / threshold / "resolve"
        folder.mkdir(parents=True, exist_ok=True)
        database.execute(
            f"COPY (SELECT record_id, cluster_id AS customer_id FROM {clusters.physical_name}) "
            f"TO '{folder}/clusters.csv' (HEADER)"
        )


if __name__ == "__main__":
    main()
