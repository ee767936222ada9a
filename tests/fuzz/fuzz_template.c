/* SPDX-License-Identifier: Apache-2.0 */
/* Any template either fails with a story or ends, on typed data and not. */
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "data/template.h"

static const char json[] =
	"{\"ID\":\"0123\",\"N\":3,\"F\":0.5,\"B\":true,\"Z\":null,"
	"\"L\":[\"a\",\"b\"],\"Labels\":{\"k\":\"v\"},\"O\":{\"X\":[{}]}}";

static int
fuzz_method(void *arg, const struct node *receiver, const char *name,
	    const struct node *const *args, size_t arg_count,
	    struct node **ret_value, struct err *err)
{
	if (arg_count != 1)
		return -ENOENT;
	*ret_value = node_clone(args[0]);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const maps[] = { "Labels", NULL };
	const struct template_opts typed = {
		.is_typed = true,
		.map_fields = maps,
		.method = fuzz_method,
	};
	cleanup_with(template_free) struct template *tmpl = NULL;
	cleanup_node struct node *root = NULL;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;

	strbuf_add(&text, data, size);
	assert(!node_parse_json(span_of(json), "root", &root, NULL));
	if (template_parse(text.buf, &tmpl, &err) < 0) {
		assert(err.code && err.text[0] && !tmpl);
		return 0;
	}
	for (int i = 0; i < 2; i++) {
		cleanup_strbuf struct strbuf out = STRBUF_INIT;

		err_reset(&err);
		if (template_exec(tmpl, root, i ? &typed : NULL, &out, &err))
			assert(err.code && err.text[0]);
	}
	return 0;
}
