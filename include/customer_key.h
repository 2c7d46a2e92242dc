/*
 * customer_id: HMAC-SHA-256 under rules/customer_id.key over what identifies a customer, its
 * first 128 bits in hex. The same document gives the same key for ever, and nobody without
 * the secret can go from a list of ID numbers to keys.
 */
#ifndef YICE_CUSTOMER_KEY_H
#define YICE_CUSTOMER_KEY_H

#include "fault.h"
#include "mem.h"

enum { CUSTOMER_ID_LENGTH = 32 };

struct customer_key {
	struct str secret; /* the bytes of the key file's first line */
	struct arena arena;
};

/* DIR/customer_id.key: one line of at least 32 characters. */
bool customer_key_load(struct customer_key *key, const char *rules_dir, struct fault *f);
bool customer_key_check(const char *rules_dir, struct fault *f);
void customer_key_release(struct customer_key *key);

/*
 * What an ID number says who its holder is: "number:" and the number; of a USCC the nine
 * characters of the organisation code within, of a Hong Kong or Macau permit all but its two
 * digits of renewal. Half of the exports do not say what kind of document a number is, and one
 * passport number in eleven passes for an organisation code, so the kind is no part of it.
 * Empty for an empty number; id_type may be empty.
 */
struct str customer_identity(struct arena *a, struct str id_type, struct str id_number);
void customer_id_make(const struct customer_key *key, struct str identity,
		      char out[CUSTOMER_ID_LENGTH]);

#endif
