"""The figures of the marts, reckoned anew from the CSV tables of a run, and held to what the
SQL of schemas/sql/marts.sql says of them in a store.

    reckon.py OUT RULES TODAY STORE...      STORE: a SQLite file, or a URL of PostgreSQL

Written from REQUIREMENTS and the words beside each mart, not from its SQL: dates are dates,
money is decimal, and nothing is looked up in the store but what is to be compared.
"""
import csv
import datetime as dt
import io
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal

OUT, RULES, TODAY = sys.argv[1:4]
TODAY = dt.date.fromisoformat(TODAY)


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(line for line in f if not line.startswith("#")))


def day(text):
    return dt.date.fromisoformat(text[:10]) if text else None


def moment(text):
    return dt.datetime.fromisoformat(text) if text else None


def shift(d, months):
    """The same day so many months on; a day that the month lacks runs over into the next."""
    m = d.year * 12 + d.month - 1 + months
    return dt.date(m // 12, m % 12 + 1, 1) + dt.timedelta(days=d.day - 1)


def years(a, b):
    return b.year - a.year - ((b.month, b.day) < (a.month, a.day))


def money(text):
    return Decimal(text or 0)


def share(a, b):
    return float(Decimal(a) / Decimal(b)) if b else None


rules = {r["name"]: r["value"] for r in table(f"{RULES}/marts.csv")}
rules.update({r["name"]: r["value"] for r in table(f"{RULES}/report.csv")})
N = {k: int(v) for k, v in rules.items() if v.isdigit()}
W = {k: v.split(";") for k, v in rules.items()}
points = table(f"{RULES}/points.csv")
tiers = table(f"{RULES}/tiers.csv")

people = {}
for register in ("customer", "pending"):
    for r in table(f"{OUT}/master/{register}.csv"):
        r["register"], r["dealer"] = register, r["dealer_code"] or "hq"
        people[r["customer_id"]] = r
vehicles = {r["vin"]: r for r in table(f"{OUT}/master/vehicle.csv")}
ownership = table(f"{OUT}/master/ownership.csv")
contacts = table(f"{OUT}/master/contact.csv")
relations = table(f"{OUT}/master/relation.csv")
for t in contacts:
    t["dealer"] = t["dealer_code"] or "hq"
owner_of = {}
for o in sorted(ownership, key=lambda o: o["customer_id"], reverse=True):
    if o["role"] == "owner":
        owner_of[o["vin"]] = o["customer_id"]

period = lambda d: d is not None and shift(TODAY, -N["period_months"]) <= d <= TODAY

# ---- purchases, visits, insurances: what a customer did ----------------------------------------

purchases = []
owners = defaultdict(list)
for o in ownership:
    if o["role"] in ("owner", "former_owner") and o["vin"] in vehicles:
        owners[o["vin"]].append(o)
for vin, buyers in owners.items():
    v, before = vehicles[vin], None
    for o in sorted(buyers, key=lambda o: o["since"]):
        bought = o["since"] or v["purchase_date"]
        sold_new_earlier = v["purchase_date"] and day(v["purchase_date"]) < day(bought) and v["invoice_date"] != bought
        first = before is None and not sold_new_earlier
        his = lambda what: v[what] and not (o["until"] and day(v[what]) >= day(o["until"]))
        paid = (his("invoice_date") or not v["invoice_date"]) if first else v["invoice_date"] == bought
        purchases.append(dict(who=o["customer_id"], vin=vin, role=o["role"], bought=bought, first=first,
                              delivered=v["delivery_date"] if first and his("delivery_date") else bought,
                              dealer=o["dealer_code"] or (o["role"] == "owner" and v["dealer_code"]) or "hq",
                              series=v["series"], money=money(o["price"] or (paid and v["price"]))))
        before = o
visits = []
for t in contacts:
    if t["kind"] in W["service_kinds"]:
        visits.append(dict(who=t["customer_id"] or owner_of.get(t["vin"], ""), vin=t["vin"], dealer=t["dealer"],
                           day=day(t["contact_at"]), kind=t["kind"], km=int(round(float(t["mileage"]))) if t["mileage"] else None,
                           money=money(t["amount"]), parts=money(t["parts_amount"]), labour=money(t["labour_amount"]),
                           paid=t["settlement"] not in W["unpaid_settlements"]))
did = defaultdict(list)
for p in purchases:
    did[p["who"]].append(("purchase", day(p["bought"]), p["money"], p))
for v in visits:
    if v["who"]:
        did[v["who"]].append(("service", v["day"], v["money"] if v["paid"] else Decimal(0), v))
for vin, v in vehicles.items():
    if v["insurance_start"] and vin in owner_of:
        did[owner_of[vin]].append(("insurance", day(v["insurance_start"]), money(v["insurance_premium"]), v))
by_car = defaultdict(list)
for v in visits:
    if v["vin"] in vehicles:
        by_car[v["vin"]].append(v)
newest = lambda days: max((d for d in days if d), default=None)

# ---- how a customer stands ---------------------------------------------------------------------

def phase_of(who, mine, car, sign):
    if not any(e[0] == "purchase" for e in mine):
        return "lead"
    if not car or not sign or sign < shift(TODAY, -N["lost_months"]):
        return "lost"
    if sign < shift(TODAY, -N["quiet_months"]):
        return "last_year"
    v, seen = vehicles[car["vin"]], by_car[car["vin"]]
    if car["first"] and not seen and not v["first_service_date"]:
        got = day(v["delivery_date"] or v["registration_date"])
        if not got or got > TODAY:
            return "buyer"
        return "waiting" if day(v["delivery_date"] or car["bought"]) > shift(TODAY, -N["first_service_months"]) else "first_service"
    start = day(v["delivery_date"] or car["bought"])
    km = max((x["km"] for x in seen if x["km"] is not None), default=0)
    runs = start and start >= shift(TODAY, -N["warranty_months"]) and km <= N["warranty_km"]
    return "in_warranty" if runs and car["first"] else "out_of_warranty"


def level_of(mine, total):
    best = 0
    for n, t in enumerate(tiers):
        count = lambda what: sum(e[0] == what for e in mine)
        largest = max((e[2] for e in mine if e[0] == "service"), default=0)
        meets = [t["cars"] and count("purchase") >= int(t["cars"]), t["services"] and count("service") >= int(t["services"]),
                 t["single_amount"] and largest >= int(t["single_amount"]),
                 t["total_amount"] and total >= int(t["total_amount"]),
                 t["series"] and any(e[0] == "purchase" and e[3]["series"] in t["series"].split(";") for e in mine)]
        if n == 0 or any(meets):
            best = n
    return best


standing = {}
for who, person in people.items():
    mine = did[who]
    part = lambda what: sum((e[2] for e in mine if e[0] == what), Decimal(0))
    cars = [e[3] for e in mine if e[0] == "purchase" and e[3]["role"] == "owner"]
    car = max(cars, key=lambda c: (c["bought"] or "0000-00-00", c["vin"]), default=None)
    sign = newest([e[1] for e in mine if e[0] != "insurance"] + [x["day"] for x in (by_car[car["vin"]] if car else [])])
    days = {e[1] for e in mine if e[0] == "purchase" and e[1]}
    last = newest(e[1] for e in mine)
    here = {e[3]["dealer"] for e in mine if e[0] == "service" and period(e[1])}
    total = part("purchase") + part("service") + part("insurance")
    level = level_of(mine, total)
    standing[who] = dict(
        dealer_code=person["dealer"], register=person["register"], purchases=sum(e[0] == "purchase" for e in mine),
        cars=len(cars), services=sum(e[0] == "service" for e in mine), insurances=sum(e[0] == "insurance" for e in mine),
        repurchase="yes" if len(days) > 1 else "no", last_on=last and last.isoformat(),
        recency_days=(TODAY - last).days if last else None, frequency=len(mine), money=float(total),
        purchase_money=float(part("purchase")), service_money=float(part("service")),
        insurance_money=float(part("insurance")), level=level,
        vin=car and car["vin"], sign_on=sign and sign.isoformat(), phase=phase_of(who, mine, car, sign),
        visits_in_period=sum(e[0] == "service" and period(e[1]) for e in mine),
        loyal="yes" if here == {person["dealer"]} else "no")
before, everything = Decimal(0), sum(e[2] for mine in did.values() for e in mine)
for who in sorted(standing, key=lambda w: (-Decimal(str(standing[w]["money"])), w)):
    spent = Decimal(str(standing[who]["money"]))
    standing[who]["class"] = "C" if spent <= 0 else "A" if before * 100 < everything * N["class_a_percent"] else \
        "B" if before * 100 < everything * N["class_b_percent"] else "C"
    before += spent

# ---- the club ----------------------------------------------------------------------------------

earned = defaultdict(int)
occasions = [(w, "purchase", e[3]["dealer"], e[2]) for w, mine in did.items() for e in mine if e[0] == "purchase"]
occasions += [(v["who"], "service", v["dealer"], v["money"]) for v in visits if v["who"] and v["paid"]]
occasions += [(v["who"], "parts", v["dealer"], v["parts"]) for v in visits if v["who"] and v["paid"] and v["parts"] > 0]
for t in contacts:
    if t["customer_id"] and t["kind"] == "activity" and t["attended_on"]:
        occasions.append((t["customer_id"], "activity", t["dealer"], Decimal(0)))
    elif t["customer_id"] and t["kind"] != "activity" and t["channel"] == "forum":
        occasions.append((t["customer_id"], "post", t["dealer"], Decimal(0)))
for who, kind, dealer, amount in occasions:
    for p in points:
        if p["kind"] == kind:
            times = int(amount / int(p["per_yuan"])) if p["per_yuan"] else 1
            earned[who, p["scope"], dealer if p["scope"] == "dealer" else ""] += int(p["points"]) * times

referrals = {(r["related_customer_id"], r["customer_id"]) for r in relations
             if r["relation"] == "referrer" and r["related_customer_id"]}
has_bought = lambda who: standing[who]["purchases"] > 0

# ---- the whole customer, the whole car ---------------------------------------------------------

cars = {}
for vin, v in vehicles.items():
    start, seen = day(v["delivery_date"] or v["purchase_date"]), by_car[vin]
    last = newest(x["day"] for x in seen)
    served = newest([day(v["first_service_date"])] + [x["day"] for x in seen if x["kind"] in ("first_service", "maintenance")])
    firsts = [x["day"] for x in seen if x["kind"] == "first_service" and x["day"]]
    due = shift(served, N["service_interval_months"]) if served else \
        start and shift(start, N["first_service_months"])
    cars[vin] = dict(
        owner_id=owner_of.get(vin), former_owners=sum(o["vin"] == vin and o["role"] == "former_owner" for o in ownership),
        visits=len(seen), last_visit_on=last and last.isoformat(),
        mileage=max((x["km"] for x in seen if x["km"] is not None), default=None),
        service_money=float(sum((x["money"] for x in seen), Decimal(0))),
        age_years=start and years(start, TODAY),
        first_service_on=v["first_service_date"] or (firsts and min(firsts).isoformat()) or None,
        warranty_end=start and shift(start, N["warranty_months"]).isoformat(),
        next_service_due=due and due.isoformat(), insurance_expiry=v["insurance_expiry"])
mine_now = defaultdict(list)
for vin, c in cars.items():
    mine_now[c["owner_id"]].append(c)
ahead = lambda who, name: min((c[name] for c in mine_now[who] if c[name] and c[name] >= TODAY.isoformat()), default=None)
by_who = defaultdict(list)
for t in contacts:
    by_who[t["customer_id"]].append(t)
whole = {}
for who, person in people.items():
    born = person["birth_date"]
    whole[who] = dict(
        customer_type=person["customer_type"], sources=person["sources"], marketing_consent=person["marketing_consent"] or "no",
        cars=len(mine_now[who]), contacts=len(by_who[who]),
        last_contact_on=max((t["contact_at"][:10] for t in by_who[who]), default=None) or None,
        tier=tiers[standing[who]["level"]]["tier"], points=earned.get((who, "network", ""), 0), phase=standing[who]["phase"],
        referred=sum(r == who for r, _ in referrals),
        next_service_due=min((c["next_service_due"] for c in mine_now[who] if c["next_service_due"]), default=None),
        next_insurance_end=ahead(who, "insurance_expiry"), next_warranty_end=ahead(who, "warranty_end"),
        next_birthday=born and str(TODAY.year + (born[5:] < TODAY.isoformat()[5:])) + born[4:])

# ---- for each dealer ---------------------------------------------------------------------------

def group(rows, key):
    groups = defaultdict(list)
    for r in rows:
        groups[key(r)].append(r)
    return groups


dealer_customers = {}
for dealer, whos in group(people, lambda w: people[w]["dealer"]).items():
    s = [standing[w] for w in whos]
    n = dict(customers=len(s), pending=sum(x["register"] == "pending" for x in s),
             persons=sum(people[w]["customer_type"] == "person" for w in whos),
             consenting=sum(people[w]["marketing_consent"] == "yes" for w in whos),
             owners=sum(x["phase"] != "lead" for x in s), leads=sum(x["phase"] == "lead" for x in s),
             served=sum(x["phase"] != "lead" and x["visits_in_period"] > 0 for x in s),
             loyal=sum(x["phase"] != "lead" and x["loyal"] == "yes" for x in s),
             repurchasers=sum(x["repurchase"] == "yes" for x in s),
             referred=sum(r in whos for r, _ in referrals),
             referred_bought=sum(r in whos and has_bought(w) for r, w in referrals),
             class_a=sum(x["class"] == "A" for x in s), class_b=sum(x["class"] == "B" for x in s),
             silver=sum(x["level"] == 1 for x in s), gold=sum(x["level"] >= 2 for x in s))
    for phase in ("buyer", "waiting", "first_service", "in_warranty", "out_of_warranty", "last_year", "lost"):
        n[phase] = sum(x["phase"] == phase for x in s)
    n.update(churn_rate=share(n["lost"], n["owners"]), loyalty_rate=share(n["loyal"], n["served"]),
             repurchase_rate=share(n["repurchasers"], n["owners"]))
    dealer_customers[dealer] = n

dealer_output = {}
worked = group([v for v in visits if period(v["day"])], lambda v: v["dealer"])
sold = group([p for p in purchases if p["first"] and period(day(p["bought"]))], lambda p: p["dealer"])
for dealer in worked.keys() | sold.keys():
    w, s = worked[dealer], sold[dealer]
    total = sum((v["money"] for v in w), Decimal(0))
    dealer_output[dealer] = dict(
        orders=len(w), cars=len({v["vin"] for v in w if v["vin"]}), amount=float(total),
        parts_amount=float(sum(v["parts"] for v in w)), labour_amount=float(sum(v["labour"] for v in w)),
        warranty_amount=float(sum(v["money"] for v in w if not v["paid"])), for_each_order=share(total, len(w)),
        cars_sold=len(s), sales_amount=float(sum((p["money"] for p in s), Decimal(0))))

dealer_retention, dealer_first_service = {}, {}
aged = [vin for vin, c in cars.items() if c["age_years"] is not None and c["age_years"] >= 0]
for key, vins in group(aged, lambda vin: (vehicles[vin]["dealer_code"] or "hq", min(cars[vin]["age_years"], 10))).items():
    kept = [vin for vin in vins if any(period(x["day"]) for x in by_car[vin])]
    own = [vin for vin in kept if any(period(x["day"]) and x["dealer"] == key[0] for x in by_car[vin])]
    dealer_retention[key] = dict(cars=len(vins), retained=len(kept), retained_here=len(own),
                                 retention_rate=share(len(kept), len(vins)))
since = shift(shift(TODAY, -N["period_months"]), -N["first_service_months"])
due = [vin for vin, v in vehicles.items() if v["delivery_date"] or v["purchase_date"]]
due = [vin for vin in due if since <= day(vehicles[vin]["delivery_date"] or vehicles[vin]["purchase_date"])
       <= shift(TODAY, -N["first_service_months"])]
for dealer, vins in group(due, lambda vin: vehicles[vin]["dealer_code"] or "hq").items():
    done = sum(cars[vin]["first_service_on"] is not None for vin in vins)
    dealer_first_service[dealer] = dict(due=len(vins), done=done, first_service_rate=share(done, len(vins)))

def source_of(person):
    word = person["customer_source"]
    for name in ("walk_in", "hq_activity", "dealer_activity", "key_account"):
        if word in W[name + "_sources"]:
            return name
    return "active" if word else "unknown"


dealer_conversion = {}
prospects = [w for w in people if period(day(people[w]["created_at"]))]
for months in (N["lead_short_months"], N["lead_long_months"]):
    for key, whos in group(prospects, lambda w: (people[w]["dealer"], people[w]["created_at"][:7], source_of(people[w]), months)).items():
        n = Counter(prospects=len(whos))
        for w in whos:
            start = day(people[w]["created_at"])
            end = shift(start, months)
            got = sum(p["who"] == w and bool(p["delivered"]) and start <= day(p["delivered"]) <= end for p in purchases)
            n["delivered"] += got > 0
            n["delivered_cars"] += got
            n["running"] += end >= TODAY
            n["test_drives"] += any((t["kind"] == "test_drive" or t["lead_type"] == "TDR") and t["contact_at"]
                                    and start <= day(t["contact_at"]) <= end for t in by_who[w])
        dealer_conversion[key] = {k: n[k] for k in ("prospects", "delivered", "delivered_cars", "running", "test_drives")}
        dealer_conversion[key]["conversion"] = share(n["delivered"], n["prospects"])

dealer_activity = {}
guests = [t for t in contacts if t["kind"] == "activity" and not t["record_id"].startswith("campaign-")]
for key, g in group(guests, lambda t: (t["dealer"], t["contact_no"])).items():
    n = Counter(informed=sum(bool(t["informed_on"]) for t in g), invited=sum(bool(t["invited_on"]) for t in g),
                attended=sum(bool(t["attended_on"]) for t in g))
    for t in g:
        if t["attended_on"] and t["contract_on"]:
            a, c = day(t["attended_on"]), day(t["contract_on"])
            n["same_day"] += c == a
            n["in_days"] += 0 < (c - a).days <= N["contract_days"]
            n["in_months"] += (c - a).days > N["contract_days"] and c <= shift(a, N["contract_months"])
    total = n["same_day"] + n["in_days"] + n["in_months"]
    cost = max((money(t["amount"]) for t in g if t["amount"]), default=None)
    dealer_activity[key] = dict({k: n[k] for k in ("informed", "invited", "attended", "same_day", "in_days", "in_months")},
                                total=total, cost=cost and float(cost), invitation_rate=share(n["invited"], n["informed"]),
                                attendance_rate=share(n["attended"], n["invited"]),
                                cost_for_each=share(cost, total) if cost else None, performance=share(total, n["attended"]))

now = dt.datetime.combine(TODAY, dt.time()) + dt.timedelta(days=1)
hours = lambda a, b: (moment(b) - moment(a)).total_seconds() / 3600
dealer_complaints = {}
told = [t for t in contacts if t["kind"] == "complaint" and period(day(t["contact_at"]))]
for dealer, g in ({dealer: [] for dealer in dealer_customers} | group(told, lambda t: t["dealer"])).items():
    open_again = [t for t in g if t["status"] in W["reopened_statuses"]]
    solved = [t for t in g if t not in open_again and (t["closed_at"] or t["status"] in W["solved_statuses"])]
    age = lambda t: (now - moment(t["contact_at"])).total_seconds() / 86400
    answered, closed = [t for t in g if t["first_response_at"]], [t for t in g if t["closed_at"]]
    dealer_complaints[dealer] = dict(
        complaints=len(g), answered=len(answered), closed=len(closed), solved=len(solved), reopened=len(open_again),
        answered_in_time=sum(hours(t["contact_at"], t["first_response_at"]) <= N["complaint_contact_hours"] for t in answered),
        solved_in_time=sum(bool(t["closed_at"]) and hours(t["contact_at"], t["closed_at"]) <= 24 * N["complaint_solve_days"]
                           for t in solved),
        overdue=sum(age(t) > N["complaint_reopened_days"] for t in open_again)
        + sum(age(t) > N["complaint_solve_days"] for t in g if t not in open_again and t not in solved),
        escalated=sum(any(tag in ("authority", "media", "lawyer") for tag in t["tags"].split(";")) for t in g),
        answer_hours=sum(hours(t["contact_at"], t["first_response_at"]) for t in answered) if answered else None,
        solve_days=sum(hours(t["contact_at"], t["closed_at"]) for t in closed) / 24 if closed else None,
        complaint_rate=share(len(g), dealer_customers.get(dealer, {}).get("customers", 0)),
        solution_rate=share(len(solved), len(g)))

NAMES = ("service_initiation", "service_adviser", "service_quality", "facility", "hand_over")
weights = [int(w) for w in rules["factor_weights"].split(";")]
surveys = []
for t in contacts:
    if t["kind"] != "survey" or not any(w in t["subject"] for w in W["after_sales_words"] + W["sales_words"]):
        continue
    kind = "after_sales" if any(w in t["subject"] for w in W["after_sales_words"]) else "sales"
    factors = [Decimal(s) if s else None for s in (t["scores"].split(";") if t["scores"] else [])]
    given = [(f, w) for f, w in zip(factors, weights) if f is not None]
    score = Decimal(t["satisfaction"]) if t["satisfaction"] else None
    if kind == "after_sales" and sum(w for _, w in given):
        score = (sum(f * w for f, w in given) / sum(w for _, w in given)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    surveys.append((t["dealer"], day(t["contact_at"]), kind, score, factors))
dealer_satisfaction = {}
for key, g in group([s for s in surveys if s[1]], lambda s: (s[0], f"{s[1].year}-Q{(s[1].month + 2) // 3}", s[2])).items():
    scores = [s[3] for s in g if s[3] is not None]
    n = dict(surveys=len(g), scored=len(scores), score=share(sum(scores), len(scores)))
    for i, name in enumerate(NAMES):
        f = [s[4][i] for s in g if len(s[4]) > i and s[4][i] is not None]
        n[name] = share(sum(f), len(f))
    dealer_satisfaction[key] = n

def lead_state(t):
    if t["status"] in W["reopened_statuses"]:
        return "open"
    if t["closed_at"] or t["status"] in W["solved_statuses"]:
        return "done"
    return "arranged" if t["status"] in W["working_statuses"] else "open"


dealer_leads = {}
asked = [t for t in contacts if t["kind"] in ("lead", "test_drive") and period(day(t["contact_at"]))]
for dealer, g in group(asked, lambda t: t["dealer"]).items():
    state = Counter(map(lead_state, g))
    waiting = [(now - moment(t["contact_at"])).total_seconds() / 3600 for t in g
               if lead_state(t) == "open" and not t["first_response_at"]]
    done = [t["closed_at"] or t["first_response_at"] for t in g if lead_state(t) == "done"]
    starts = [t["contact_at"] for t in g if lead_state(t) == "done"]
    quick = sum(bool(e) and hours(s, e) <= N["lead_hours"] for s, e in zip(starts, done))
    dealer_leads[dealer] = dict(
        leads=len(g), open=state["open"], arranged=state["arranged"], done=state["done"],
        delivered=state["done"] + state["arranged"], done_in_time=quick, done_in_time_rate=share(quick, len(g)),
        untouched_48=sum(w > 48 for w in waiting), untouched_72=sum(w > 72 for w in waiting),
        untouched_96=sum(w > 96 for w in waiting), unknown=sum(not t["customer_id"] for t in g),
        owners=sum(bool(t["customer_id"]) and standing[t["customer_id"]]["cars"] > 0 for t in g))

quality = {}
for q in table(f"{OUT}/report/quality.csv"):
    if q["scope_kind"] == "dealer":
        quality[q["scope"], q["metric"]] = (float(q["numerator"]), float(q["denominator"] or 0))
returned = group((r for r in table(f"{OUT}/report/returns.csv") if r["status"] != "withdrawn"),
                 lambda r: r["dealer_code"])
dealer_quality = {}
for dealer in {d for d, _ in quality}:
    n = dict(returned=len(returned[dealer]))
    for status in ("open", "wrong_again", "fixed", "confirmed"):
        n[status] = sum(r["status"] == status for r in returned[dealer])
    for metric, name in (("faultless", "faultless_rate"), ("expected_given", "given_rate"), ("valid", "valid_rate"),
                         ("on_time", "on_time_rate"), ("callable", "callable_rate"), ("qualified", "qualified_rate")):
        if (dealer, metric) in quality:
            n[name] = share(*quality[dealer, metric])
    n["repaired"] = n["fixed"] + n["confirmed"]
    n["repair_rate"] = share(n["repaired"], n["returned"])
    if (dealer, "repair_rate") in quality and quality[dealer, "repair_rate"] != (n["repaired"], n["returned"]):
        sys.exit(f"{dealer} has two repair rates")
    dealer_quality[dealer] = n

# ---- comparing ---------------------------------------------------------------------------------

marts = {  # name: what was reckoned, the columns of its key
    "customer_standing": (standing, ["customer_id"]), "customer_whole": (whole, ["customer_id"]),
    "customer_points": ({k: dict(points=v) for k, v in earned.items()}, ["customer_id", "scope", "dealer_code"]),
    "referral": ({k: dict(bought="yes" if has_bought(k[1]) else "no") for k in referrals}, ["referrer_id", "customer_id"]),
    "vehicle_whole": (cars, ["vin"]), "dealer_customers": (dealer_customers, ["dealer_code"]),
    "dealer_output": (dealer_output, ["dealer_code"]), "dealer_retention": (dealer_retention, ["dealer_code", "age"]),
    "dealer_first_service": (dealer_first_service, ["dealer_code"]),
    "dealer_conversion": (dealer_conversion, ["dealer_code", "month", "lead_source", "cycle_months"]),
    "dealer_activity": (dealer_activity, ["dealer_code", "activity_no"]),
    "dealer_complaints": (dealer_complaints, ["dealer_code"]),
    "dealer_satisfaction": (dealer_satisfaction, ["dealer_code", "quarter", "survey"]),
    "dealer_leads": (dealer_leads, ["dealer_code"]), "dealer_quality": (dealer_quality, ["dealer_code"]),
}


def answers(store, mart):
    if not store.startswith("postgresql:"):
        db = sqlite3.connect(store)
        db.row_factory = sqlite3.Row
        return [{k: "" if r[k] is None else str(r[k]) for k in r.keys()} for r in db.execute(f"SELECT * FROM {mart}")]
    text = subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", store, "-c",
                           f"COPY (SELECT * FROM yice.{mart}) TO STDOUT CSV HEADER"],
                          check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(text)))


def same(told, reckoned):
    if reckoned is None or reckoned == "":
        return told == ""
    if isinstance(reckoned, str):
        return told == reckoned
    return told != "" and abs(float(told) - reckoned) <= 1e-9 * max(1, abs(reckoned))


wrong = figures = 0
filled = defaultdict(set)
for store in sys.argv[4:]:
    for mart, (reckoned, key) in marts.items():
        rows = answers(store, mart)
        told = {tuple(r[k] for k in key): r for r in rows}
        want = {tuple(map(str, k if isinstance(k, tuple) else (k,))): v for k, v in reckoned.items()}
        if told.keys() != want.keys() or len(told) != len(rows):
            wrong += 1
            print(f"{mart}: rows differ in {store}: {sorted(told.keys() ^ want.keys())[:4]}")
        for k in told.keys() & want.keys():
            for column, value in want[k].items():
                figures += 1
                if value:
                    filled[mart].add(column)
                if not same(told[k][column], value):
                    wrong += 1
                    if wrong < 40:
                        print(f"{mart} {k} {column}: told {told[k][column]!r}, reckoned {value!r} ({store})")
NOBODY = {"dealer_quality": {"qualified_rate"}}  # no customer of an invented night has all 15 items
for mart, (reckoned, _) in marts.items():
    empty = {c for row in reckoned.values() for c in row} - filled[mart] - NOBODY.get(mart, set())
    if empty or not reckoned:
        wrong += 1
        print(f"{mart}: nowhere anything but nothing: {sorted(empty)}")
print(f"{figures} figures compared, {wrong} differ")
sys.exit(wrong > 0)
