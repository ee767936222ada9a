/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/ns_spec.c - --pid, --ipc, --uts, --cgroupns: whose namespace.
 */
#include "spec/ns_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "spec/name_spec.h"

#define NS_BIT(mode) (1U << (mode))
#define NS_PLAIN (NS_BIT(NS_MODE_PRIVATE) | NS_BIT(NS_MODE_HOST))
#define NS_TARGETS (NS_BIT(NS_MODE_CONTAINER) | NS_BIT(NS_MODE_PATH))
#define NS_IPC (NS_BIT(NS_MODE_SHAREABLE) | NS_BIT(NS_MODE_NONE))

/* Those that end in a colon are followed by a target. */
static const char *const ns_words[NS_MODE_COUNT] = {
	[NS_MODE_PRIVATE] = "private",      [NS_MODE_HOST] = "host",
	[NS_MODE_CONTAINER] = "container:", [NS_MODE_PATH] = "ns:",
	[NS_MODE_SHAREABLE] = "shareable",  [NS_MODE_NONE] = "none",
};

static int
ns_complain(const char *what, const char *text, unsigned int modes,
	    struct err *err)
{
	cleanup_strbuf struct strbuf list = STRBUF_INIT;

	for (int i = 0; i < NS_MODE_COUNT; i++)
		if (modes & NS_BIT(i))
			strbuf_addf(&list, "%s%s%s", list.len ? ", " : "",
				    ns_words[i],
				    i == NS_MODE_CONTAINER ? "NAME"
				    : i == NS_MODE_PATH    ? "/PATH"
							   : "");
	(void)err_set(err, EINVAL, "invalid %s mode '%s'", what, text);
	err_hint(err, "one of: %s", list.buf);
	return -EINVAL;
}

static int
ns_check_target(enum ns_mode mode, const char *target, struct err *err)
{
	if (mode == NS_MODE_CONTAINER)
		return name_spec_check("container name", target, err);
	return *target == '/' ? 0
			      : err_set(err, EINVAL,
					"path '%s' is not absolute", target);
}

static int
ns_parse(const char *what, const char *text, unsigned int modes,
	 struct ns_spec *ret_spec, struct err *err)
{
	struct ns_spec spec = NS_SPEC_INIT;

	if (!*text)
		text = ns_words[NS_MODE_PRIVATE];
	for (int i = 0; i < NS_MODE_COUNT; i++) {
		const char *target = text_after(text, ns_words[i]);
		bool wants_target = NS_TARGETS & NS_BIT(i);
		int r;

		if (!(modes & NS_BIT(i)) || !target ||
		    (*target && !wants_target))
			continue;
		spec.mode = (enum ns_mode)i;
		if (wants_target) {
			r = ns_check_target(spec.mode, target, err);
			if (r < 0)
				return err_wrap(err, r, "%s mode '%s'", what,
						text);
			spec.target = xstrdup(target);
		}
		*ret_spec = spec;
		return 0;
	}
	return ns_complain(what, text, modes, err);
}

int
ns_spec_parse_pid(const char *text, struct ns_spec *ret_spec, struct err *err)
{
	return ns_parse("pid", text, NS_PLAIN | NS_TARGETS, ret_spec, err);
}

int
ns_spec_parse_ipc(const char *text, struct ns_spec *ret_spec, struct err *err)
{
	return ns_parse("ipc", text, NS_PLAIN | NS_TARGETS | NS_IPC, ret_spec,
			err);
}

int
ns_spec_parse_uts(const char *text, struct ns_spec *ret_spec, struct err *err)
{
	return ns_parse("uts", text, NS_PLAIN | NS_TARGETS, ret_spec, err);
}

int
ns_spec_parse_cgroup(const char *text, struct ns_spec *ret_spec,
		     struct err *err)
{
	return ns_parse("cgroupns", text, NS_PLAIN | NS_TARGETS, ret_spec, err);
}

void
ns_spec_release(struct ns_spec *spec)
{
	free(spec->target);
	*spec = (struct ns_spec)NS_SPEC_INIT;
}

void
ns_spec_add(struct strbuf *sb, const struct ns_spec *spec)
{
	strbuf_addf(sb, "%s%s", ns_words[spec->mode], spec->target ?: "");
}
