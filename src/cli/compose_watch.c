/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_watch.c - develop.watch: what changes here, happens there.
 *
 * Spec: compose-spec, develop.md.
 */
#include "cli/compose_watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "cli/compose_phases.h"
#include "cli/exit.h"
#include "cli/say.h"
#include "compose/schema.h"
#include "dockerfile/ignore.h"

#define WATCH_SETTLE_MS 200 /* changes come in bursts */
#define WATCH_MASK                                                \
	(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | \
	 IN_MOVED_TO | IN_ATTRIB | IN_EXCL_UNLINK | IN_ONLYDIR)
#define WATCH_MAX_DIRS 100000

struct rule {
	const char *service;
	const struct node *node;
	const char *action;
	const char *path; /* absolute */
	const char *target;
	struct ignore *ignore;
};

struct watch {
	struct compose *compose;
	bool quiet_build;
	struct rule *rules;
	size_t rule_count, rule_cap;
	int notifyfd, signalfd;
	char **dirs; /* by watch descriptor */
	size_t dir_count;
	struct strvec changed; /* absolute, each once */
	bool ended;
};

/* Rules. */

/* What editors and version control leave around. */
static const char *const always_ignored[] = {
	".git",
	"**/.idea",
	"**/*___jb_old___",
	"**/*___jb_tmp___",
	"**/.#*",
	"**/#*#",
	"**/4913",
	"**/*~",
	"**/.*.sw[pxon]",
	"**/.*.kate-swp",
	"**/*-go-tmp-umask",
};

static int
read_dockerignore(struct watch *w, struct rule *rule)
{
	const struct node *build = node_get(
		project_service(&w->compose->project, rule->service), "build");
	const char *context = node_get_str(build, "context");
	cleanup_free char *path = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (!context || *context != '/' || strcmp(context, rule->path) != 0)
		return 0;
	path = xasprintf("%s/.dockerignore", context);
	if (fsx_read_file(AT_FDCWD, path, IGNORE_MAX_BYTES, &sb, NULL) < 0)
		return 0;
	return ignore_parse(rule->ignore, span_new(sb.buf, sb.len), path,
			    w->compose->ctx->err);
}

static int
add_patterns(struct watch *w, struct rule *rule)
{
	const struct node *own = node_get(rule->node, "ignore");
	struct err *err = w->compose->ctx->err;
	int r = read_dockerignore(w, rule);

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(always_ignored); i++)
		r = ignore_add(rule->ignore, always_ignored[i], err);
	for (size_t i = 0; r == 0 && i < node_len(own); i++)
		r = ignore_add(rule->ignore, node_str_or(node_at(own, i), ""),
			       err);
	return r;
}

/* Does the container have that directory mounted? */
static bool
is_mounted(const struct node *service, const char *path)
{
	const struct node *volumes = node_get(service, "volumes");

	for (size_t i = 0; i < node_len(volumes); i++) {
		const char *source =
			node_get_str(node_at(volumes, i), "source");
		const char *rest = source ? text_after(path, source) : NULL;

		if (rest && (!*rest || *rest == '/') &&
		    !strcmp(node_str_or(node_get(node_at(volumes, i), "type"),
					""),
			    "bind"))
			return true;
	}
	return false;
}

static int
add_rules(struct watch *w, const char *service)
{
	const struct node *body =
		project_service(&w->compose->project, service);
	const struct node *list = node_get(node_get(body, "develop"), "watch");
	int r = 0;

	for (size_t i = 0; r == 0 && i < node_len(list); i++) {
		const struct node *node = node_at(list, i);
		struct rule rule = {
			.service = service,
			.node = node,
			.action = node_str_or(node_get(node, "action"), ""),
			.path = node_str_or(node_get(node, "path"), ""),
			.target = node_get_str(node, "target"),
		};

		if (text_starts(rule.action, "sync") &&
		    is_mounted(body, rule.path)) {
			say_warning("%s is mounted in service %s: not copied",
				    rule.path, service);
			continue;
		}
		rule.ignore = ignore_new();
		r = add_patterns(w, &rule);
		array_push(w->rules, w->rule_count, w->rule_cap, rule);
	}
	return r;
}

/* What a path is called below a rule's, "" for itself; or NULL. */
static const char *
below(const struct rule *rule, const char *path)
{
	const char *rest = text_after(path, rule->path);

	if (!rest || (*rest && *rest != '/'))
		return NULL;
	return *rest ? rest + 1 : rest;
}

static bool
applies(const struct rule *rule, const char *path)
{
	const struct node *include = node_get(rule->node, "include");
	const char *rest = below(rule, path);
	bool included = !node_len(include);

	if (!rest || (*rest && ignore_excludes(rule->ignore, rest)))
		return false;
	for (size_t i = 0; !included && i < node_len(include); i++)
		included = glob_match(node_str_or(node_at(include, i), ""),
				      rest) > 0;
	return included;
}

/* Watches. */

static bool
is_wanted_dir(const struct watch *w, const char *path)
{
	for (size_t i = 0; i < w->rule_count; i++) {
		const char *rest = below(&w->rules[i], path);

		if (rest &&
		    (!*rest || !ignore_excludes(w->rules[i].ignore, rest)))
			return true;
	}
	return false;
}

static void
keep_dir(struct watch *w, int wd, const char *path)
{
	if ((size_t)wd >= w->dir_count) {
		size_t count = (size_t)wd * 2 + 16;

		w->dirs = xreallocarray(w->dirs, count, sizeof(*w->dirs));
		(void)memset(w->dirs + w->dir_count, 0,
			     (count - w->dir_count) * sizeof(*w->dirs));
		w->dir_count = count;
	}
	free(w->dirs[wd]);
	w->dirs[wd] = xstrdup(path);
}

static void
watch_tree(struct watch *w, const char *path, bool is_new)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	int wd;

	if (!is_wanted_dir(w, path))
		return;
	wd = inotify_add_watch(w->notifyfd, path, WATCH_MASK);
	if (wd < 0 || wd > WATCH_MAX_DIRS) {
		if (wd < 0 && errno == ENOSPC)
			say_warning("%s: too many watches on this host", path);
		return;
	}
	keep_dir(w, wd, path);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		cleanup_free char *full =
			xasprintf("%s/%s", path, entry->d_name);
		struct stat st;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (lstat(full, &st) == 0 && S_ISDIR(st.st_mode))
			watch_tree(w, full, is_new);
		else if (is_new && !strvec_has(&w->changed, full))
			strvec_add(&w->changed, full);
	}
}

static void
watch_rule(struct watch *w, const struct rule *rule)
{
	struct stat st;

	if (stat(rule->path, &st) == 0 && !S_ISDIR(st.st_mode)) {
		/* A single file: its directory tells. */
		cleanup_free char *dir = xstrdup(rule->path);
		int wd;

		*strrchr(dir, '/') = '\0';
		wd = inotify_add_watch(w->notifyfd, *dir ? dir : "/",
				       WATCH_MASK | IN_MASK_ADD);
		if (wd >= 0)
			keep_dir(w, wd, dir);
		return;
	}
	watch_tree(w, rule->path, false);
}

static void
note_event(struct watch *w, const struct inotify_event *event)
{
	cleanup_free char *path = NULL;

	if (event->mask & IN_Q_OVERFLOW)
		say_warning("changes came faster than they could be read");
	if (event->wd < 0 || (size_t)event->wd >= w->dir_count ||
	    !w->dirs[event->wd] || !event->len)
		return;
	path = xasprintf("%s/%s", w->dirs[event->wd], event->name);
	if ((event->mask & IN_ISDIR) &&
	    (event->mask & (IN_CREATE | IN_MOVED_TO)))
		watch_tree(w, path, true);
	if ((event->mask & IN_ISDIR) &&
	    !(event->mask & (IN_DELETE | IN_MOVED_FROM)))
		return;
	if (!strvec_has(&w->changed, path))
		strvec_add(&w->changed, path);
}

static void
read_events(struct watch *w)
{
	char buf[16384]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t n;

	while ((n = read(w->notifyfd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n;) {
			const struct inotify_event *event = (void *)p;

			note_event(w, event);
			p += sizeof(*event) + event->len;
		}
}

/* What is done. */

struct batch {
	struct plan plan;
	struct strvec rebuild, restart; /* services */
	bool synced;
};

static void
sync_one(struct watch *w, struct batch *batch, const struct rule *rule,
	 const char *path)
{
	const struct world *world = &w->compose->world;
	const char *rest = below(rule, path);
	cleanup_free char *target =
		*rest ? xasprintf("%s/%s", rule->target, rest)
		      : xstrdup(rule->target);
	cleanup_free char *dir = xstrdup(target);
	bool gone = access(path, F_OK) < 0;

	*strrchr(dir, '/') = '\0';
	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];
		cleanup_free char *subject = NULL;
		cleanup_free char *dest = NULL;
		size_t at, made;

		if (one->oneoff || strcmp(one->service, rule->service) != 0 ||
		    one->status != CONTAINER_RUNNING)
			continue;
		subject = xasprintf("%s %s", one->name, target);
		at = plan_add(&batch->plan, PLAN_COMMAND, subject, "Syncing",
			      gone ? "Removed" : "Synced");
		if (gone) {
			plan_words(&batch->plan, at, "exec", "--user", "0",
				   one->id, "rm", "-rf", target);
			continue;
		}
		batch->plan.steps[at].kind = PLAN_COMMAND;
		plan_words(&batch->plan, at, "exec", "--user", "0", one->id,
			   "mkdir", "-p", *dir ? dir : "/");
		batch->plan.steps[at].quiet = true;
		made = at;
		dest = xasprintf("%s:%s", one->id, target);
		at = plan_add(&batch->plan, PLAN_COMMAND, subject, "Syncing",
			      "Synced");
		plan_words(&batch->plan, at, "cp", path, dest);
		plan_need(&batch->plan, at, made);
	}
}

static void
exec_hooks(struct watch *w, struct batch *batch, const struct rule *rule)
{
	const struct world *world = &w->compose->world;
	size_t count = batch->plan.len;

	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];
		size_t at;

		if (one->oneoff || strcmp(one->service, rule->service) != 0 ||
		    one->status != CONTAINER_RUNNING)
			continue;
		at = plan_add_hook(&batch->plan, one->name,
				   node_get(rule->node, "exec"), PLAN_NONE);
		for (size_t k = 0; k < count; k++)
			plan_need(&batch->plan, at, k);
	}
}

static void
add_once(struct strvec *list, const char *word)
{
	if (!strvec_has(list, word))
		strvec_add(list, word);
}

/* The first rule of each service that knows the path decides. */
static void
handle_path(struct watch *w, struct batch *batch, const char *path, bool *hooks)
{
	for (size_t i = 0; i < w->rule_count; i++) {
		const struct rule *rule = &w->rules[i];
		bool earlier = false;

		if (!applies(rule, path))
			continue;
		for (size_t k = 0; k < i; k++)
			earlier = earlier || (!strcmp(w->rules[k].service,
						      rule->service) &&
					      applies(&w->rules[k], path));
		if (earlier)
			continue;
		if (!strcmp(rule->action, "rebuild"))
			add_once(&batch->rebuild, rule->service);
		if (text_starts(rule->action, "sync"))
			sync_one(w, batch, rule, path);
		if (text_ends(rule->action, "restart"))
			add_once(&batch->restart, rule->service);
		if (text_ends(rule->action, "exec"))
			hooks[i] = true;
	}
}

static int
rebuild(struct watch *w, const struct strvec *services)
{
	struct compose *compose = w->compose;
	const struct plan_images_opts images = { .build = true,
						 .quiet = w->quiet_build };
	const struct act_opts act = { .title = "Rebuilding" };
	struct plan_input before = compose->in;
	cleanup_plan struct plan builds = PLAN_INIT;
	int r;

	compose->in.services = services;
	compose->in.named = services;
	compose->in.keep_surplus = true;
	compose->in.ignore_orphans = true;
	plan_builds(&compose->in, &images, &builds);
	r = compose_act(compose, &builds, &act);
	if (r == 0)
		r = compose_look(compose);
	if (r == 0)
		r = compose_look_images(compose);
	if (r == 0)
		r = compose_converge(compose, &act);
	compose->in = before;
	return r;
}

static int
restart(struct watch *w, const struct strvec *services)
{
	const struct plan_verb_opts opts = { .verb = PLAN_RESTART };
	const struct act_opts act = { .title = "Restarting" };
	struct plan_input in = w->compose->in;
	cleanup_plan struct plan plan = PLAN_INIT;

	in.services = services;
	plan_each(&in, &opts, &plan);
	return compose_act(w->compose, &plan, &act);
}

/* A failure is told, and watching goes on. */
static int
handle_changes(struct watch *w)
{
	const struct act_opts act = { .title = "Syncing" };
	struct batch batch = { .plan = PLAN_INIT };
	cleanup_free bool *hooks = xcalloc(w->rule_count + 1, sizeof(*hooks));
	struct err *err = w->compose->ctx->err;
	int r = compose_look(w->compose);

	for (size_t i = 0; r == 0 && i < w->changed.len; i++)
		handle_path(w, &batch, w->changed.v[i], hooks);
	for (size_t i = 0; r == 0 && i < w->rule_count; i++)
		if (hooks[i])
			exec_hooks(w, &batch, &w->rules[i]);
	strvec_release(&w->changed);
	if (r == 0)
		r = compose_act(w->compose, &batch.plan, &act);
	if (r == 0 && batch.restart.len)
		r = restart(w, &batch.restart);
	if (r == 0 && batch.rebuild.len)
		r = rebuild(w, &batch.rebuild);
	plan_release(&batch.plan);
	strvec_release(&batch.restart);
	strvec_release(&batch.rebuild);
	if (r < 0)
		say_error(err);
	err_reset(err);
	return r == EXIT_INTERRUPTED ? r : 0;
}

static int
watch_loop(struct watch *w)
{
	struct pollfd fds[] = { { .fd = w->notifyfd, .events = POLLIN },
				{ .fd = w->signalfd, .events = POLLIN } };
	int r = 0;

	while (r == 0) {
		int n = poll(fds, ARRAY_LEN(fds),
			     w->changed.len ? WATCH_SETTLE_MS : -1);

		if (n > 0 && fds[1].revents)
			return EXIT_INTERRUPTED;
		if (n > 0)
			read_events(w);
		else if (w->changed.len)
			r = handle_changes(w);
	}
	return r;
}

/* initial_sync: what is here goes there before anything changes. */
static void
add_initial(struct watch *w)
{
	for (size_t i = 0; i < w->rule_count; i++)
		if (node_get_bool(w->rules[i].node, "initial_sync", false))
			watch_tree(w, w->rules[i].path, true);
}

static int
open_watch(struct watch *w)
{
	struct err *err = w->compose->ctx->err;
	sigset_t set;
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->compose->selected.len; i++)
		r = add_rules(w, w->compose->selected.v[i]);
	if (r < 0)
		return r;
	if (!w->rule_count) {
		(void)err_set(
			err, EINVAL,
			"none of the selected services is configured for watch");
		err_hint(err, "write 'develop: {watch: […]}' for a service");
		return -EINVAL;
	}
	w->notifyfd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->notifyfd < 0)
		return err_sys(err, "watch files");
	for (size_t i = 0; i < w->rule_count; i++)
		watch_rule(w, &w->rules[i]);
	add_initial(w);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	w->signalfd = signalfd(-1, &set, SFD_CLOEXEC);
	return w->signalfd < 0 ? err_sys(err, "watch signals") : 0;
}

int
compose_watch(struct compose *compose, bool quiet_build)
{
	struct watch w = { .compose = compose,
			   .quiet_build = quiet_build,
			   .notifyfd = -EBADF,
			   .signalfd = -EBADF };
	int r = open_watch(&w);

	if (r == 0) {
		(void)fprintf(stderr, "Watch enabled\n");
		r = watch_loop(&w);
	}
	for (size_t i = 0; i < w.rule_count; i++)
		ignore_free(w.rules[i].ignore);
	for (size_t i = 0; i < w.dir_count; i++)
		free(w.dirs[i]);
	free(w.dirs);
	free(w.rules);
	strvec_release(&w.changed);
	if (w.notifyfd >= 0)
		(void)close(w.notifyfd);
	if (w.signalfd >= 0)
		(void)close(w.signalfd);
	return r;
}
