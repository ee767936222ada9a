/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/inspect_host.c - HostConfig: what was asked of the host.
 *
 * Members are in docker's order; those of other systems are there with the
 * value that says nothing, because templates written for docker must not fail.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "container/inspect_parts.h"
#include "container/planner.h"
#include "spec/device_spec.h"
#include "spec/gpu_spec.h"
#include "spec/network_spec.h"
#include "spec/port_spec.h"

#define INSPECT_AUTO_HOST "host.docker.internal:host-gateway"

static void
set_text(struct node *host, const char *key, const char *text)
{
	node_set_str(host, key, text ?: "");
}

static void
set_list(struct node *host, const char *key, const struct strvec *list)
{
	node_set(host, key, inspect_list(list));
}

static void
add_network_mode(struct node *host, const struct container_spec *spec)
{
	static const char *const modes[] = {
		[NET_MODE_BRIDGE] = "bridge",
		[NET_MODE_NONE] = "none",
		[NET_MODE_HOST] = "host",
	};
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (spec->net_mode == NET_MODE_CONTAINER)
		strbuf_addf(&text, "container:%s", spec->net_container);
	else if (spec->net_mode == NET_MODE_BRIDGE && spec->networks.len)
		network_spec_add_mode(&text, &spec->networks.items[0]);
	else
		strbuf_addstr(&text, modes[spec->net_mode]);
	node_set_str(host, "NetworkMode", text.buf);
}

/* Without the line that every container has. */
static void
add_hosts(struct node *host, const struct container_spec *spec)
{
	cleanup_strvec struct strvec hosts = STRVEC_INIT;

	for (size_t i = 0; i < spec->hosts.len; i++)
		if (i > 0 || strcmp(spec->hosts.v[i], INSPECT_AUTO_HOST) != 0)
			strvec_add(&hosts, spec->hosts.v[i]);
	set_list(host, "ExtraHosts", &hosts);
}

static void
add_names(struct node *host, const struct container_spec *spec)
{
	node_set_strvec(host, "Dns", &spec->dns);
	node_set_strvec(host, "DnsOptions", &spec->dns_options);
	node_set_strvec(host, "DnsSearch", &spec->dns_search);
	add_hosts(host, spec);
	set_list(host, "GroupAdd", &spec->group_add);
	set_text(host, "IpcMode",
		 spec->host_ipc ? "host"
		 : spec->no_shm ? "none"
				: "private");
	set_text(host, "Cgroup", "");
	set_list(host, "Links", &spec->links);
	node_set_int(host, "OomScoreAdj", spec->oom_score_adj);
	set_text(host, "PidMode", spec->host_pid ? "host" : "");
	node_set_bool(host, "Privileged", spec->privileged);
	node_set_bool(host, "PublishAllPorts", spec->publish_all);
	node_set_bool(host, "ReadonlyRootfs", spec->readonly);
	set_list(host, "SecurityOpt", &spec->security_opts);
}

static void
add_userns(struct node *host, const struct container_spec *spec)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (spec->ids_mode == IDS_ROOT)
		strbuf_addstr(&text, "host");
	if (spec->ids_mode == IDS_KEEP)
		strbuf_addf(&text, "keep-id:uid=%u,gid=%u", spec->keep_uid,
			    spec->keep_gid);
	node_set_str(host, "UsernsMode", text.buf);
}

static void
add_tmpfs(struct node *host, const struct container_spec *spec)
{
	for (size_t i = 0; i < spec->tmpfs.len; i++) {
		const char *text = spec->tmpfs.v[i];
		size_t len = strcspn(text, ":");
		cleanup_free char *path = xstrndup(text, len);

		node_set_str(node_need_obj(host, "Tmpfs"), path,
			     text[len] ? text + len + 1 : "");
	}
}

/* Recorded as they are in /proc/sys, shown as sysctl(8) writes them. */
static void
add_sysctls(struct node *host, const struct container_spec *spec)
{
	for (size_t i = 0; i < spec->sysctls.len; i++) {
		const char *eq = strchrnul(spec->sysctls.v[i], '=');
		cleanup_free char *key = xstrndup(
			spec->sysctls.v[i], (size_t)(eq - spec->sysctls.v[i]));

		for (char *p = key; *p; p++)
			*p = *p == '/' ? '.' : *p;
		node_set_str(node_need_obj(host, "Sysctls"), key,
			     *eq ? eq + 1 : "");
	}
}

/* "PATH:N" as {"Path":…,"Rate":N}. */
static void
add_rates(struct node *host, const char *key, const struct strvec *list,
	  const char *member)
{
	struct node *arr = node_set(host, key, node_new_arr());

	for (size_t i = 0; i < list->len; i++) {
		const char *colon = strrchr(list->v[i], ':');
		struct node *obj = node_push(arr, node_new_obj());
		cleanup_free char *path = NULL;

		if (!colon)
			continue;
		path = xstrndup(list->v[i], (size_t)(colon - list->v[i]));
		node_set_str(obj, "Path", path);
		node_set_int(obj, member, strtoll(colon + 1, NULL, 10));
	}
}

static void
add_shares(struct node *host, const struct limits_spec *limits)
{
	node_set_int(host, "CpuShares", limits->cpu_shares);
	node_set_int(host, "Memory", limits->memory_bytes);
	node_set_int(host, "NanoCpus", limits->nano_cpus);
	set_text(host, "CgroupParent", limits->cgroup_parent);
	node_set_int(host, "BlkioWeight", limits->blkio_weight);
	add_rates(host, "BlkioWeightDevice", &limits->blkio_weight_device,
		  "Weight");
	add_rates(host, "BlkioDeviceReadBps", &limits->read_bps, "Rate");
	add_rates(host, "BlkioDeviceWriteBps", &limits->write_bps, "Rate");
	add_rates(host, "BlkioDeviceReadIOps", &limits->read_iops, "Rate");
	add_rates(host, "BlkioDeviceWriteIOps", &limits->write_iops, "Rate");
	node_set_int(host, "CpuPeriod", limits->cpu_period_us);
	node_set_int(host, "CpuQuota", limits->cpu_quota_us);
	node_set_int(host, "CpuRealtimePeriod", 0);
	node_set_int(host, "CpuRealtimeRuntime", 0);
	set_text(host, "CpusetCpus", limits->cpuset_cpus);
	set_text(host, "CpusetMems", limits->cpuset_mems);
}

/* --gpus, and devices by name as Docker shows them: of the driver "cdi". */
static void
add_requests(struct node *host, const struct container_spec *spec)
{
	cleanup_node struct node *arr = node_new_arr();

	for (size_t i = 0; i < spec->gpus.len; i++) {
		cleanup_gpu_spec struct gpu_spec gpus = GPU_SPEC_INIT;

		if (gpu_spec_parse(spec->gpus.v[i], &gpus, NULL) == 0)
			node_push(arr, gpu_spec_to_node(&gpus));
	}
	if (spec->cdi_devices.len) {
		struct gpu_spec named = {
			.driver = (char[]){ "cdi" },
			.device_ids = spec->cdi_devices,
		};

		node_push(arr, gpu_spec_to_node(&named));
	}
	node_set(host, "DeviceRequests",
		 node_len(arr) ? take_ptr(arr) : node_new_null());
}

static void
add_devices(struct node *host, const struct container_spec *spec)
{
	static const char *const members[] = { "PathOnHost", "PathInContainer",
					       "CgroupPermissions" };
	struct node *arr = node_set(host, "Devices", node_new_arr());

	for (size_t i = 0; i < spec->devices.len; i++) {
		struct span rest = span_of(spec->devices.v[i]), part;
		struct node *obj = node_push(arr, node_new_obj());

		for (size_t k = 0;
		     k < ARRAY_LEN(members) && span_next(&rest, '\n', &part);
		     k++) {
			cleanup_free char *text = span_dup(part);

			node_set_str(obj, members[k], text);
		}
	}
	set_list(host, "DeviceCgroupRules", &(struct strvec){ 0 });
	add_requests(host, spec);
}

static void
add_limits(struct node *host, const struct container_spec *spec)
{
	static const char *const windows[] = { "CpuCount", "CpuPercent",
					       "IOMaximumIOps",
					       "IOMaximumBandwidth" };
	const struct limits_spec *limits = &spec->limits;

	node_set_int(host, "MemoryReservation",
		     limits->memory_reservation_bytes);
	node_set_int(host, "MemorySwap", limits->memory_swap_bytes);
	node_set_null(host, "MemorySwappiness");
	node_set_null(host, "OomKillDisable");
	if (limits->pids)
		node_set_int(host, "PidsLimit", limits->pids);
	else
		node_set_null(host, "PidsLimit");
	node_set(host, "Ulimits", ulimit_list_to_node(&spec->ulimits));
	for (size_t i = 0; i < ARRAY_LEN(windows); i++)
		node_set_int(host, windows[i], 0);
}

static void
add_mounts(struct node *host, const struct container_spec *spec)
{
	for (size_t i = 0; i < spec->mounts.len; i++) {
		const struct mount_spec *mount = &spec->mounts.items[i];
		struct node *node;

		if (!inspect_is_long_mount(spec, mount))
			continue;
		node = node_push(node_need_arr(host, "Mounts"),
				 mount_spec_to_node(mount));
		(void)node_del(node, "Layers");
	}
}

static void
add_masks(struct node *host, const struct container_spec *spec)
{
	cleanup_strvec struct strvec masked = STRVEC_INIT;
	cleanup_strvec struct strvec readonly = STRVEC_INIT;

	planner_list_masks(spec, &masked, &readonly);
	set_list(host, "MaskedPaths", &masked);
	set_list(host, "ReadonlyPaths", &readonly);
}

static void
add_life(struct node *host, const struct container_spec *spec)
{
	struct node *size;

	set_list(host, "Binds", &spec->binds);
	set_text(host, "ContainerIDFile", spec->cidfile);
	node_set(host, "LogConfig", log_spec_to_node(&spec->log));
	add_network_mode(host, spec);
	node_set(host, "PortBindings", port_list_to_bindings(&spec->ports));
	node_set(host, "RestartPolicy", restart_spec_to_node(&spec->restart));
	node_set_bool(host, "AutoRemove", spec->auto_remove);
	set_text(host, "VolumeDriver", "");
	set_list(host, "VolumesFrom", &spec->volumes_from);
	size = node_set(host, "ConsoleSize", node_new_arr());
	node_push(size, node_new_int(0));
	node_push(size, node_new_int(0));
	if (spec->annotations.len)
		node_set(host, "Annotations",
			 inspect_pairs(&spec->annotations));
}

struct node *
inspect_host_config(const struct container_spec *spec)
{
	struct node *host = node_new_obj();

	add_life(host, spec);
	set_list(host, "CapAdd", &spec->cap_add);
	set_list(host, "CapDrop", &spec->cap_drop);
	set_text(host, "CgroupnsMode", "private");
	add_names(host, spec);
	add_tmpfs(host, spec);
	set_text(host, "UTSMode", spec->host_uts ? "host" : "");
	add_userns(host, spec);
	node_set_int(host, "ShmSize", spec->shm_bytes);
	add_sysctls(host, spec);
	set_text(host, "Runtime", "dhow");
	set_text(host, "Isolation", "");
	add_shares(host, &spec->limits);
	add_devices(host, spec);
	add_limits(host, spec);
	add_mounts(host, spec);
	add_masks(host, spec);
	if (spec->init)
		node_set_bool(host, "Init", true);
	return host;
}
