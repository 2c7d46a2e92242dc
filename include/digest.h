/* Hashes: XXH3 for tables in memory and kept rows, SHA-256 and HMAC-SHA-256 (FIPS 180-4,
 * RFC 2104) for what leaves the program. */
#ifndef YICE_DIGEST_H
#define YICE_DIGEST_H

#include "str.h"

struct hash128 {
	uint64_t lo, hi;
};

uint64_t hash64(struct str s);
struct hash128 hash128(struct str s);
/* Of what comes in pieces; the end gives the hash and frees it. */
struct hash128_pieces *hash128_begin(void);
void hash128_add(struct hash128_pieces *pieces, const void *p, size_t n);
struct hash128 hash128_end(struct hash128_pieces *pieces);
void sha256(struct str s, unsigned char out[32]);
/* Of what comes in pieces; the end gives the digest and frees it. */
struct sha256 *sha256_begin(void);
void sha256_add(struct sha256 *digest, const void *p, size_t n);
void sha256_end(struct sha256 *digest, unsigned char out[32]);
void hmac_sha256(struct str key, struct str message, unsigned char out[32]);
/* 2 * n lower-case hex digits, no NUL. */
void hex_of(const unsigned char *bytes, size_t n, char *out);

#endif
