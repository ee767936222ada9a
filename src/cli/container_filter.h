/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/container_filter.h - --filter of ps and of what prunes containers.
 */
#ifndef DHOW_CLI_CONTAINER_FILTER_H
#define DHOW_CLI_CONTAINER_FILTER_H

#include "container/lookup.h"
#include "spec/filter.h"

struct container_filter {
	struct filter filter;
	bool all;              /* a filter asks for those that ended too */
	bool no_tasks;         /* is-task=true: there are none */
	int64_t after_ns;      /* since=, after=; 0: any */
	int64_t before_ns;     /* before=; 0: any */
	int64_t until_ns;      /* until=; 0: any */
	struct strvec images;  /* ancestor=: ids that count */
	struct strvec bottoms; /* ancestor=: "layer layer …" to start with */
};

#define CONTAINER_FILTER_INIT \
	{                     \
		.after_ns = 0 \
	}
#define cleanup_container_filter cleanup_release(container_filter_release)

void container_filter_release(struct container_filter *filter);

/*
 * Read "key=value" texts.
 *
 * Returns 0; -EINVAL for an unknown key or a bad value; -ENOENT for a
 * container that before= or since= names.
 */
int container_filter_parse(struct session *session, const struct strvec *texts,
			   struct container_filter *filter, struct err *err);

bool container_filter_match(const struct container_filter *filter,
			    const struct container *container);

#endif
