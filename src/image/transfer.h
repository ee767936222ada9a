/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/transfer.h - what dhow asks of dhow-transfer, and what that tells.
 *
 * dhow-transfer moves and unpacks images: it alone reads hostile bytes and
 * loads the libraries for that. Descriptors it starts with:
 *   0  the archive, for load and import from standard input
 *   1  the archive, for save to standard output
 *   3  the request: one JSON document (a sealed memory file)
 *   4  events: one JSON object a line; the last is "done" or "error"
 * SIGINT and SIGTERM make it remove what is half made and end; so does the
 * death of the process that started it.
 */
#ifndef DHOW_IMAGE_TRANSFER_H
#define DHOW_IMAGE_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strvec.h"
#include "data/decode.h"

#define TRANSFER_PROGRAM "dhow-transfer"
#define TRANSFER_REQUEST_FD 3
#define TRANSFER_EVENT_FD 4
#define TRANSFER_REQUEST_MAX_BYTES (16U << 20)
#define TRANSFER_EVENT_MAX_BYTES (16U << 20)

enum transfer_op {
	TRANSFER_PULL,
	TRANSFER_LOAD,
	TRANSFER_IMPORT,
	TRANSFER_UNPACK, /* layers whose blobs are here but no trees */
	TRANSFER_MAKE,   /* an image of trees and layers that are here */
	TRANSFER_PUSH,
	TRANSFER_SAVE,
	TRANSFER_LOGIN,     /* ask a registry whether it knows who we are */
	TRANSFER_FETCH,     /* a file from the web */
	TRANSFER_EXTRACT,   /* an archive of files, which is no layer */
	TRANSFER_COPY,      /* from the transport in input to that in target */
	TRANSFER_DESCRIBE,  /* tell the documents of what input names */
	TRANSFER_PUSH_LIST, /* the index in config, with what it lists */
	TRANSFER_SEARCH,    /* name at the registry target, level: how many;
			       all: its tags */
	TRANSFER_OP_COUNT,
};

/*
 * make: a layer, as far as it is known. With a tree it is packed; else it is
 * in the store by its diff id, and what is missing of its blob is packed too.
 */
struct transfer_layer {
	char *tree;       /* below the store; or NULL */
	char *owners;     /* its record (archive/owners.h), below it; or NULL */
	char *diff_id;    /* "sha256:…" or NULL */
	char *digest;     /* of its blob, or NULL */
	int64_t size;     /* of its blob */
	char *media_type; /* of its blob */
};

/* Texts are owned; NULL and "" mean "not given". */
struct transfer_request {
	int64_t op; /* enum transfer_op */
	bool debug;
	char *root; /* absolute: store and runtime directory */
	char *runroot;
	char *name;     /* pull, unpack: what; import: the new name */
	char *platform; /* os[/arch[/variant]] */
	/* pull: see registry_opts and credentials_opts */
	bool all_tags;
	char *config_dir;
	char *authfile;
	char *user_pass;
	char *cert_dir;
	int64_t tls; /* enum registry_tls */
	int64_t retries;
	int64_t retry_delay_ns;
	int64_t parallel; /* layers at once; 0: the usual */
	bool find_first;  /* one that an additional store has will do */
	/* load, import */
	char *input; /* path or URL; NULL: descriptor 0 */
	struct strvec changes;
	char *message;
	/* make */
	struct transfer_layer *layers; /* base first */
	size_t layer_count;
	struct node *config;      /* of the image but its diff ids; NULL: only
				     the layers are made */
	struct node *annotations; /* of the manifest, or NULL */
	struct strvec names;      /* references; none: it gets no name */
	struct strvec stubs;      /* paths of trees that are left out while
				     nothing is in them */
	int64_t format;           /* enum comp_format of new blobs */
	bool docker;              /* Docker's media types */
	bool clamp;               /* no file's time is later than max_time */
	int64_t max_time;         /* seconds since 1970 */
	/*
	 * Trees become layers themselves instead of a copy of them: their
	 * places are empty afterwards. Their marks are the kernel overlay's.
	 */
	bool take_trees;
	/* fetch, extract */
	char *authorization; /* fetch: the header, for the first origin only */
	char *output; /* below the store: a new file, an empty directory */
	bool own;     /* extract: all files belong to the caller */
	/* copy: of the registry that input names */
	char *src_user_pass;
	int64_t src_tls;
	/* push, save, copy: what of names, or input, becomes what; see
	 * copy_opts */
	char *target; /* a transport; NULL: push: as name; save: descriptor 1 */
	bool all;     /* push: all tags; copy: all platforms */
	int64_t compress; /* enum comp_format; COMP_NONE: as it is */
	int64_t level;
	bool force_compress;
	int64_t convert; /* enum image_copy_convert */
};

#define TRANSFER_REQUEST_INIT          \
	{                              \
		.changes = STRVEC_INIT \
	}

#define cleanup_transfer_request cleanup_release(transfer_request_release)
void transfer_request_release(struct transfer_request *request);

extern const struct field transfer_layer_fields[];
extern const struct field transfer_request_fields[];

enum transfer_event_kind {
	TRANSFER_BEGIN, /* name, digest: about to get this */
	TRANSFER_STEP,  /* id, action, bytes_done, bytes_total */
	TRANSFER_STATE, /* id, action: over */
	TRANSFER_NOTE,  /* text: worth showing */
	TRANSFER_IMAGE, /* name, id, digest, manifest, is_new: this is in the
			   store now */
	TRANSFER_LAYER, /* index, diff_id, digest, media_type, bytes_total: the
			   layer of the request at this index is made */
	TRANSFER_DOCUMENT, /* name, digest, media_type, bytes_total, text;
			      action: the platform, of a manifest */
	TRANSFER_COPIED, /* name, digest, bytes_total: of the manifest where it
			    went */
	TRANSFER_FILE,   /* name (as the web has it, or NULL), digest,
			    bytes_total, index: its time, -1: unknown */
	TRANSFER_DONE,
	TRANSFER_ERROR, /* code, text, hint */
	TRANSFER_EVENT_COUNT,
};

struct transfer_event {
	int64_t kind;   /* enum transfer_event_kind */
	char *name;     /* canonical reference, or NULL */
	char *id;       /* of a layer (12 digits) or of an image (sha256:…) */
	char *digest;   /* of the manifest as the registry knows it */
	char *manifest; /* its digest here */
	char *action;
	int64_t bytes_done;
	int64_t bytes_total; /* 0: unknown */
	int64_t index;
	char *diff_id;
	char *media_type;
	bool is_new;  /* the name meant another image, or none, before */
	int64_t code; /* positive errno */
	char *text;
	char *hint;
};

extern const struct field transfer_event_fields[];

#endif
