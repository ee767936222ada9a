/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/context_git.c - a repository, by git(1) of the host.
 *
 * Its configuration cannot reach the host: no protocol that names local files
 * (CVE-2022-39253), no hooks, no questions.
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
#include "base/proc.h"
#include "base/span.h"
#include "base/text.h"
#include "build/build_priv.h"
#include "build/build_secret.h"
#include "build/context_fetch.h"

#define GIT_MAX_OUTPUT 4096

struct git {
	char *url;
	char *ref; /* or NULL */
	char *subdir;
	char *checksum;
	char *dir;           /* absolute */
	char *authorization; /* a header's value, or NULL */
	bool submodules;
};

static void
git_release(struct git *git)
{
	free(git->url);
	free(git->ref);
	free(git->subdir);
	free(git->checksum);
	free(git->dir);
	if (git->authorization)
		explicit_bzero(git->authorization, strlen(git->authorization));
	free(git->authorization);
}

static char *
nonempty(struct span text)
{
	return text.len ? span_dup(text) : NULL;
}

/* "REF:SUBDIR" */
static void
parse_fragment(struct git *git, const char *text)
{
	struct span all = span_of(text);
	size_t colon = span_find(all, ':');

	git->ref = nonempty(span_new(text, colon));
	if (colon < all.len)
		git->subdir = nonempty(span_skip(all, colon + 1));
}

static int
parse_query(struct git *git, const char *text, struct err *err)
{
	struct span rest = span_of(text), piece;

	while (span_next(&rest, '&', &piece)) {
		cleanup_free char *field = span_dup(piece);
		const char *value;

		if ((value = text_after(field, "ref=")) ||
		    (value = text_after(field, "branch=")) ||
		    (value = text_after(field, "tag="))) {
			free(git->ref);
			git->ref = xstrdup(value);
		} else if ((value = text_after(field, "subdir="))) {
			free(git->subdir);
			git->subdir = xstrdup(value);
		} else if ((value = text_after(field, "checksum=")) ||
			   (value = text_after(field, "commit="))) {
			free(git->checksum);
			git->checksum = xstrdup(value);
		} else if ((value = text_after(field, "submodules="))) {
			git->submodules = strcmp(value, "false") != 0 &&
					  strcmp(value, "0") != 0;
		} else if (!text_starts(field, "keep-git-dir")) {
			return err_set(err, EINVAL,
				       "git address: '%s' is not known", field);
		}
	}
	return 0;
}

static int
parse(struct git *git, const char *text, struct err *err)
{
	const char *hash = strchr(text, '#');
	const char *question = strchr(text, '?');
	size_t len = strcspn(text, "#?");
	int r = 0;

	git->submodules = true;
	git->url = xstrndup(text, len);
	if (question && (!hash || question < hash)) {
		cleanup_free char *query =
			xstrndup(question + 1, strcspn(question + 1, "#"));

		r = parse_query(git, query, err);
	}
	if (r == 0 && hash)
		parse_fragment(git, hash + 1);
	if (r == 0 && ((git->ref && *git->ref == '-') || *git->url == '-'))
		r = err_set(err, EINVAL, "'%s' is no git address", text);
	return r;
}

/*
 * For the repository's own origin, and not as an argument, which all could
 * see: git takes configuration from its environment (2.31).
 */
static void
fill_authorization(const struct git *git, struct strvec *env)
{
	const char *host = strstr(git->url, "://");
	cleanup_free char *key = NULL;
	cleanup_free char *value = NULL;

	if (!git->authorization || !host)
		return;
	key = xasprintf("http.%.*s/.extraHeader",
			(int)(host + 3 + strcspn(host + 3, "/") - git->url),
			git->url);
	value = xasprintf("Authorization: %s", git->authorization);
	strvec_env_set(env, "GIT_CONFIG_COUNT", "1");
	strvec_env_set(env, "GIT_CONFIG_KEY_0", key);
	strvec_env_set(env, "GIT_CONFIG_VALUE_0", value);
	explicit_bzero(value, strlen(value));
}

static void
fill_env(const struct git *git, struct strvec *env)
{
	strvec_add_array(env, environ);
	strvec_env_set(env, "GIT_ALLOW_PROTOCOL", "git:http:https:ssh");
	strvec_env_set(env, "GIT_TERMINAL_PROMPT", "0");
	strvec_env_set(env, "GIT_CONFIG_NOSYSTEM", "1");
	strvec_env_set(env, "LC_ALL", "C");
	strvec_env_unset(env, "GIT_DIR");
	strvec_env_unset(env, "GIT_WORK_TREE");
	fill_authorization(git, env);
	if (!strvec_env_get(env, "GIT_SSH_COMMAND"))
		strvec_env_set(env, "GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
}

/* @output: what it prints; NULL: nobody wants it. */
static int
git_run(const struct git *git, struct strbuf *output, struct err *err, ...)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	cleanup_strvec struct strvec env = STRVEC_INIT;
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	cleanup_close int readfd = -EBADF;
	const char *word;
	int fds[2] = { -1, -1 };
	va_list words;
	pid_t pid;
	int r;

	strvec_add(&argv, "git");
	strvec_add(&argv, "-C");
	strvec_add(&argv, git->dir);
	strvec_add(&argv, "-c");
	strvec_add(&argv, "core.hooksPath=/dev/null");
	strvec_add(&argv, "-c");
	strvec_add(&argv, "protocol.file.allow=never");
	va_start(words, err);
	while ((word = va_arg(words, const char *)))
		strvec_add(&argv, word);
	va_end(words);
	fill_env(git, &env);
	if (output && pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe");
	readfd = fds[0];
	spawn.path = "git";
	spawn.argv = strvec_argv(&argv);
	spawn.envp = strvec_argv(&env);
	spawn.stdout_fd = fds[1];
	r = proc_spawn(&spawn, &pid, NULL, err);
	if (fds[1] >= 0)
		(void)close(fds[1]);
	if (r < 0)
		return r;
	if (output)
		(void)io_read_all(readfd, GIT_MAX_OUTPUT, output, NULL);
	r = proc_wait(pid);
	if (r == 0)
		return 0;
	(void)err_set(err, EPROTO, "git %s '%s' failed", argv.v[7], git->url);
	if (!git->authorization && text_starts(git->url, "http"))
		err_hint(
			err,
			"a private repository wants --secret id=GIT_AUTH_TOKEN,env=NAME");
	return -EPROTO;
}

static int
clone(const struct git *git, struct strbuf *commit, struct err *err)
{
	const char *ref = git->ref ?: "HEAD";
	int r;

	r = git_run(git, NULL, err, "init", "-q", (char *)NULL);
	if (r == 0)
		r = git_run(git, NULL, err, "remote", "add", "origin", git->url,
			    (char *)NULL);
	if (r < 0)
		return r;
	/* Not every server gives a single commit: then all of it. */
	if (git_run(git, NULL, NULL, "fetch", "-q", "--depth=1", "--no-tags",
		    "origin", ref, (char *)NULL) < 0) {
		r = git_run(git, NULL, err, "fetch", "-q", "--tags", "origin",
			    "+refs/heads/*:refs/remotes/origin/*",
			    (char *)NULL);
		if (r == 0 && !git->ref)
			r = git_run(git, NULL, err, "fetch", "-q", "origin",
				    ref, (char *)NULL);
		if (r == 0)
			r = git_run(git, NULL, err, "checkout", "-q",
				    git->ref ?: "FETCH_HEAD", "--",
				    (char *)NULL);
	} else {
		r = git_run(git, NULL, err, "checkout", "-q", "FETCH_HEAD",
			    "--", (char *)NULL);
	}
	if (r == 0 && git->submodules)
		r = git_run(git, NULL, err, "submodule", "-q", "update",
			    "--init", "--recursive", "--depth=1", (char *)NULL);
	if (r == 0)
		r = git_run(git, commit, err, "rev-parse", "HEAD",
			    (char *)NULL);
	return r;
}

static int
check_commit(const struct git *git, struct strbuf *commit, struct err *err)
{
	while (commit->len && commit->buf[commit->len - 1] == '\n')
		strbuf_truncate(commit, commit->len - 1);
	if (!git->checksum || text_starts(commit->buf, git->checksum))
		return 0;
	return err_set(err, EBADMSG, "'%s' is at commit %s and not at %s",
		       git->url, commit->buf, git->checksum);
}

int
fetch_git(const struct build_source *source, const char *url, bool keep_git_dir,
	  struct fetched *ret_fetched, struct err *err)
{
	struct store *store = source->store;
	cleanup_release(git_release) struct git git = { .url = NULL };
	cleanup_strbuf struct strbuf commit = STRBUF_INIT;
	struct fetched fetched = { .mtime = -1 };
	mode_t mask;
	int r = parse(&git, url, err);

	if (r < 0)
		return r;
	r = build_secret_auth(source->opts, git.url, true, &git.authorization,
			      err);
	if (r < 0)
		return r;
	fetched.path = fetch_new_path("git");
	git.dir = xasprintf("%s/%s", source->session->paths.data, fetched.path);
	if (mkdirat(store->dirfd, fetched.path, 0755) < 0)
		r = err_sys(err, "make '%s'", fetched.path);
	mask = umask(022);
	if (r == 0)
		r = clone(&git, &commit, err);
	(void)umask(mask);
	if (r == 0)
		r = check_commit(&git, &commit, err);
	if (r == 0 && !keep_git_dir) {
		cleanup_free char *meta = xasprintf("%s/.git", fetched.path);

		r = fsx_remove_tree(store->dirfd, meta, err);
	}
	if (r < 0) {
		fetched_remove(&fetched, store);
		return err_wrap(err, r, "fetch '%s'", url);
	}
	fetched.commit = strbuf_take(&commit);
	fetched.subdir = take_ptr(git.subdir);
	*ret_fetched = fetched;
	return 0;
}
