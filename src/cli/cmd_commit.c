/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_commit.c - dhow commit.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>

#include "archive/comp.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "container/changes.h"
#include "container/events.h"
#include "container/freeze.h"
#include "container/layer_of.h"
#include "image/image_make.h"
#include "store/image.h"
#include "sys/cgroup.h"

struct commit {
	struct session *session;
	const struct args *args;
	struct container container;
	struct container_image image;
	struct container_spec spec;
	struct layer_of layer;
	struct transfer_request request;
	struct image_made made;
};

static void
commit_release(struct commit *commit)
{
	layer_of_release(&commit->layer);
	transfer_request_release(&commit->request);
	image_made_release(&commit->made);
	container_spec_release(&commit->spec);
	container_image_release(&commit->image);
	container_release(&commit->container);
}

/* The host's proxies were passed on at the start: they are no one else's. */
static bool
is_proxy(const char *variable)
{
	size_t len = strcspn(variable, "=");

	return len > 6 && strncasecmp(variable + len - 6, "_proxy", 6) == 0;
}

static void
set_env(const struct commit *commit, struct node *config)
{
	const struct strvec *env = &commit->spec.env;
	struct node *list = node_set(config, "Env", node_new_arr());

	for (size_t i = 0; i < env->len; i++)
		if (!is_proxy(env->v[i]) ||
		    strvec_has(&commit->image.config.env, env->v[i]))
			node_push_str(list, env->v[i]);
}

static void
set_command(const struct commit *commit, struct node *config)
{
	const struct strvec *argv = &commit->spec.argv;
	size_t cut = (size_t)commit->spec.entrypoint_len;
	struct node *list = NULL;

	(void)node_del(config, "Entrypoint");
	(void)node_del(config, "Cmd");
	for (size_t i = 0; i < argv->len; i++) {
		if (i == 0 || i == cut)
			list = node_set(config, i < cut ? "Entrypoint" : "Cmd",
					node_new_arr());
		node_push_str(list, argv->v[i]);
	}
}

static void
set_labels(const struct commit *commit, struct node *config)
{
	const struct strvec *labels = &commit->spec.labels;
	struct node *obj;

	if (!labels->len)
		return;
	obj = node_set(config, "Labels", node_new_obj());
	for (size_t i = 0; i < labels->len; i++) {
		size_t len = strcspn(labels->v[i], "=");
		cleanup_free char *key = xstrndup(labels->v[i], len);

		node_set_str(obj, key,
			     labels->v[i][len] ? labels->v[i] + len + 1 : "");
	}
}

static void
add_history(const struct commit *commit, struct node *doc, const char *created)
{
	const struct strvec *argv = &commit->spec.argv;
	const char *author = args_str(commit->args, "author");
	const char *message = args_str(commit->args, "message");
	cleanup_strbuf struct strbuf by = STRBUF_INIT;
	struct node *entry =
		node_push(node_need_arr(doc, "history"), node_new_obj());

	for (size_t i = 0; i < argv->len; i++)
		strbuf_addf(&by, "%s%s", i ? " " : "", argv->v[i]);
	node_set_str(entry, "created", created);
	node_set_str(entry, "created_by", by.buf);
	if (author)
		node_set_str(entry, "author", author);
	if (message)
		node_set_str(entry, "comment", message);
}

/* The image's own, as the container changed it, as --change changes that. */
static int
make_config(struct commit *commit, struct err *err)
{
	const struct container_spec *spec = &commit->spec;
	const char *author = args_str(commit->args, "author");
	struct node *doc = node_clone(commit->image.config.doc);
	struct node *config = node_need_obj(doc, "config");
	cleanup_strbuf struct strbuf now = STRBUF_INIT;

	commit->request.config = doc;
	units_add_rfc3339(&now, units_now_ns());
	node_set_str(doc, "created", now.buf);
	if (author)
		node_set_str(doc, "author", author);
	(void)node_del(doc, "container");
	(void)node_del(doc, "container_config");
	set_env(commit, config);
	set_command(commit, config);
	set_labels(commit, config);
	node_set_str(config, "User", spec->user);
	node_set_str(config, "WorkingDir", spec->cwd);
	if (spec->stop_signal)
		node_set_str(config, "StopSignal", spec->stop_signal);
	add_history(commit, doc, now.buf);
	return image_config_change_all(config,
				       args_list(commit->args, "change"), err);
}

/* Those of the image by what is known of their blobs; then ours. */
static int
list_layers(struct commit *commit, struct err *err)
{
	const struct image_config *config = &commit->image.config;
	size_t count = config->diff_id_count;
	struct transfer_layer *layers = xcalloc(count + 1, sizeof(*layers));
	struct manifest manifest = { .media_type = NULL };
	struct store *store;
	bool known;
	int r;

	commit->request.layers = layers;
	commit->request.layer_count = count + 1;
	layers[count].tree = xstrdup(commit->layer.path);
	for (size_t i = 0; i < count; i++)
		layers[i].diff_id = xstrdup(config->diff_ids[i].text);
	r = session_store(commit->session, &store, err);
	if (r < 0)
		return r;
	/* Without it the layers are packed anew. */
	known = image_read_manifest(store, &commit->image.row, &manifest,
				    NULL) == 0;
	for (size_t i = 0; known && i < count && i < manifest.layer_count;
	     i++) {
		layers[i].digest = xstrdup(manifest.layers[i].digest.text);
		layers[i].size = manifest.layers[i].size_bytes;
		layers[i].media_type = xstrdup(manifest.layers[i].media_type);
	}
	if (known)
		manifest_release(&manifest);
	return 0;
}

static int
pause_container(const struct container *container, bool pause, struct err *err)
{
	cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;

	if (cgroup_from_text(container->state.cgroup, &cgroup) == 0 &&
	    cgroup_has(&cgroup, CGROUP_FREEZER))
		return cgroup_freeze(&cgroup, pause, err);
	return freeze_tree(container->state.pid, pause, err);
}

static int
make_image(struct commit *commit, struct err *err)
{
	const char *name = args_operand(commit->args, 1);
	const char *format = args_str(commit->args, "format");
	bool pauses = args_bool(commit->args, "pause") &&
		      !args_bool(commit->args, "no-pause") &&
		      commit->container.state.status == CONTAINER_RUNNING;
	int r;

	commit->request.format = COMP_GZIP;
	commit->request.docker = !strcmp(format, "docker");
	if (name)
		strvec_add(&commit->request.names, name);
	for (size_t i = 0; changes_stubs[i]; i++)
		strvec_add(&commit->request.stubs, changes_stubs[i]);
	r = pauses ? pause_container(&commit->container, true, err) : 0;
	if (r == 0)
		r = layer_of_container(commit->session, &commit->container,
				       &commit->layer, err);
	if (r == 0)
		r = list_layers(commit, err);
	if (r == 0)
		r = image_make(commit->session, &commit->request, NULL,
			       &commit->made, err);
	if (pauses)
		(void)pause_container(&commit->container, false, NULL);
	return r;
}

static int
tell(struct commit *commit, struct err *err)
{
	const char *file = args_str(commit->args, "iidfile");
	const char *message = args_str(commit->args, "message");
	const char *id = commit->made.id.text;
	cleanup_strvec struct strvec extra = STRVEC_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct store *store;

	if (session_store(commit->session, &store, NULL) == 0) {
		strvec_addf(&extra, "comment=%s", message ?: "");
		strvec_addf(&extra, "imageID=%s", id);
		strvec_addf(&extra, "imageRef=%s",
			    args_operand(commit->args, 1) ?: "");
		container_event(store, &commit->spec, "commit", &extra);
	}
	strbuf_addf(&text, "%s\n", id);
	say_text(&text);
	return file ? fsx_write_atomic(AT_FDCWD, file, id, strlen(id), 0644,
				       FSX_NOSYNC, err)
		    : 0;
}

static int
run_commit(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_release(commit_release) struct commit commit = {
		.session = &session,
		.args = ctx->args,
		.container = CONTAINER_INIT,
		.request = TRANSFER_REQUEST_INIT,
	};
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = container_find(&session, args_operand(ctx->args, 0),
				   &commit.container, ctx->err);
	if (r == 0)
		r = container_load_spec(&session, &commit.container,
					&commit.spec, &commit.image, ctx->err);
	if (r == 0)
		r = make_config(&commit, ctx->err);
	if (r == 0)
		r = make_image(&commit, ctx->err);
	return r < 0 ? r : tell(&commit, ctx->err);
}

static const struct flag flags[] = {
	{ .name = "author",
	  .kind = FLAG_STR,
	  .letter = 'a',
	  .meta = "TEXT",
	  .help = "who made it" },
	{ .name = "change",
	  .kind = FLAG_LIST,
	  .letter = 'c',
	  .meta = "INSTRUCTION",
	  .help = "change the image by an instruction of a Dockerfile" },
	{ .name = "config",
	  .kind = FLAG_STR,
	  .meta = "FILE",
	  .refuse = "write its settings with --change",
	  .hidden = true },
	{ .name = "format",
	  .kind = FLAG_ENUM,
	  .letter = 'f',
	  .values = "oci|docker",
	  .fallback = "oci",
	  .help = "whose manifest it gets" },
	{ .name = "iidfile",
	  .kind = FLAG_STR,
	  .meta = "FILE",
	  .help = "write the id of the image to a file",
	  .offer = OFFER_FILE },
	{ .name = "include-volumes",
	  .kind = FLAG_BOOL,
	  .refuse = "declare them with --change 'VOLUME /PATH'",
	  .harmless = "false",
	  .hidden = true },
	{ .name = "message",
	  .kind = FLAG_STR,
	  .letter = 'm',
	  .meta = "TEXT",
	  .help = "a comment in the image's history" },
	{ .name = "no-pause",
	  .kind = FLAG_BOOL,
	  .help = "let the container run meanwhile" },
	{ .name = "pause",
	  .kind = FLAG_BOOL,
	  .letter = 'p',
	  .fallback = "true",
	  .help = "stop the container's processes meanwhile" },
	{ .name = "quiet",
	  .kind = FLAG_BOOL,
	  .letter = 'q',
	  .ignore = "",
	  .help = "print the id only, as it does anyway" },
	{ .name = "squash",
	  .kind = FLAG_BOOL,
	  .letter = 's',
	  .refuse = "dhow export CONTAINER | dhow import - makes one layer",
	  .harmless = "false",
	  .hidden = true },
};

static const struct cmd_example examples[] = {
	{ "make an image of what a container has become",
	  "dhow commit -m 'with curl' box box:curl" },
	{ "and say what it runs",
	  "dhow commit -c 'CMD [\"nginx\", \"-g\", \"daemon off;\"]' web site" },
};

const struct cmd cmd_commit = {
	.path = "commit",
	.aliases = "container commit",
	.summary = "make an image of a container's files",
	.operands = "CONTAINER [NAME[:TAG]]",
	.about = "What the container changed becomes a layer over those of its "
		 "image; its command, environment, user and labels become the "
		 "image's. Volumes are no part of it. The id is printed.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 2,
	.offer = OFFER_CONTAINER,
	.run = run_commit,
};
