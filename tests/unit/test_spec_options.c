/* SPDX-License-Identifier: Apache-2.0 */
#include "spec_table.h"

#include "spec/detach_keys.h"
#include "spec/device_spec.h"
#include "spec/entrypoint_spec.h"
#include "spec/gpu_spec.h"
#include "spec/host_spec.h"
#include "spec/log_spec.h"
#include "spec/restart_spec.h"
#include "spec/ulimit_spec.h"

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
	static const struct spec_case cases[] = {
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

	spec_check(show_restart, cases, ARRAY_LEN(cases));
}

static int
show_hosts(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_strvec struct strvec hosts = STRVEC_INIT;
	int r = host_spec_parse(text, &hosts, err);

	cr_expect(r >= 0 || hosts.len == 0);
	spec_add_list(sb, &hosts);
	return r;
}

Test(spec_host_spec, extra_hosts_follow_their_grammar)
{
	static const struct spec_case cases[] = {
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

	spec_check(show_hosts, cases, ARRAY_LEN(cases));
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
	static const struct spec_case cases[] = {
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

	spec_check(show_detach, cases, ARRAY_LEN(cases));
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
	spec_add_json(sb, ulimit_list_to_node(&back));
	return 0;
}

#define LIMIT(name, hard, soft) \
	"[{\"Name\":\"" name "\",\"Hard\":" hard ",\"Soft\":" soft "}]"

Test(spec_ulimit_spec, limits_follow_their_grammar)
{
	static const struct spec_case cases[] = {
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

	spec_check(show_ulimit, cases, ARRAY_LEN(cases));
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
	static const struct spec_case cases[] = {
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

	spec_check(show_device, cases, ARRAY_LEN(cases));
}

static int
show_rule(const char *text, struct strbuf *sb, struct err *err)
{
	return device_spec_check_rule(text, err);
}

Test(spec_device_spec, cgroup_rules_follow_their_grammar)
{
	static const struct spec_case cases[] = {
		{ "c 10:200 rwm", "" }, { "a *:* r", "" },
		{ "b 8:* mw", "" },     { "", NULL },
		{ "c 10:200", NULL },   { "c 10:200 ", NULL },
		{ "d 10:200 r", NULL }, { "cc 1:1 r", NULL },
		{ "c 10 r", NULL },     { "c x:1 r", NULL },
		{ "c 1:1 rx", NULL },   { "c 1:1 rwmr", NULL },
		{ "c 1:-1 r", NULL },
	};

	spec_check(show_rule, cases, ARRAY_LEN(cases));
}

static int
show_gpus(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_gpu_spec struct gpu_spec spec = GPU_SPEC_INIT;
	int r = gpu_spec_parse(text, &spec, err);

	if (r >= 0)
		spec_add_json(sb, gpu_spec_to_node(&spec));
	return r;
}

#define GPUS(driver, count, ids, caps, options)                              \
	"{\"Driver\":\"" driver "\",\"Count\":" count ",\"DeviceIDs\":[" ids \
	"],\"Capabilities\":[[" caps "]],\"Options\":{" options "}}"

Test(spec_gpu_spec, gpu_requests_follow_their_grammar)
{
	static const struct spec_case cases[] = {
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

	spec_check(show_gpus, cases, ARRAY_LEN(cases));
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
	spec_add_list(sb, &back.opts);
	return 0;
}

Test(spec_log_spec, log_options_follow_their_driver)
{
	static const struct spec_case cases[] = {
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

	spec_check(show_log, cases, ARRAY_LEN(cases));
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
