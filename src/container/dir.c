/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/dir.c - a container's place in the store.
 */
#include "container/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/units.h"
#include "data/node.h"

/* The first container of this store. */
static int
container_dir_first(struct store *store, struct err *err)
{
	int r = store_lay_out(store, err);

	if (r == 0)
		r = fsx_mkdir_p(store->dirfd, "containers", 0700, err);
	return r < 0 ? r : fsx_mkdir_p(store->dirfd, "names", 0700, err);
}

static int
container_dir_take_name(struct store *store, const struct container_spec *spec,
			struct err *err)
{
	cleanup_strbuf struct strbuf owner = STRBUF_INIT;
	cleanup_free char *link = xasprintf("names/%s", spec->name);
	cleanup_free char *target = xasprintf("../containers/%s", spec->id);
	const char *slash;

	for (int tries = 0; tries < 3; tries++) {
		if (symlinkat(target, store->dirfd, link) == 0)
			return 0;
		if (errno == ENOENT) {
			int r = container_dir_first(store, err);

			if (r < 0)
				return r;
			continue;
		}
		if (errno != EEXIST)
			return err_sys(err, "take the name '%s'", spec->name);
		/* A name whose container is gone is nobody's. */
		if (faccessat(store->dirfd, link, F_OK, 0) == 0)
			break;
		(void)unlinkat(store->dirfd, link, 0);
	}
	(void)fsx_readlink(store->dirfd, link, &owner);
	slash = strrchr(owner.buf, '/');
	(void)err_set(err, EEXIST, "the container name '%s' is in use by %.12s",
		      spec->name, slash ? slash + 1 : "another container");
	err_hint(err, "choose another name, or remove that container");
	return -EEXIST;
}

static int
container_dir_fill(struct container_dir *dir, const struct container_spec *spec,
		   struct err *err)
{
	static const char *const subdirs[] = { "upper", "work", "root" };
	cleanup_node struct node *doc = container_spec_to_node(spec);
	int flags = spec->auto_remove ? FSX_NOSYNC : 0;

	for (size_t i = 0; i < ARRAY_LEN(subdirs); i++)
		if (mkdirat(dir->fd, subdirs[i], 0755) < 0)
			return err_sys(err, "create '%s/%s'", dir->path,
				       subdirs[i]);
	return node_write_json_file(dir->fd, "config.json", doc, 0600, flags,
				    err);
}

int
container_dir_create(struct store *store, const struct container_spec *spec,
		     struct container_dir *ret_dir, struct err *err)
{
	struct container_dir dir = CONTAINER_DIR_INIT;
	int r;

	dir.store = store;
	(void)snprintf(dir.path, sizeof(dir.path), "containers/%s", spec->id);
	r = container_dir_take_name(store, spec, err);
	if (r < 0)
		return r;
	dir.name = xstrdup(spec->name);
	if (mkdirat(store->dirfd, dir.path, 0700) < 0)
		r = err_sys(err, "create '%s'", dir.path);
	else
		dir.fd = openat(store->dirfd, dir.path,
				O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r == 0 && dir.fd < 0)
		r = err_sys(err, "open '%s'", dir.path);
	if (r == 0)
		r = container_dir_fill(&dir, spec, err);
	if (r < 0) {
		(void)container_dir_remove(&dir, NULL);
		container_dir_close(&dir);
		return err_wrap(err, r, "create container '%s'", spec->name);
	}
	*ret_dir = dir;
	return 0;
}

int
container_dir_record_exit(struct container_dir *dir, int exit_status,
			  struct err *err)
{
	cleanup_node struct node *state = node_new_obj();
	cleanup_strbuf struct strbuf when = STRBUF_INIT;

	units_add_rfc3339(&when, units_now_ns());
	node_set_str(state, "Status", "exited");
	node_set_int(state, "ExitCode", exit_status);
	node_set_str(state, "FinishedAt", when.buf);
	return node_write_json_file(dir->fd, "state.json", state, 0600, 0, err);
}

int
container_dir_remove(struct container_dir *dir, struct err *err)
{
	cleanup_free char *link = xasprintf("names/%s", dir->name);
	cleanup_free char *tomb = NULL;
	char leaf[FSX_TMP_NAME_BYTES];

	(void)unlinkat(dir->store->dirfd, link, 0);
	/* Out of sight first: half a container is never met by others. */
	fsx_tmp_name("container", leaf);
	tomb = xasprintf("tmp/%s", leaf);
	if (renameat(dir->store->dirfd, dir->path, dir->store->dirfd, tomb) < 0)
		return errno == ENOENT
			       ? 0
			       : err_sys(err, "remove '%s'", dir->path);
	return fsx_remove_tree(dir->store->dirfd, tomb, err);
}

void
container_dir_close(struct container_dir *dir)
{
	cleanup_close_p(&dir->fd);
	free(dir->name);
	*dir = (struct container_dir)CONTAINER_DIR_INIT;
}

static const char *
container_pick(const char *const *words, size_t count)
{
	uint32_t random;
	ssize_t n = getrandom(&random, sizeof(random), 0);

	return words[n == sizeof(random) ? random % count : 0];
}

char *
container_dir_free_name(struct store *store)
{
	static const char *const how[] = {
		"able",   "amber",  "bold",   "brave", "brisk", "calm",
		"clear",  "coral",  "deft",   "eager", "early", "fair",
		"fleet",  "fresh",  "gentle", "glad",  "grand", "hardy",
		"jolly",  "keen",   "kind",   "light", "lively", "lucky",
		"merry",  "mild",   "neat",   "noble", "proud", "quick",
		"quiet",  "ready",  "salty",  "sharp", "smart", "steady",
		"sunny",  "swift",  "tidy",   "true",  "vivid", "warm",
		"windy",  "wise",
	};
	static const char *const what[] = {
		"anchor", "bay",    "beacon",  "boom",   "breeze", "buoy",
		"cape",   "captain", "cargo",  "coast",  "compass", "cove",
		"crew",   "current", "deck",   "dock",   "dolphin", "dune",
		"galley", "gull",   "harbour", "helm",   "hull",   "island",
		"jetty",  "keel",   "lagoon",  "lantern", "lateen", "mast",
		"monsoon", "oar",   "osprey",  "pearl",  "pilot",  "port",
		"reef",   "rigger", "rudder",  "sail",   "sailor", "sextant",
		"shoal",  "spar",   "star",    "strait", "tide",   "voyage",
		"wake",   "wharf",
	};

	for (int tries = 0;; tries++) {
		char tail[5] = "";
		cleanup_free char *link = NULL;
		char *name;

		/* Many containers: the words alone run out. */
		if (tries > 4)
			text_random_hex(tail, 4);
		name = xasprintf("%s_%s%s", container_pick(how, ARRAY_LEN(how)),
				 container_pick(what, ARRAY_LEN(what)), tail);
		link = xasprintf("names/%s", name);
		if (faccessat(store->dirfd, link, F_OK, AT_SYMLINK_NOFOLLOW) <
		    0)
			return name;
		free(name);
	}
}
