/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/spec_node.c - what was asked for, as config.json and back.
 *
 * Two tables: members that are text, lists, numbers and flags (fields), and
 * members with a shape of their own (parts). Both directions walk them.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "container/spec.h"
#include "data/decode.h"
#include "spec/choice.h"

#define SPEC_STR(member, name) \
	FIELD_STR(struct container_spec, member, name, FIELD_OMIT_EMPTY)
#define SPEC_LIST(member, name) \
	FIELD_STRVEC(struct container_spec, member, name, FIELD_OMIT_EMPTY)
#define SPEC_BOOL(member, name) \
	FIELD_BOOL(struct container_spec, member, name, FIELD_OMIT_EMPTY)
#define SPEC_INT(member, name) FIELD_INT(struct container_spec, member, name, 0)

static const struct field spec_fields[] = {
	SPEC_STR(name, "Name"),
	SPEC_STR(image_name, "ImageName"),
	SPEC_INT(created_ns, "Created"),
	SPEC_LIST(argv, "Argv"),
	FIELD_INT(struct container_spec, entrypoint_len, "EntrypointLen",
		  FIELD_OMIT_EMPTY),
	SPEC_LIST(labels, "Labels"),
	SPEC_LIST(env, "Env"),
	FIELD_STR(struct container_spec, cwd, "WorkingDir", 0),
	FIELD_STR(struct container_spec, user, "User", 0),
	SPEC_LIST(group_add, "GroupAdd"),
	SPEC_BOOL(tty, "Tty"),
	SPEC_BOOL(open_stdin, "OpenStdin"),
	SPEC_BOOL(attach[0], "AttachStdin"),
	SPEC_BOOL(attach[1], "AttachStdout"),
	SPEC_BOOL(attach[2], "AttachStderr"),
	SPEC_BOOL(init, "Init"),
	SPEC_BOOL(auto_remove, "AutoRemove"),
	SPEC_STR(stop_signal, "StopSignal"),
	SPEC_INT(stop_timeout_s, "StopTimeout"),
	FIELD_INT(struct container_spec, timeout_s, "Timeout",
		  FIELD_OMIT_EMPTY),
	SPEC_BOOL(readonly, "ReadOnly"),
	SPEC_BOOL(privileged, "Privileged"),
	SPEC_BOOL(no_new_privs, "NoNewPrivileges"),
	SPEC_LIST(cap_add, "CapAdd"),
	SPEC_LIST(cap_drop, "CapDrop"),
	SPEC_LIST(security_opts, "SecurityOpt"),
	SPEC_STR(seccomp_path, "SeccompProfile"),
	SPEC_STR(proc_opts, "ProcOptions"),
	SPEC_BOOL(unmasked, "Unmasked"),
	SPEC_LIST(extra_masks, "Mask"),
	SPEC_LIST(unmasks, "Unmask"),
	SPEC_LIST(binds, "Binds"),
	SPEC_LIST(tmpfs, "Tmpfs"),
	SPEC_LIST(volumes_from, "VolumesFrom"),
	SPEC_LIST(anonymous, "AnonymousVolumes"),
	SPEC_INT(shm_bytes, "ShmSize"),
	SPEC_LIST(devices, "Devices"),
	SPEC_LIST(cdi_devices, "CDIDevices"),
	SPEC_LIST(gpus, "Gpus"),
	SPEC_LIST(cdi_dirs, "CDISpecDirs"),
	SPEC_BOOL(publish_all, "PublishAllPorts"),
	SPEC_STR(net_container, "NetworkContainer"),
	SPEC_LIST(links, "Links"),
	SPEC_BOOL(no_host_loopback, "NoHostLoopback"),
	SPEC_LIST(dns, "Dns"),
	SPEC_LIST(dns_search, "DnsSearch"),
	SPEC_LIST(dns_options, "DnsOptions"),
	SPEC_LIST(hosts, "ExtraHosts"),
	SPEC_BOOL(no_hosts, "NoHosts"),
	SPEC_STR(hosts_file, "HostsFile"),
	SPEC_STR(timezone, "Timezone"),
	FIELD_STR(struct container_spec, hostname, "Hostname", 0),
	SPEC_STR(domainname, "Domainname"),
	SPEC_BOOL(host_pid, "HostPid"),
	SPEC_BOOL(host_ipc, "HostIpc"),
	SPEC_BOOL(host_uts, "HostUts"),
	SPEC_BOOL(no_shm, "NoShm"),
	SPEC_LIST(sysctls, "Sysctls"),
	SPEC_BOOL(has_oom_score_adj, "HasOomScoreAdj"),
	SPEC_LIST(annotations, "Annotations"),
	SPEC_STR(cidfile, "ContainerIDFile"),
	SPEC_STR(pidfile, "PidFile"),
	SPEC_LIST(create_command, "CreateCommand"),
	FIELD_END,
};

static const char *const spec_networks[] = { "bridge", "none", "host",
					     "container", NULL };
static const char *const spec_ids[] = { "auto", "root", "keep", NULL };
static const char *const spec_seccomp[] = { "builtin", "unconfined", "file",
					    NULL };

/* One word of a list for an enum. */
static int
spec_word(const struct node *node, const char *what, const char *const *words,
	  struct err *err)
{
	int at = choice_find(what, node_str_or(node, words[0]), words, err);

	return at < 0 ? err_wrap(err, -EBADMSG, "container record") : at;
}

static struct node *
network_to(const struct container_spec *spec)
{
	return node_new_str(spec_networks[spec->net_mode]);
}

static int
network_from(const struct node *node, struct container_spec *spec,
	     struct err *err)
{
	int at = spec_word(node, "network", spec_networks, err);

	spec->net_mode = at < 0 ? NET_MODE_NONE : (enum net_mode)at;
	return at < 0 ? at : 0;
}

static struct node *
networks_to(const struct container_spec *spec)
{
	struct node *obj = node_new_obj();

	for (size_t i = 0; i < spec->networks.len; i++) {
		const struct network_spec *network = &spec->networks.items[i];
		cleanup_strbuf struct strbuf mode = STRBUF_INIT;

		network_spec_add_mode(&mode, network);
		node_set(obj, mode.buf, network_spec_to_node(network));
	}
	return obj;
}

static int
networks_from(const struct node *node, struct container_spec *spec,
	      struct err *err)
{
	for (size_t i = 0; i < node_len(node); i++) {
		struct network_spec network;
		int r = network_spec_from_node(node_key_at(node, i),
					       node_value_at(node, i), &network,
					       err);

		if (r < 0)
			return r;
		array_push(spec->networks.items, spec->networks.len,
			   spec->networks.cap, network);
	}
	return 0;
}

static struct node *
ids_to(const struct container_spec *spec)
{
	return node_new_str(spec_ids[spec->ids_mode]);
}

static int
ids_from(const struct node *node, struct container_spec *spec, struct err *err)
{
	int at = spec_word(node, "mode of ids", spec_ids, err);

	spec->ids_mode = at < 0 ? IDS_AUTO : (enum ids_mode)at;
	return at < 0 ? at : 0;
}

static struct node *
seccomp_to(const struct container_spec *spec)
{
	return node_new_str(spec_seccomp[spec->seccomp]);
}

/* An unknown word must not become "unconfined". */
static int
seccomp_from(const struct node *node, struct container_spec *spec,
	     struct err *err)
{
	int at = spec_word(node, "seccomp mode", spec_seccomp, err);

	spec->seccomp =
		at < 0 ? SECURITY_SECCOMP_BUILTIN : (enum security_seccomp)at;
	return at < 0 ? at : 0;
}

#define SPEC_NUMBER(member)                                                   \
	static struct node *member##_to(const struct container_spec *spec)    \
	{                                                                     \
		return node_new_int((int64_t)spec->member);                   \
	}                                                                     \
	static int member##_from(const struct node *node,                     \
				 struct container_spec *spec, struct err *e_) \
	{                                                                     \
		(void)e_;                                                     \
		spec->member = (__typeof__(spec->member))node_int_or(         \
			node, (int64_t)spec->member);                         \
		return 0;                                                     \
	}

SPEC_NUMBER(umask)
SPEC_NUMBER(caps)
SPEC_NUMBER(oom_score_adj)
SPEC_NUMBER(keep_uid)
SPEC_NUMBER(keep_gid)

/* A member that spec/ turns into a node and back. */
#define SPEC_MEMBER(member, write, read)                                       \
	static struct node *member##_to(const struct container_spec *spec)     \
	{                                                                      \
		return write(&spec->member);                                   \
	}                                                                      \
	static int member##_from(const struct node *node,                      \
				 struct container_spec *spec, struct err *err) \
	{                                                                      \
		return read(node, &spec->member, err);                         \
	}

SPEC_MEMBER(restart, restart_spec_to_node, restart_spec_from_node)
SPEC_MEMBER(log, log_spec_to_node, log_spec_from_node)
SPEC_MEMBER(limits, limits_spec_to_node, limits_spec_from_node)
SPEC_MEMBER(ulimits, ulimit_list_to_node, ulimit_list_from_node)
SPEC_MEMBER(ports, port_list_to_bindings, port_list_from_bindings)
SPEC_MEMBER(exposed, port_list_to_exposed, port_list_from_exposed)

static struct node *
health_to(const struct container_spec *spec)
{
	struct node *node = health_spec_to_node(&spec->health);

	if (spec->health.on_failure)
		node_set_str(node, "OnFailure",
			     health_action_name(spec->health.on_failure));
	return node;
}

static int
health_from(const struct node *node, struct container_spec *spec,
	    struct err *err)
{
	const char *action = node_get_str(node, "OnFailure");
	int r = health_spec_from_node(node, &spec->health, err);

	if (r == 0 && action)
		r = health_action_parse(action, &spec->health.on_failure, err);
	return r;
}

static struct node *
mounts_to(const struct container_spec *spec)
{
	struct node *arr = node_new_arr();

	for (size_t i = 0; i < spec->mounts.len; i++)
		node_push(arr, mount_spec_to_node(&spec->mounts.items[i]));
	return arr;
}

static int
mounts_from(const struct node *node, struct container_spec *spec,
	    struct err *err)
{
	for (size_t i = 0; i < node_len(node); i++) {
		struct mount_spec mount = MOUNT_SPEC_INIT;
		int r = mount_spec_from_node(node_at(node, i), &mount, err);

		if (r < 0)
			return r;
		mount_list_take(&spec->mounts, &mount);
	}
	return 0;
}

static struct node *
secrets_to(const struct container_spec *spec)
{
	return secret_spec_list_to_node(&spec->secrets);
}

static int
secrets_from(const struct node *node, struct container_spec *spec,
	     struct err *err)
{
	return secret_spec_list_from_node(node, &spec->secrets, err);
}

static const struct spec_part {
	const char *name;
	struct node *(*to)(const struct container_spec *spec);
	int (*from)(const struct node *node, struct container_spec *spec,
		    struct err *err);
} spec_parts[] = {
	{ "Capabilities", caps_to, caps_from },
	{ "Exposed", exposed_to, exposed_from },
	{ "Health", health_to, health_from },
	{ "Ids", ids_to, ids_from },
	{ "KeepGid", keep_gid_to, keep_gid_from },
	{ "KeepUid", keep_uid_to, keep_uid_from },
	{ "Limits", limits_to, limits_from },
	{ "Log", log_to, log_from },
	{ "Mounts", mounts_to, mounts_from },
	{ "Network", network_to, network_from },
	{ "Networks", networks_to, networks_from },
	{ "OomScoreAdj", oom_score_adj_to, oom_score_adj_from },
	{ "Ports", ports_to, ports_from },
	{ "Restart", restart_to, restart_from },
	{ "Seccomp", seccomp_to, seccomp_from },
	{ "Secrets", secrets_to, secrets_from },
	{ "Ulimits", ulimits_to, ulimits_from },
	{ "Umask", umask_to, umask_from },
};

static void
spec_add_image(struct node *doc, const struct container_spec *spec)
{
	struct node *layers = node_new_arr();

	node_set_str(doc, "Image", spec->image->id.text);
	for (size_t i = 0; i < spec->image_config->diff_id_count; i++)
		node_push_str(layers, spec->image_config->diff_ids[i].text);
	node_set(doc, "Layers", layers);
}

/* Parts that are as in a fresh spec are left out: ps reads many records. */
static void
spec_add_parts(struct node *doc, const struct container_spec *spec)
{
	cleanup_container_spec struct container_spec fresh;

	container_spec_init(&fresh);
	for (size_t i = 0; i < ARRAY_LEN(spec_parts); i++) {
		cleanup_node struct node *usual = spec_parts[i].to(&fresh);
		struct node *part = spec_parts[i].to(spec);

		if (node_equal(part, usual))
			node_free(part);
		else
			node_set(doc, spec_parts[i].name, part);
	}
}

struct node *
container_spec_to_node(const struct container_spec *spec)
{
	struct node *doc = decode_write(spec_fields, spec);

	node_set_str(doc, "Id", spec->id);
	spec_add_image(doc, spec);
	spec_add_parts(doc, spec);
	return doc;
}

/* What a program cannot be started without. */
static int
spec_check(const struct container_spec *spec, struct err *err)
{
	if (!spec->argv.len || !spec->name || !spec->user || !spec->cwd ||
	    !spec->hostname || spec->entrypoint_len < 0 ||
	    spec->entrypoint_len > (int64_t)spec->argv.len ||
	    (spec->net_mode == NET_MODE_CONTAINER && !spec->net_container))
		return err_set(err, EBADMSG, "container record is incomplete");
	return 0;
}

int
container_spec_from_node(const struct node *doc, struct container_spec *spec,
			 struct err *err)
{
	const char *id = node_get_str(doc, "Id");
	int r;

	if (!id || !text_is_hex_of(id, CONTAINER_ID_BYTES - 1))
		return err_set(err, EBADMSG, "container record has no id");
	memcpy(spec->id, id, CONTAINER_ID_BYTES);
	r = decode_read(doc, spec_fields, 0, spec, err);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(spec_parts); i++) {
		const struct node *node = node_get(doc, spec_parts[i].name);

		if (node)
			r = spec_parts[i].from(node, spec, err);
	}
	return r < 0 ? r : spec_check(spec, err);
}
