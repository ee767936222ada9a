/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_network.c - the monitor's end of the networks.
 *
 * The network process may be killed: then all its containers join another.
 * What hinders that, want of memory or of /dev/net/tun, may pass: it is tried
 * again for as long as the container runs, more and more seldom.
 */
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/units.h"
#include "container/monitor_priv.h"

#define FIRST_DELAY_NS (UNITS_NS_PER_S / 4)
#define LAST_DELAY_NS (15 * UNITS_NS_PER_S)

static int monitor_on_network(struct loop_source *source, uint32_t events,
			      void *data);
static int monitor_on_net_timer(struct loop_source *source, void *data);

void
monitor_watch_network(struct monitor *monitor)
{
	int fd = monitor->start.net.connfd;

	if (fd >= 0)
		monitor->net = loop_add_fd(monitor->loop, fd, EPOLLIN,
					   monitor_on_network, monitor);
}

static void
monitor_try_later(struct monitor *monitor)
{
	int64_t *delay_ns = &monitor->net_delay_ns;

	*delay_ns = *delay_ns ? 2 * *delay_ns : FIRST_DELAY_NS;
	if (*delay_ns > LAST_DELAY_NS)
		*delay_ns = LAST_DELAY_NS;
	if (!monitor->net_timer)
		monitor->net_timer = loop_add_timer(
			monitor->loop, -1, monitor_on_net_timer, monitor);
	loop_set_timer(monitor->net_timer, *delay_ns);
}

/* @r: what networking_event() or networking_again() returned. */
static void
monitor_network_changed(struct monitor *monitor, int r, const struct err *err)
{
	if (r > 0) {
		monitor_note_network(monitor);
		monitor_record(monitor, false);
	}
	if (r < 0)
		log_debug("network: %s", err->text);
	if (r < 0 && monitor->start.net.connfd < 0)
		monitor_try_later(monitor);
	else
		monitor->net_delay_ns = 0;
	monitor_watch_network(monitor);
}

static int
monitor_on_net_timer(struct loop_source *source, void *data)
{
	struct monitor *monitor = data;
	struct start *start = &monitor->start;
	struct err err = ERR_INIT;
	int r = networking_again(&start->net, start->launch.pid, &start->ports,
				 &err);

	monitor_network_changed(monitor, r, &err);
	return 0;
}

static int
monitor_on_network(struct loop_source *source, uint32_t events, void *data)
{
	struct monitor *monitor = data;
	struct start *start = &monitor->start;
	struct err err = ERR_INIT;
	int r;

	/* Its fd may be another one afterwards. */
	loop_remove(take_ptr(monitor->net));
	r = networking_event(&start->net, &start->dir, start->launch.pid,
			     &start->ports, &err);
	monitor_network_changed(monitor, r, &err);
	return 0;
}

void
monitor_leave_network(struct monitor *monitor, bool for_good)
{
	struct start *start = &monitor->start;

	/* A child that we just forked may have it too. */
	if (start->net.connfd >= 0)
		(void)shutdown(start->net.connfd, SHUT_RDWR);
	networking_leave(&start->net);
	monitor->net_delay_ns = 0;
	if (for_good)
		port_plan_release(&start->ports);
}
