/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/spec.c - what was asked for, checked and with defaults filled in.
 */
#include "container/spec.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "data/node.h"

void
container_spec_init(struct container_spec *spec)
{
	*spec = (struct container_spec){
		.umask = 0022,
		.shm_bytes = CONTAINER_SHM_BYTES,
		.created_ns = units_now_ns(),
	};
	text_random_hex(spec->id, CONTAINER_ID_BYTES - 1);
}

void
container_spec_release(struct container_spec *spec)
{
	struct strvec *lists[] = {
		&spec->argv,        &spec->env,         &spec->group_add,
		&spec->extra_masks, &spec->unmasks,     &spec->anonymous,
		&spec->devices,     &spec->net_aliases, &spec->dns,
		&spec->dns_search,  &spec->dns_options, &spec->sysctls,
		&spec->labels,      &spec->annotations, &spec->hosts,
	};
	char *texts[] = {
		spec->name,     spec->image_name,  spec->cwd,
		spec->user,     spec->stop_signal, spec->seccomp_path,
		spec->ip,       spec->ip6,         spec->mac,
		spec->hostname, spec->domainname,  spec->cidfile,
		spec->pidfile,  spec->proc_opts,
	};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		strvec_release(lists[i]);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	free(spec->rlimits);
	mount_list_release(&spec->mounts);
	port_list_release(&spec->ports);
	port_list_release(&spec->exposed);
	*spec = (struct container_spec){ .umask = 0 };
}

static void
spec_add_labels(struct node *config, const struct strvec *labels)
{
	struct node *obj = node_set(config, "Labels", node_new_obj());

	for (size_t i = 0; i < labels->len; i++) {
		const char *eq = strchr(labels->v[i], '=');
		cleanup_free char *key =
			eq ? xstrndup(labels->v[i], (size_t)(eq - labels->v[i]))
			   : xstrdup(labels->v[i]);

		node_set_str(obj, key, eq ? eq + 1 : "");
	}
}

static struct node *
spec_config(const struct container_spec *spec)
{
	struct node *config = node_new_obj();

	node_set_str(config, "Hostname", spec->hostname);
	node_set_str(config, "Domainname",
		     spec->domainname ? spec->domainname : "");
	node_set_str(config, "User", spec->user);
	node_set_bool(config, "AttachStdin", spec->attach[0]);
	node_set_bool(config, "AttachStdout", spec->attach[1]);
	node_set_bool(config, "AttachStderr", spec->attach[2]);
	node_set_bool(config, "Tty", spec->tty);
	node_set_bool(config, "OpenStdin", spec->open_stdin);
	node_set_strvec(config, "Env", &spec->env);
	node_set_strvec(config, "Cmd", &spec->argv);
	node_set_str(config, "Image", spec->image_name);
	node_set_str(config, "WorkingDir", spec->cwd);
	spec_add_labels(config, &spec->labels);
	if (spec->stop_signal)
		node_set_str(config, "StopSignal", spec->stop_signal);
	return config;
}

static struct node *
spec_host_config(const struct container_spec *spec)
{
	static const char *const nets[] = {
		[NET_MODE_BRIDGE] = "bridge",
		[NET_MODE_NONE] = "none",
		[NET_MODE_HOST] = "host",
	};
	struct node *host = node_new_obj();

	node_set_str(host, "NetworkMode", nets[spec->net_mode]);
	node_set_bool(host, "AutoRemove", spec->auto_remove);
	node_set_bool(host, "Privileged", spec->privileged);
	node_set_bool(host, "ReadonlyRootfs", spec->readonly);
	node_set_bool(host, "Init", spec->init);
	node_set_int(host, "ShmSize", spec->shm_bytes);
	return host;
}

struct node *
container_spec_to_node(const struct container_spec *spec)
{
	cleanup_strbuf struct strbuf when = STRBUF_INIT;
	struct node *doc = node_new_obj();
	struct node *args, *layers;

	node_set_str(doc, "Id", spec->id);
	units_add_rfc3339(&when, spec->created_ns);
	node_set_str(doc, "Created", when.buf);
	node_set_str(doc, "Path", spec->argv.v[0]);
	args = node_set(doc, "Args", node_new_arr());
	for (size_t i = 1; i < spec->argv.len; i++)
		node_push_str(args, spec->argv.v[i]);
	node_set_str(doc, "Image", spec->image->id.text);
	strbuf_reset(&when);
	node_set_str(doc, "ImageName", spec->image_name);
	strbuf_addf(&when, "/%s", spec->name);
	node_set_str(doc, "Name", when.buf);
	layers = node_set(doc, "Layers", node_new_arr());
	for (size_t i = 0; i < spec->image_config->diff_id_count; i++)
		node_push_str(layers, spec->image_config->diff_ids[i].text);
	node_set_strvec(doc, "AnonymousVolumes", &spec->anonymous);
	node_set(doc, "Config", spec_config(spec));
	node_set(doc, "HostConfig", spec_host_config(spec));
	return doc;
}
