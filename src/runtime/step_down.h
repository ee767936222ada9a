/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/step_down.h - with one id: who would leave root for good.
 *
 * With one id nobody can become another user. Programs that do it on their
 * way are let believe that they did (seccomp_fakeid.c): most go on and work.
 * An entry script that looks where it got to, and runs itself again as long
 * as it is root, would do so for ever. So who asks again and again gets the
 * kernel's own answer, and its standard error says what to do.
 */
#ifndef DHOW_RUNTIME_STEP_DOWN_H
#define DHOW_RUNTIME_STEP_DOWN_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"

/* So many times the same process is believed. */
#define STEP_DOWN_MAX 8
/* So many users are kept in mind. */
#define STEP_DOWN_USERS 16

struct step_down {
	/* private: who asked last, the oldest is forgotten first */
	struct {
		uint32_t pid, uid;
		unsigned int count;
	} asked[16];
	unsigned int next;
	uint32_t users[STEP_DOWN_USERS];
	unsigned int user_count;
};

/* In memory that a child shares; NULL when there is none. */
struct step_down *step_down_new(void);
void step_down_free(struct step_down *down);
DEFINE_CLEANUP(struct step_down *, step_down_free);

/* Is it a call of the setuid family that gives up all ids but @ret_uid? */
bool step_down_is(const struct seccomp_data *data, uint32_t *ret_uid);

/* Returns 0, or -EINVAL when @pid has asked STEP_DOWN_MAX times before. */
int step_down_ask(struct step_down *down, uint32_t pid, uint32_t uid);

/* Did anybody ask to become @uid? @down may be NULL. */
bool step_down_has(const struct step_down *down, uint32_t uid);

/* Tell the container, where @pid tells its errors; no word if that fails. */
void step_down_tell(pid_t pid, uint32_t uid);

#endif
