/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/networks.c - which networks a found container is in.
 */
#include "container/networks.h"

/* What config.json asks for: a mode, or the networks it names. */
static void
networks_asked(const struct node *config, struct strvec *names)
{
	const struct node *list = node_get(config, "Networks");
	const char *mode = node_str_or(node_get(config, "Network"), "bridge");
	const char *shares = node_get_str(config, "NetworkContainer");

	if (shares)
		return;
	for (size_t i = 0; i < node_len(list); i++)
		strvec_add(names, node_key_at(list, i));
	if (!names->len)
		strvec_add(names, mode);
}

void
container_network_names(const struct container *container, struct strvec *names)
{
	const struct container_state *state = &container->state;

	for (size_t i = 0; i < state->endpoint_count; i++)
		if (state->endpoints[i].network)
			strvec_add(names, state->endpoints[i].network);
	if (!names->len)
		networks_asked(container->config, names);
	strvec_sort(names);
}
