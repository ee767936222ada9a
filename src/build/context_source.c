/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/context_source.c - the contexts of a build, and its Dockerfile.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/text.h"
#include "build/build_priv.h"
#include "build/context_fetch.h"
#include "dockerfile/df_source.h"

#define SOURCE_MAX_SPOOL (UINT64_C(1) << 40)

static const char *const default_names[] = { "Dockerfile", "Containerfile",
					     "dockerfile" };

static void
context_release(struct context *context, struct store *store)
{
	if (context->fd >= 0)
		(void)close(context->fd);
	if (context->is_fetched)
		(void)fsx_remove_tree(store->dirfd, context->fetched_path,
				      NULL);
	ignore_free(context->ignore);
	free(context->name);
	free(context->path);
	free(context->image);
	free(context->fetched_path);
}

void
build_source_close(struct build_source *source)
{
	if (!source)
		return;
	for (size_t i = 0; i < source->context_count; i++)
		context_release(&source->contexts[i], source->store);
	vertices_free(source);
	free(source->contexts);
	dockerfile_free(source->df);
	free(source);
}

struct dockerfile *
build_source_dockerfile(const struct build_source *source)
{
	return source->df;
}

const struct ignore *
build_source_ignore(const struct build_source *source)
{
	return source->contexts[0].ignore;
}

static int
use_dir(struct context *context, const char *path, struct err *err)
{
	context->path = realpath(path, NULL);
	if (!context->path)
		return err_sys(err, "build context '%s'", path);
	context->fd = open(context->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (context->fd < 0)
		return err_sys(err, "build context '%s'", path);
	return 0;
}

/* A directory below the store that goes with the build. */
static int
use_fetched(struct build_source *source, struct context *context,
	    const char *path, const char *subdir, struct err *err)
{
	cleanup_view struct view view = { .root = { .fds = NULL } };
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	cleanup_strvec struct strvec trees = STRVEC_INIT;
	cleanup_free char *full = NULL;
	int r;

	context->is_fetched = true;
	context->fetched_path = xstrdup(path);
	/* A sub-directory that is a link stays inside (CVE-2026-33748). */
	strvec_add(&trees, path);
	r = view_add(&view, source->store->dirfd, &trees, err);
	if (r == 0)
		r = view_find(&view, subdir ?: "", true, &place, err);
	if (r == 0 && !place.dir.count)
		r = err_set(err, ENOENT, "'%s' is no directory of the context",
			    subdir ?: "/");
	if (r < 0)
		return r;
	full = xasprintf("%s/%s/%s", source->session->paths.data, path,
			 place.path.buf);
	return use_dir(context, full, err);
}

static int
use_git(struct build_source *source, struct context *context, const char *url,
	struct err *err)
{
	const char *keep = strvec_env_get(&source->opts->build_args,
					  "BUILDKIT_CONTEXT_KEEP_GIT_DIR");
	struct fetched fetched = { .mtime = -1 };
	int r = fetch_git(source, url, keep && strcmp(keep, "0") != 0, &fetched,
			  err);

	if (r < 0)
		return r;
	r = use_fetched(source, context, fetched.path, fetched.subdir, err);
	fetched_release(&fetched);
	return r;
}

/* @ret_text: what it holds when it is no archive. */
static int
use_file(struct build_source *source, struct context *context, const char *path,
	 struct strbuf *ret_text, struct err *err)
{
	cleanup_close int fd =
		openat(source->store->dirfd, path, O_RDONLY | O_CLOEXEC);
	cleanup_free char *dir = NULL;
	int r;

	if (fd < 0)
		return err_sys(err, "open '%s'", path);
	if (!fetch_is_archive(fd)) {
		if (!ret_text)
			return err_set(err, EBADMSG, "it is no archive");
		return io_read_all(fd, DOCKERFILE_MAX_BYTES, ret_text, err);
	}
	dir = fetch_new_path("context");
	r = fetch_extract(source->session, path, dir, true, err);
	if (r < 0) {
		(void)fsx_remove_tree(source->store->dirfd, dir, NULL);
		return r;
	}
	return use_fetched(source, context, dir, NULL, err);
}

static int
use_url(struct build_source *source, struct context *context, const char *url,
	struct strbuf *ret_text, struct err *err)
{
	struct fetched fetched = { .mtime = -1 };
	int r = fetch_url(source, url, NULL, &fetched, err);

	if (r < 0)
		return r;
	r = use_file(source, context, fetched.path, ret_text, err);
	fetched_remove(&fetched, source->store);
	return r < 0 ? err_wrap(err, r, "build context '%s'", url) : 0;
}

/* Standard input: an archive, or a Dockerfile alone. */
static int
use_stdin(struct build_source *source, struct context *context,
	  struct strbuf *ret_text, struct err *err)
{
	cleanup_free char *path = fetch_new_path("stdin");
	cleanup_close int fd =
		openat(source->store->dirfd, path,
		       O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int64_t n;
	int r;

	if (fd < 0)
		return err_sys(err, "make '%s' in the store", path);
	n = io_copy(STDIN_FILENO, fd, SOURCE_MAX_SPOOL, err);
	r = n < 0 ? (int)n : use_file(source, context, path, ret_text, err);
	(void)unlinkat(source->store->dirfd, path, 0);
	return r < 0 ? err_wrap(err, r, "read standard input") : 0;
}

static int
open_context(struct build_source *source, struct context *context,
	     const char *text, struct strbuf *ret_text, struct err *err)
{
	struct stat st;

	if (!strcmp(text, "-"))
		return use_stdin(source, context, ret_text, err);
	if (stat(text, &st) == 0)
		return use_dir(context, text, err);
	switch (df_source_of(text)) {
	case DF_SOURCE_GIT:
		return use_git(source, context, text, err);
	case DF_SOURCE_URL:
		return use_url(source, context, text, ret_text, err);
	default:
		return use_dir(context, text, err);
	}
}

static struct context *
add_context(struct build_source *source, const char *name)
{
	struct context context = { .name = xstrdup_null(name), .fd = -EBADF };

	array_push(source->contexts, source->context_count, source->context_cap,
		   context);
	return &source->contexts[source->context_count - 1];
}

/* Patterns of the first of these files that is there. */
static int
read_ignore(struct context *context, int dirfd, const char *const *names,
	    struct err *err)
{
	for (; *names; names++) {
		cleanup_strbuf struct strbuf text = STRBUF_INIT;
		int r = fsx_read_file(dirfd, *names, IGNORE_MAX_BYTES, &text,
				      NULL);

		if (r == -ENOENT)
			continue;
		if (r < 0)
			return err_code(err, -r, "read '%s'", *names);
		context->ignore = ignore_new();
		return ignore_parse(context->ignore,
				    span_new(text.buf, text.len), *names, err);
	}
	return 0;
}

static int
open_named(struct build_source *source, const char *text, struct err *err)
{
	static const char *const ignore_names[] = { ".dockerignore", NULL };
	const char *eq = strchr(text, '=');
	cleanup_free char *name = NULL;
	struct context *context;
	const char *image;
	int r;

	if (!eq || eq == text || !eq[1])
		return err_set(err, EINVAL,
			       "build context '%s' is not NAME=SOURCE", text);
	name = xstrndup(text, (size_t)(eq - text));
	context = add_context(source, name);
	image = text_after(eq + 1, "docker-image://");
	if (image) {
		context->image = xstrdup(image);
		return 0;
	}
	if (text_starts(eq + 1, "oci-layout://"))
		return build_load_layout(source, context,
					 eq + 1 + strlen("oci-layout://"), err);
	r = open_context(source, context, eq + 1, NULL, err);
	if (r == 0 && !context->is_fetched)
		r = read_ignore(context, context->fd, ignore_names, err);
	return r < 0 ? err_wrap(err, r, "build context '%s'", name) : 0;
}

/* A file that the caller names, from his directory or from the context. */
static int
read_named(const struct build_source *source, const char *file,
	   struct strbuf *text, char **ret_dir, struct err *err)
{
	const struct context *main_context = &source->contexts[0];
	int r = -ENOENT;

	*ret_dir = NULL;
	if (!main_context->is_fetched) {
		r = fsx_read_file(AT_FDCWD, file, DOCKERFILE_MAX_BYTES, text,
				  err);
		if (r == 0)
			*ret_dir = xstrdup(file);
	}
	if (r == -ENOENT && main_context->fd >= 0) {
		struct err inner = ERR_INIT;

		r = fsx_read_in_root(main_context->fd, file,
				     DOCKERFILE_MAX_BYTES, text, &inner);
		if (r == 0)
			*ret_dir = xasprintf("%s/%s", main_context->path, file);
		else if (err && !err->code)
			*err = inner;
	}
	return r < 0 ? err_wrap(err, r, "read the Dockerfile '%s'", file) : 0;
}

static int
read_default(const struct build_source *source, struct strbuf *text,
	     char **ret_path, const char **ret_name, struct err *err)
{
	const struct context *context = &source->contexts[0];

	for (size_t i = 0; i < ARRAY_LEN(default_names); i++) {
		int r = context->fd < 0 ? -ENOENT
					: fsx_read_in_root(context->fd,
							   default_names[i],
							   DOCKERFILE_MAX_BYTES,
							   text, NULL);

		if (r == -ENOENT)
			continue;
		if (r < 0)
			return err_code(err, -r, "read '%s'", default_names[i]);
		*ret_path = xasprintf("%s/%s", context->path, default_names[i]);
		*ret_name = default_names[i];
		return 0;
	}
	(void)err_set(err, ENOENT, "there is no Dockerfile in '%s'",
		      source->opts->context);
	err_hint(
		err,
		"looked for Dockerfile, Containerfile and dockerfile; name another with -f");
	return -ENOENT;
}

static int
read_url(struct build_source *source, const char *url, struct strbuf *text,
	 struct err *err)
{
	struct fetched fetched = { .mtime = -1 };
	int r = fetch_url(source, url, NULL, &fetched, err);

	if (r == 0)
		r = fsx_read_file(source->store->dirfd, fetched.path,
				  DOCKERFILE_MAX_BYTES, text, err);
	fetched_remove(&fetched, source->store);
	return r;
}

static int
read_dockerfile(struct build_source *source, struct strbuf *text,
		char **ret_path, const char **ret_name, struct err *err)
{
	const char *file = source->opts->file;

	*ret_name = file;
	if (text->len) {
		*ret_name = "Dockerfile";
		return 0;
	}
	if (!file)
		return read_default(source, text, ret_path, ret_name, err);
	if (!strcmp(file, "-")) {
		*ret_name = "Dockerfile";
		return io_read_all(STDIN_FILENO, DOCKERFILE_MAX_BYTES, text,
				   err);
	}
	if (df_source_of(file) == DF_SOURCE_URL)
		return read_url(source, file, text, err);
	return read_named(source, file, text, ret_path, err);
}

/* The one that belongs to the Dockerfile goes before that of the context. */
static int
read_main_ignore(struct build_source *source, const char *dockerfile,
		 struct err *err)
{
	static const char *const names[] = { ".containerignore",
					     ".dockerignore", NULL };
	struct context *context = &source->contexts[0];
	cleanup_free char *own = NULL;
	const char *only[] = { source->opts->ignore_file, NULL };
	int r = 0;

	if (only[0])
		return read_ignore(context, AT_FDCWD, only, err);
	if (context->fd < 0 || context->is_fetched)
		return 0;
	if (dockerfile) {
		own = xasprintf("%s.dockerignore", dockerfile);
		only[0] = own;
		r = read_ignore(context, AT_FDCWD, only, err);
	}
	return r < 0 || context->ignore
		       ? r
		       : read_ignore(context, context->fd, names, err);
}

static int
open_all(struct build_source *source, struct err *err)
{
	const struct build_options *opts = source->opts;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_free char *path = NULL;
	const char *name = NULL;
	int r;

	r = session_store(source->session, &source->store, err);
	if (r == 0)
		r = store_lay_out(source->store, err);
	if (r == 0)
		r = open_context(source, add_context(source, NULL),
				 opts->context, &text, err);
	for (size_t i = 0; r == 0 && i < opts->build_contexts.len; i++)
		r = open_named(source, opts->build_contexts.v[i], err);
	if (r == 0)
		r = read_dockerfile(source, &text, &path, &name, err);
	if (r == 0)
		r = read_main_ignore(source, path, err);
	if (r == 0)
		source->df = dockerfile_new(name, span_new(text.buf, text.len));
	return r;
}

int
build_source_open(struct session *session, const struct build_options *opts,
		  const struct build_sink *sink,
		  struct build_source **ret_source, struct err *err)
{
	struct build_source *source = xcalloc(1, sizeof(*source));
	int r;

	source->session = session;
	source->opts = opts;
	r = open_all(source, err);
	if (r < 0) {
		build_source_close(source);
		return r;
	}
	*ret_source = source;
	return 0;
}
