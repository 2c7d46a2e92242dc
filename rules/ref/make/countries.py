"""Countries by ISO 3166-1, from Debian's iso-codes: the nationality in the number of a
foreigner's permanent residence card."""
import json


def table():
    with open("/usr/share/iso-codes/json/iso_3166-1.json", encoding="utf-8") as f:
        countries = json.load(f)["3166-1"]
    yield ["numeric", "alpha3", "name"]
    for c in sorted(countries, key=lambda c: c["numeric"]):
        yield [c["numeric"], c["alpha_3"], c["name"]]
