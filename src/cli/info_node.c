/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/info_node.c - what dhow info tells, as docker's object.
 *
 * Members that describe a daemon are there with the value that says "none":
 * templates written for docker must not fail.
 */
#include "cli/info_node.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/log.h"
#include "base/text.h"
#include "base/units.h"
#include "conf/cdi.h"
#include "container/lookup.h"
#include "store/image.h"
#include "sys/cgroup.h"

struct counts {
	int64_t images;
	int64_t running;
	int64_t paused;
	int64_t stopped;
};

static int
count_containers(struct session *session, struct counts *counts,
		 struct err *err)
{
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	int r = container_list(session, &all, err);

	for (size_t i = 0; i < all.len; i++) {
		enum container_status status = all.items[i].state.status;

		counts->paused += status == CONTAINER_PAUSED;
		if (status == CONTAINER_RUNNING ||
		    status == CONTAINER_RESTARTING)
			counts->running++;
		else if (status != CONTAINER_PAUSED)
			counts->stopped++;
	}
	return r;
}

/* Images, not names of images. */
static int64_t
count_images(struct store *store)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_strvec struct strvec seen = STRVEC_INIT;
	int64_t count = 0;

	if (image_table_load(store, &table, NULL) < 0)
		return 0;
	for (size_t i = 0; i < table.len; i++)
		strvec_add(&seen, table.rows[i].manifest.text);
	strvec_sort(&seen);
	for (size_t i = 0; i < seen.len; i++)
		if (i == 0 || strcmp(seen.v[i], seen.v[i - 1]) != 0)
			count++;
	return count;
}

/* PRETTY_NAME and VERSION_ID of os-release(5). */
static char *
os_release(const char *key)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_strvec struct strvec lines = STRVEC_INIT;

	if (fsx_read_file(AT_FDCWD, "/etc/os-release", 65536, &sb, NULL) < 0)
		return xstrdup("");
	strvec_split(&lines, sb.buf, "\n");
	for (size_t i = 0; i < lines.len; i++) {
		const char *value = text_after(lines.v[i], key);
		size_t len;

		if (!value || *value++ != '=')
			continue;
		len = strcspn(value + (*value == '"'), "\"");
		return xstrndup(value + (*value == '"'), len);
	}
	return xstrdup("");
}

static void
add_counts(struct node *info, const struct counts *counts)
{
	node_set_int(info, "Containers",
		     counts->running + counts->paused + counts->stopped);
	node_set_int(info, "ContainersRunning", counts->running);
	node_set_int(info, "ContainersPaused", counts->paused);
	node_set_int(info, "ContainersStopped", counts->stopped);
	node_set_int(info, "Images", counts->images);
}

static void
add_storage(struct node *info, const struct host_report *report,
	    const struct paths *paths)
{
	struct node *status = NULL, *pair;

	node_set_str(info, "Driver", host_report_driver(report));
	status = node_need_arr(info, "DriverStatus");
	for (size_t i = 0; i < report->len; i++) {
		if (strcmp(report->checks[i].name, "store") != 0)
			continue;
		pair = node_push(status, node_new_arr());
		node_push_str(pair, "Store");
		node_push_str(pair, report->checks[i].found);
	}
	node_set_str(info, "DockerRootDir", paths->data);
}

static void
add_plugins(struct node *info)
{
	static const char *const logs[] = { "json-file", "local", "none" };
	struct node *plugins = node_need_obj(info, "Plugins");

	node_push_str(node_need_arr(plugins, "Volume"), "local");
	for (size_t i = 0; i < 3; i++)
		node_push_str(node_need_arr(plugins, "Network"),
			      (const char *const[]){ "bridge", "host",
						     "null" }[i]);
	node_set_null(plugins, "Authorization");
	for (size_t i = 0; i < ARRAY_LEN(logs); i++)
		node_push_str(node_need_arr(plugins, "Log"), logs[i]);
}

static void
add_cgroup(struct node *info)
{
	cleanup_free char *dir = NULL;
	enum host_cgroup_kind kind = host_cgroup_find(&dir);
	char version[] = { (char)('0' + cgroup_version()), '\0' };

	node_set_str(info, "CgroupDriver",
		     kind == HOST_CGROUP_NONE      ? "none"
		     : kind == HOST_CGROUP_SYSTEMD ? "systemd"
						   : "cgroupfs");
	node_set_str(info, "CgroupVersion", version);
}

static void
add_registries(struct node *info)
{
	struct node *config = node_need_obj(info, "RegistryConfig");
	struct node *ranges = node_need_arr(config, "InsecureRegistryCIDRs");

	node_push_str(ranges, "127.0.0.0/8");
	node_push_str(ranges, "::1/128");
	(void)node_need_arr(config, "Mirrors");
	node_set_str(info, "IndexServerAddress", "https://index.docker.io/v1/");
}

/* What describes a daemon, with the value that says there is none. */
static void
add_absent(struct node *info)
{
	static const char *const no[] = {
		"MemoryLimit",        "SwapLimit",      "CpuCfsPeriod",
		"CpuCfsQuota",        "CPUShares",      "CPUSet",
		"PidsLimit",          "OomKillDisable", "ExperimentalBuild",
		"LiveRestoreEnabled",
	};
	static const char *const zero[] = { "NFd", "NGoroutines",
					    "NEventsListener" };
	static const char *const commits[] = { "ContainerdCommit", "RuncCommit",
					       "InitCommit" };
	static const char *const lists[] = { "GenericResources", "Labels" };

	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		node_set_bool(info, no[i], false);
	for (size_t i = 0; i < ARRAY_LEN(zero); i++)
		node_set_int(info, zero[i], 0);
	for (size_t i = 0; i < ARRAY_LEN(commits); i++)
		node_set_str(node_need_obj(info, commits[i]), "ID", "");
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		(void)node_need_arr(info, lists[i]);
}

static void
add_host(struct node *info)
{
	cleanup_strbuf struct strbuf now = STRBUF_INIT;
	cleanup_free char *name = os_release("PRETTY_NAME");
	cleanup_free char *version = os_release("VERSION_ID");
	struct sysinfo memory = { .mem_unit = 1 };
	struct utsname uts = { .release = "" };

	(void)uname(&uts);
	(void)sysinfo(&memory);
	units_add_rfc3339(&now, units_now_ns());
	node_set_str(info, "SystemTime", now.buf);
	node_set_str(info, "KernelVersion", uts.release);
	node_set_str(info, "OperatingSystem", name);
	node_set_str(info, "OSVersion", version);
	node_set_str(info, "OSType", "linux");
	node_set_str(info, "Architecture", uts.machine);
	node_set_int(info, "NCPU", sysconf(_SC_NPROCESSORS_ONLN));
	node_set_int(info, "MemTotal",
		     (int64_t)memory.totalram * memory.mem_unit);
	node_set_str(info, "Name", uts.nodename);
}

/* Those that --device takes by name. */
static void
add_devices(struct node *info, const char *config_dir)
{
	struct node *found = node_need_arr(info, "DiscoveredDevices");
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_strvec struct strvec dirs = STRVEC_INIT;
	cleanup_cdi struct cdi cdi = CDI_INIT;

	cdi_list_dirs(config_dir, &names, &dirs);
	cdi_load(&dirs, &cdi);
	cdi_list_names(&cdi, &names);
	node_set_strvec(info, "CDISpecDirs", &dirs);
	for (size_t i = 0; i < names.len; i++) {
		struct node *device = node_push(found, node_new_obj());

		node_set_str(device, "Source", "cdi");
		node_set_str(device, "ID", names.v[i]);
	}
}

static void
add_environment(struct node *info)
{
	static const struct {
		const char *member;
		const char *names[2];
	} rows[] = {
		{ "HttpProxy", { "HTTP_PROXY", "http_proxy" } },
		{ "HttpsProxy", { "HTTPS_PROXY", "https_proxy" } },
		{ "NoProxy", { "NO_PROXY", "no_proxy" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *value = getenv(rows[i].names[0]);

		if (!value)
			value = getenv(rows[i].names[1]);
		node_set_str(info, rows[i].member, value ? value : "");
	}
}

static void
add_security(struct node *info, const struct host_report *report)
{
	struct node *options = node_need_arr(info, "SecurityOptions");

	node_push_str(options, "name=seccomp,profile=builtin");
	if (report->id_mode != ID_MODE_ROOT)
		node_push_str(options, "name=rootless");
	node_set_str(info, "IdMode", idspace_mode_name(report->id_mode));
}

static void
add_engine(struct node *info)
{
	struct node *runtimes = node_need_obj(info, "Runtimes");
	struct node *swarm;

	node_set_str(node_need_obj(runtimes, "dhow"), "path", "dhow");
	node_set_str(info, "DefaultRuntime", "dhow");
	node_set_str(info, "LoggingDriver", "json-file");
	node_set_str(info, "ServerVersion", PACKAGE_VERSION);
	node_set_bool(info, "Debug", log_enabled());
	node_set_bool(info, "IPv4Forwarding", true);
	node_set_str(info, "InitBinary", "dhow");
	node_set_str(info, "Isolation", "");
	swarm = node_need_obj(info, "Swarm");
	node_set_str(swarm, "LocalNodeState", "inactive");
	node_set_bool(swarm, "ControlAvailable", false);
}

static void
add_warnings(struct node *info, const struct host_report *report)
{
	struct node *warnings = node_need_arr(info, "Warnings");
	struct node *client = node_need_obj(info, "ClientInfo");

	for (size_t i = 0; i < report->len; i++) {
		const struct host_check *check = &report->checks[i];
		cleanup_free char *text = NULL;

		if (check->state == HOST_OK)
			continue;
		text = xasprintf("%s: %s", check->name, check->loss);
		node_push_str(warnings, text);
	}
	node_set_bool(client, "Debug", log_enabled());
	node_set_str(client, "Context", "default");
	node_set_str(client, "Version", PACKAGE_VERSION);
	(void)node_need_arr(client, "Plugins");
	node_set_null(client, "Warnings");
}

int
info_node_fill(struct session *session, const struct host_report *report,
	       struct node *info, struct err *err)
{
	struct counts counts = { .images = 0 };
	struct store *store;
	int r = session_store(session, &store, err);

	if (r < 0)
		return r;
	counts.images = count_images(store);
	r = count_containers(session, &counts, err);
	if (r < 0)
		return r;
	node_set_str(info, "ID", "");
	add_counts(info, &counts);
	add_storage(info, report, &session->paths);
	add_plugins(info);
	add_cgroup(info);
	add_registries(info);
	add_host(info);
	add_devices(info, session->paths.config);
	add_environment(info);
	add_security(info, report);
	add_engine(info);
	add_absent(info);
	add_warnings(info, report);
	return 0;
}
