/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step_copy.c - COPY, WORKDIR, and what ADD shares with them.
 */
#include "build/step_copy.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/user.h"

struct ignore *
copy_excludes(const struct df_copy *copy)
{
	struct ignore *ignore = ignore_new();

	/* Each was checked when the step was made. */
	for (size_t i = 0; i < copy->excludes.len; i++)
		(void)ignore_add(ignore, copy->excludes.v[i], NULL);
	return ignore;
}

bool
copy_dest_wants_dir(const char *dest)
{
	return text_ends(dest, "/") || text_ends(dest, "/.") ||
	       text_ends(dest, "/..") || !strcmp(dest, ".") ||
	       !strcmp(dest, "..");
}

static bool
is_number(const char *text)
{
	if (!*text)
		return false;
	while (text_is_digit(*text))
		text++;
	return !*text;
}

static int
read_file(const struct view *root, const char *path, struct strbuf *sb,
	  struct err *err)
{
	int r = view_read(root, path, USER_FILE_MAX_BYTES, sb, err);

	/* Many images have neither file: numbers need none. */
	if (r != -ENOENT && r != -ENOTDIR && r != -ELOOP)
		return r;
	if (err)
		err_reset(err);
	return 0;
}

int
step_owner(const struct view *root, const char *text, uid_t *ret_uid,
	   gid_t *ret_gid, struct err *err)
{
	cleanup_strbuf struct strbuf passwd = STRBUF_INIT;
	cleanup_strbuf struct strbuf group = STRBUF_INIT;
	cleanup_free char *both = NULL;
	struct user user;
	int r;

	/* A number alone is the group's too. */
	both = is_number(text) ? xasprintf("%s:%s", text, text) : xstrdup(text);
	r = read_file(root, "etc/passwd", &passwd, err);
	if (r == 0)
		r = read_file(root, "etc/group", &group, err);
	if (r == 0)
		r = user_resolve(both, span_new(passwd.buf, passwd.len),
				 span_new(group.buf, group.len), NULL, &user,
				 err);
	if (r < 0)
		return r;
	*ret_uid = user.uid;
	*ret_gid = user.gid;
	user_release(&user);
	return 0;
}

int
copy_job_init(struct step_room *room, struct copy_job *job,
	      const struct view *nothing, struct err *err)
{
	const struct build_options *opts = room->work->build->opts;
	const struct df_copy *copy = &room->work->step->copy;

	*job = (struct copy_job){
		.below = copy->link ? nothing : &room->below,
		.upperfd = room->upperfd,
		.owners = &room->owners,
		.chmod = copy->chmod,
		.parents = copy->parents,
		.has_epoch = opts->has_epoch,
		.epoch = opts->epoch,
	};
	if (!copy->chown)
		return 0;
	job->has_owner = true;
	return step_owner(&room->below, copy->chown, &job->uid, &job->gid, err);
}

/* "/./" in a source: what is before it is not kept. */
static const char *
after_pivot(const char *source, const char *path)
{
	const char *pivot = strstr(source, "/./");
	size_t parts = 0;

	if (!pivot)
		return path;
	for (const char *p = source; p < pivot; p++)
		if (p[0] != '/' && (p == source || p[-1] == '/') &&
		    !(p[0] == '.' && (p[1] == '/')))
			parts++;
	while (parts-- > 0) {
		const char *slash = strchr(path, '/');

		if (!slash)
			break;
		path = slash + 1;
	}
	return path;
}

/* Where the step's files go: a directory, or the name of one file. */
int
copy_find_dest(struct step_room *room, const struct copy_job *job,
	       char **ret_dest, bool *ret_is_dir, struct err *err)
{
	const struct df_copy *copy = &room->work->step->copy;
	struct copy_dest dest;
	int r = copy_dest_find(job, room->work->dest, &dest, err);

	if (r < 0)
		return r;
	*ret_dest = dest.path;
	*ret_is_dir =
		copy->parents || dest.is_dir || copy_dest_wants_dir(copy->dest);
	if (*ret_is_dir && dest.exists && !dest.is_dir)
		return err_set(err, ENOTDIR, "'%s' is not a directory",
			       copy->dest);
	return 0;
}

int
copy_name_file(struct copy_into *into, const char *name, char **ret_target,
	       struct err *err)
{
	const char *dest = into->room->work->step->copy.dest;

	if (into->is_taken) {
		(void)err_set(
			err, ENOTDIR,
			"several files cannot all be '%s', which is no directory",
			dest);
		err_hint(err, "'%s/' is one", dest);
		return -ENOTDIR;
	}
	into->is_taken = !into->is_dir;
	*ret_target = into->is_dir ? xasprintf("%s/%s", into->dest, name)
				   : xstrdup(into->dest);
	return 0;
}

int
copy_one_source(struct copy_into *into, const char *source, const char *path,
		struct err *err)
{
	const struct df_copy *copy = &into->room->work->step->copy;
	const char *slash = strrchr(path, '/');
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	cleanup_free char *target = NULL;
	bool is_dir;
	int r = view_find(&into->source->view, path, false, &place, err);

	if (r < 0)
		return r;
	is_dir = S_ISDIR(place.st.st_mode);
	if (copy->parents)
		target = xasprintf("%s/%s", into->dest,
				   after_pivot(source, path));
	else if (is_dir)
		target = xstrdup(into->dest);
	else
		r = copy_name_file(into, slash ? slash + 1 : path, &target,
				   err);
	if (r == 0)
		r = copy_tree(into->job, into->source, path, target,
			      into->exclude, err);
	/* The content of a directory made one of the destination. */
	into->is_dir |= is_dir;
	return r;
}

int
copy_heredocs(struct copy_into *into, struct err *err)
{
	const struct df_copy *copy = &into->room->work->step->copy;
	int r = 0;

	for (size_t i = 0; r == 0 && i < copy->file_count; i++) {
		const struct df_file *file = &copy->files[i];
		cleanup_free char *target = NULL;

		r = copy_name_file(into, file->name, &target, err);
		if (r == 0)
			r = copy_bytes(into->job, target, file->content,
				       strlen(file->content), 0644, err);
	}
	return r;
}

/* What each source names, with a ':' between that and the source's number. */
static int
match_all(struct step_room *room, const struct walk_source *source,
	  struct strvec *paths, struct strvec *sources, struct err *err)
{
	const struct df_copy *copy = &room->work->step->copy;
	int r = 0;

	for (size_t i = 0; r == 0 && i < copy->sources.len; i++) {
		cleanup_strvec struct strvec found = STRVEC_INIT;

		r = walk_match(source, copy->sources.v[i], copy->parents,
			       &found, err);
		for (size_t k = 0; k < found.len; k++) {
			strvec_add(paths, found.v[k]);
			strvec_add(sources, copy->sources.v[i]);
		}
	}
	return r;
}

static int
copy_all(struct step_room *room, const struct walk_source *source,
	 const struct copy_job *job, struct err *err)
{
	const struct df_copy *copy = &room->work->step->copy;
	cleanup_strvec struct strvec paths = STRVEC_INIT;
	cleanup_strvec struct strvec sources = STRVEC_INIT;
	cleanup_with(ignore_free) struct ignore *exclude = copy_excludes(copy);
	cleanup_free char *dest = NULL;
	struct copy_into into = {
		.room = room, .source = source, .job = job, .exclude = exclude
	};
	int r = match_all(room, source, &paths, &sources, err);

	if (r < 0 || paths.len + copy->file_count == 0)
		return r;
	r = copy_find_dest(room, job, &dest, &into.is_dir, err);
	into.dest = dest;
	for (size_t i = 0; r == 0 && i < paths.len; i++)
		r = copy_one_source(&into, sources.v[i], paths.v[i], err);
	return r < 0 ? r : copy_heredocs(&into, err);
}

int
step_copy(struct step_room *room, struct err *err)
{
	struct walk_source source = { .is_context = true };
	const struct view nothing = { .root = { .fds = NULL } };
	struct copy_job job;
	int r = copy_job_init(room, &job, &nothing, err);

	if (r == 0 && room->work->step->copy.sources.len)
		r = origin_open(&room->work->from, room->work->build->store,
				&source, err);
	if (r == 0)
		r = copy_all(room, &source, &job, err);
	view_close(&source.view);
	return r;
}

int
step_workdir(struct step_room *room, struct err *err)
{
	const struct build_options *opts = room->work->build->opts;
	struct copy_job job = {
		.below = &room->below,
		.upperfd = room->upperfd,
		.owners = &room->owners,
		.has_epoch = opts->has_epoch,
		.epoch = opts->epoch,
		.has_owner = true,
	};
	const char *user = room->work->stage->draft.user;
	struct copy_dest dest = { .path = NULL };
	int r = 0;

	if (*user)
		r = step_owner(&room->below, user, &job.uid, &job.gid, err);
	if (r == 0)
		r = copy_dest_find(&job, room->work->dest, &dest, err);
	if (r == 0 && dest.exists && !dest.is_dir)
		r = err_set(err, ENOTDIR, "'%s' is not a directory",
			    room->work->dest);
	if (r == 0 && !dest.exists)
		r = copy_mkdir(&job, dest.path, err);
	free(dest.path);
	return r;
}
