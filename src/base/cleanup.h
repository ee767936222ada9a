/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/cleanup.h - what is owned is released when its variable ends.
 */
#ifndef DHOW_BASE_CLEANUP_H
#define DHOW_BASE_CLEANUP_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void
cleanup_free_p(void *p)
{
	free(*(void **)p);
}

/* Closing never changes errno, so a failing path may report it afterwards. */
static inline void
cleanup_close_p(const int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	errno = saved;
}

static inline void
cleanup_closedir_p(DIR **dir)
{
	if (*dir)
		(void)closedir(*dir);
}

static inline void
cleanup_fclose_p(FILE **file)
{
	if (*file)
		(void)fclose(*file);
}

#define cleanup_free __attribute__((cleanup(cleanup_free_p)))
#define cleanup_close __attribute__((cleanup(cleanup_close_p)))
#define cleanup_closedir __attribute__((cleanup(cleanup_closedir_p)))
#define cleanup_fclose __attribute__((cleanup(cleanup_fclose_p)))

/* For a pointer whose type has DEFINE_CLEANUP(struct x *, x_free). */
#define cleanup_with(fn) __attribute__((cleanup(fn##_cleanup)))
#define DEFINE_CLEANUP(type, fn)                 \
	static inline void fn##_cleanup(type *p) \
	{                                        \
		if (*p)                          \
			fn(*p);                  \
	}                                        \
	struct cleanup_semicolon

/* For a struct in the caller's memory: cleanup_release(strbuf_release). */
#define cleanup_release(fn) __attribute__((cleanup(fn)))

/* Move a pointer or an fd out of its variable; what stays behind is empty. */
#define take_ptr(p)                                \
	({                                         \
		__typeof__(p) *take_at_ = &(p);    \
		__typeof__(p) take_v_ = *take_at_; \
		*take_at_ = NULL;                  \
		take_v_;                           \
	})
#define take_fd(fd)                      \
	({                               \
		int *take_at_ = &(fd);   \
		int take_v_ = *take_at_; \
		*take_at_ = -EBADF;      \
		take_v_;                 \
	})

#endif
