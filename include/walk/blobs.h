/* The blobs of an image, as the registry and the bucket answer for them. */
#pragma once
#include "model/url.h"
#include "walk/experiments.h"

enum { BLOB_HOSTS_MAX = 4 };

struct blob {
	const struct descriptor *descriptor;
	struct text document; /* "config" or "layer" */
	bool whole;	      /* fetched whole, and its digest verified */
	struct exchange ask;  /* of the registry */
	bool redirected;
	struct url location;   /* its query is a secret */
	struct exchange fetch; /* of the bucket */
	bool fetched;	       /* or begun to be */
	struct endpoint_state *bucket;
};

struct blobs {
	struct blob *at;
	size_t count;
	int64_t began_us;		 /* when the first was asked for */
	struct endpoint_state *foreseen; /* the bucket of the plan; NULL: there is none */
	struct endpoint_state *hosts;	 /* BLOB_HOSTS_MAX: others that redirects name */
	size_t host_count;
	bool has_failed;     /* one: its experiments speak for all */
	struct trial *trial; /* on the blob that is waited for */
};

/* Judges the registry's answer, whose redirect becomes `location`, and records it. */
void blob_record_ask(struct probe *probe, struct blob *blob);

/* Judges the bytes that the bucket served by what the manifest says of them, and records them. */
void blob_record_fetch(struct probe *probe, const struct blobs *blobs, struct blob *blob);

/* Where a pull must not be led: to plain text, to this machine, to link-local services, to what is
 * no host. NULL: it may be led there. */
const char *redirect_refuse(const struct url *location);
