/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/choice.c - one word out of a fixed list.
 */
#include "spec/choice.h"

#include <errno.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

int
choice_find(const char *what, const char *word, const char *const *names,
	    struct err *err)
{
	cleanup_strbuf struct strbuf all = STRBUF_INIT;
	const char *near;

	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], word))
			return i;
	near = text_nearest(word, names);
	(void)err_set(err, EINVAL, "unknown %s '%s'", what, word);
	if (near) {
		err_hint(err, "did you mean '%s'?", near);
		return -EINVAL;
	}
	for (int i = 0; names[i]; i++)
		strbuf_addf(&all, "%s%s", i ? ", " : "", names[i]);
	err_hint(err, "one of: %s", all.buf);
	return -EINVAL;
}
