/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_rights.c - flags of run about rights, namespaces and limits.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/run_spec.h"
#include "spec/caps_spec.h"
#include "spec/ns_spec.h"
#include "spec/security_spec.h"
#include "spec/sysctl_spec.h"
#include "spec/ulimit_spec.h"
#include "spec/userns_spec.h"

static int
fill_caps(struct container_spec *spec, const struct args *args, struct err *err)
{
	spec->privileged = args_bool(args, "privileged");
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
	spec->seccomp_path = xstrdup_null(security.seccomp_path);
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

static int
fill_sysctls(struct container_spec *spec, const struct strvec *given,
	     struct err *err)
{
	const struct sysctl_shared shared = {
		.net = spec->net_mode == NET_MODE_HOST,
		.ipc = spec->host_ipc,
		.uts = spec->host_uts,
	};

	for (size_t i = 0; i < given->len; i++) {
		struct sysctl_spec sysctl = SYSCTL_SPEC_INIT;
		int r = sysctl_spec_parse(given->v[i], &shared, &sysctl, err);

		if (r == 0)
			strvec_addf(&spec->sysctls, "%s=%s", sysctl.path,
				    sysctl.value);
		sysctl_spec_release(&sysctl);
		if (r < 0)
			return run_spec_bad(err, r, "sysctl", given->v[i]);
	}
	return 0;
}

static int
fill_ulimits(struct container_spec *spec, const struct strvec *given,
	     struct err *err)
{
	struct ulimit_list list = ULIMIT_LIST_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < given->len; i++) {
		r = ulimit_list_add(&list, given->v[i], err);
		if (r < 0)
			r = run_spec_bad(err, r, "ulimit", given->v[i]);
	}
	for (size_t i = 0; i < list.len; i++)
		array_push(spec->rlimits, spec->rlimit_count, spec->rlimit_cap,
			   (struct container_rlimit){ list.items[i].resource,
						      { list.items[i].soft,
							list.items[i].hard } });
	ulimit_list_release(&list);
	return r;
}

static int
fill_limits(struct container_spec *spec, const struct args *args,
	    struct err *err)
{
	int r;

	if (args_given(args, "shm-size"))
		spec->shm_bytes = args_int(args, "shm-size");
	spec->has_oom_score_adj = args_given(args, "oom-score-adj");
	spec->oom_score_adj = (int)args_int(args, "oom-score-adj");
	r = fill_sysctls(spec, args_list(args, "sysctl"), err);
	return r < 0 ? r : fill_ulimits(spec, args_list(args, "ulimit"), err);
}

int
run_spec_rights(struct container_spec *spec, const struct args *args,
		struct err *err)
{
	int r;

	r = fill_caps(spec, args, err);
	if (r == 0)
		r = fill_security(spec, args, err);
	if (r == 0)
		r = fill_namespaces(spec, args, err);
	return r < 0 ? r : fill_limits(spec, args, err);
}
