/* SPDX-License-Identifier: Apache-2.0 */
#include "spec_table.h"

#include "spec/caps_spec.h"
#include "spec/ns_spec.h"
#include "spec/security_spec.h"
#include "spec/sysctl_spec.h"
#include "spec/userns_spec.h"

static int
show_security(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_security_spec struct security_spec s = SECURITY_SPEC_INIT;
	int r = security_spec_apply(&s, text, err);

	if (r < 0)
		return r;
	strbuf_addf(sb, "%d%s%s%s%s%s", (int)s.seccomp, s.seccomp_path ?: "",
		    s.label_disable ? " label-off" : "",
		    s.no_new_privileges ? " nnp" : "",
		    s.systempaths_unconfined ? " paths" : "",
		    s.writable_cgroups ? " cgroups" : "");
	if (s.apparmor)
		strbuf_addf(sb, " apparmor=%s", s.apparmor);
	if (s.proc_opts)
		strbuf_addf(sb, " proc=%s", s.proc_opts);
	if (s.unmask_all)
		strbuf_addstr(sb, " unmask-all");
	for (size_t i = 0; i < s.labels.len; i++)
		strbuf_addf(sb, " label=%s", s.labels.v[i]);
	for (size_t i = 0; i < s.mask.len; i++)
		strbuf_addf(sb, " mask=%s", s.mask.v[i]);
	for (size_t i = 0; i < s.unmask.len; i++)
		strbuf_addf(sb, " unmask=%s", s.unmask.v[i]);
	return 0;
}

Test(spec_security_spec, CVE_2025_65105_no_security_option_is_taken_lightly)
{
	static const struct spec_case cases[] = {
		{ "seccomp=unconfined", "1" },
		{ "seccomp:unconfined", "1" },
		{ "seccomp=builtin", "0" },
		{ "seccomp=/p.json", "2/p.json" },
		{ "seccomp=p=q.json", "2p=q.json" },
		{ "apparmor=unconfined", "0 apparmor=unconfined" },
		{ "apparmor:prof", "0 apparmor=prof" },
		{ "label=disable", "0 label-off" },
		{ "label:disable", "0 label-off" },
		{ "label=type:x_t", "0 label=type:x_t" },
		{ "label=level:s0:c1,c2", "0 label=level:s0:c1,c2" },
		{ "label=nested", "0" },
		{ "no-new-privileges", "0 nnp" },
		{ "no-new-privileges:true", "0 nnp" },
		{ "no-new-privileges=false", "0" },
		{ "systempaths=unconfined", "0 paths" },
		{ "writable-cgroups=true", "0 cgroups" },
		{ "writable-cgroups=false", "0" },
		{ "mask=/a:/b", "0 mask=/a mask=/b" },
		{ "unmask=ALL", "0 unmask-all" },
		{ "unmask=/proc/*", "0 unmask=/proc/*" },
		{ "proc-opts=hidepid=2", "0 proc=hidepid=2" },
		{ "", NULL },
		{ "seccomp", NULL },
		{ "seccomp=", NULL },
		{ "secomp=unconfined", NULL },
		{ "label=user", NULL },
		{ "label=user:", NULL },
		{ "label=colour:red", NULL },
		{ "no-new-privileges=maybe", NULL },
		{ "no-new-privileges=", NULL },
		{ "systempaths=confined", NULL },
		{ "mask=a", NULL },
		{ "unmask=all:x", NULL },
		{ "credentialspec=file://x", NULL },
	};

	spec_check(show_security, cases, ARRAY_LEN(cases));
}

static int
show_ns(int (*parse)(const char *, struct ns_spec *, struct err *),
	const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_ns_spec struct ns_spec spec = NS_SPEC_INIT;
	int r = parse(text, &spec, err);

	if (r >= 0)
		ns_spec_add(sb, &spec);
	return r;
}

static int
show_pid(const char *text, struct strbuf *sb, struct err *err)
{
	return show_ns(ns_spec_parse_pid, text, sb, err);
}

static int
show_ipc(const char *text, struct strbuf *sb, struct err *err)
{
	return show_ns(ns_spec_parse_ipc, text, sb, err);
}

Test(spec_ns_spec, namespaces_follow_their_grammar)
{
	static const struct spec_case pid[] = {
		{ "", "private" },
		{ "private", "private" },
		{ "host", "host" },
		{ "container:web", "container:web" },
		{ "ns:/proc/1/ns/pid", "ns:/proc/1/ns/pid" },
		{ "shareable", NULL },
		{ "none", NULL },
		{ "container:", NULL },
		{ "container:../x", NULL },
		{ "container", NULL },
		{ "ns:", NULL },
		{ "ns:x", NULL },
		{ "hosts", NULL },
		{ "Host", NULL },
	};
	static const struct spec_case ipc[] = {
		{ "shareable", "shareable" },
		{ "none", "none" },
		{ "host", "host" },
		{ "nones", NULL },
	};

	spec_check(show_pid, pid, ARRAY_LEN(pid));
	spec_check(show_ipc, ipc, ARRAY_LEN(ipc));
}

static int
show_userns(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_userns_spec struct userns_spec spec = USERNS_SPEC_INIT;
	int r = userns_spec_parse(text, &spec, err);

	if (r >= 0)
		strbuf_addf(sb, "%d %d %d %d %s", (int)spec.mode, (int)spec.uid,
			    (int)spec.gid, (int)spec.size, spec.target ?: "-");
	return r;
}

Test(spec_userns_spec, user_namespaces_follow_their_grammar)
{
	static const struct spec_case cases[] = {
		{ "", "0 -1 -1 -1 -" },
		{ "private", "0 -1 -1 -1 -" },
		{ "host", "1 -1 -1 -1 -" },
		{ "keep-id", "2 -1 -1 -1 -" },
		{ "keep-id:uid=5,gid=6", "2 5 6 -1 -" },
		{ "keep-id:size=100,uid=0", "2 0 -1 100 -" },
		{ "auto", "3 -1 -1 -1 -" },
		{ "auto:size=10", "3 -1 -1 10 -" },
		{ "nomap", "4 -1 -1 -1 -" },
		{ "host-root", "5 -1 -1 -1 -" },
		{ "container:web", "6 -1 -1 -1 web" },
		{ "ns:/x", "7 -1 -1 -1 /x" },
		{ "keep-id:uid=-1", NULL },
		{ "keep-id:uid", NULL },
		{ "keep-id:uid=", NULL },
		{ "keep-id:uid=4294967296", NULL },
		{ "keep-id:uid=1,uid=2", NULL },
		{ "keep-id:user=1", NULL },
		{ "keep-id:size=0", NULL },
		{ "auto:uid=1", NULL },
		{ "host:x", NULL },
		{ "container", NULL },
		{ "container:", NULL },
		{ "ns:x", NULL },
		{ "keepid", NULL },
	};

	spec_check(show_userns, cases, ARRAY_LEN(cases));
}

static int
show_sysctl(const char *text, struct strbuf *sb, struct err *err)
{
	static const struct sysctl_shared none = { .net = false };
	cleanup_sysctl_spec struct sysctl_spec spec = SYSCTL_SPEC_INIT;
	int r = sysctl_spec_parse(text, &none, &spec, err);

	if (r >= 0)
		strbuf_addf(sb, "%s %s", spec.path, spec.value);
	return r;
}

Test(spec_sysctl_spec, only_a_containers_own_settings_pass)
{
	static const struct spec_case cases[] = {
		{ "net.ipv4.ip_forward=1", "net/ipv4/ip_forward 1" },
		{ "net.ipv4.conf.eth0/1.x=a b", "net/ipv4/conf/eth0.1/x a b" },
		{ "kernel.msgmax=1", "kernel/msgmax 1" },
		{ "kernel.msgmnb=1", "kernel/msgmnb 1" },
		{ "kernel.msgmni=1", "kernel/msgmni 1" },
		{ "kernel.sem=1 2 3 4", "kernel/sem 1 2 3 4" },
		{ "kernel.shmall=1", "kernel/shmall 1" },
		{ "kernel.shmmax=1", "kernel/shmmax 1" },
		{ "kernel.shmmni=1", "kernel/shmmni 1" },
		{ "kernel.shm_rmid_forced=1", "kernel/shm_rmid_forced 1" },
		{ "kernel.domainname=x", "kernel/domainname x" },
		{ "fs.mqueue.msg_max=1", "fs/mqueue/msg_max 1" },
		{ "net.x=", "net/x " },
		{ "", NULL },
		{ "net.x", NULL },
		{ "=1", NULL },
		{ "net=1", NULL },
		{ "net.=1", NULL },
		{ "net..x=1", NULL },
		{ "net.//.x=1", NULL },
		{ "net./x=1", NULL },
		{ "net.x y=1", NULL },
		{ "../net.x=1", NULL },
		{ "kernel.core_pattern=|x", NULL },
		{ "kernel.shmmax2=1", NULL },
		{ "kernel.hostname=x", NULL },
		{ "vm.swappiness=1", NULL },
		{ "fs.file-max=1", NULL },
		{ "networks.x=1", NULL },
	};

	spec_check(show_sysctl, cases, ARRAY_LEN(cases));
}

Test(spec_sysctl_spec, settings_of_a_shared_namespace_are_refused)
{
	static const struct {
		const char *text;
		struct sysctl_shared shared;
	} cases[] = {
		{ "net.x=1", { .net = true } },
		{ "kernel.shmmax=1", { .ipc = true } },
		{ "kernel.domainname=x", { .uts = true } },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sysctl_spec spec;

		cr_expect(eq(int,
			     sysctl_spec_parse(cases[i].text, &cases[i].shared,
					       &spec, NULL),
			     -EACCES),
			  "%s", cases[i].text);
	}
}

/* "add|drop" as comma lists, on Docker's default. */
static int
show_caps(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_strvec struct strvec add = STRVEC_INIT, drop = STRVEC_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_free char *copy = xstrdup(text);
	char *bar = strchr(copy, '|');
	uint64_t set = 0;
	int r;

	*bar = '\0';
	strvec_add(&add, copy);
	strvec_add(&drop, bar + 1);
	r = caps_spec_resolve(caps_spec_default, &add, &drop, &set, err);
	if (set == caps_spec_default)
		strbuf_addstr(sb, "default");
	else if (set == CAPS_SPEC_ALL)
		strbuf_addstr(sb, "all");
	else
		caps_spec_list(set, &names);
	spec_add_list(sb, &names);
	return r;
}

Test(spec_caps_spec, adding_and_dropping_follow_docker)
{
	static const struct spec_case cases[] = {
		{ "|", "default" },
		{ "ALL|", "all" },
		{ "all|ALL", "all" },
		{ "|ALL", "" },
		{ "NET_ADMIN|ALL", "CAP_NET_ADMIN" },
		{ "cap_net_admin,sys_admin|all",
		  "CAP_NET_ADMIN CAP_SYS_ADMIN" },
		{ "CHOWN|chown", "default" },
		{ "mknod|", "default" },
		{ "|CHOWN,DAC_OVERRIDE,FSETID,FOWNER,MKNOD,NET_RAW,SETGID,SETUID,"
		  "SETFCAP,SETPCAP,NET_BIND_SERVICE,SYS_CHROOT,AUDIT_WRITE",
		  "CAP_KILL" },
		{ "BPF,PERFMON,CHECKPOINT_RESTORE|ALL",
		  "CAP_PERFMON CAP_BPF CAP_CHECKPOINT_RESTORE" },
		{ "CHOWM|", NULL },
		{ "|NOPE", NULL },
		{ "1|", NULL },
		{ "CAP_CAP_CHOWN|", NULL },
		{ "CAP_THIS_IS_MUCH_LONGER_THAN_ANY_CAPABILITY|", NULL },
	};

	spec_check(show_caps, cases, ARRAY_LEN(cases));
	cr_expect(eq(int, __builtin_popcountll(caps_spec_default), 14));
}

Test(spec_caps_spec, all_but_one_can_be_had)
{
	struct strvec add = STRVEC_INIT, drop = STRVEC_INIT;
	uint64_t set;

	strvec_add(&add, "ALL");
	strvec_add(&drop, "SYS_ADMIN");
	cr_assert(eq(int, caps_spec_resolve(0, &add, &drop, &set, NULL), 0));
	cr_assert(eq(u64, set, CAPS_SPEC_ALL & ~(UINT64_C(1) << 21)));
	strvec_release(&add);
	strvec_release(&drop);
}
