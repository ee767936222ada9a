/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_rights.c - flags of run about rights and namespaces.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/run_spec.h"
#include "spec/abs_path.h"
#include "spec/caps_spec.h"
#include "spec/ns_spec.h"
#include "spec/security_spec.h"
#include "spec/userns_spec.h"

/* As docker inspect shows them; bad names are refused elsewhere. */
static void
note_caps(struct strvec *noted, const struct strvec *given)
{
	for (size_t i = 0; i < given->len; i++) {
		int cap;

		if (!strcasecmp(given->v[i], "ALL"))
			strvec_add(noted, "ALL");
		else if (caps_spec_parse(given->v[i], &cap, NULL) == 0)
			strvec_add(noted, caps_spec_name(cap));
	}
}

static int
fill_caps(struct container_spec *spec, const struct args *args, struct err *err)
{
	spec->privileged = args_bool(args, "privileged");
	note_caps(&spec->cap_add, args_list(args, "cap-add"));
	note_caps(&spec->cap_drop, args_list(args, "cap-drop"));
	if (spec->privileged) {
		spec->caps = UINT64_MAX;
		return 0;
	}
	return caps_spec_resolve(caps_spec_default, args_list(args, "cap-add"),
				 args_list(args, "cap-drop"), &spec->caps, err);
}

/* An option that this host or dhow cannot apply is an error, never ignored. */
static int
check_security(const struct security_spec *security, struct err *err)
{
	if (security->apparmor && strcmp(security->apparmor, "unconfined") != 0)
		return err_set(
			err, EOPNOTSUPP,
			"--security-opt apparmor: profiles cannot be applied without privileges");
	if (security->labels.len || security->label_nested)
		return err_set(
			err, EOPNOTSUPP,
			"--security-opt label: SELinux labels are not supported");
	if (security->writable_cgroups)
		return err_set(
			err, EOPNOTSUPP,
			"--security-opt writable-cgroups is not supported");
	return 0;
}

static int
fill_security(struct container_spec *spec, const struct args *args,
	      struct err *err)
{
	const struct strvec *given = args_list(args, "security-opt");
	struct security_spec security = SECURITY_SPEC_INIT;
	cleanup_free char *cwd = getcwd(NULL, 0);
	int r = 0;

	for (size_t i = 0; r == 0 && i < given->len; i++) {
		r = security_spec_apply(&security, given->v[i], err);
		if (r < 0)
			r = run_spec_bad(err, r, "security-opt", given->v[i]);
	}
	if (r == 0)
		r = check_security(&security, err);
	spec->no_new_privs = security.no_new_privileges;
	spec->seccomp = security.seccomp;
	strvec_add_all(&spec->security_opts, given);
	if (security.seccomp_path && cwd)
		spec->seccomp_path = abs_path_join(cwd, security.seccomp_path);
	spec->proc_opts = xstrdup_null(security.proc_opts);
	spec->unmasked = security.systempaths_unconfined || security.unmask_all;
	strvec_add_all(&spec->extra_masks, &security.mask);
	strvec_add_all(&spec->unmasks, &security.unmask);
	security_spec_release(&security);
	return r;
}

/* Host or private; @ret_none: ipc's mode without /dev/shm. */
static int
parse_ns(const char *flag, const char *text,
	 int (*parse)(const char *, struct ns_spec *, struct err *),
	 bool *ret_host, bool *ret_none, struct err *err)
{
	struct ns_spec ns = NS_SPEC_INIT;
	int r = parse(text ? text : "", &ns, err);

	if (r == 0 && (ns.mode == NS_MODE_CONTAINER || ns.mode == NS_MODE_PATH))
		r = err_set(err, EOPNOTSUPP,
			    "joining another namespace is not supported");
	*ret_host = ns.mode == NS_MODE_HOST;
	*ret_none = ns.mode == NS_MODE_NONE;
	ns_spec_release(&ns);
	return r < 0 ? run_spec_bad(err, r, flag, text) : 0;
}

static int
fill_userns(struct container_spec *spec, const char *text, struct err *err)
{
	struct userns_spec mode = USERNS_SPEC_INIT;
	int r = userns_spec_parse(text, &mode, err);

	switch (mode.mode) {
	case USERNS_DEFAULT:
		break;
	case USERNS_HOST:
	case USERNS_HOST_ROOT:
		spec->ids_mode = IDS_ROOT;
		break;
	case USERNS_KEEP_ID:
		spec->ids_mode = IDS_KEEP;
		spec->keep_uid = mode.uid >= 0 ? (uint32_t)mode.uid : getuid();
		spec->keep_gid = mode.gid >= 0 ? (uint32_t)mode.gid : getgid();
		break;
	case USERNS_AUTO:
	case USERNS_NOMAP:
	case USERNS_CONTAINER:
	case USERNS_PATH:
	case USERNS_MODE_COUNT:
		if (r == 0)
			r = err_set(err, EOPNOTSUPP,
				    "this mode is not supported");
		err_hint(err, "use private, host, host-root or keep-id");
		break;
	}
	userns_spec_release(&mode);
	return r < 0 ? run_spec_bad(err, r, "userns", text) : 0;
}

static int
fill_namespaces(struct container_spec *spec, const struct args *args,
		struct err *err)
{
	const char *userns = args_str(args, "userns");
	bool none;
	int r;

	r = parse_ns("pid", args_str(args, "pid"), ns_spec_parse_pid,
		     &spec->host_pid, &none, err);
	if (r == 0)
		r = parse_ns("ipc", args_str(args, "ipc"), ns_spec_parse_ipc,
			     &spec->host_ipc, &spec->no_shm, err);
	return r < 0 ? r : fill_userns(spec, userns ? userns : "", err);
}

int
run_spec_rights(struct container_spec *spec, const struct args *args,
		struct err *err)
{
	int r;

	r = fill_caps(spec, args, err);
	if (r == 0)
		r = fill_security(spec, args, err);
	return r < 0 ? r : fill_namespaces(spec, args, err);
}
