"""Holds what each role saw (ROLE.seen, rows of `relation|column|...`) to the master tables.

roles.py EARLIER OUT DIR"""
import csv
import re
import sys


def table(out, path):
    with open(f"{out}/{path}.csv", encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def main(earlier, out, folder):
    customers = table(out, "master/customer")
    people = customers + table(out, "master/pending")
    numbers = {c["id_number"] for c in customers if len(c["id_number"]) >= 15}
    mobiles = {c["mobile"] for c in people if c["mobile"]}
    addresses = {c["address"] for c in people if len(c["address"]) > 8}
    contacts = table(out, "master/contact")
    staff = {c["sales_consultant"] for c in people} | {c["handler"] for c in contacts}  # namesakes
    names = {c["name"] for c in people if len(c["name"]) >= 3} - staff
    silent = {c["customer_id"] for c in people if c["marketing_consent"] != "yes"}
    guests = [c for c in contacts if c["dealer_code"] == "D001"]  # who came to it is a customer of its
    others = {c["customer_id"] for c in people if c["dealer_code"] not in ("", "D001")} - {c["customer_id"] for c in guests}
    loans = {v["loan_contract_no"] for v in table(out, "master/vehicle") if v["loan_contract_no"]}
    foreign_vins = {v["vin"] for v in table(out, "master/vehicle") if v["dealer_code"] not in ("", "D001")} - {c["vin"] for c in guests}
    seen, relations = {}, {}
    for role in ("yice_admin", "yice_analyst", "yice_marketing", "yice_service", "yice_dealer_D001"):
        with open(f"{folder}/{role}.seen", encoding="utf-8") as f:
            text = f.read()
        seen[role] = set(re.split(r'[|\n",\[\] ;:=]+', text)) | {line.split("|")[i] for line in text.splitlines() for i in range(1, line.count("|") + 1)}
        relations[role] = {line.split("|")[0] for line in text.splitlines()}
    faults = []

    def never(role, what, values):
        found = values & seen[role]
        if found:
            faults.append(f"{role} sees {len(found)} {what}, such as {sorted(found)[:3]}")

    if not numbers <= seen["yice_admin"] or not mobiles <= seen["yice_admin"] or not silent <= seen["yice_admin"]:
        faults.append("the administrator does not see everything")
    for role in ("yice_analyst", "yice_marketing", "yice_service", "yice_dealer_D001"):
        if role != "yice_dealer_D001":
            never(role, "ID numbers", numbers)
        never(role, "loan contracts", loans)
        if "customer" not in relations[role] and role != "yice_dealer_D001":
            faults.append(f"{role} does not see customer at all")
    for what, values in (("mobiles", mobiles), ("addresses", addresses), ("names", names)):
        never("yice_analyst", what, values)
    never("yice_marketing", "customers who did not consent", silent)
    if not {c["mobile"] for c in people if c["marketing_consent"] == "yes" and c["mobile"] and c in customers} <= seen["yice_marketing"]:
        faults.append("marketing lacks phones of customers who consent")
    never("yice_dealer_D001", "customers of other dealers", others)
    never("yice_dealer_D001", "cars of other dealers", foreign_vins)
    # a dealer knows what it sent itself (in its rejects), and no value of another source
    told = [r for night in (earlier, out) for stage in ("clean", "resolve", "master") for r in table(night, stage + "/rejects")]
    own = {r[c] for r in told for c in ("value", "corrected_value") if "_D001_" in r["file"]}
    never("yice_dealer_D001", "ID numbers that it did not send", numbers - own)
    for role in relations:
        print(f"  {role}: {len(relations[role])} tables and views: {' '.join(sorted(relations[role]))}")
    if faults:
        sys.exit("\n".join(faults))


main(*sys.argv[1:])
