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
#include "base/log.h"
#include "base/proc.h"
#include "base/text.h"
#include "container/secrets.h"
#include "container/volumes.h"
#include "data/node.h"

#define MARK_DIR "removing"
#define MARK_LINKED "oci-layout" /* a file that every store has */
#define MARK_PREFIX_BYTES 24
#define CONFIG_MAX_BYTES (4U << 20)

/* The first container of this store. */
static int
container_dir_first(struct store *store, struct err *err)
{
	static const char *const dirs[] = { "containers", "removing", "names" };
	int r = store_lay_out(store, err);

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(dirs); i++)
		r = fsx_mkdir_p(store->dirfd, dirs[i], 0700, err);
	return r;
}

/*
 * "rm-HOST-BOOT": homes are shared by hosts, and only the host and boot of a
 * process can tell whether it lives.
 */
static void
container_dir_mark_prefix(char prefix[MARK_PREFIX_BYTES])
{
	char host[256] = "";
	uint32_t hash = 2166136261U;

	(void)gethostname(host, sizeof(host) - 1);
	for (const char *p = host; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619U;
	(void)snprintf(prefix, MARK_PREFIX_BYTES, "rm-%08x-%.8s", hash,
		       proc_boot_id());
}

/* "ID.rm-HOST-BOOT.PID.RANDOM": the part behind the id, or NULL. */
static const char *
container_dir_mark_owner(const char *leaf)
{
	char id[CONTAINER_ID_BYTES];

	(void)snprintf(id, sizeof(id), "%.64s", leaf);
	return text_is_hex_of(id, CONTAINER_ID_BYTES - 1) &&
			       leaf[CONTAINER_ID_BYTES - 1] == '.'
		       ? leaf + CONTAINER_ID_BYTES
		       : NULL;
}

/* Of this host, and from an earlier boot or of a process that is gone. */
static bool
container_dir_mark_is_stale(const char *mark)
{
	const char *leaf = container_dir_mark_owner(mark);
	char prefix[MARK_PREFIX_BYTES];
	size_t host_len;

	if (!leaf)
		return false;
	container_dir_mark_prefix(prefix);
	host_len = strlen("rm-") + 8;
	if (strncmp(leaf, prefix, host_len) != 0)
		return false;
	return !text_starts(leaf, prefix) || fsx_tmp_is_stale(leaf);
}

/* A name is enough; where files have but one, it is an empty file. */
static int
container_dir_put_mark(const struct container_dir *dir)
{
	cleanup_close int fd = -EBADF;

	if (linkat(dir->store->dirfd, MARK_LINKED, dir->store->dirfd, dir->mark,
		   0) == 0)
		return 0;
	if (errno == ENOENT)
		return -ENOENT;
	fd = openat(dir->store->dirfd, dir->mark,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : 0;
}

/* Whoever finds the mark and not our process removes the container. */
static int
container_dir_mark(struct container_dir *dir, const char *id, struct err *err)
{
	char leaf[FSX_TMP_NAME_BYTES], prefix[MARK_PREFIX_BYTES];
	int r;

	container_dir_mark_prefix(prefix);
	fsx_tmp_name(prefix, leaf);
	(void)snprintf(dir->mark, sizeof(dir->mark), "%s/%.64s.%s", MARK_DIR,
		       id, leaf);
	r = container_dir_put_mark(dir);
	if (r == -ENOENT) {
		r = container_dir_first(dir->store, err);
		if (r < 0)
			return r;
		r = container_dir_put_mark(dir);
	}
	return r < 0 ? err_code(err, -r, "create '%s'", dir->mark) : 0;
}

int
container_dir_take_name(struct store *store, const char *id, const char *name,
			struct err *err)
{
	cleanup_strbuf struct strbuf owner = STRBUF_INIT;
	cleanup_free char *link = xasprintf("names/%s", name);
	cleanup_free char *target = xasprintf("../containers/%s", id);
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
			return err_sys(err, "take the name '%s'", name);
		/* A name whose container is gone is nobody's. */
		if (faccessat(store->dirfd, link, F_OK, 0) == 0)
			break;
		(void)unlinkat(store->dirfd, link, 0);
	}
	(void)fsx_readlink(store->dirfd, link, &owner);
	slash = strrchr(owner.buf, '/');
	(void)err_set(err, EEXIST, "the container name '%s' is in use by %.12s",
		      name, slash ? slash + 1 : "another container");
	err_hint(err, "choose another name, or remove that container");
	return -EEXIST;
}

static int
container_dir_fill(struct container_dir *dir, const struct container_spec *spec,
		   struct err *err)
{
	static const char *const subdirs[] = { "upper", "work" };
	cleanup_node struct node *doc = container_spec_to_node(spec);
	int flags = spec->auto_remove ? FSX_NOSYNC : 0;
	int r;

	for (size_t i = 0; i < ARRAY_LEN(subdirs); i++)
		if (mkdirat(dir->fd, subdirs[i], 0755) < 0)
			return err_sys(err, "create '%s/%s'", dir->path,
				       subdirs[i]);
	r = secrets_write(dir->fd, spec, err);
	return r < 0 ? r
		     : node_write_json_file(dir->fd, "config.json", doc, 0600,
					    flags, err);
}

void
container_dir_init(struct container_dir *dir, struct store *store,
		   const struct container_spec *spec)
{
	*dir = (struct container_dir)CONTAINER_DIR_INIT;
	dir->store = store;
	dir->name = spec->name ? xstrdup(spec->name) : NULL;
	(void)snprintf(dir->path, sizeof(dir->path), "containers/%s", spec->id);
}

static int
container_dir_make(struct container_dir *dir, const struct container_spec *spec,
		   bool lives, struct err *err)
{
	int r = 0;

	if (spec->auto_remove && lives)
		r = container_dir_mark(dir, spec->id, err);
	if (r < 0)
		return r;
	if (mkdirat(dir->store->dirfd, dir->path, 0700) < 0)
		return err_sys(err, "create '%s'", dir->path);
	dir->fd = openat(dir->store->dirfd, dir->path,
			 O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir->fd < 0)
		return err_sys(err, "open '%s'", dir->path);
	return container_dir_fill(dir, spec, err);
}

static const char *
container_pick(const char *const *words, size_t count)
{
	uint32_t random;
	ssize_t n = getrandom(&random, sizeof(random), 0);

	return words[n == sizeof(random) ? random % count : 0];
}

/* A random "adjective_noun" that nobody has. */
static char *
container_dir_free_name(struct store *store)
{
	static const char *const how[] = {
		"able",   "amber",  "bold",  "brave", "brisk", "calm",  "clear",
		"coral",  "deft",   "eager", "early", "fair",  "fleet", "fresh",
		"gentle", "glad",   "grand", "hardy", "jolly", "keen",  "kind",
		"light",  "lively", "lucky", "merry", "mild",  "neat",  "noble",
		"proud",  "quick",  "quiet", "ready", "salty", "sharp", "smart",
		"steady", "sunny",  "swift", "tidy",  "true",  "vivid", "warm",
		"windy",  "wise",
	};
	static const char *const what[] = {
		"anchor",  "bay",     "beacon",  "boom",    "breeze",
		"buoy",    "cape",    "captain", "cargo",   "coast",
		"compass", "cove",    "crew",    "current", "deck",
		"dock",    "dolphin", "dune",    "galley",  "gull",
		"harbour", "helm",    "hull",    "island",  "jetty",
		"keel",    "lagoon",  "lantern", "lateen",  "mast",
		"monsoon", "oar",     "osprey",  "pearl",   "pilot",
		"port",    "reef",    "rigger",  "rudder",  "sail",
		"sailor",  "sextant", "shoal",   "spar",    "star",
		"strait",  "tide",    "voyage",  "wake",    "wharf",
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

/* One that nobody has: others choose at the same moment. */
static int
container_dir_choose_name(struct container_dir *dir,
			  struct container_spec *spec, struct err *err)
{
	for (;;) {
		struct err taken = ERR_INIT;
		cleanup_free char *name = container_dir_free_name(dir->store);
		int r = container_dir_take_name(dir->store, spec->id, name,
						&taken);

		if (r == -EEXIST)
			continue;
		if (r < 0) {
			if (err)
				*err = taken;
			return r;
		}
		dir->name = xstrdup(name);
		spec->name = take_ptr(name);
		return 0;
	}
}

int
container_dir_create(struct container_dir *dir, struct container_spec *spec,
		     bool lives, struct err *err)
{
	int r;

	if (spec->name)
		r = container_dir_take_name(dir->store, spec->id, spec->name,
					    err);
	else
		r = container_dir_choose_name(dir, spec, err);
	if (r < 0)
		return r;
	r = container_dir_make(dir, spec, lives, err);
	if (r < 0) {
		(void)container_dir_remove(dir, NULL);
		return err_wrap(err, r, "create container '%s'", spec->name);
	}
	return 0;
}

int
container_dir_open(struct container_dir *dir, struct store *store,
		   const struct container_spec *spec, struct err *err)
{
	int r = 0;

	container_dir_init(dir, store, spec);
	if (spec->auto_remove)
		r = container_dir_mark(dir, spec->id, err);
	if (r < 0)
		return r;
	dir->fd = openat(store->dirfd, dir->path,
			 O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir->fd < 0 ? err_sys(err, "open '%s'", dir->path) : 0;
}

/* Is this name, "names/…", the container's? */
static bool
container_dir_has_name(const struct store *store, const char *id,
		       const char *link)
{
	cleanup_strbuf struct strbuf target = STRBUF_INIT;
	const char *owner;

	if (fsx_readlink(store->dirfd, link, &target) < 0)
		return false;
	owner = text_after(target.buf, "../containers/");
	return owner && !strcmp(owner, id);
}

void
container_dir_drop_name(struct store *store, const char *id, const char *name)
{
	cleanup_free char *link = xasprintf("names/%s", name);

	if (container_dir_has_name(store, id, link))
		(void)unlinkat(store->dirfd, link, 0);
}

/*
 * A symlink this long has a block on the disk, which takes its time to free:
 * it goes with the directory.
 */
static void
container_dir_bury_name(const struct container_dir *dir)
{
	cleanup_free char *link = xasprintf("names/%s", dir->name);
	cleanup_free char *grave = xasprintf("%s/name", dir->path);

	if (!container_dir_has_name(dir->store, strrchr(dir->path, '/') + 1,
				    link))
		return;
	if (renameat(dir->store->dirfd, link, dir->store->dirfd, grave) < 0)
		(void)unlinkat(dir->store->dirfd, link, 0);
}

int
container_dir_bury(struct container_dir *dir, char tomb[FSX_TMP_NAME_BYTES + 8],
		   struct err *err)
{
	char leaf[FSX_TMP_NAME_BYTES];

	container_dir_bury_name(dir);
	fsx_tmp_name("container", leaf);
	(void)snprintf(tomb, CONTAINER_TOMB_BYTES, "tmp/%s", leaf);
	if (renameat(dir->store->dirfd, dir->path, dir->store->dirfd, tomb) <
	    0) {
		tomb[0] = '\0';
		if (errno != ENOENT)
			return err_sys(err, "remove '%s'", dir->path);
	}
	if (dir->mark[0])
		(void)unlinkat(dir->store->dirfd, dir->mark, 0);
	return 0;
}

int
container_dir_remove(struct container_dir *dir, struct err *err)
{
	char tomb[CONTAINER_TOMB_BYTES];
	int r = container_dir_bury(dir, tomb, err);

	if (r < 0 || !tomb[0])
		return r;
	return fsx_remove_tree(dir->store->dirfd, tomb, err);
}

/* Remove what one mark of a process that is gone points to. */
static int
container_dir_collect_one(struct store *store, const char *leaf,
			  struct err *err)
{
	cleanup_node struct node *doc = NULL;
	struct container_dir dir = CONTAINER_DIR_INIT;
	cleanup_strvec struct strvec volumes = STRVEC_INIT;
	cleanup_free char *config = NULL;
	const char *name;
	int r;

	dir.store = store;
	(void)snprintf(dir.mark, sizeof(dir.mark), "%s/%.128s", MARK_DIR, leaf);
	(void)snprintf(dir.path, sizeof(dir.path), "containers/%.64s", leaf);
	config = xasprintf("%s/config.json", dir.path);
	/* Killed before it was written: then there are no volumes either. */
	(void)node_read_json_file(store->dirfd, config, CONFIG_MAX_BYTES, &doc,
				  NULL);
	node_get_strvec(doc, "AnonymousVolumes", &volumes);
	name = node_get_str(doc, "Name");
	dir.name = xstrdup(name && *name == '/' ? name + 1 : "");
	volumes_remove(store, &volumes);
	r = container_dir_remove(&dir, err);
	container_dir_close(&dir);
	return r;
}

void
container_dir_collect(struct store *store)
{
	cleanup_closedir DIR *marks = NULL;
	struct dirent *ent;
	int fd;

	fd = openat(store->dirfd, MARK_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	marks = fd < 0 ? NULL : fdopendir(fd);
	if (!marks)
		return;
	while ((ent = readdir(marks))) {
		struct err err = ERR_INIT;

		if (container_dir_mark_is_stale(ent->d_name) &&
		    container_dir_collect_one(store, ent->d_name, &err) < 0)
			log_debug("collect '%s': %s", ent->d_name, err.text);
	}
}

void
container_dir_close(struct container_dir *dir)
{
	cleanup_close_p(&dir->fd);
	free(dir->name);
	*dir = (struct container_dir)CONTAINER_DIR_INIT;
}
