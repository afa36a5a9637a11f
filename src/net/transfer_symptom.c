/* What curl's results mean. Its codes are coarse where TLS or a socket fails, so its words and the
 * errno it kept are asked too. */
#include "net/transfer.h"

enum { SECRET_BYTES_MIN = 4 }; /* shorter ones would be found in any text */

/* of OpenSSL, of the C library and of curl; the first that is found counts */
static const struct {
	struct text words;
	enum symptom symptom;
} phrases[] = {
	{LITERAL("wrong version number"), SYMPTOM_NOT_TLS},
	{LITERAL("packet length too long"), SYMPTOM_NOT_TLS},
	{LITERAL("http request"), SYMPTOM_NOT_TLS},
	{LITERAL("alert protocol version"), SYMPTOM_VERSION},
	{LITERAL("unsupported protocol"), SYMPTOM_VERSION},
	{LITERAL("wrong ssl version"), SYMPTOM_VERSION},
	{LITERAL("connection reset"), SYMPTOM_RESET},
	{LITERAL("broken pipe"), SYMPTOM_RESET},
	{LITERAL("errno 104"), SYMPTOM_RESET},
	{LITERAL("unexpected eof"), SYMPTOM_CLOSED},
	{LITERAL("ssl_error_syscall"), SYMPTOM_CLOSED},
	{LITERAL("alert"), SYMPTOM_ALERT},
	{LITERAL("bad record mac"), SYMPTOM_MALFORMED},
	{LITERAL("chunk"), SYMPTOM_MALFORMED},
	/* curl's own bound of a line comes before ours when the line is huge */
	{LITERAL("bytes header"), SYMPTOM_TOO_LARGE},
	{LITERAL("larger than allowed"), SYMPTOM_TOO_LARGE},
	/* ours, of trust_attach */
	{LITERAL("too many key updates"), SYMPTOM_TOO_LARGE},
	/* what 7.88 says of such a line too; where memory really ends the arena ends the program */
	{LITERAL("out of memory"), SYMPTOM_TOO_LARGE},
	/* of a proxy that would not open the tunnel */
	{LITERAL("connect tunnel failed"), SYMPTOM_STATUS},
	{LITERAL("from proxy after connect"), SYMPTOM_STATUS},
	{LITERAL("http/0.9"), SYMPTOM_MALFORMED},
};

static enum symptom symptom_of_words(struct text words, enum symptom otherwise)
{
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		if (text_find_same(words, phrases[i].words) < words.len)
			return phrases[i].symptom;
	}
	return otherwise;
}

/* Curl gives 60 for every fault of a certificate. The result is that of the chain; 0 and 1 (which
 * 7.88 starts with) when the chain is well, and the name is not. */
static enum symptom symptom_of_peer(const struct transfer *transfer, struct text words)
{
	long result = 0;
	curl_easy_getinfo(transfer->curl, CURLINFO_SSL_VERIFYRESULT, &result);
	if (result == 0 || result == 1)
		return text_holds(words, T("match")) ? SYMPTOM_NAME_MISMATCH : SYMPTOM_UNTRUSTED;
	return trust_symptom(result);
}

static int errno_of(const struct transfer *transfer)
{
	long error = 0;
	curl_easy_getinfo(transfer->curl, CURLINFO_OS_ERRNO, &error);
	return (int)error;
}

static enum symptom symptom_of_socket(const struct transfer *transfer, struct text words)
{
	int error = errno_of(transfer);
	enum symptom kept = error ? socket_error_symptom(error) : SYMPTOM_LOCAL;
	return symptom_of_words(words, kept == SYMPTOM_LOCAL ? SYMPTOM_CLOSED : kept);
}

static enum symptom symptom_of_code(
	const struct transfer *transfer, CURLcode code, struct text words)
{
	switch ((int)code) {
	case CURLE_OK:
		return SYMPTOM_NONE;
	case CURLE_COULDNT_CONNECT:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		return symptom_of_socket(transfer, words);
	case CURLE_SSL_CONNECT_ERROR:
		return symptom_of_words(words, SYMPTOM_MALFORMED);
	case CURLE_PEER_FAILED_VERIFICATION:
		return symptom_of_peer(transfer, words);
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return SYMPTOM_NO_ADDRESS;
	case CURLE_OPERATION_TIMEDOUT:
		return SYMPTOM_TIMEOUT;
	case CURLE_PARTIAL_FILE:
		return SYMPTOM_TRUNCATED;
	case CURLE_GOT_NOTHING:
		return SYMPTOM_CLOSED;
	case CURLE_FILESIZE_EXCEEDED:
		return SYMPTOM_TOO_LARGE;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
		return SYMPTOM_MALFORMED;
	default:
		return symptom_of_words(words, SYMPTOM_LOCAL);
	}
}

/* A signature is in the query of a presigned URL, and curl may quote what it was given. */
static bool tells_secret(const struct exchange *exchange, struct text words)
{
	struct text query = exchange->url;
	text_cut(&query, T("?"));
	const struct text secrets[] = {query, exchange->basic, exchange->bearer,
		exchange->access_key, exchange->secret_key, exchange->session_token,
		exchange->proxy_password};
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		if (secrets[i].len >= SECRET_BYTES_MIN && text_holds(words, secrets[i]))
			return true;
	for (size_t i = 0; i < exchange->send_count; i++) {
		struct text value = exchange->send[i].value;
		if (value.len >= SECRET_BYTES_MIN && text_holds(words, value))
			return true;
	}
	return false;
}

static struct text words_of(
	const struct transfer *transfer, CURLcode code, enum symptom symptom, struct text words)
{
	if (code == CURLE_OK)
		return T("");
	if (transfer->socket_error)
		return socket_error_text(transfer->pending.net->arena, transfer->socket_error);
	/* curl says only that writing failed, or that memory did */
	if (symptom == SYMPTOM_TOO_LARGE)
		return T("more bytes than are accepted of such an answer");
	if (tells_secret(transfer->exchange, words))
		words = text_of(curl_easy_strerror(code));
	return text_keep(transfer->pending.net->arena, words);
}

enum symptom transfer_symptom(const struct transfer *transfer, CURLcode code, struct text *words)
{
	struct text told = text_trim(text_of(transfer->words));
	enum symptom symptom;
	if (told.len == 0)
		told = text_of(curl_easy_strerror(code));
	if (transfer->refused != SYMPTOM_NONE)
		symptom = transfer->refused;
	else if (transfer->socket_error)
		symptom = socket_error_symptom(transfer->socket_error);
	/* whatever curl, or OpenSSL above it, made of that */
	else if (code != CURLE_OK && socket_error_symptom(errno_of(transfer)) == SYMPTOM_EXHAUSTED)
		symptom = SYMPTOM_EXHAUSTED;
	else
		symptom = symptom_of_code(transfer, code, told);
	*words = words_of(transfer, code, symptom, told);
	/* an end in the middle of an answer is another thing than no answer */
	return symptom == SYMPTOM_CLOSED && transfer->header_bytes ? SYMPTOM_TRUNCATED : symptom;
}
