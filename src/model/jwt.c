/* The middle part of a token: base64url without padding, RFC 7515 section 3, of a JSON object. */
#include "model/jwt.h"
#include "base/buffer.h"
#include "model/json.h"

enum { CLAIMS_MAX = 16 * 1024 };

/* False for a byte that is not of the alphabet, RFC 4648 section 5. */
static bool decode(struct text part, struct buffer *out)
{
	const struct text alphabet = T(
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
	uint32_t bits = 0;
	unsigned have = 0;
	for (size_t i = 0; i < part.len; i++) {
		size_t value = text_find(alphabet, (struct text){part.at + i, 1});
		if (value == alphabet.len)
			return false;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have >= 8) {
			char byte = (char)(bits >> (have -= 8));
			buffer_add(out, (struct text){&byte, 1});
		}
	}
	return true;
}

/* a NumericDate may have a fraction; what no calendar holds is none */
static int64_t read_date(const json_t *claims, const char *name)
{
	double seconds = json_number_value(json_object_get(claims, name));
	return seconds > 0 && seconds < 1e12 ? (int64_t)seconds : 0;
}

bool jwt_times(struct text token, int64_t *not_before, int64_t *expires)
{
	struct arena arena = {0};
	struct buffer claims = {.arena = &arena};
	struct text complaint;
	text_cut(&token, T("."));
	struct text middle = text_cut(&token, T("."));
	json_t *root = middle.len <= CLAIMS_MAX && decode(middle, &claims)
		? json_read(buffer_text(&claims), CLAIMS_MAX, &complaint)
		: NULL;
	bool is_token = root != NULL;
	*not_before = read_date(root, "nbf");
	*expires = read_date(root, "exp");
	json_decref(root);
	arena_end(&arena);
	return is_token;
}
