#include "utf8.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

size_t utf8_non_ascii(struct str s)
{
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		uint64_t word;

		memcpy(&word, s.p + i, 8);
		if (word & 0x8080808080808080u)
			break;
	}
	while (i < s.n && !(s.p[i] & 0x80))
		i++;
	return i;
}

/* Length of the well-formed character at p, which is not ASCII; 0 where there is none. */
static size_t character(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t length;

	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		length = 2;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		length = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		length = 4;
	else
		return 0;
	/* Table 3-7 of the Unicode standard: four lead bytes narrow the second byte. */
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (n < length || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

static size_t malformed_portable(struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		size_t length;

		i += utf8_non_ascii((struct str){ s.p + i, s.n - i });
		if (i == s.n)
			break;
		length = character((const unsigned char *)s.p + i, s.n - i);
		if (!length)
			return i;
		i += length;
	}
	return i;
}

#if defined(__x86_64__)

enum { GROUP = 4 * 32 }; /* bytes judged at once */

/*
 * Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte" (2021): the
 * high and low half of each byte and the high half of the next look up what the pair could
 * be wrong about; an error is a bit that all three agree on. Third and fourth bytes are
 * checked by their distance from the lead.
 */
enum {
	TOO_SHORT = 1 << 0, TOO_LONG = 1 << 1, OVERLONG_3 = 1 << 2, TOO_LARGE = 1 << 3,
	SURROGATE = 1 << 4, OVERLONG_2 = 1 << 5, TOO_LARGE_1000 = 1 << 6, OVERLONG_4 = 1 << 6,
	TWO_CONTS = 1 << 7, CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};

#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

__attribute__((target("avx2"))) static inline __m256i before(__m256i now, __m256i last, int n)
{
	__m256i joined = _mm256_permute2x128_si256(last, now, 0x21);

	return n == 1 ? _mm256_alignr_epi8(now, joined, 15) :
	       n == 2 ? _mm256_alignr_epi8(now, joined, 14) :
			_mm256_alignr_epi8(now, joined, 13);
}

__attribute__((target("avx2"))) static inline __m256i high_half(__m256i v)
{
	return _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
}

__attribute__((target("avx2"))) static inline __m256i pair_errors(__m256i now, __m256i prev1)
{
	const __m256i first_high = TWICE(TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
		TOO_LONG, TOO_LONG, (char)TWO_CONTS, (char)TWO_CONTS, (char)TWO_CONTS,
		(char)TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
		TOO_SHORT | OVERLONG_3 | SURROGATE,
		TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4);
	const __m256i first_low = TWICE((char)(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4),
		(char)(CARRY | OVERLONG_2), (char)CARRY, (char)CARRY, (char)(CARRY | TOO_LARGE),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000),
		(char)(CARRY | TOO_LARGE | TOO_LARGE_1000));
	const __m256i second_high = TWICE(TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
		TOO_SHORT, TOO_SHORT, TOO_SHORT,
		(char)(TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4),
		(char)(TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE),
		(char)(TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE),
		(char)(TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE), TOO_SHORT,
		TOO_SHORT, TOO_SHORT, TOO_SHORT);
	__m256i low = _mm256_and_si256(prev1, _mm256_set1_epi8(0x0F));

	return _mm256_and_si256(
		_mm256_and_si256(_mm256_shuffle_epi8(first_high, high_half(prev1)),
				 _mm256_shuffle_epi8(first_low, low)),
		_mm256_shuffle_epi8(second_high, high_half(now)));
}

__attribute__((target("avx2"))) static inline __m256i block_errors(__m256i now, __m256i last)
{
	__m256i pair = pair_errors(now, before(now, last, 1));
	__m256i third = _mm256_subs_epu8(before(now, last, 2), _mm256_set1_epi8((char)(0xE0 - 0x80)));
	__m256i fourth = _mm256_subs_epu8(before(now, last, 3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
	__m256i expected = _mm256_and_si256(_mm256_or_si256(third, fourth),
					    _mm256_set1_epi8((char)0x80));

	return _mm256_xor_si256(expected, pair);
}

/* How many bytes from the start are known to be whole, well-formed characters; up to two
 * groups may be left for the portable way to judge. */
__attribute__((target("avx2"))) static size_t well_formed_avx2(struct str s)
{
	__m256i last = _mm256_setzero_si256();
	size_t i = 0;

	for (; i + GROUP <= s.n; i += GROUP) {
		const __m256i *p = (const __m256i *)(const void *)(s.p + i);
		__m256i a = _mm256_loadu_si256(p), b = _mm256_loadu_si256(p + 1);
		__m256i c = _mm256_loadu_si256(p + 2), d = _mm256_loadu_si256(p + 3), error;

		error = _mm256_or_si256(_mm256_or_si256(block_errors(a, last), block_errors(b, a)),
					_mm256_or_si256(block_errors(c, b), block_errors(d, c)));
		if (!_mm256_testz_si256(error, error))
			break;
		last = d;
	}
	/* The last character may go on beyond, or be the one that is wrong: step back to its lead. */
	for (size_t back = 0; i > 0 && back < 4; back++) {
		i--;
		if ((s.p[i] & 0xC0) != 0x80)
			break;
	}
	return i;
}

#endif

size_t utf8_malformed(struct str s)
{
	size_t sure = 0;

#if defined(__x86_64__)
	if (s.n >= GROUP && __builtin_cpu_supports("avx2"))
		sure = well_formed_avx2(s);
#endif
	return sure + malformed_portable((struct str){ s.p + sure, s.n - sure });
}
