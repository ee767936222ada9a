/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/transfer_show.h - have dhow-transfer work and show how far it is.
 */
#ifndef DHOW_CLI_TRANSFER_SHOW_H
#define DHOW_CLI_TRANSFER_SHOW_H

#include "cli/cmd.h"
#include "image/transfer_client.h"
#include "ui/progress.h"

struct transfer_show {
	int fd;                    /* where progress goes */
	enum progress_style style; /* PROGRESS_QUIET: only warnings */
	int stdin_fd;              /* for the helper; -1: none */
	bool gives_stdout;         /* see struct transfer_sink */
	/*
	 * Called for TRANSFER_BEGIN and TRANSFER_IMAGE; prints with
	 * progress_say() or later. May be NULL.
	 */
	void (*event)(void *data, struct progress *progress,
		      const struct transfer_event *event);
	void *data;
};

int transfer_show(struct session *session, struct transfer_request *request,
		  const struct transfer_show *show, struct err *err);

#endif
