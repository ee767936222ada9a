/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each key of a service becomes: words of "dhow create".
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "base/text.h"
#include "plan_place.h"

/* The words of the only container that is made of @body. */
static const struct strvec *
words_of(struct plan_place *p, struct plan *plan, const char *body)
{
	cleanup_free char *yaml = xasprintf(
		"services: {a: {image: i, %s}}\n"
		"networks: {n: , default: }\nvolumes: {v: {name: vv}}\n"
		"secrets: {s: {file: /s}}\nconfigs: {c: {file: /c}}\n",
		body);
	struct err err = ERR_INIT;

	plan_place_begin(p, yaml);
	cr_assert(plan_up(&p->in, plan, &err) == 0, "%s: %s", body, err.text);
	for (size_t i = 0; i < plan->len; i++)
		if (text_starts(plan->steps[i].subject, "Container ") &&
		    !strcmp(plan->steps[i].done, "Created"))
			return &plan->steps[i].words;
	cr_assert(false, "%s: no container", body);
	return NULL;
}

static void
expect_words(const char *body, const char *flag, const char *value)
{
	cleanup_plan struct plan plan = PLAN_INIT;
	struct plan_place p;
	const struct strvec *words = words_of(&p, &plan, body);
	cleanup_strbuf struct strbuf all = STRBUF_INIT;
	bool found = false;

	for (size_t i = 0; i < words->len; i++) {
		const char *next = i + 1 < words->len ? words->v[i + 1] : "";

		found = found || (!strcmp(words->v[i], flag) &&
				  (!value || !strcmp(next, value)));
		if (strcmp(words->v[i], "--label") != 0 &&
		    (!i || strcmp(words->v[i - 1], "--label") != 0))
			strbuf_addf(&all, " %s", words->v[i]);
	}
	cr_expect(found, "%s: no '%s %s' in%s", body, flag, value ?: "",
		  all.buf);
	plan_place_end(&p);
}

Test(compose_words, every_key_that_works_becomes_a_flag)
{
	static const struct {
		const char *body, *flag, *value;
	} cases[] = {
		{ "annotations: {a: b}", "--annotation", "a=b" },
		{ "cap_add: [SYS_PTRACE]", "--cap-add", "SYS_PTRACE" },
		{ "cap_drop: [ALL]", "--cap-drop", "ALL" },
		{ "cgroup: private", "--cgroupns", "private" },
		{ "container_name: mine", "--name", "mine" },
		{ "cpu_period: 1000", "--cpu-period", "1000" },
		{ "cpu_quota: '500'", "--cpu-quota", "500" },
		{ "cpu_shares: 5", "--cpu-shares", "5" },
		{ "cpus: 1.5", "--cpus", "1.5" },
		{ "cpuset: '0,1'", "--cpuset-cpus", "0,1" },
		{ "dns: 1.1.1.1", "--dns", "1.1.1.1" },
		{ "dns_opt: [use-vc]", "--dns-option", "use-vc" },
		{ "dns_search: a.b", "--dns-search", "a.b" },
		{ "domainname: d", "--domainname", "d" },
		{ "entrypoint: []", "--entrypoint", "" },
		{ "environment: [A]", "--unsetenv", "A" },
		{ "environment: {A: ''}", "--env", "A=" },
		{ "expose: [80]", "--expose", "80" },
		{ "gpus: all", "--gpus", "count=all" },
		{ "group_add: [5]", "--group-add", "5" },
		{ "healthcheck: {disable: true}", "--no-healthcheck", NULL },
		{ "healthcheck: {test: [NONE]}", "--no-healthcheck", NULL },
		{ "healthcheck: {retries: 2}", "--health-retries", "2" },
		{ "healthcheck: {timeout: 2s}", "--health-timeout", "2s" },
		{ "healthcheck: {start_period: 1m}", "--health-start-period",
		  "1m0s" },
		{ "healthcheck: {start_interval: 1s}",
		  "--health-start-interval", "1s" },
		{ "hostname: h", "--hostname", "h" },
		{ "init: true", "--init", NULL },
		{ "ipc: shareable", "--ipc", "shareable" },
		{ "ipc: container:other", "--ipc", "container:other" },
		{ "logging: {driver: none}", "--log-driver", "none" },
		{ "logging: {options: {max-file: 3}}", "--log-opt",
		  "max-file=3" },
		{ "mac_address: '02:42:ac:11:65:43'", "--network",
		  "name=p_default,alias=a,mac-address=02:42:ac:11:65:43" },
		{ "mem_reservation: 1k", "--memory-reservation", "1024" },
		{ "memswap_limit: -1", "--memory-swap", "-1" },
		{ "deploy: {resources: {limits: {memory: 1k}}}", "--memory",
		  "1024" },
		{ "deploy: {resources: {limits: {pids: 5}}}", "--pids-limit",
		  "5" },
		{ "deploy: {resources: {reservations: {memory: 1k}}}",
		  "--memory-reservation", "1024" },
		{ "deploy: {restart_policy: {condition: none}}", "--restart",
		  "no" },
		{ "deploy: {restart_policy: {condition: any}}", "--restart",
		  "always" },
		{ "restart: 'no', deploy: {restart_policy: "
		  "{condition: unless-stopped}}",
		  "--restart", "unless-stopped" },
		{ "networks: [n]", "--network", "name=p_n,alias=a" },
		{ "networks: {n: {ipv4_address: 10.1.1.5, gw_priority: 2}}",
		  "--network", "name=p_n,alias=a,ip=10.1.1.5,gw-priority=2" },
		{ "networks: {n: {ipv6_address: 'fd00::5'}}", "--network",
		  "name=p_n,alias=a,ip6=fd00::5" },
		{ "networks: {n: {link_local_ips: [169.254.1.1]}}", "--network",
		  "name=p_n,alias=a,link-local-ip=169.254.1.1" },
		{ "networks: {n: {driver_opts: {k: v}}}", "--network",
		  "name=p_n,alias=a,driver-opt=k=v" },
		{ "networks: {n: {interface_name: eth7}}", "--network",
		  "name=p_n,alias=a,interface_name=eth7" },
		{ "network_mode: container:other", "--network",
		  "container:other" },
		{ "oom_score_adj: 5", "--oom-score-adj", "5" },
		{ "pid: host", "--pid", "host" },
		{ "pids_limit: 5", "--pids-limit", "5" },
		{ "ports: [80]", "--publish", "80/tcp" },
		{ "ports: ['8000-8010:80']", "--publish", "8000-8010:80/tcp" },
		{ "privileged: true", "--privileged", NULL },
		{ "read_only: true", "--read-only", NULL },
		{ "security_opt: ['label=disable']", "--security-opt",
		  "label=disable" },
		{ "shm_size: 1m", "--shm-size", "1048576" },
		{ "stdin_open: true", "--interactive", NULL },
		{ "stop_signal: SIGINT", "--stop-signal", "SIGINT" },
		{ "sysctls: {a.b: 1}", "--sysctl", "a.b=1" },
		{ "tmpfs: '/t:size=1m'", "--tmpfs", "/t:size=1m" },
		{ "tty: true", "--tty", NULL },
		{ "ulimits: {nproc: 5}", "--ulimit", "nproc=5:5" },
		{ "userns_mode: host", "--userns", "host" },
		{ "uts: host", "--uts", "host" },
		{ "volumes: ['v:/x:ro']", "--mount",
		  "type=volume,target=/x,readonly=true,source=vv" },
		{ "volumes: ['v:/x:nocopy']", "--mount",
		  "type=volume,target=/x,source=vv,volume-nocopy=true" },
		{ "volumes: ['/s:/x:z,rslave']", "--mount",
		  "type=bind,target=/x,source=/s,bind-create-src=true,"
		  "bind-propagation=rslave,relabel=shared" },
		{ "volumes: [{type: tmpfs, target: /x, tmpfs: "
		  "{size: 1k, mode: 0700}}]",
		  "--mount",
		  "type=tmpfs,target=/x,tmpfs-size=1024,tmpfs-mode=700" },
		{ "volumes: [{type: image, source: j, target: /x, image: "
		  "{subpath: d}}]",
		  "--mount", "type=image,target=/x,source=j,image-subpath=d" },
		{ "volumes_from: ['container:other:ro']", "--volumes-from",
		  "other:ro" },
		{ "working_dir: /w", "--workdir", "/w" },
		{ "secrets: [s]", "--mount",
		  "type=bind,source=/s,target=/run/secrets/s,readonly=true" },
		{ "configs: [{source: c, target: /e/c}]", "--mount",
		  "type=bind,source=/c,target=/e/c,readonly=true" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_words(cases[i].body, cases[i].flag, cases[i].value);
}
