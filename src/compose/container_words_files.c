/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/container_words_files.c - mounts, secrets, configs, devices.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/container_words_priv.h"
#include "compose/schema.h"
#include "spec/abs_path.h"

static void
csv_switch(struct strbuf *sb, const struct node *obj, const char *key,
	   const char *name)
{
	if (node_get_bool(obj, key, false))
		words_csv(sb, name, "true");
}

static void
csv_text(struct strbuf *sb, const struct node *obj, const char *key,
	 const char *name)
{
	cleanup_free char *text = schema_text(node_get(obj, key));

	if (text)
		words_csv(sb, name, text);
}

static void
add_bind(struct strbuf *sb, const struct node *mount)
{
	const struct node *bind = node_get(mount, "bind");
	const char *selinux = node_get_str(bind, "selinux");

	if (node_get_bool(bind, "create_host_path", true))
		words_csv(sb, "bind-create-src", "true");
	csv_text(sb, bind, "propagation", "bind-propagation");
	csv_text(sb, bind, "recursive", "bind-recursive");
	if (selinux)
		words_csv(sb, "relabel",
			  *selinux == 'z' ? "shared" : "private");
}

/* The volume's name on the host, as its table entry says. */
static const char *
volume_name(const struct words *w, const char *key)
{
	const struct node *volume =
		node_get(node_get(w->from->project->model, "volumes"), key);

	return node_str_or(node_get(volume, "name"), key);
}

/* What was mounted there in the container that this one replaces. */
static const char *
carried(const struct words *w, const char *target)
{
	const struct strvec *carry = w->from->carry;

	for (size_t i = 0; carry && i < carry->len; i++) {
		const char *rest = text_after(carry->v[i], target);

		if (rest && *rest == '\t')
			return rest + 1;
	}
	return NULL;
}

static void
add_volume(struct words *w, struct strbuf *sb, const struct node *mount,
	   const char *target)
{
	const struct node *volume = node_get(mount, "volume");
	const char *source = node_get_str(mount, "source");

	if (source)
		words_csv(sb, "source", volume_name(w, source));
	else if (carried(w, target))
		words_csv(sb, "source", carried(w, target));
	csv_switch(sb, volume, "nocopy", "volume-nocopy");
	csv_text(sb, volume, "subpath", "volume-subpath");
}

static void
add_mount_tmpfs(struct strbuf *sb, const struct node *tmpfs)
{
	int64_t mode = node_get_int(tmpfs, "mode", -1);
	cleanup_free char *text = xasprintf("%lo", (long)mode);

	csv_text(sb, tmpfs, "size", "tmpfs-size");
	if (mode >= 0)
		words_csv(sb, "tmpfs-mode", text);
}

static void
add_mount(struct words *w, const struct node *mount)
{
	const char *type = node_str_or(node_get(mount, "type"), "volume");
	cleanup_free char *target =
		abs_path_join("/", node_str_or(node_get(mount, "target"), "/"));
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	words_csv(&sb, "type", type);
	words_csv(&sb, "target", target);
	if (strcmp(type, "volume") != 0)
		csv_text(&sb, mount, "source", "source");
	csv_switch(&sb, mount, "read_only", "readonly");
	if (!strcmp(type, "bind"))
		add_bind(&sb, mount);
	else if (!strcmp(type, "volume"))
		add_volume(w, &sb, mount, target);
	else if (!strcmp(type, "tmpfs"))
		add_mount_tmpfs(&sb, node_get(mount, "tmpfs"));
	else
		csv_text(&sb, node_get(mount, "image"), "subpath",
			 "image-subpath");
	words_flag(w, "mount", sb.buf);
}

/* Volumes that the image declared keep what the old container had. */
static void
add_carried(struct words *w)
{
	const struct node *volumes = node_get(w->body, "volumes");
	const struct strvec *carry = w->from->carry;

	for (size_t i = 0; carry && i < carry->len; i++) {
		size_t len = strcspn(carry->v[i], "\t");
		cleanup_free char *target = xstrndup(carry->v[i], len);
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		bool mounted = false;

		for (size_t k = 0; k < node_len(volumes); k++)
			mounted = mounted ||
				  !strcmp(node_str_or(
						  node_get(node_at(volumes, k),
							   "target"),
						  ""),
					  target);
		if (mounted)
			continue;
		words_csv(&sb, "type", "volume");
		words_csv(&sb, "source", carry->v[i] + len + 1);
		words_csv(&sb, "target", target);
		words_flag(w, "mount", sb.buf);
	}
}

/* Secrets and configs. */

/* One of "dhow secret". */
static void
add_stored_secret(struct words *w, const struct node *grant,
		  const struct node *one, const char *path)
{
	static const char *const keys[] = { "uid", "gid", "mode" };
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	strbuf_addstr(&sb, node_str_or(node_get(one, "name"), ""));
	words_csv(&sb, "target", path);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		cleanup_free char *text = schema_text(node_get(grant, keys[i]));

		if (text)
			words_csv(&sb, keys[i], text);
	}
	words_flag(w, "secret", sb.buf);
}

static void
add_grant(struct words *w, const char *kind, const struct node *grant)
{
	const char *source = node_str_or(node_get(grant, "source"), "");
	const struct node *one =
		node_get(node_get(w->from->project->model, kind), source);
	const char *target = node_str_or(node_get(grant, "target"), source);
	bool is_secret = !strcmp(kind, "secrets");
	cleanup_free char *path =
		abs_path_join(is_secret ? "/run/secrets" : "/", target);
	cleanup_free char *file = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (node_get_bool(one, "external", false)) {
		add_stored_secret(w, grant, one, path);
		return;
	}
	file = container_words_grant_file(w->from->secrets,
					  w->from->project->name, kind, grant,
					  one, NULL);
	words_csv(&sb, "type", "bind");
	words_csv(&sb, "source", file);
	words_csv(&sb, "target", path);
	words_csv(&sb, "readonly", "true");
	words_flag(w, "mount", sb.buf);
}

static void
add_grants(struct words *w, const char *kind)
{
	const struct node *list = node_get(w->body, kind);

	for (size_t i = 0; i < node_len(list); i++)
		add_grant(w, kind, node_at(list, i));
}

static void
add_devices(struct words *w)
{
	const struct node *list = node_get(w->body, "devices");

	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *one = node_at(list, i);
		const char *source = node_str_or(node_get(one, "source"), "");
		const char *target = node_get_str(one, "target");
		const char *perms = node_get_str(one, "permissions");
		cleanup_free char *text = NULL;

		text = *source == '/' ? xasprintf("%s:%s:%s", source,
						  target ? target : source,
						  perms ? perms : "rwm")
				      : xstrdup(source);
		words_flag(w, "device", text);
	}
}

/* Append the words of a list, with commas. */
static void
join(struct strbuf *sb, const struct node *list)
{
	for (size_t i = 0; i < node_len(list); i++)
		strbuf_addf(sb, "%s%s", i ? "," : "",
			    node_str_or(node_at(list, i), ""));
}

static void
add_options(struct strbuf *sb, const struct node *map)
{
	cleanup_strbuf struct strbuf all = STRBUF_INIT;

	for (size_t i = 0; i < node_len(map); i++) {
		cleanup_free char *value = schema_text(node_value_at(map, i));

		strbuf_addf(&all, "%s%s=%s", i ? "," : "", node_key_at(map, i),
			    value ?: "");
	}
	if (all.len)
		words_csv(sb, "options", all.buf);
}

static void
add_gpus(struct words *w, const struct node *list)
{
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *one = node_at(list, i);
		cleanup_free char *count = schema_text(node_get(one, "count"));
		const struct node *ids = node_get(one, "device_ids");
		cleanup_strbuf struct strbuf names = STRBUF_INIT;
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		join(&names, ids);
		if (names.len)
			words_csv(&sb, "device", names.buf);
		else
			words_csv(&sb, "count",
				  count && strcmp(count, "-1") != 0 ? count
								    : "all");
		if (node_get_str(one, "driver"))
			words_csv(&sb, "driver", node_get_str(one, "driver"));
		strbuf_reset(&names);
		join(&names, node_get(one, "capabilities"));
		if (names.len)
			words_csv(&sb, "capabilities", names.buf);
		add_options(&sb, node_get(one, "options"));
		words_flag(w, "gpus", sb.buf);
	}
}

/* "SERVICE[:ro]" and "container:NAME[:ro]". */
static void
add_volumes_from(struct words *w)
{
	const struct node *list = node_get(w->body, "volumes_from");

	for (size_t i = 0; i < node_len(list); i++) {
		const char *text = node_str_or(node_at(list, i), "");
		const char *given = text_after(text, "container:");
		size_t len = strcspn(text, ":");
		cleanup_free char *mode =
			xasprintf("service:%.*s", (int)len, text);
		cleanup_free char *name = words_shared(w, mode);
		cleanup_free char *word =
			given ? xstrdup(given)
			      : xasprintf("%s%s", name + strlen("container:"),
					  text + len);

		words_flag(w, "volumes-from", word);
	}
}

void
words_add_files(struct words *w)
{
	const struct node *volumes = node_get(w->body, "volumes");
	const struct node *reserved =
		node_get(node_get(node_get(w->body, "deploy"), "resources"),
			 "reservations");

	for (size_t i = 0; i < node_len(volumes); i++)
		add_mount(w, node_at(volumes, i));
	add_grants(w, "secrets");
	add_grants(w, "configs");
	add_carried(w);
	add_devices(w);
	add_gpus(w, node_get(w->body, "gpus"));
	add_gpus(w, node_get(reserved, "devices"));
	add_volumes_from(w);
}
