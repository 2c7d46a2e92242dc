"""World manufacturer identifiers, from vininfo."""
from vininfo.dicts import WMI
from vininfo.dicts.countries import COUNTRIES


def title(maker):
    return maker if isinstance(maker, str) else getattr(maker, "title", None) or str(maker)


def table():
    yield ["wmi", "maker", "country"]
    for wmi in sorted(WMI):
        yield [wmi, title(WMI[wmi]), COUNTRIES.get(wmi[:2], "")]
