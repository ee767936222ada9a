/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/context_fetch.h - files from elsewhere: the web, archives,
 * repositories.
 *
 * Everything lands below the store's tmp/, under a name of fsx_tmp_name(). The
 * web and archives are read by dhow-transfer, repositories by git(1) of the
 * host, with protocols that could read local files switched off.
 * The caller is outside the user namespace.
 */
#ifndef DHOW_BUILD_CONTEXT_FETCH_H
#define DHOW_BUILD_CONTEXT_FETCH_H

#include "build/build.h"
#include "build/task.h"

struct fetched {
	char *path;           /* below the store: a file, or a directory */
	char *name;           /* of a file, as the web has it; or NULL */
	struct digest digest; /* of a file */
	int64_t mtime;        /* of a file; -1: unknown */
	char *commit;         /* of a repository */
	char *subdir;         /* of it, that was asked for; or NULL */
};

void fetched_release(struct fetched *fetched);
/* Remove what was fetched, then release. */
void fetched_remove(struct fetched *fetched, struct store *store);

/* "tmp/NAME.PID.RANDOM"; the caller frees it. */
char *fetch_new_path(const char *name);

/* With the secrets for the host, if there are any. @tell: may be NULL. */
int fetch_url(const struct build_source *source, const char *url,
	      struct task_link *tell, struct fetched *ret_fetched,
	      struct err *err);

/*
 * Unpack the archive @input (below the store) into the new directory @output.
 * @own: all files belong to the caller; else owners are kept, and those that
 * cannot be set are written to "@output.owners".
 * Returns 0; -EMEDIUMTYPE when it is no archive.
 */
int fetch_extract(struct session *session, const char *input,
		  const char *output, bool own, struct err *err);

/* Does the file begin as an archive, or a compressed one, does? */
bool fetch_is_archive(int fd);

/*
 * Clone "URL[#REF[:SUBDIR]]" or "URL?ref=…&subdir=…" without its history. The
 * sub-directory is a text of the Dockerfile's: nothing says where it leads.
 */
int fetch_git(const struct build_source *source, const char *url,
	      bool keep_git_dir, struct fetched *ret_fetched, struct err *err);

#endif
