/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_watch.c - develop.watch: what changes here, happens there.
 */
#include "cli/compose_watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/tree_watch.h"
#include "cli/compose_phases.h"
#include "cli/exit.h"
#include "cli/say.h"
#include "cli/sync_rules.h"

#define WATCH_SETTLE_MS 200 /* changes come in bursts */

struct watch {
	struct compose *compose;
	const struct watch_opts *opts;
	struct sync_rules rules;
	struct tree_watch *tree;
	int signalfd;
	struct strvec changed; /* absolute, each once */
};

/* What is done. */

struct batch {
	struct plan plan;
	struct strvec rebuild, restart; /* services */
	struct map synced; /* service → how many paths, as a pointer */
};

static void __attribute__((format(printf, 2, 3)))
tell(const struct watch *w, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list args;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	(void)printf("%s%s\n", w->opts->prefix, text);
	(void)fflush(stdout);
}

/* As Go prints a list of strings: ["a" "b"] */
static void
tell_services(const struct watch *w, const char *before,
	      const struct strvec *services, const char *after)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < services->len; i++)
		strbuf_addf(&sb, "%s\"%s\"", i ? " " : "", services->v[i]);
	tell(w, "%s [%s] %s", before, sb.buf, after);
}

static void
tell_synced(const struct watch *w, const struct batch *batch)
{
	for (map_each(e, &batch->synced))
		tell(w,
		     "Syncing service \"%s\" after %zu changes were detected",
		     e->key, (size_t)(uintptr_t)e->value);
}

static void
count_synced(struct batch *batch, const char *service)
{
	uintptr_t count = (uintptr_t)map_get(&batch->synced, service);

	(void)map_set(&batch->synced, service, (void *)(count + 1));
}

static void
sync_one(struct watch *w, struct batch *batch, const struct sync_rule *rule,
	 const char *path)
{
	const struct world *world = &w->compose->world;
	const char *rest = sync_rule_below(rule, path);
	cleanup_free char *target =
		*rest ? xasprintf("%s/%s", rule->target, rest)
		      : xstrdup(rule->target);
	cleanup_free char *dir = xstrdup(target);
	struct stat st;
	bool gone = lstat(path, &st) < 0;

	*strrchr(dir, '/') = '\0';
	count_synced(batch, rule->service);
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
		batch->plan.steps[at].quiet = true;
		if (gone) {
			plan_words(&batch->plan, at, "exec", "--user", "0",
				   one->id, "rm", "-rf", target);
			continue;
		}
		plan_words(&batch->plan, at, "exec", "--user", "0", one->id,
			   "mkdir", "-p", *dir ? dir : "/");
		made = at;
		/* Below its directory, or a symlink there would be followed. */
		dest = *rest ? xasprintf("%s:%s/", one->id, dir)
			     : xasprintf("%s:%s", one->id, target);
		at = plan_add(&batch->plan, PLAN_COMMAND, subject, "Syncing",
			      "Synced");
		batch->plan.steps[at].quiet = true;
		plan_words(&batch->plan, at, "cp", path, dest);
		plan_need(&batch->plan, at, made);
	}
}

static void
exec_hooks(struct watch *w, struct batch *batch, const struct sync_rule *rule)
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
	for (size_t i = 0; i < w->rules.len; i++) {
		const struct sync_rule *rule = &w->rules.items[i];
		bool earlier = false;

		if (!sync_rule_applies(rule, path))
			continue;
		for (size_t k = 0; k < i; k++)
			earlier = earlier ||
				  (!strcmp(w->rules.items[k].service,
					   rule->service) &&
				   sync_rule_applies(&w->rules.items[k], path));
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

/* Images of the project that have no name any more. */
static int
prune(struct watch *w)
{
	const struct act_opts act = { .title = "Removing", .quiet = true };
	cleanup_plan struct plan plan = PLAN_INIT;
	cleanup_free char *filter = xasprintf("label=%s=%s", LABEL_PROJECT,
					      w->compose->project.name);
	size_t at =
		plan_add(&plan, PLAN_COMMAND, "Images", "Removing", "Removed");

	plan_words(&plan, at, "image", "prune", "--force", "--filter", filter);
	return compose_act(w->compose, &plan, &act);
}

static int
rebuild(struct watch *w, const struct strvec *services)
{
	struct compose *compose = w->compose;
	const struct plan_images_opts images = { .build = true,
						 .quiet =
							 w->opts->quiet_build };
	const struct act_opts act = { .title = "Rebuilding",
				      .beside_output = w->opts->beside_output };
	struct plan_input before = compose->in;
	cleanup_plan struct plan builds = PLAN_INIT;
	int r;

	tell_services(w, "Rebuilding service(s)", services,
		      "after changes were detected...");
	compose->in.services = services;
	compose->in.named = services;
	compose->in.keep_surplus = true;
	compose->in.ignore_orphans = true;
	plan_builds(&compose->in, &images, &builds);
	r = compose_act(compose, &builds, &act);
	if (r == 0)
		tell_services(w, "service(s)", services, "successfully built");
	if (r == 0)
		r = compose_look(compose);
	if (r == 0)
		r = compose_look_images(compose);
	if (r == 0)
		r = compose_converge(compose, &act);
	if (r == 0 && w->opts->prune)
		r = prune(w);
	compose->in = before;
	return r;
}

static int
restart(struct watch *w, const struct strvec *services)
{
	const struct plan_verb_opts opts = { .verb = PLAN_RESTART };
	const struct act_opts act = { .title = "Restarting",
				      .beside_output = w->opts->beside_output };
	struct plan_input in = w->compose->in;
	cleanup_plan struct plan plan = PLAN_INIT;
	int r;

	in.services = services;
	plan_each(&in, &opts, &plan);
	r = compose_act(w->compose, &plan, &act);
	if (r == 0)
		tell_services(w, "service(s)", services, "restarted");
	return r;
}

/* A failure is told, and watching goes on. */
static int
handle_changes(struct watch *w)
{
	const struct act_opts act = { .title = "Syncing",
				      .beside_output = w->opts->beside_output };
	struct batch batch = { .plan = PLAN_INIT, .synced = MAP_INIT };
	cleanup_free bool *hooks = xcalloc(w->rules.len + 1, sizeof(*hooks));
	struct err *err = w->compose->ctx->err;
	int r = compose_look(w->compose);

	for (size_t i = 0; r == 0 && i < w->changed.len; i++)
		handle_path(w, &batch, w->changed.v[i], hooks);
	for (size_t i = 0; r == 0 && i < w->rules.len; i++)
		if (hooks[i])
			exec_hooks(w, &batch, &w->rules.items[i]);
	strvec_release(&w->changed);
	tell_synced(w, &batch);
	if (r == 0)
		r = compose_act(w->compose, &batch.plan, &act);
	if (r == 0 && batch.restart.len)
		r = restart(w, &batch.restart);
	if (r == 0 && batch.rebuild.len)
		r = rebuild(w, &batch.rebuild);
	plan_release(&batch.plan);
	strvec_release(&batch.restart);
	strvec_release(&batch.rebuild);
	map_release(&batch.synced);
	if (r < 0)
		say_error(err);
	err_reset(err);
	return r == EXIT_INTERRUPTED ? r : 0;
}

static int
watch_loop(struct watch *w)
{
	struct pollfd fds[] = { { .fd = tree_watch_fd(w->tree),
				  .events = POLLIN },
				{ .fd = w->signalfd, .events = POLLIN } };
	int r = 0;

	while (r == 0) {
		size_t before = w->changed.len;
		int n = poll(fds, ARRAY_LEN(fds),
			     before ? WATCH_SETTLE_MS
				    : tree_watch_timeout_ms(w->tree));

		if (n > 0 && fds[1].revents)
			return EXIT_INTERRUPTED;
		tree_watch_read(w->tree, &w->changed);
		if (before && w->changed.len == before && n <= 0)
			r = handle_changes(w);
	}
	return r;
}

static bool
wants_dir(void *data, const char *path)
{
	const struct watch *w = data;

	return sync_rules_want(&w->rules, path);
}

/* initial_sync: what is here goes there before anything changes. */
static void
watch_rule(struct watch *w, const struct sync_rule *rule)
{
	if (tree_watch_add(w->tree, rule->path))
		tell(w,
		     "%s is looked through every second: the kernel does not tell of all changes there",
		     rule->path);
	if (node_get_bool(rule->node, "initial_sync", false))
		tree_watch_list(w->tree, rule->path, &w->changed);
}

static int
open_watch(struct watch *w)
{
	const struct tree_watch_opts opts = { .wants = wants_dir, .data = w };
	struct err *err = w->compose->ctx->err;
	sigset_t set;
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->compose->selected.len; i++)
		r = sync_rules_add(&w->rules, w->compose,
				   w->compose->selected.v[i]);
	if (r < 0)
		return r;
	if (!w->rules.len) {
		(void)err_set(
			err, EINVAL,
			"none of the selected services is configured for watch");
		err_hint(err, "write 'develop: {watch: […]}' for a service");
		return -EINVAL;
	}
	r = tree_watch_new(&opts, &w->tree, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < w->rules.len; i++)
		watch_rule(w, &w->rules.items[i]);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	w->signalfd = signalfd(-1, &set, SFD_CLOEXEC);
	return w->signalfd < 0 ? err_sys(err, "watch signals") : 0;
}

int
compose_watch(struct compose *compose, const struct watch_opts *opts)
{
	struct watch w = { .compose = compose,
			   .opts = opts,
			   .signalfd = -EBADF };
	int r = open_watch(&w);

	if (r == 0) {
		tell(&w, "Watch enabled");
		r = watch_loop(&w);
	}
	sync_rules_release(&w.rules);
	tree_watch_free(w.tree);
	strvec_release(&w.changed);
	if (w.signalfd >= 0)
		(void)close(w.signalfd);
	return r;
}
