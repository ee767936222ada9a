/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/image_table.h - index.json as a table with one row per name.
 *
 * A row is one manifest entry: its descriptor is the platform's manifest, its
 * annotations carry all that a listing shows:
 *   org.opencontainers.image.ref.name  canonical name; absent: no name
 *   dev.dhow.config                    image id (digest of the config)
 *   dev.dhow.created                   RFC 3339
 *   dev.dhow.size                      bytes unpacked, decimal
 *   dev.dhow.digest                    digest as pulled
 * Written by us the file has one row per line behind a fixed first line, so
 * that one name is found, and a thousand rows are listed, without building a
 * tree. A file that another tool wrote is parsed as a whole, and what its
 * rows lack is read from their blobs.
 * Spec: OCI image-spec, image-index.md, annotations.md.
 */
#ifndef DHOW_STORE_IMAGE_TABLE_H
#define DHOW_STORE_IMAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/span.h"
#include "data/node.h"
#include "spec/digest.h"
#include "store/store.h"

#define IMAGE_TABLE_FILE "index.json"
#define IMAGE_TABLE_MAX_BYTES (64U << 20)
#define IMAGE_TABLE_HEAD                                               \
	"{\"schemaVersion\":2,\"mediaType\":"                          \
	"\"application/vnd.oci.image.index.v1+json\",\"annotations\":" \
	"{\"dev.dhow.table\":\"1\"},\"manifests\":[\n"
#define IMAGE_TABLE_TAIL "]}\n"
#define IMAGE_TABLE_EMPTY IMAGE_TABLE_HEAD IMAGE_TABLE_TAIL

#define IMAGE_TABLE_NAME "org.opencontainers.image.ref.name"
#define IMAGE_TABLE_CONFIG "dev.dhow.config"
#define IMAGE_TABLE_CREATED "dev.dhow.created"
#define IMAGE_TABLE_SIZE "dev.dhow.size"
#define IMAGE_TABLE_DIGEST "dev.dhow.digest"

struct image_row {
	char *line;            /* the entry as compact JSON, without line end */
	bool line_is_borrowed; /* it lies in the table's text */
	char *name;            /* canonical reference or NULL */
	char *media_type;      /* of the manifest */
	struct digest manifest;
	int64_t manifest_bytes;
	struct digest id;          /* empty: not known yet */
	struct digest repo_digest; /* empty: never came from a registry */
	int64_t created_ns;        /* 0: unknown */
	int64_t size_bytes;        /* -1: unknown */
};

struct image_table {
	struct image_row *rows; /* in the file's order */
	size_t len;
	size_t cap;
	char *text; /* of the file, cut into lines; or NULL */
};

#define IMAGE_TABLE_INIT      \
	{                     \
		.rows = NULL, \
	}

#define cleanup_image_table cleanup_release(image_table_release)

/* Was the file written by us? */
bool image_table_is_ours(struct span text);

/*
 * Parse a whole index.json. Rows that are not ours may lack id, created_ns
 * and size_bytes. Returns 0 or -EBADMSG.
 */
int image_table_parse(struct span text, struct image_table *table,
		      struct err *err);

/*
 * The row of exactly @name in a file of ours, without parsing the rest.
 * Returns 0, -ENOENT, or -EBADMSG.
 */
int image_table_find(struct span text, const char *name,
		     struct image_row *ret_row, struct err *err);

/* Read the store's table; without a file it is empty. */
int image_table_load(struct store *store, struct image_table *table,
		     struct err *err);
/* Write it; the caller holds the exclusive lock. */
int image_table_save(struct store *store, const struct image_table *table,
		     struct err *err);

/* Make a row from a descriptor's object, annotations included; it is copied. */
int image_row_from_node(const struct node *entry, struct image_row *ret_row,
			struct err *err);
/* A copy of @row under another name (NULL: none). */
void image_row_renamed(const struct image_row *row, const char *name,
		       struct image_row *ret_row);
/* Fill in what a row of another tool lacks; @created may be NULL. */
struct image_row_facts {
	const char *name; /* canonical, or NULL to leave it */
	struct digest id;
	const char *created;
	int64_t size_bytes;
};
void image_row_complete(struct image_row *row,
			const struct image_row_facts *facts);
/* Forget where it was pulled from. */
void image_row_forget_digest(struct image_row *row);
void image_row_copy(struct image_row *to, const struct image_row *from);
void image_row_release(struct image_row *row);

/* The table owns what @row points to from now on. */
void image_table_add(struct image_table *table, struct image_row row);
void image_table_remove(struct image_table *table, size_t at);
void image_table_release(struct image_table *table);

#endif
