/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/profiles.c - which services are on, and which of those are meant.
 *
 * Spec: compose-spec, 15-profiles.md.
 */
#include "compose/profiles.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

static bool
is_on(const struct node *service, const struct strvec *active)
{
	const struct node *profiles = node_get(service, "profiles");

	if (!node_len(profiles) || strvec_has(active, "*"))
		return true;
	for (size_t i = 0; i < node_len(profiles); i++)
		if (strvec_has(active, node_str_or(node_at(profiles, i), "")))
			return true;
	return false;
}

static void
activate_named(const struct node *services, const struct strvec *named,
	       struct strvec *active)
{
	for (size_t i = 0; named && i < named->len; i++) {
		const struct node *service = node_get(services, named->v[i]);

		if (service && !is_on(service, active))
			node_get_strvec(service, "profiles", active);
	}
}

void
profiles_apply(struct node *model, struct strvec *active,
	       const struct strvec *named, struct node *disabled)
{
	struct node *services = node_get(model, "services");

	activate_named(services, named, active);
	for (size_t i = 0; i < node_len(services);) {
		cleanup_free char *name = xstrdup(node_key_at(services, i));

		if (is_on(node_value_at(services, i), active))
			i++;
		else
			node_set(disabled, name, node_take_at(services, i));
	}
}

void
profiles_check(struct node *model, const struct node *disabled,
	       struct diag *diag)
{
	const struct node *services = node_get(model, "services");

	for (size_t i = 0; i < node_len(services); i++) {
		struct node *depends =
			node_get(node_value_at(services, i), "depends_on");

		for (size_t k = 0; k < node_len(depends);) {
			const struct node *how = node_value_at(depends, k);
			cleanup_free char *name =
				xstrdup(node_key_at(depends, k));

			if (!node_get(disabled, name)) {
				k++;
				continue;
			}
			if (node_get_bool(how, "required", true)) {
				diag_at(diag, how,
					"service '%s' depends on '%s', whose profiles are off",
					node_key_at(services, i), name);
				diag_hint(diag, "turn one on with --profile");
			}
			(void)node_del(depends, name);
		}
		if (depends && !node_len(depends))
			(void)node_del(node_value_at(services, i),
				       "depends_on");
	}
}

static void
mark(const struct node *services, const char *name, bool with_deps,
     struct map *marked)
{
	const struct node *depends =
		node_get(node_get(services, name), "depends_on");

	if (map_has(marked, name))
		return;
	(void)map_set(marked, name, marked);
	for (size_t i = 0; with_deps && i < node_len(depends); i++)
		if (node_get(services, node_key_at(depends, i)))
			mark(services, node_key_at(depends, i), true, marked);
}

static int
no_such_service(const struct node *services, const char *name, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const char *near;

	for (size_t i = 0; i < node_len(services); i++)
		strvec_add(&names, node_key_at(services, i));
	near = text_nearest(name, (const char *const *)strvec_argv(&names));
	(void)err_set(err, EINVAL, "no such service: %s", name);
	if (near)
		err_hint(err, "did you mean '%s'?", near);
	return -EINVAL;
}

int
profiles_select(const struct project *project, const struct strvec *names,
		bool with_deps, struct strvec *selected, struct err *err)
{
	const struct node *services = project_services(project);
	struct map marked = MAP_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && names && i < names->len; i++) {
		if (node_get(services, names->v[i]))
			mark(services, names->v[i], with_deps, &marked);
		else
			r = no_such_service(services, names->v[i], err);
	}
	for (size_t i = 0; r == 0 && i < node_len(services); i++) {
		const char *name = node_key_at(services, i);

		if (!names || !names->len || map_has(&marked, name))
			strvec_add(selected, name);
	}
	map_release(&marked);
	return r;
}
