#include "prometheus.h"

#include "alerts.h"

/* A label's value: \ " and line ends escaped. */
static void label(struct buf *b, const char *name, struct str value)
{
	buf_printf(b, "%s=\"", name);
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '\n') {
			buf_str(b, STR("\\n"));
			continue;
		}
		if (c == '\\' || c == '"')
			buf_char(b, '\\');
		buf_char(b, c);
	}
	buf_char(b, '"');
}

static void sample(struct buf *b, const char *suffix, const struct str *v, struct str value)
{
	if (!value.n)
		return;
	buf_printf(b, "yice_quality%s{", suffix);
	label(b, "dimension", v[QUA_DIMENSION]);
	buf_char(b, ',');
	label(b, "metric", v[QUA_METRIC]);
	buf_char(b, ',');
	label(b, "scope_kind", v[QUA_SCOPE_KIND]);
	buf_char(b, ',');
	label(b, "scope", v[QUA_SCOPE]);
	buf_printf(b, "} %.*s\n", STR_FMT(value));
}

/* A collector reads this every minute: the denominators of single dealers are left to
 * quality.csv, and so is what has two scopes. */
static bool is_shown(struct str scope_kind, enum quality_column column)
{
	switch (scope_kind_find(scope_kind)) {
	case SCOPE_ALL:
	case SCOPE_SOURCE:
	case SCOPE_CODE:
		return true;
	case SCOPE_DEALER:
	case SCOPE_FIELD:
	case SCOPE_ITEM:
		return column == QUA_VALUE;
	default:
		return false;
	}
}

static void family(struct buf *b, const char *suffix, const char *help, const struct rowset *quality,
		   enum quality_column column)
{
	struct str v[QUA_COLUMNS];

	buf_printf(b, "# HELP yice_quality%s %s\n# TYPE yice_quality%s gauge\n", suffix, help, suffix);
	for (size_t i = 0; i < quality->n; i++) {
		rowset_get(quality, i, v);
		if (is_shown(v[QUA_SCOPE_KIND], column))
			sample(b, suffix, v, v[column]);
	}
}

static void alerts_by_severity(struct buf *b, const struct rowset *alerts)
{
	buf_str(b, STR("# HELP yice_alerts Alerts of the run by severity.\n# TYPE yice_alerts gauge\n"));
	for (int s = 0; alert_severities[s]; s++) {
		size_t n = 0;

		for (size_t i = 0; i < alerts->n; i++)
			n += str_eq(rowset_value(alerts, i, ALE_SEVERITY), str_of(alert_severities[s]));
		buf_printf(b, "yice_alerts{severity=\"%s\"} %zu\n", alert_severities[s], n);
	}
}

void prometheus_write(const struct rowset *quality, const struct rowset *alerts, struct buf *b)
{
	family(b, "", "Shares from 0 to 1, means and counts.", quality, QUA_VALUE);
	family(b, "_denominator", "The rows, records or customers behind a share or mean.", quality,
	       QUA_DENOMINATOR);
	alerts_by_severity(b, alerts);
}
