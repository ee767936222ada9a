/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/image_config.h"

/* The config after @changes, '\n' between them, as JSON or "refused". */
static char *
changed(const char *before, const char *changes)
{
	cleanup_strvec struct strvec list = STRVEC_INIT;
	cleanup_node struct node *config = NULL;
	struct strbuf sb = STRBUF_INIT;

	cr_assert(eq(int, node_parse_json(span_of(before), "x", &config, NULL),
		     0));
	strvec_split(&list, changes, "\n");
	if (image_config_change_all(config, &list, NULL) < 0)
		return xstrdup("refused");
	node_write_json(&sb, config, NODE_COMPACT);
	return strbuf_take(&sb);
}

Test(spec_image_change, each_instruction_changes_its_member)
{
	static const struct {
		const char *before, *change, *want;
	} cases[] = {
		{ "{}", "CMD [\"a\", \"b\"]", "{\"Cmd\":[\"a\",\"b\"]}" },
		{ "{}", "cmd echo  hi",
		  "{\"Cmd\":[\"/bin/sh\",\"-c\",\"echo  hi\"]}" },
		{ "{}", "CMD=[\"a\"]", "{\"Cmd\":[\"a\"]}" },
		{ "{}", "CMD [\"a\", 1]",
		  "{\"Cmd\":[\"/bin/sh\",\"-c\",\"[\\\"a\\\", 1]\"]}" },
		{ "{\"Shell\":[\"/bin/bash\",\"-c\"]}", "CMD x",
		  "{\"Shell\":[\"/bin/bash\",\"-c\"],\"Cmd\":[\"/bin/bash\",\"-c\",\"x\"]}" },
		{ "{\"Cmd\":[\"x\"]}", "ENTRYPOINT [\"/e\"]",
		  "{\"Entrypoint\":[\"/e\"]}" },
		{ "{\"Cmd\":[\"x\"]}", "CMD [\"y\"]\nENTRYPOINT [\"/e\"]",
		  "{\"Cmd\":[\"y\"],\"Entrypoint\":[\"/e\"]}" },
		{ "{\"Env\":[\"A=1\",\"B=2\"]}", "ENV A=3 C='x y' D=\"q\\\"r\"",
		  "{\"Env\":[\"A=3\",\"B=2\",\"C=x y\",\"D=q\\\"r\"]}" },
		{ "{}", "ENV A the rest = all",
		  "{\"Env\":[\"A=the rest = all\"]}" },
		{ "{}", "LABEL a.b=c \"d e\"=f",
		  "{\"Labels\":{\"a.b\":\"c\",\"d e\":\"f\"}}" },
		{ "{}", "EXPOSE 80 53/udp 90-91",
		  "{\"ExposedPorts\":{\"80/tcp\":{},\"53/udp\":{},\"90/tcp\":{},\"91/tcp\":{}}}" },
		{ "{}", "HEALTHCHECK NONE",
		  "{\"Healthcheck\":{\"Test\":[\"NONE\"]}}" },
		{ "{}",
		  "HEALTHCHECK --interval=5s --retries=3 CMD curl -f localhost",
		  "{\"Healthcheck\":{\"Interval\":5000000000,\"Retries\":3,\"Test\":[\"CMD-SHELL\",\"curl -f localhost\"]}}" },
		{ "{}", "HEALTHCHECK CMD [\"true\"]",
		  "{\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"]}}" },
		{ "{}", "ONBUILD RUN x\nONBUILD COPY a b",
		  "{\"OnBuild\":[\"RUN x\",\"COPY a b\"]}" },
		{ "{}", "SHELL [\"/bin/bash\",\"-c\"]",
		  "{\"Shell\":[\"/bin/bash\",\"-c\"]}" },
		{ "{}", "STOPSIGNAL SIGQUIT", "{\"StopSignal\":\"SIGQUIT\"}" },
		{ "{}", "USER app:1", "{\"User\":\"app:1\"}" },
		{ "{}", "VOLUME /a /b", "{\"Volumes\":{\"/a\":{},\"/b\":{}}}" },
		{ "{}", "VOLUME [\"/a b\"]", "{\"Volumes\":{\"/a b\":{}}}" },
		{ "{\"WorkingDir\":\"/a\"}", "WORKDIR b/../c/",
		  "{\"WorkingDir\":\"/a/c\"}" },
		{ "{}", "WORKDIR x", "{\"WorkingDir\":\"/x\"}" },
		{ "{}", "FROM x", "refused" },
		{ "{}", "RUN x", "refused" },
		{ "{}", "CMD", "refused" },
		{ "{}", "  ", "refused" },
		{ "{}", "ENV A", "refused" },
		{ "{}", "ENV A=1 B", "refused" },
		{ "{}", "ENV =1", "refused" },
		{ "{}", "ENV A='x", "refused" },
		{ "{}", "EXPOSE 0", "{\"ExposedPorts\":{\"0/tcp\":{}}}" },
		{ "{}", "EXPOSE 80/x", "refused" },
		{ "{}", "HEALTHCHECK curl", "refused" },
		{ "{}", "HEALTHCHECK CMDx", "refused" },
		{ "{}", "HEALTHCHECK --often=1s CMD x", "refused" },
		{ "{}", "HEALTHCHECK --interval=-1s CMD x", "refused" },
		{ "{}", "HEALTHCHECK --interval CMD x", "refused" },
		{ "{}", "ONBUILD ONBUILD RUN x", "refused" },
		{ "{}", "ONBUILD from x", "refused" },
		{ "{}", "SHELL bash", "refused" },
		{ "{}", "STOPSIGNAL SIGNOPE", "refused" },
		{ "{}", "USER a b", "refused" },
		{ "{}", "VOLUME [\"\"]", "refused" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *got = changed(cases[i].before, cases[i].change);

		cr_expect(eq(str, got, (char *)cases[i].want), "%s",
			  cases[i].change);
		free(got);
	}
}

Test(spec_image_change, a_refusal_names_the_instruction)
{
	cleanup_node struct node *config = node_new_obj();
	struct err err = ERR_INIT;

	cr_assert(eq(int, image_config_change(config, "EXPOSE x", &err),
		     -EINVAL));
	cr_assert(eq(int, strncmp(err.text, "EXPOSE: ", 8), 0));
	err_reset(&err);
	cr_assert(eq(int, image_config_change(config, "EXPOS 80", &err),
		     -EINVAL));
	cr_assert(eq(str, err.hint, (char *)"did you mean 'EXPOSE'?"));
}
