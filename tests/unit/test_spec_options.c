/* SPDX-License-Identifier: Apache-2.0 */
/* One table for each small grammar: what is accepted comes back as text. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "spec/caps_spec.h"
#include "spec/detach_keys.h"
#include "spec/device_spec.h"
#include "spec/entrypoint_spec.h"
#include "spec/gpu_spec.h"
#include "spec/host_spec.h"
#include "spec/log_spec.h"
#include "spec/ns_spec.h"
#include "spec/restart_spec.h"
#include "spec/security_spec.h"
#include "spec/sysctl_spec.h"
#include "spec/ulimit_spec.h"
#include "spec/userns_spec.h"

struct option_case {
	const char *text, *want; /* NULL: refused */
};

/* Show @text as parsed, into @sb; the parser's return value. */
typedef int show_fn(const char *text, struct strbuf *sb, struct err *err);

static void
check(show_fn *show, const struct option_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		struct err err = ERR_INIT;
		int r = show(cases[i].text, &sb, &err);

		cr_expect(eq(int, r == 0, cases[i].want != NULL), "'%s': %s",
			  cases[i].text, err.text);
		if (r < 0)
			cr_expect(eq(int, err.code, -r), "'%s'", cases[i].text);
		else if (cases[i].want)
			cr_expect(eq(str, sb.buf, (char *)cases[i].want),
				  "'%s'", cases[i].text);
	}
}

static void
add_json(struct strbuf *sb, struct node *node)
{
	node_write_json(sb, node, NODE_COMPACT);
	node_free(node);
}

static void
add_list(struct strbuf *sb, const struct strvec *list)
{
	for (size_t i = 0; i < list->len; i++)
		strbuf_addf(sb, "%s%s", i ? " " : "", list->v[i]);
}

static int
show_restart(const char *text, struct strbuf *sb, struct err *err)
{
	struct restart_spec spec, back;
	cleanup_node struct node *node = NULL;
	int r = restart_spec_parse(text, &spec, err);

	if (r < 0)
		return r;
	node = restart_spec_to_node(&spec);
	cr_expect(eq(int, restart_spec_from_node(node, &back, NULL), 0));
	strbuf_addf(sb, "%s %d", restart_policy_name(back.policy),
		    back.max_retries);
	return 0;
}

Test(spec_restart_spec, restart_policies_follow_their_grammar)
{
	static const struct option_case cases[] = {
		{ "", "no 0" },
		{ "no", "no 0" },
		{ "always", "always 0" },
		{ "unless-stopped", "unless-stopped 0" },
		{ "on-failure", "on-failure 0" },
		{ "on-failure:3", "on-failure 3" },
		{ "on-failure:", NULL },
		{ "on-failure:-1", NULL },
		{ "on-failure:x", NULL },
		{ "on-failure:3:3", NULL },
		{ "always:3", NULL },
		{ "Always", NULL },
		{ "sometimes", NULL },
	};

	check(show_restart, cases, ARRAY_LEN(cases));
}

static int
show_hosts(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_strvec struct strvec hosts = STRVEC_INIT;
	int r = host_spec_parse(text, &hosts, err);

	cr_expect(r >= 0 || hosts.len == 0);
	add_list(sb, &hosts);
	return r;
}

Test(spec_host_spec, extra_hosts_follow_their_grammar)
{
	static const struct option_case cases[] = {
		{ "a:1.2.3.4", "a:1.2.3.4" },
		{ "a=1.2.3.4", "a:1.2.3.4" },
		{ "a:::1", "a:::1" },
		{ "a:[::1]", "a:::1" },
		{ "a=[2001:db8::1]", "a:2001:db8::1" },
		{ "a.b-c_d:host-gateway", "a.b-c_d:host-gateway" },
		{ "a;b:1.2.3.4", "a:1.2.3.4 b:1.2.3.4" },
		{ "", NULL },
		{ "a", NULL },
		{ "a:", NULL },
		{ ":1.2.3.4", NULL },
		{ ";:1.2.3.4", NULL },
		{ "a:1.2.3", NULL },
		{ "a:1.2.3.4.5", NULL },
		{ "a:host", NULL },
		{ "a:[::1", NULL },
		{ "a:[]", NULL },
		{ "a b:1.2.3.4", NULL },
		{ "a\n1.1.1.1 evil:1.2.3.4", NULL },
		{ "a#:1.2.3.4", NULL },
		{ "-a:1.2.3.4", NULL },
	};

	check(show_hosts, cases, ARRAY_LEN(cases));
}

Test(spec_host_spec, a_recorded_host_is_cut_at_its_first_colon)
{
	size_t len;

	cr_assert(
		eq(str, (char *)host_spec_ip("web:::1", &len), (char *)"::1"));
	cr_assert(eq(sz, len, 3));
}

static int
show_detach(const char *text, struct strbuf *sb, struct err *err)
{
	struct detach_keys keys;
	int r = detach_keys_parse(text, &keys, err);

	for (size_t i = 0; r >= 0 && i < keys.len; i++)
		strbuf_addf(sb, "%s%02x", i ? " " : "", keys.bytes[i]);
	return r;
}

Test(spec_detach_keys, keys_become_the_bytes_a_terminal_sends)
{
	static const struct option_case cases[] = {
		{ "ctrl-p,ctrl-q", "10 11" },
		{ "", "" },
		{ "a", "61" },
		{ "A,~,-", "41 7e 2d" },
		{ "ctrl-a,ctrl-z", "01 1a" },
		{ "ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_",
		  "00 1b 1c 1d 1e 1f" },
		{ "ctrl-A", NULL },
		{ "ctrl-", NULL },
		{ "ctrl-1", NULL },
		{ "ctrl-pp", NULL },
		{ "ctl-p", NULL },
		{ "ab", NULL },
		{ "a,", NULL },
		{ ",a", NULL },
		{ " ", NULL },
		{ "\xc3\xa9", NULL },
		{ "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a", NULL },
	};

	check(show_detach, cases, ARRAY_LEN(cases));
}

static int
show_ulimit(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_ulimit_list struct ulimit_list list = ULIMIT_LIST_INIT;
	cleanup_ulimit_list struct ulimit_list back = ULIMIT_LIST_INIT;
	cleanup_node struct node *node = NULL;
	int r = ulimit_list_add(&list, text, err);

	if (r < 0)
		return r;
	node = ulimit_list_to_node(&list);
	cr_expect(eq(int, ulimit_list_from_node(node, &back, NULL), 0));
	strbuf_addstr(sb, list.host ? "host " : "");
	add_json(sb, ulimit_list_to_node(&back));
	return 0;
}

#define LIMIT(name, hard, soft) \
	"[{\"Name\":\"" name "\",\"Hard\":" hard ",\"Soft\":" soft "}]"

Test(spec_ulimit_spec, limits_follow_their_grammar)
{
	static const struct option_case cases[] = {
		{ "nofile=1024:4096", LIMIT("nofile", "4096", "1024") },
		{ "nofile=1024", LIMIT("nofile", "1024", "1024") },
		{ "core=-1", LIMIT("core", "-1", "-1") },
		{ "core=0:-1", LIMIT("core", "-1", "0") },
		{ "rttime=5:5", LIMIT("rttime", "5", "5") },
		{ "host", "host []" },
		{ "", NULL },
		{ "nofile", NULL },
		{ "nofile=", NULL },
		{ "nofile=2:1", NULL },
		{ "nofile=-1:1", NULL },
		{ "nofile=-2", NULL },
		{ "nofile=1:", NULL },
		{ "nofile=1:2:3", NULL },
		{ "nofile=1k", NULL },
		{ "NOFILE=1", NULL },
		{ "as=1", NULL },
		{ "=1", NULL },
		{ "nofile=99999999999999999999", NULL },
	};

	check(show_ulimit, cases, ARRAY_LEN(cases));
}

Test(spec_ulimit_spec, the_last_limit_of_a_name_counts)
{
	cleanup_ulimit_list struct ulimit_list list = ULIMIT_LIST_INIT;

	cr_assert(eq(int, ulimit_list_add(&list, "nofile=1", NULL), 0));
	cr_assert(eq(int, ulimit_list_add(&list, "nofile=2", NULL), 0));
	cr_assert(eq(sz, list.len, 1));
	cr_assert(eq(u64, list.items[0].soft, 2));
}

static int
show_device(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_device_spec struct device_spec spec = DEVICE_SPEC_INIT;
	cleanup_device_spec struct device_spec back = DEVICE_SPEC_INIT;
	cleanup_node struct node *node = NULL;
	int r = device_spec_parse(text, &spec, err);

	if (r < 0)
		return r;
	if (spec.is_cdi) {
		strbuf_addf(sb, "cdi %s", spec.host);
		return 0;
	}
	node = device_spec_to_node(&spec);
	cr_expect(eq(int, device_spec_from_node(node, &back, NULL), 0));
	strbuf_addf(sb, "%s %s %s", back.host, back.container, back.perms);
	return 0;
}

Test(spec_device_spec, devices_follow_their_grammar)
{
	static const struct option_case cases[] = {
		{ "/dev/fuse", "/dev/fuse /dev/fuse rwm" },
		{ "/dev/fuse:r", "/dev/fuse /dev/fuse r" },
		{ "/dev/fuse:mrw", "/dev/fuse /dev/fuse mrw" },
		{ "/dev/sda:/dev/xvda", "/dev/sda /dev/xvda rwm" },
		{ "/dev/sda:/dev/xvda:rw", "/dev/sda /dev/xvda rw" },
		{ "/dev/snd/", "/dev/snd /dev/snd rwm" },
		{ "nvidia.com/gpu=all", "cdi nvidia.com/gpu=all" },
		{ "v/c=0:1", "cdi v/c=0:1" },
		{ "", NULL },
		{ "fuse", NULL },
		{ "/dev/fuse:", NULL },
		{ "/dev/fuse:x", NULL },
		{ "/dev/fuse:rr", NULL },
		{ "/dev/a:/dev/b:", NULL },
		{ "/dev/a:/dev/b:rwx", NULL },
		{ "/dev/a:b:rwm", NULL },
		{ "/dev/a:/dev/b:rw:m", NULL },
		{ "vendor/class", NULL },
		{ "vendor/class=", NULL },
		{ "1vendor/class=a", NULL },
		{ "vendor/class-=a", NULL },
		{ "vendor/cl/ass=a", NULL },
		{ "vendor=class/a", NULL },
	};

	check(show_device, cases, ARRAY_LEN(cases));
}

static int
show_rule(const char *text, struct strbuf *sb, struct err *err)
{
	return device_spec_check_rule(text, err);
}

Test(spec_device_spec, cgroup_rules_follow_their_grammar)
{
	static const struct option_case cases[] = {
		{ "c 10:200 rwm", "" }, { "a *:* r", "" },
		{ "b 8:* mw", "" },     { "", NULL },
		{ "c 10:200", NULL },   { "c 10:200 ", NULL },
		{ "d 10:200 r", NULL }, { "cc 1:1 r", NULL },
		{ "c 10 r", NULL },     { "c x:1 r", NULL },
		{ "c 1:1 rx", NULL },   { "c 1:1 rwmr", NULL },
		{ "c 1:-1 r", NULL },
	};

	check(show_rule, cases, ARRAY_LEN(cases));
}

static int
show_gpus(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_gpu_spec struct gpu_spec spec = GPU_SPEC_INIT;
	int r = gpu_spec_parse(text, &spec, err);

	if (r >= 0)
		add_json(sb, gpu_spec_to_node(&spec));
	return r;
}

#define GPUS(driver, count, ids, caps, options)                              \
	"{\"Driver\":\"" driver "\",\"Count\":" count ",\"DeviceIDs\":[" ids \
	"],\"Capabilities\":[[" caps "]],\"Options\":{" options "}}"

Test(spec_gpu_spec, gpu_requests_follow_their_grammar)
{
	static const struct option_case cases[] = {
		{ "all", GPUS("", "-1", "", "\"gpu\"", "") },
		{ "2", GPUS("", "2", "", "\"gpu\"", "") },
		{ "count=all", GPUS("", "-1", "", "\"gpu\"", "") },
		{ "driver=nvidia", GPUS("nvidia", "1", "", "\"gpu\"", "") },
		{ "device=GPU-1", GPUS("", "0", "\"GPU-1\"", "\"gpu\"", "") },
		{ "\"device=0,1\"",
		  GPUS("", "0", "\"0\",\"1\"", "\"gpu\"", "") },
		{ "all,\"capabilities=compute,gpu\"",
		  GPUS("", "-1", "", "\"compute\",\"gpu\"", "") },
		{ "1,capabilities=utility,options=a=b",
		  GPUS("", "1", "", "\"utility\",\"gpu\"", "\"a\":\"b\"") },
		{ "", NULL },
		{ "some", NULL },
		{ "-2", NULL },
		{ "1,2", NULL },
		{ "1,count=2", NULL },
		{ "count=1,device=0", NULL },
		{ "driver=a,driver=b", NULL },
		{ "driver=", NULL },
		{ "vendor=x", NULL },
		{ "options=a", NULL },
		{ "\"device=0,1", NULL },
	};

	check(show_gpus, cases, ARRAY_LEN(cases));
}

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
	static const struct option_case cases[] = {
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

	check(show_security, cases, ARRAY_LEN(cases));
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
	static const struct option_case pid[] = {
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
	static const struct option_case ipc[] = {
		{ "shareable", "shareable" },
		{ "none", "none" },
		{ "host", "host" },
		{ "nones", NULL },
	};

	check(show_pid, pid, ARRAY_LEN(pid));
	check(show_ipc, ipc, ARRAY_LEN(ipc));
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
	static const struct option_case cases[] = {
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

	check(show_userns, cases, ARRAY_LEN(cases));
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
	static const struct option_case cases[] = {
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

	check(show_sysctl, cases, ARRAY_LEN(cases));
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

/* "driver opt opt" */
static int
show_log(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_log_spec struct log_spec spec = LOG_SPEC_INIT;
	cleanup_log_spec struct log_spec back = LOG_SPEC_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	cleanup_free char *driver = NULL;
	cleanup_node struct node *node = NULL;
	int r;

	strvec_split(&words, text, " ");
	driver = xstrdup(words.len ? words.v[0] : "");
	if (words.len)
		strvec_remove(&words, 0);
	r = log_spec_parse(driver, &words, &spec, err);
	if (r < 0)
		return r;
	node = log_spec_to_node(&spec);
	cr_expect(eq(int, log_spec_from_node(node, &back, NULL), 0));
	strbuf_addf(sb, "%s %lld %d %d %s %s ", log_driver_name(back.driver),
		    (long long)back.max_size_bytes, back.max_files,
		    back.compress, back.tag ?: "-", back.path ?: "-");
	add_list(sb, &back.opts);
	return 0;
}

Test(spec_log_spec, log_options_follow_their_driver)
{
	static const struct option_case cases[] = {
		{ "", "json-file 0 1 0 - - " },
		{ "json-file max-size=1m max-file=3 compress=true",
		  "json-file 1048576 3 1 - - max-size=1m max-file=3 compress=true" },
		{ "k8s-file path=/x tag=t",
		  "k8s-file 0 1 0 t /x path=/x tag=t" },
		{ "journald tag=t labels=a,b env=C",
		  "journald 0 1 0 t - tag=t labels=a,b env=C" },
		{ "local max-file=2", "local 0 2 0 - - max-file=2" },
		{ "json-file max-size=-1", "json-file 0 1 0 - - max-size=-1" },
		{ "none", "none 0 1 0 - - " },
		{ "passthrough", "passthrough 0 1 0 - - " },
		{ "syslog", NULL },
		{ "json-files", NULL },
		{ "none max-size=1m", NULL },
		{ "journald max-size=1m", NULL },
		{ "json-file max-size", NULL },
		{ "json-file max-size=x", NULL },
		{ "json-file max-size=1m max-file=0", NULL },
		{ "json-file max-file=3", NULL },
		{ "json-file compress=x", NULL },
		{ "json-file path=x", NULL },
		{ "json-file colour=red", NULL },
	};

	check(show_log, cases, ARRAY_LEN(cases));
}

Test(spec_entrypoint_spec, a_command_is_an_array_or_a_word)
{
	static const struct {
		const char *text, *want;
		bool is_array;
	} cases[] = {
		{ "", "", false },
		{ "/bin/sh -c", "</bin/sh -c>", false },
		{ "[\"a\", \"b c\"]", "<a><b c>", true },
		{ "[]", "", true },
		{ "[\"a\", 1]", "<[\"a\", 1]>", false },
		{ "[ -f x ]", "<[ -f x ]>", false },
		{ "{\"a\":1}", "<{\"a\":1}>", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_strvec struct strvec argv = STRVEC_INIT;
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		cr_expect(eq(int, entrypoint_spec_parse(cases[i].text, &argv),
			     cases[i].is_array));
		for (size_t k = 0; k < argv.len; k++)
			strbuf_addf(&sb, "<%s>", argv.v[k]);
		cr_expect(eq(str, sb.buf, (char *)cases[i].want));
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
	add_list(sb, &names);
	return r;
}

Test(spec_caps_spec, adding_and_dropping_follow_docker)
{
	static const struct option_case cases[] = {
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

	check(show_caps, cases, ARRAY_LEN(cases));
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
