#include "profile.h"

#include "csv_table.h"

/* "address#1;address1" */
static struct str fields_text(const struct guess *g, struct arena *a)
{
	struct str text = STR("");

	if (!g->column)
		return g->field == F_COUNT ? text : field_name(g->field);
	for (size_t k = 0; k < g->column->n_fields; k++) {
		struct str name = field_name(g->column->fields[k]);
		int part = g->column->parts[k];

		text = part ? str_printf(a, "%.*s%s%.*s#%d", STR_FMT(text), k ? ";" : "",
					 STR_FMT(name), part) :
			      str_printf(a, "%.*s%s%.*s", STR_FMT(text), k ? ";" : "", STR_FMT(name));
	}
	return text;
}

static unsigned percent(uint64_t part, uint64_t whole)
{
	return whole ? (unsigned)((part * 100 + whole / 2) / whole) : 0;
}

/* Fields that hold a word of a list, so their values may be shown. */
static bool is_word(const struct guess *g)
{
	static const enum field words[] = { F_CUSTOMER_TYPE, F_GENDER, F_ID_TYPE, F_KIND, F_CHANNEL,
					    F_STATUS, F_LEAD_TYPE, F_SETTLEMENT, F_LOAN_STATUS, F_USE,
					    F_MARKETING_CONSENT, F_CUSTOMER_SOURCE, F_ENTHUSIASM };
	enum field field = g->column && g->column->n_fields ? g->column->fields[0] : g->field;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (field == words[i])
			return true;
	return false;
}

static struct str word_list(const struct profiling *p, size_t n, struct arena *a)
{
	const struct column_profile *c = &p->profile.columns[n];
	struct str text = STR("");

	if (c->n_words > MOST_WORDS || !is_word(&p->guesses[n]))
		return text;
	for (size_t i = 0; i < c->n_words; i++)
		text = str_printf(a, "%.*s%s%.*s", STR_FMT(text), i ? "|" : "", STR_FMT(c->words[i]));
	return text;
}

static struct str column_note(struct profiling *p, size_t i)
{
	const struct column_profile *c = &p->profile.columns[i];
	struct pattern most = column_pattern(c);
	enum look look = column_look(c);
	struct str words = word_list(p, i, &p->arena), note;

	if (!c->filled)
		return STR("empty");
	note = str_printf(&p->arena, "%u %% filled; %zu%s distinct; %.*s (%u %%)",
			  percent(c->filled, p->profile.rows), c->values.n, c->many ? "+" : "",
			  STR_FMT(most.text), percent(most.count, c->filled));
	if (look == LOOK_PLACE)
		note = str_printf(&p->arena, "%.*s; Chinese words", STR_FMT(note));
	else if (look != LOOK_COUNT)
		note = str_printf(&p->arena, "%.*s; looks like %.*s", STR_FMT(note),
				  STR_FMT(look_name(look)));
	if (words.n)
		note = str_printf(&p->arena, "%.*s; %.*s", STR_FMT(note), STR_FMT(words));
	return note;
}

static struct str delimiter_name(char delimiter)
{
	return delimiter == ',' ? STR("comma") : delimiter == '\t' ? STR("tab") :
	       delimiter == ';' ? STR("semicolon") : STR("|");
}

static struct str file_note(struct profiling *p)
{
	return str_printf(&p->arena, "%.*s; %.*s; header in row %u; %llu rows%s",
			  STR_FMT(encoding_name(p->encoding)),
			  STR_FMT(delimiter_name(p->layout.dialect.delimiter)), p->layout.row,
			  (unsigned long long)p->profile.rows,
			  p->profile.faulty ? str_printf(&p->arena, "; %llu that are none",
						(unsigned long long)p->profile.faulty).p : "");
}

/* Columns on a screen: a Han character is two wide. */
static void put_padded(struct buf *b, struct str s, size_t width)
{
	size_t used = 0;

	for (size_t i = 0; i < s.n;)
		used += utf8_next(s, &i) >= 0x1100 ? 2 : 1;
	buf_str(b, s);
	while (used++ < width)
		buf_char(b, ' ');
	buf_str(b, STR("  "));
}

void profile_table(struct profiling *p, const char *path, struct buf *b)
{
	buf_printf(b, "%s: %.*s\n", path, STR_FMT(file_note(p)));
	if (p->nearest)
		buf_printf(b, "nearest schema: %.*s\n", STR_FMT(p->nearest->name));
	for (size_t i = 0; i < p->profile.n; i++) {
		struct str field = fields_text(&p->guesses[i], &p->arena);

		buf_printf(b, "%4zu  ", i + 1);
		put_padded(b, p->profile.columns[i].header, 24);
		put_padded(b, field.n ? field : STR("?"), 22);
		buf_str(b, column_note(p, i));
		buf_char(b, '\n');
	}
}

/* ---- the proposal ---- */

static void put_line(struct buf *b, struct str word, struct str field, struct str value,
		     struct str note)
{
	csv_row(b, (const struct str[]){ word, field, value, STR(""), note }, 5);
}

/* A field of no other table calls for this one. */
static bool calls_for(const struct profiling *p, enum entity entity)
{
	for (enum field field = F_SOURCE_KEY; field < F_COUNT; field++) {
		unsigned tables = 0;

		for (enum entity other = 0; other < ENTITY_COUNT; other++)
			tables |= entity_has(other, field) ? FEEDS(other) : 0;
		if (tables == FEEDS(entity) && profile_has(p, field))
			return true;
	}
	return false;
}

static struct str feeds_text(struct profiling *p)
{
	const bool wanted[ENTITY_COUNT] = {
		[ENTITY_CUSTOMER] = calls_for(p, ENTITY_CUSTOMER) || profile_has(p, F_NAME),
		[ENTITY_VEHICLE] = calls_for(p, ENTITY_VEHICLE) || profile_has(p, F_VIN),
		[ENTITY_CONTACT] = calls_for(p, ENTITY_CONTACT),
	};
	struct str text = STR("");

	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		if (wanted[entity])
			text = str_printf(&p->arena, "%.*s%s%.*s", STR_FMT(text), text.n ? ";" : "",
					  STR_FMT(entity_name(entity)));
	return text;
}

/* Who or which car a row speaks of. */
static struct str keys_text(struct profiling *p)
{
	static const enum field keys[] = { F_NAME, F_ID_NUMBER, F_MOBILE, F_VIN };
	struct str text = STR("");

	for (size_t i = 0; i < 4; i++)
		if (profile_has(p, keys[i]))
			text = str_printf(&p->arena, "%.*s%s%.*s", STR_FMT(text), text.n ? ";" : "",
					  STR_FMT(field_name(keys[i])));
	return text;
}

static void put_joins(struct profiling *p, struct buf *b)
{
	for (size_t i = 0; p->nearest && i < p->nearest->n_joins; i++) {
		const struct schema_join *join = &p->nearest->joins[i];
		bool used = false;

		for (size_t c = 0; c < p->profile.n; c++)
			for (size_t k = 0; p->guesses[c].column && k < p->guesses[c].column->n_fields; k++)
				used |= p->guesses[c].column->fields[k] == join->field &&
					p->guesses[c].column->parts[k] == 1;
		if (used)
			csv_row(b, (const struct str[]){ STR("join"), field_name(join->field),
				str_printf(&p->arena, "\"%.*s\"", STR_FMT(join->between)),
				join->keep ? STR("keep") : STR(""), STR("") }, 5);
	}
}

/* A header that stands a second time cannot be told apart: the first one counts. */
static bool is_repeated(const struct profiling *p, size_t n, struct arena *a)
{
	struct str key = schema_header_key(p->profile.columns[n].header, a);

	for (size_t i = 0; i < n; i++)
		if (str_eq(schema_header_key(p->profile.columns[i].header, a), key))
			return true;
	return false;
}

void profile_proposal(struct profiling *p, struct buf *b)
{
	struct str keys = keys_text(p);

	buf_str(b, STR("line,field,value,variants,note\n"));
	put_line(b, STR(""), STR(""), STR(""), file_note(p));
	put_line(b, STR("source"), STR(""), p->nearest ? p->nearest->source : STR("dms"),
		 STR("look: which source of rules/sources.csv is it?"));
	put_line(b, STR("mode"), STR(""), STR("delta"), STR("look: full, if a missing row was withdrawn"));
	put_line(b, STR("feeds"), STR(""), feeds_text(p), STR(""));
	if (profile_has(p, F_SOURCE_KEY))
		put_line(b, STR("key"), STR(""), STR("source_key"), STR(""));
	else if (profile_has(p, F_CONTACT_NO))
		put_line(b, STR("key"), STR(""), STR("contact_no"), STR(""));
	put_line(b, STR("requires"), STR(""), keys, STR("without these columns a file is refused"));
	put_line(b, STR("expects"), STR(""), keys, STR("a missing value is told"));
	put_joins(p, b);
	for (size_t i = 0; i < p->profile.n; i++)
		if (p->profile.columns[i].header.n && !is_repeated(p, i, &p->arena))
			put_line(b, STR("column"), fields_text(&p->guesses[i], &p->arena),
				 p->profile.columns[i].header, column_note(p, i));
}
