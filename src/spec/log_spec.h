/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/log_spec.h - --log-driver and --log-opt.
 */
#ifndef DHOW_SPEC_LOG_SPEC_H
#define DHOW_SPEC_LOG_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"

enum log_driver {
	LOG_DRIVER_JSON_FILE,
	LOG_DRIVER_K8S_FILE,
	LOG_DRIVER_JOURNALD,
	LOG_DRIVER_LOCAL,
	LOG_DRIVER_NONE,
	LOG_DRIVER_PASSTHROUGH,
	LOG_DRIVER_COUNT,
};

struct log_spec {
	enum log_driver driver;
	int64_t max_size_bytes; /* 0: no rotation */
	int max_files;          /* at least 1 */
	bool compress;
	char *tag;          /* or NULL */
	char *path;         /* another file than the container's, or NULL */
	struct strvec opts; /* as given, "k=v" */
};

#define LOG_SPEC_INIT          \
	{                      \
		.max_files = 1 \
	}
#define cleanup_log_spec cleanup_release(log_spec_release)

/*
 * @driver: NULL or "" for json-file. @opts: "k=v" each. Unknown drivers and
 * keys that a driver does not have are -EINVAL.
 */
int log_spec_parse(const char *driver, const struct strvec *opts,
		   struct log_spec *ret_spec, struct err *err);
void log_spec_release(struct log_spec *spec);
const char *log_driver_name(enum log_driver driver);
/* HostConfig.LogConfig: {"Type":"json-file","Config":{…}}. */
struct node *log_spec_to_node(const struct log_spec *spec);
int log_spec_from_node(const struct node *node, struct log_spec *ret_spec,
		       struct err *err);

#endif
