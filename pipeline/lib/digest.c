#include "digest.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <xxhash.h>

#include "mem.h"

enum { BLOCK = 64, DIGEST = 32 };

/* Looking the algorithm up costs more than hashing a short key: it is done once. */
static EVP_MD *algorithm;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void release_algorithm(void)
{
	EVP_MD_free(algorithm);
}

/* A library that could not set itself up, for want of memory, would follow a null pointer later. */
static void fetch_algorithm(void)
{
	if (!OPENSSL_init_crypto(0, NULL) || !OSSL_LIB_CTX_get0_global_default())
		library_failed("libcrypto cannot be set up");
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!algorithm)
		library_failed("libcrypto has no SHA-256");
	atexit(release_algorithm);
}

uint64_t hash64(struct str s)
{
	return XXH3_64bits(s.p, s.n);
}

struct hash128 hash128(struct str s)
{
	XXH128_hash_t h = XXH3_128bits(s.p, s.n);

	return (struct hash128){ h.low64, h.high64 };
}

struct hash128_pieces *hash128_begin(void)
{
	XXH3_state_t *state = XXH3_createState();

	if (!state || XXH3_128bits_reset(state) != XXH_OK)
		library_failed("libxxhash cannot begin a hash");
	return (struct hash128_pieces *)state;
}

void hash128_add(struct hash128_pieces *pieces, const void *p, size_t n)
{
	XXH3_128bits_update((XXH3_state_t *)pieces, p, n);
}

struct hash128 hash128_end(struct hash128_pieces *pieces)
{
	XXH128_hash_t h = XXH3_128bits_digest((XXH3_state_t *)pieces);

	XXH3_freeState((XXH3_state_t *)pieces);
	return (struct hash128){ h.low64, h.high64 };
}

struct sha256 *sha256_begin(void)
{
	EVP_MD_CTX *context;

	pthread_once(&once, fetch_algorithm);
	context = EVP_MD_CTX_new();
	if (!context || !EVP_DigestInit_ex2(context, algorithm, NULL))
		library_failed("libcrypto cannot begin a SHA-256");
	return (struct sha256 *)context;
}

void sha256_add(struct sha256 *digest, const void *p, size_t n)
{
	if (!EVP_DigestUpdate((EVP_MD_CTX *)digest, p, n))
		library_failed("libcrypto failed at SHA-256");
}

void sha256_end(struct sha256 *digest, unsigned char out[32])
{
	if (!EVP_DigestFinal_ex((EVP_MD_CTX *)digest, out, NULL))
		library_failed("libcrypto failed at SHA-256");
	EVP_MD_CTX_free((EVP_MD_CTX *)digest);
}

/* Both parts in one digest, so that HMAC need not copy the message behind the pad. */
static void digest_two(struct str first, struct str second, unsigned char out[32])
{
	struct sha256 *digest = sha256_begin();

	sha256_add(digest, first.p, first.n);
	sha256_add(digest, second.p, second.n);
	sha256_end(digest, out);
}

void sha256(struct str s, unsigned char out[32])
{
	digest_two(s, STR(""), out);
}

void hmac_sha256(struct str key, struct str message, unsigned char out[32])
{
	unsigned char block[BLOCK] = { 0 }, inner[BLOCK], outer[BLOCK], hash[DIGEST];

	if (key.n > BLOCK)
		sha256(key, block);
	else if (key.n)
		memcpy(block, key.p, key.n);
	for (int i = 0; i < BLOCK; i++) {
		inner[i] = block[i] ^ 0x36;
		outer[i] = block[i] ^ 0x5C;
	}
	digest_two((struct str){ (char *)inner, BLOCK }, message, hash);
	digest_two((struct str){ (char *)outer, BLOCK }, (struct str){ (char *)hash, DIGEST },
		   out);
}

void hex_of(const unsigned char *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
}
