/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/security_spec.h - --security-opt KEY=VALUE or KEY:VALUE.
 *
 * What is parsed here must be applied or refused by who starts the container:
 * a security option never goes without effect (CVE-2025-65105).
 */
#ifndef DHOW_SPEC_SECURITY_SPEC_H
#define DHOW_SPEC_SECURITY_SPEC_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strvec.h"

enum security_seccomp {
	SECURITY_SECCOMP_BUILTIN,
	SECURITY_SECCOMP_UNCONFINED,
	SECURITY_SECCOMP_FILE,
};

struct security_spec {
	enum security_seccomp seccomp;
	char *seccomp_path; /* of FILE */
	char *apparmor;     /* NULL: nothing said; or "unconfined" */
	bool label_disable; /* SELinux: no separation */
	bool label_nested;
	struct strvec labels; /* "user:…", "role:…", "type:…", … */
	bool no_new_privileges;
	bool systempaths_unconfined; /* nothing masked, nothing read-only */
	bool writable_cgroups;
	struct strvec mask;   /* absolute paths */
	struct strvec unmask; /* absolute paths or patterns */
	bool unmask_all;
	char *proc_opts; /* mount options of /proc, "hidepid=2" */
};

#define SECURITY_SPEC_INIT           \
	{                            \
		.seccomp_path = NULL \
	}
#define cleanup_security_spec cleanup_release(security_spec_release)

/* Apply one option on what is there. Returns 0 or -EINVAL. */
int security_spec_apply(struct security_spec *spec, const char *text,
			struct err *err);
void security_spec_release(struct security_spec *spec);

#endif
