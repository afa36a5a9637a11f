/* One exchange as a curl handle: shared by the files that use libcurl, and by nobody else. */
#pragma once
#include "base/arena.h"
#include "net/parts.h"
#include <curl/curl.h>

struct origin;

struct transfer {
	struct pending pending;
	struct exchange *exchange; /* NULL: settled */
	struct origin *origin;	   /* whom its connection is with */
	struct transfer *next;	   /* that waits for a place */
	int64_t idle_us;
	CURL *curl; /* NULL when not begun, or settled */
	struct curl_slist *headers, *pins;
	struct evp_md_ctx_st *digest; /* NULL when none is wanted, or ended */
	struct buffer kept;
	char words[CURL_ERROR_SIZE];
	size_t header_bytes, header_lines; /* of all heads of the answer; 0: nothing came */
	bool good;			   /* a status of 2xx */
	int socket_error;		   /* why there is no socket; an errno, 0: there is */
	enum symptom refused;		   /* why a callback of ours ended it; NONE: none did */
	int64_t moved_us;		   /* when something last happened */
	int64_t mark;			   /* changes whenever something happens */
};

/* Makes the handle. False: it could not be, and the exchange is settled. */
bool transfer_begin(struct transfer *transfer);

/* Settles the exchange, and frees what transfer_begin made. The handle must have left its multi
 * handle. */
void transfer_settle(struct transfer *transfer, enum symptom symptom, struct text detail);

/* Looks whether anything happened since the last look, and remembers when. */
void transfer_look(struct transfer *transfer, int64_t now_us);

/* What curl's result means; `words`: without what may be secret in them, empty when all went well.
 */
enum symptom transfer_symptom(const struct transfer *transfer, CURLcode code, struct text *words);
