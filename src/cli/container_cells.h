/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/container_cells.h - a container in words, as listings show it.
 *
 * Spec: formats.md, "Cell rules".
 */
#ifndef DHOW_CLI_CONTAINER_CELLS_H
#define DHOW_CLI_CONTAINER_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "container/lookup.h"

/* "12 columns of te…": cut to @columns, "…" included. */
void cell_add_cut(struct strbuf *sb, const char *text, size_t columns);

/* "Up 5 minutes (healthy)", "Exited (0) 2 hours ago". */
void cell_add_status(struct strbuf *sb, const struct container_state *state,
		     int64_t now_ns);
/* "0.0.0.0:8080->80/tcp, 443/tcp"; "" for what does not run. */
void cell_add_ports(struct strbuf *sb, const struct container *container);
/* "\"sleep 10\"", quoted. @no_trunc: all of it. */
void cell_add_command(struct strbuf *sb, const struct node *config,
		      bool no_trunc);
/* "a=b,c=d", sorted. */
void cell_add_labels(struct strbuf *sb, const struct node *config);
/* Sources of its mounts. */
void cell_add_mounts(struct strbuf *sb, const struct node *config,
		     bool no_trunc);
int cell_count_volumes(const struct node *config);
/* Names of its networks. */
void cell_add_networks(struct strbuf *sb, const struct container *container);
/* "2 hours ago" */
void cell_add_ago(struct strbuf *sb, int64_t then_ns, int64_t now_ns);

#endif
