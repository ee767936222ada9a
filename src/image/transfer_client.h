/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/transfer_client.h - have dhow-transfer do something and listen.
 */
#ifndef DHOW_IMAGE_TRANSFER_CLIENT_H
#define DHOW_IMAGE_TRANSFER_CLIENT_H

#include "image/transfer.h"
#include "session/session.h"

struct transfer_sink {
	/* Told every event but the last; it borrows what it is shown. */
	void (*event)(void *data, const struct transfer_event *event);
	void *data;
	int stdin_fd;      /* given to the helper; -1: nothing to read */
	bool gives_stdout; /* the helper writes to our standard output */
};

/*
 * Start dhow-transfer and wait for its end.
 *
 * @request: root, runroot and debug are filled in here
 *
 * The caller is outside the user namespace: the helper looks for credentials
 * first and enters it then.
 * Returns 0; what the helper failed of, with its story; -ENOENT when it is
 * not installed; -EPROTO when it ended without a word.
 */
int transfer_run(struct session *session, struct transfer_request *request,
		 const struct transfer_sink *sink, struct err *err);

#endif
