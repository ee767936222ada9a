/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/state.h - what became of a container: containers/<id>/state.json.
 *
 * Written by the container's monitor, replaced whole. A record that says
 * "running" while the kernel says that no monitor lives (container/live.h) is
 * corrected when it is read: the monitor was killed, and the container ended
 * with it.
 */
#ifndef DHOW_CONTAINER_STATE_H
#define DHOW_CONTAINER_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/proc.h"
#include "base/strvec.h"
#include "spec/port_spec.h"

#define CONTAINER_STATE_FILE "state.json"

enum container_status {
	CONTAINER_CREATED,
	CONTAINER_RUNNING,
	CONTAINER_PAUSED,
	CONTAINER_RESTARTING,
	CONTAINER_REMOVING,
	CONTAINER_EXITED,
	CONTAINER_DEAD,
	CONTAINER_STATUS_COUNT,
};

/* Docker's words: "created", "running", … */
const char *container_status_name(enum container_status status);
/* Running, paused or restarting: there is a monitor. */
bool container_status_is_live(enum container_status status);

enum health_status {
	HEALTH_NONE,
	HEALTH_STARTING,
	HEALTH_HEALTHY,
	HEALTH_UNHEALTHY,
	HEALTH_STATUS_COUNT,
};

/* Docker's words: "none", "starting", "healthy", "unhealthy". */
const char *health_status_name(enum health_status status);

#define HEALTH_LOG_MAX 5
#define HEALTH_OUTPUT_MAX_BYTES 4096

struct health_result {
	int64_t start_ns, end_ns;
	int exit_code;
	char *output; /* owned */
};

struct container_health {
	enum health_status status;
	int failing_streak;
	struct health_result log[HEALTH_LOG_MAX]; /* oldest first */
	size_t log_count;
};

/* One network the container is in; texts are "" or NULL when there is none. */
struct container_endpoint {
	char *network, *network_id, *endpoint_id;
	char ip[46];
	int prefix;
	char gateway[46];
	char ip6[46];
	int prefix6;
	char gateway6[46];
	char mac[18];
	struct strvec aliases;
};

struct container_state {
	enum container_status status;
	pid_t pid;              /* of the first process, or 0 */
	uint64_t pid_start;     /* its start time in ticks; base/proc.h */
	pid_t monitor_pid;      /* or 0 */
	uint64_t monitor_start; /* likewise */
	char boot_id[PROC_BOOT_ID_BYTES]; /* the boot these pids are of */
	int exit_code;
	bool oom_killed;
	char *error;         /* why it could not be started, or NULL */
	int64_t started_ns;  /* 0: never */
	int64_t finished_ns; /* 0: never */
	int restart_count;
	bool stopped_by_user; /* unless-stopped remembers */
	char *host;           /* where it runs or ran, or NULL */
	char *driver;         /* storage driver that made upper/, or NULL */
	char *cgroup;         /* or NULL */
	struct container_health health;
	struct container_endpoint *endpoints; /* owned */
	size_t endpoint_count;
	struct port_list ports; /* as bound on the host */

	/* Not in the file; container_state_read() finds out. */
	bool died; /* the record said that it lives; nobody wrote its end */
	bool elsewhere; /* it lives on another host, as that host says */
};

#define CONTAINER_STATE_INIT                \
	{                                   \
		.status = CONTAINER_CREATED \
	}
#define cleanup_container_state cleanup_release(container_state_release)

void container_state_release(struct container_state *state);

/*
 * Read and correct the record.
 *
 * @dirfd:    of the container
 * @rundirfd: the run directory
 *
 * Returns 0, also when there is no record yet (created); -EBADMSG when it
 * cannot be understood.
 */
int container_state_read(int dirfd, int rundirfd, const char *id,
			 struct container_state *ret_state, struct err *err);

/* Replace the record. @sync: it survives a crash of the host. */
int container_state_write(int dirfd, const struct container_state *state,
			  bool sync, struct err *err);

/*
 * The same in two steps, for when time counts: what is drafted is nobody's
 * record until it is published, in one call. Only who holds the container's
 * lock may; not synced.
 */
int container_state_draft(int dirfd, const struct container_state *state,
			  struct err *err);
int container_state_publish(int dirfd);
void container_state_drop_draft(int dirfd);

/* Add the outcome of a probe, dropping the oldest when there are too many. */
void container_health_add(struct container_health *health, int64_t start_ns,
			  int64_t end_ns, int exit_code, const char *output);

/* Forget what was asked before: it starts anew. */
void container_health_reset(struct container_health *health);

/* Forget networks and ports: it is in none. */
void container_state_clear_network(struct container_state *state);
/* A further, empty endpoint. Borrowed until the next call. */
struct container_endpoint *
container_state_add_endpoint(struct container_state *state);

#endif
