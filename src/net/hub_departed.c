/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_departed.c - what containers that have left still occupy.
 */
#include "net/hub_departed.h"

#include "base/alloc.h"
#include "base/units.h"

/* Longer than the kernel needs to take a namespace down. */
#define DEPARTED_NS (2 * UNITS_NS_PER_S)

struct departure {
	struct departure *next;
	int64_t due_ns;
	struct hub_member member;
};

static void
settle_first(struct hub_departed *departed)
{
	struct departure *departure = departed->first;

	departed->first = departure->next;
	if (!departed->first)
		departed->end = &departed->first;
	hub_member_release(&departure->member, departed->networks->fabric);
	free(departure);
}

static int
on_due(struct loop_source *source, void *data)
{
	struct hub_departed *departed = data;
	int64_t now_ns = units_monotonic_ns();

	while (departed->first && departed->first->due_ns <= now_ns)
		settle_first(departed);
	if (departed->first)
		loop_set_timer(source, departed->first->due_ns - now_ns);
	return 0;
}

void
hub_departed_init(struct hub_departed *departed, struct hub_networks *networks,
		  struct loop *loop)
{
	*departed = (struct hub_departed){ .networks = networks };
	departed->end = &departed->first;
	departed->timer = loop_add_timer(loop, -1, on_due, departed);
}

void
hub_departed_add(struct hub_departed *departed, struct hub_member *member)
{
	struct departure *departure;

	hub_member_silence(member, departed->networks);
	if (!member->leg_count) {
		hub_member_release(member, departed->networks->fabric);
		return;
	}
	departure = xcalloc(1, sizeof(*departure));
	departure->due_ns = units_monotonic_ns() + DEPARTED_NS;
	departure->member = *member;
	*member = (struct hub_member)HUB_MEMBER_INIT;
	if (!departed->first)
		loop_set_timer(departed->timer, DEPARTED_NS);
	*departed->end = departure;
	departed->end = &departure->next;
}

bool
hub_departed_settle(struct hub_departed *departed)
{
	if (!departed->first)
		return false;
	while (departed->first)
		settle_first(departed);
	return true;
}

void
hub_departed_forget(struct hub_departed *departed)
{
	while (departed->first) {
		struct departure *next = departed->first->next;

		hub_member_forget(&departed->first->member);
		free(departed->first);
		departed->first = next;
	}
}
