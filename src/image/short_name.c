/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/short_name.c - what a name without a registry stands for here.
 */
#include "image/short_name.h"

#include "base/alloc.h"
#include "spec/ref.h"

/* @alias with the tag and the digest that were asked for. */
static int
short_name_join(const char *alias, const struct ref *ref, char **ret_text,
		struct err *err)
{
	cleanup_ref struct ref full = REF_INIT;
	cleanup_free char *text = NULL;
	int r;

	text = xasprintf("%s%s%s%s%s", alias, ref->tag ? ":" : "",
			 ref->tag ?: "", ref->digest.text[0] ? "@" : "",
			 ref->digest.text);
	r = ref_parse(text, &full, err);
	if (r < 0)
		return err_wrap(err, r, "alias '%s'", alias);
	*ret_text = take_ptr(text);
	return 0;
}

int
short_name_expand(const struct registries *regs, const char *text,
		  char **ret_text, struct err *err)
{
	cleanup_with(registries_free) struct registries *loaded = NULL;
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	const char *alias;
	int r = ref_parse(text, &ref, err);

	if (r < 0)
		return r;
	if (ref.domain_given) {
		*ret_text = NULL;
		return 0;
	}
	if (!regs) {
		r = registries_load(NULL, &loaded, err);
		if (r < 0)
			return r;
		regs = loaded;
	}
	ref_add_familiar_name(&name, &ref);
	alias = registries_alias(regs, name.buf);
	if (alias)
		return short_name_join(alias, &ref, ret_text, err);
	*ret_text = NULL;
	return 0;
}
