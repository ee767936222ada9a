/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/spec.c - what was asked for, checked and with defaults filled in.
 */
#include "container/spec.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"

void
container_spec_init(struct container_spec *spec)
{
	*spec = (struct container_spec){
		.umask = 0022,
		.shm_bytes = CONTAINER_SHM_BYTES,
		.stop_timeout_s = CONTAINER_STOP_TIMEOUT_S,
		.log = LOG_SPEC_INIT,
		.created_ns = units_now_ns(),
	};
	text_random_hex(spec->id, CONTAINER_ID_BYTES - 1);
}

void
container_spec_release(struct container_spec *spec)
{
	struct strvec *lists[] = {
		&spec->argv,          &spec->env,
		&spec->lowers,        &spec->group_add,
		&spec->cap_add,       &spec->cap_drop,
		&spec->security_opts, &spec->extra_masks,
		&spec->unmasks,       &spec->binds,
		&spec->tmpfs,         &spec->volumes_from,
		&spec->anonymous,     &spec->devices,
		&spec->cdi_devices,   &spec->gpus,
		&spec->cdi_dirs,      &spec->links,
		&spec->dns,           &spec->dns_search,
		&spec->dns_options,   &spec->hosts,
		&spec->sysctls,       &spec->labels,
		&spec->annotations,   &spec->create_command,
	};
	char *texts[] = {
		spec->name,          spec->image_name,  spec->cwd,
		spec->user,          spec->stop_signal, spec->seccomp_path,
		spec->net_container, spec->hostname,    spec->domainname,
		spec->cidfile,       spec->pidfile,     spec->proc_opts,
		spec->hosts_file,    spec->timezone,
	};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		strvec_release(lists[i]);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	log_spec_release(&spec->log);
	health_spec_release(&spec->health);
	ulimit_list_release(&spec->ulimits);
	limits_spec_release(&spec->limits);
	mount_list_release(&spec->mounts);
	secret_spec_list_release(&spec->secrets);
	network_list_release(&spec->networks);
	port_list_release(&spec->ports);
	port_list_release(&spec->exposed);
	*spec = (struct container_spec){ .umask = 0 };
}
