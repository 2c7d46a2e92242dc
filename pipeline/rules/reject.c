/* One line of a rejects table: its id, its texts, its columns. */
#include "codes.h"

#include "digest.h"
#include "template.h"

#include <stdio.h>

void reject_id_make(struct str record_id, struct str field, struct str code, char out[16])
{
	unsigned char hash[32];
	struct buf b = {0};

	buf_str(&b, record_id);
	buf_char(&b, '\n');
	buf_str(&b, field);
	buf_char(&b, '\n');
	buf_str(&b, code);
	sha256(buf_view(&b), hash);
	buf_release(&b);
	hex_of(hash, 8, out);
}

struct str fault_key(struct str record_id, struct str field, struct str code, struct arena *a)
{
	return str_printf(a, "%.*s\x1F%.*s\x1F%.*s", STR_FMT(record_id), STR_FMT(field), STR_FMT(code));
}

/* A repair asks nothing of anybody: the sentences of the code would be wrong for it. */
static const struct code *texts_of(const struct reject *reject)
{
	return reject->action == ACTION_FIX ? &reject->code->codes->repaired : reject->code;
}

static struct template_words reject_words(const struct reject *reject, enum lang lang)
{
	struct str label = codes_label(reject->code->codes, reject->field, lang);

	return (struct template_words){
		.value = reject->value,
		.field = label,
		.header = reject->header.n ? reject->header : label,
		.detail = reject->detail,
	};
}

struct str reject_message(const struct reject *reject, enum lang lang, struct arena *a)
{
	struct template_words words = reject_words(reject, lang);

	return template_fill(texts_of(reject)->message[lang], &words, a);
}

struct str reject_suggestion(const struct reject *reject, enum lang lang, struct arena *a)
{
	struct template_words words = reject_words(reject, lang);

	if (reject->suggestion.n)
		return reject->suggestion;
	return template_fill(texts_of(reject)->suggestion[lang], &words, a);
}

/* What {detail} was filled with, where the message is one of today's texts. */
static bool detail_find(const struct reject *reject, struct str message, enum lang lang, struct str *detail,
			struct arena *a)
{
	struct reject probe = *reject;
	struct str front, behind;

	*detail = probe.detail = STR("");
	if (str_eq(reject_message(&probe, lang, a), message))
		return true;
	probe.detail = STR("\x1F");
	behind = reject_message(&probe, lang, a);
	if (!str_has(behind, probe.detail))
		return false;
	str_cut(&behind, '\x1F', &front);
	if (message.n <= front.n + behind.n || !str_starts(message, front) || !str_ends(message, behind))
		return false;
	*detail = (struct str){ message.p + front.n, message.n - front.n - behind.n };
	return true;
}

void reject_say_again(struct str *v, const struct codes *codes, enum lang lang, struct arena *a)
{
	struct reject reject = { .code = codes_find(codes, v[REJ_CODE]), .field = v[REJ_FIELD],
				 .header = v[REJ_HEADER], .value = v[REJ_VALUE] };
	struct str detail;

	if (!reject.code)
		return;
	reject.action = reject.code->action;
	if (detail_find(&reject, v[REJ_MESSAGE], lang, &detail, a) ||
	    detail_find(&reject, v[REJ_MESSAGE], lang == LANG_ZH ? LANG_EN : LANG_ZH, &detail, a))
		reject.detail = detail;
	v[REJ_ACTION] = action_name(reject.action);
	v[REJ_MESSAGE] = reject_message(&reject, lang, a);
	v[REJ_SUGGESTION] = reject_suggestion(&reject, lang, a);
}

void reject_add(struct rowset *rejects, const struct reject *reject, enum lang lang,
		struct arena *scratch)
{
	struct str v[REJ_COLUMNS], stem;
	char id[16], row_text[11];
	uint32_t row;

	reject_id_make(reject->record_id, reject->field, reject->code->name, id);
	record_id_split(reject->record_id, &stem, &row);
	v[REJ_REJECT_ID] = (struct str){id, sizeof(id)};
	v[REJ_RECORD_ID] = reject->record_id;
	v[REJ_SOURCE] = reject->source;
	v[REJ_DEALER_CODE] = reject->dealer_code;
	v[REJ_FILE] = reject->file;
	v[REJ_ROW] =
		(struct str){row_text, (size_t)snprintf(row_text, sizeof(row_text), "%u", row)};
	v[REJ_FIELD] = reject->field;
	v[REJ_HEADER] = reject->header;
	v[REJ_VALUE] = reject->value;
	v[REJ_CODE] = reject->code->name;
	v[REJ_ACTION] = action_name(reject->action);
	v[REJ_MESSAGE] = reject_message(reject, lang, scratch);
	v[REJ_SUGGESTION] = reject_suggestion(reject, lang, scratch);
	v[REJ_CORRECTED_VALUE] = reject->corrected_value;
	rowset_add(rejects, v);
}
