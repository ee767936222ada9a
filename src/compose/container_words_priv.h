/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/container_words_priv.h - what the files of container_words share.
 */
#ifndef DHOW_COMPOSE_CONTAINER_WORDS_PRIV_H
#define DHOW_COMPOSE_CONTAINER_WORDS_PRIV_H

#include "base/units.h"
#include "compose/container_words.h"

/* The Docker Compose whose labels these are. */
#define WORDS_VERSION "5.5.0"

struct words {
	const struct container_words *from;
	const struct node *body; /* of the service */
	struct strvec *out;
};

/* "--flag value"; nothing for NULL. */
void words_flag(struct words *w, const char *flag, const char *value);
void words_switch(struct words *w, const char *flag, const char *key);
/* A mode with "service:x" made "container:NAME"; owned. */
char *words_shared(const struct words *w, const char *mode);

/* Networks, ports; container_words_net.c. */
void words_add_network(struct words *w);
/* Mounts, secrets, configs, devices; container_words_files.c. */
void words_add_files(struct words *w);

/* Append "key=value" to a line of comma-separated fields, quoted. */
void words_csv(struct strbuf *sb, const char *key, const char *value);

#endif
