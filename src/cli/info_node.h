/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/info_node.h - what dhow info tells, as docker's object.
 */
#ifndef DHOW_CLI_INFO_NODE_H
#define DHOW_CLI_INFO_NODE_H

#include "conf/host_facts.h"
#include "data/node.h"
#include "session/session.h"

/* Add all that is known. Returns 0, or -errno when there is no store. */
int info_node_fill(struct session *session, const struct host_report *report,
		   struct node *info, struct err *err);

#endif
