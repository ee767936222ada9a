/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_info.c - dhow info: this installation and this host, as a summary.
 *
 * The object has the members that docker info prints, so that scripts which
 * ask for .Driver or .CgroupVersion get their answer.
 */
#include <dirent.h>
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
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "conf/host_facts.h"
#include "data/node.h"
#include "store/image.h"
#include "ui/format.h"

#define CONTAINERS_DIR "containers"

static const char *const map_fields[] = { "Runtimes", NULL };

struct counts {
	int64_t images;
	int64_t running;
	int64_t stopped;
};

/* A container that ended has its state.json; others run. */
static void
count_containers(struct store *store, struct counts *counts)
{
	int fd = openat(store->dirfd, CONTAINERS_DIR,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	char path[NAME_MAX + 16];

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/state.json",
			       entry->d_name);
		if (faccessat(fd, path, F_OK, 0) == 0)
			counts->stopped++;
		else
			counts->running++;
	}
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
	node_set_int(info, "Containers", counts->running + counts->stopped);
	node_set_int(info, "ContainersRunning", counts->running);
	node_set_int(info, "ContainersPaused", 0);
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
	struct node *plugins = node_need_obj(info, "Plugins");

	node_push_str(node_need_arr(plugins, "Volume"), "local");
	for (size_t i = 0; i < 3; i++)
		node_push_str(node_need_arr(plugins, "Network"),
			      (const char *const[]){ "bridge", "host",
						     "none" }[i]);
	node_set_null(plugins, "Authorization");
	node_push_str(node_need_arr(plugins, "Log"), "json-file");
}

static void
add_limits(struct node *info)
{
	static const char *const limits[] = {
		"MemoryLimit", "SwapLimit", "CpuCfsPeriod", "CpuCfsQuota",
		"CPUShares",   "CPUSet",    "PidsLimit",
	};
	cleanup_free char *dir = NULL;
	enum host_cgroup_kind kind = host_cgroup_find(&dir);
	char version[] = { (char)('0' + host_cgroup_version()), '\0' };

	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		node_set_bool(info, limits[i], kind != HOST_CGROUP_NONE);
	node_set_str(info, "CgroupDriver",
		     kind == HOST_CGROUP_NONE ? "none" : "cgroupfs");
	node_set_str(info, "CgroupVersion", version);
	node_set_bool(info, "OomKillDisable", false);
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
	node_push_str(options, "name=cgroupns");
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
	node_set_str(info, "IndexServerAddress", "https://index.docker.io/v1/");
	node_set_str(info, "ServerVersion", PACKAGE_VERSION);
	node_set_bool(info, "ExperimentalBuild", false);
	node_set_bool(info, "LiveRestoreEnabled", true);
	node_set_bool(info, "Debug", log_enabled());
	node_set_bool(info, "IPv4Forwarding", true);
	node_set_str(info, "InitBinary", "dhow");
	node_set_str(info, "Isolation", "");
	(void)node_need_arr(info, "Labels");
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

/* The lines of the text form: a word, then where its value stands. */
static void
add_text(const struct node *info, struct strbuf *sb)
{
	static const char *const rows[] = {
		"Containers",
		"ContainersRunning",
		"ContainersStopped",
		"Images",
		"ServerVersion",
		"Driver",
		"IdMode",
		"CgroupDriver",
		"CgroupVersion",
		"KernelVersion",
		"OperatingSystem",
		"OSType",
		"Architecture",
		"NCPU",
		"MemTotal",
		"Name",
		"DockerRootDir",
		"DefaultRuntime",
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct node *value = node_get(info, rows[i]);

		strbuf_addf(sb, "%-19s", rows[i]);
		if (strcmp(rows[i], "MemTotal") == 0)
			units_add_size_binary(sb,
					      (uint64_t)node_int_or(value, 0));
		else if (node_str(value))
			strbuf_addstr(sb, node_str(value));
		else
			strbuf_addf(sb, "%lld",
				    (long long)node_int_or(value, 0));
		strbuf_addch(sb, '\n');
	}
	for (size_t i = 0; i < node_len(node_get(info, "Warnings")); i++)
		strbuf_addf(sb, "warning: %s\n",
			    node_str_or(node_at(node_get(info, "Warnings"), i),
					""));
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_host_report struct host_report report = HOST_REPORT_INIT;
	cleanup_session struct session session = SESSION_INIT;
	cleanup_node struct node *info = node_new_obj();
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct counts counts = { .images = 0 };
	struct store *store = NULL;
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = session_store(&session, &store, ctx->err);
	if (r < 0)
		return r;
	host_report_make(&report, &session.paths);
	counts.images = count_images(store);
	count_containers(store, &counts);
	node_set_str(info, "ID", session.paths.data);
	add_counts(info, &counts);
	add_storage(info, &report, &session.paths);
	add_plugins(info);
	add_limits(info);
	add_host(info);
	add_environment(info);
	add_security(info, &report);
	add_engine(info);
	add_warnings(info, &report);
	if (args_given(ctx->args, "format"))
		r = format_object(args_str(ctx->args, "format"), map_fields,
				  info, &sb, ctx->err);
	else
		add_text(info, &sb);
	if (r == 0)
		say_text(&sb);
	return r;
}

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .values = "json",
	  .help = "json, or a Go template over the object" },
};

static const struct cmd_example examples[] = {
	{ "see a summary", "dhow info" },
	{ "ask for one thing", "dhow info --format '{{.Driver}}'" },
};

const struct cmd cmd_info = {
	.path = "info",
	.aliases = "system info",
	.summary = "print a summary of this installation and this host",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
