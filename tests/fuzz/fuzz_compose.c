/* SPDX-License-Identifier: Apache-2.0 */
/* Any text either becomes a model that prints, or is refused with a story. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "compose/config_print.h"
#include "compose/consistency.h"
#include "compose/loader.h"
#include "compose/normalise.h"
#include "compose/profiles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
finish(struct project *project, struct diag *diag)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_node struct node *printed = NULL;
	cleanup_strvec struct strvec meant = STRVEC_INIT;

	(void)node_need_obj(project->model, "services");
	normalise_model(project->model, "p", &project->env);
	consistency_check_all(project->model, false, diag);
	project->disabled = node_new_obj();
	profiles_apply(project->model, &project->profiles, NULL,
		       project->disabled);
	profiles_check(project->model, project->disabled, diag);
	consistency_check_cycles(project->model, diag);
	if (profiles_select(project, NULL, true, &meant, NULL) == 0)
		consistency_check_host(project->model, &meant, true, diag);
	if (diag->len)
		return;
	project->name = strdup("p");
	printed = config_print_model(project, NULL, true);
	node_write_yaml(&sb, printed);
	assert(sb.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_project struct project project = PROJECT_INIT;
	cleanup_diag struct diag diag = DIAG_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct load load = LOAD_INIT;

	strbuf_add(&text, data, size);
	/* Files of the host are nobody's business here. */
	if (strstr(text.buf, "file") || strstr(text.buf, "include"))
		return 0;
	load.diag = &diag;
	project.model = node_new_obj();
	load_text(&load, span_new(text.buf, text.len), "f", &project.env,
		  project.model);
	finish(&project, &diag);
	for (size_t i = 0; i < diag.len; i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		assert(diag.errors[i].text[0]);
		diag_print(&diag, i, &sb);
	}
	load_release(&load);
	return 0;
}
