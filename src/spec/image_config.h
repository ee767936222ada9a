/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/image_config.h - what an image says of itself: config, layers, history.
 *
 * The whole document is kept as a node, so that fields this program has no use
 * for survive; the struct below is a view of the ones it has.
 * Spec: OCI image-spec, config.md; Docker image spec v1.2 (Healthcheck, …).
 */
#ifndef DHOW_SPEC_IMAGE_CONFIG_H
#define DHOW_SPEC_IMAGE_CONFIG_H

#include "base/span.h"
#include "base/strvec.h"
#include "data/node.h"
#include "spec/digest.h"
#include "spec/platform.h"

/* An image asks for as much as people write, not as 8 MiB can hold. */
#define IMAGE_CONFIG_MAX_ENV 16384
#define IMAGE_CONFIG_MAX_VOLUMES 1024
#define IMAGE_CONFIG_MAX_PORTS (3 * 65536)

struct image_config {
	struct node *doc; /* the whole document, owned */
	struct platform platform;
	struct digest *diff_ids; /* base first, owned */
	size_t diff_id_count;
	const char *created; /* RFC 3339 or NULL; borrowed from doc as below */
	const char *user;    /* never NULL, "" for root */
	const char *working_dir; /* never NULL, "" for "/" */
	const char *stop_signal; /* or NULL */
	struct strvec env;       /* "K=V" */
	struct strvec entrypoint;
	struct strvec cmd;
	struct strvec volumes;          /* paths */
	struct strvec exposed_ports;    /* "80/tcp" */
	const struct node *labels;      /* object or NULL */
	const struct node *healthcheck; /* object or NULL */
};

/*
 * Parse and check (strings are strings, diff ids are digests, no NUL in env or
 * argv, "linux" assumed when os is missing). Returns 0 or -EBADMSG.
 */
int image_config_parse(struct span bytes, struct image_config *ret_config,
		       struct err *err);
void image_config_release(struct image_config *config);

/*
 * Apply one Dockerfile-style change, as import and commit take them: CMD,
 * ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, SHELL, STOPSIGNAL,
 * USER, VOLUME, WORKDIR. @config_obj is the document's "config" object.
 * Returns 0 or -EINVAL naming the instruction.
 */
int image_config_change(struct node *config_obj, const char *instruction,
			struct err *err);
/*
 * Apply several, in order. As in a Dockerfile a new ENTRYPOINT without a CMD
 * beside it drops the CMD that was there.
 */
int image_config_change_all(struct node *config_obj,
			    const struct strvec *instructions, struct err *err);

#endif
