/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/systemd.c - groups from the systemd that keeps those of a user.
 */
#include "sys/systemd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/strvec.h"
#include "base/text.h"
#include "sys/bus.h"

#define SYSTEMD_NAME "org.freedesktop.systemd1"
#define SYSTEMD_MANAGER SYSTEMD_NAME ".Manager"
#define SYSTEMD_JOBS \
	"type='signal',interface='" SYSTEMD_MANAGER "',member='JobRemoved'"

bool
systemd_is_slice(const char *text)
{
	return text && text_ends(text, ".slice") && !strchr(text, '/') &&
	       strlen(text) > strlen(".slice");
}

/* Sockets that it may be reached by; the last one needs no message bus. */
static void
systemd_list_sockets(uid_t uid, struct strvec *paths)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");
	const char *path = address ? text_after(address, "unix:path=") : NULL;

	if (uid == 0) {
		strvec_add(paths, "/run/dbus/system_bus_socket");
		strvec_add(paths, "/run/systemd/private");
		return;
	}
	strvec_addf(paths, "/run/user/%u/bus", uid);
	if (run && *run == '/')
		strvec_addf(paths, "%s/bus", run);
	if (path && *path == '/')
		strvec_addf(paths, "%.*s", (int)strcspn(path, ",;"), path);
	strvec_addf(paths, "/run/user/%u/systemd/private", uid);
}

bool
systemd_is_there(uid_t uid)
{
	cleanup_free char *dir = uid ? xasprintf("/run/user/%u/systemd", uid)
				     : xstrdup("/run/systemd/system");

	return access(dir, F_OK) == 0;
}

/* One that is there but has no systemd on it is passed over. */
static int
systemd_open(struct bus *bus, uid_t uid, const struct dbus_call *call,
	     struct dbus_message *ret_reply, struct err *err)
{
	cleanup_strvec struct strvec paths = STRVEC_INIT;
	int r;

	systemd_list_sockets(uid, &paths);
	for (size_t i = 0; i < paths.len; i++) {
		bus_close(bus);
		if (bus_open(bus, paths.v[i], NULL) < 0 ||
		    bus_listen(bus, SYSTEMD_JOBS, NULL) < 0)
			continue;
		r = bus_call(bus, call, ret_reply, err);
		if (r != -ENOENT)
			return r < 0 ? err_wrap(err, r, "systemd: %s",
						call->member)
				     : 0;
	}
	return err_set(err, EOPNOTSUPP,
		       "there is no systemd of yours to be asked");
}

/* The begin of one property: the caller adds its value. */
static void
systemd_put_property(struct strbuf *body, const char *name, const char *type)
{
	dbus_align(body, 8);
	dbus_put_str(body, name);
	dbus_put_signature(body, type);
}

static void
systemd_put_pids(struct strbuf *body)
{
	struct dbus_array pids = dbus_begin_array(body, sizeof(uint32_t));

	dbus_put_u32(body, (uint32_t)getpid());
	dbus_end_array(body, pids);
}

/* StartTransientUnit(name, mode, properties, other units). */
static void
systemd_put_scope(struct strbuf *body, const char *unit, const char *slice)
{
	struct dbus_array properties, others;

	dbus_put_str(body, unit);
	dbus_put_str(body, "fail");
	properties = dbus_begin_array(body, 8);
	systemd_put_property(body, "Description", "s");
	dbus_put_str(body, "dhow container");
	systemd_put_property(body, "PIDs", "au");
	systemd_put_pids(body);
	systemd_put_property(body, "Delegate", "b");
	dbus_put_u32(body, true);
	/* Without this one that ended badly keeps its name. */
	systemd_put_property(body, "CollectMode", "s");
	dbus_put_str(body, "inactive-or-failed");
	if (slice) {
		systemd_put_property(body, "Slice", "s");
		dbus_put_str(body, slice);
	}
	dbus_end_array(body, properties);
	others = dbus_begin_array(body, 8);
	dbus_end_array(body, others);
}

/* JobRemoved(id, job, unit, result) tells that it stands, or does not. */
static int
systemd_wait_job(struct bus *bus, const char *unit, struct err *err)
{
	struct dbus_message message;
	int r;

	while ((r = bus_next(bus, &message, err)) == 0) {
		struct dbus_reader reader = { .bytes = message.body };
		struct span job, name, result;
		uint32_t id;

		if (message.type != DBUS_SIGNAL ||
		    !span_is(message.member, "JobRemoved") ||
		    !span_is(message.signature, "uoss") ||
		    dbus_get_u32(&reader, &id) < 0 ||
		    dbus_get_str(&reader, &job) < 0 ||
		    dbus_get_str(&reader, &name) < 0 ||
		    dbus_get_str(&reader, &result) < 0 || !span_is(name, unit))
			continue;
		if (span_is(result, "done"))
			return 0;
		return err_set(err, EACCES, "systemd: start '%s': %.*s", unit,
			       (int)result.len, result.ptr);
	}
	return r;
}

int
systemd_make_scope(uid_t uid, const char *unit, const char *slice,
		   struct err *err)
{
	cleanup_bus struct bus bus = BUS_INIT;
	cleanup_strbuf struct strbuf body = STRBUF_INIT;
	const struct dbus_call call = {
		.destination = SYSTEMD_NAME,
		.path = "/org/freedesktop/systemd1",
		.interface = SYSTEMD_MANAGER,
		.member = "StartTransientUnit",
		.signature = "ssa(sv)a(sa(sv))",
		.body = &body,
	};
	struct dbus_message reply;
	int r;

	systemd_put_scope(&body, unit, slice);
	r = systemd_open(&bus, uid, &call, &reply, err);
	return r < 0 ? r : systemd_wait_job(&bus, unit, err);
}

int
systemd_join_scope(uid_t uid, const char *unit, const char *subgroup,
		   struct err *err)
{
	cleanup_bus struct bus bus = BUS_INIT;
	cleanup_strbuf struct strbuf body = STRBUF_INIT;
	const struct dbus_call call = {
		.destination = SYSTEMD_NAME,
		.path = "/org/freedesktop/systemd1",
		.interface = SYSTEMD_MANAGER,
		.member = "AttachProcessesToUnit",
		.signature = "ssau",
		.body = &body,
	};
	struct dbus_message reply;

	dbus_put_str(&body, unit);
	dbus_put_str(&body, subgroup);
	systemd_put_pids(&body);
	return systemd_open(&bus, uid, &call, &reply, err);
}
