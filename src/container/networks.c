/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/networks.c - which networks a found container is in.
 */
#include "container/networks.h"

void
container_network_names(const struct container *container, struct strvec *names)
{
	const struct container_state *state = &container->state;
	const char *asked =
		node_str_or(node_get(container->config, "Network"), "bridge");

	for (size_t i = 0; i < state->endpoint_count; i++)
		if (state->endpoints[i].network)
			strvec_add(names, state->endpoints[i].network);
	if (!names->len)
		strvec_add(names, asked);
	strvec_sort(names);
}
