/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/world.h - what there is of a project: containers, networks, volumes,
 * images, as their labels say.
 */
#ifndef DHOW_COMPOSE_WORLD_H
#define DHOW_COMPOSE_WORLD_H

#include <stdbool.h>

#include "base/map.h"
#include "container/state.h"
#include "session/session.h"

#define LABEL_PREFIX "com.docker.compose."
#define LABEL_PROJECT LABEL_PREFIX "project"
#define LABEL_SERVICE LABEL_PREFIX "service"
#define LABEL_NUMBER LABEL_PREFIX "container-number"
#define LABEL_ONEOFF LABEL_PREFIX "oneoff"
#define LABEL_HASH LABEL_PREFIX "config-hash"
#define LABEL_IMAGE LABEL_PREFIX "image"
#define LABEL_DEPENDS LABEL_PREFIX "depends_on"
#define LABEL_DIR LABEL_PREFIX "project.working_dir"
#define LABEL_FILES LABEL_PREFIX "project.config_files"
#define LABEL_ENV_FILE LABEL_PREFIX "project.environment_file"
#define LABEL_VERSION LABEL_PREFIX "version"
#define LABEL_REPLACE LABEL_PREFIX "replace"
#define LABEL_SLUG LABEL_PREFIX "slug"
#define LABEL_NETWORK LABEL_PREFIX "network"
#define LABEL_VOLUME LABEL_PREFIX "volume"

struct world_container {
	char *id;
	char *name;
	char *project;
	char *service;
	int number;
	bool oneoff;
	enum container_status status;
	int exit_code;
	enum health_status health;
	int64_t created_ns;
	struct strvec labels;   /* "k=v" */
	struct strvec networks; /* names */
	struct strvec volumes;  /* names of those that it mounts */
	struct strvec
		anonymous; /* "TARGET\tVOLUME" of volumes without a name */
};

/* A network or a volume. */
struct world_object {
	char *name;
	struct strvec labels;
};

struct world {
	struct world_container *containers; /* by service, then number */
	size_t container_count, container_cap;
	struct world_object *networks;
	size_t network_count, network_cap;
	struct world_object *volumes;
	size_t volume_count, volume_cap;
	struct strvec secrets; /* those that were looked up and are there */
	struct map images; /* name asked for → id, owned; "" when absent */
};

#define WORLD_INIT                 \
	{                          \
		.containers = NULL \
	}
#define cleanup_world cleanup_release(world_release)

/*
 * Read what there is of @project (NULL: of all projects), with every network
 * and volume.
 */
int world_read(struct session *session, const char *project,
	       struct world *world, struct err *err);
/* Look an image up and remember it. */
int world_read_image(struct session *session, const char *name,
		     struct world *world, struct err *err);
/* Look a secret of the store up by its name. */
int world_read_secret(struct session *session, const char *name,
		      struct world *world, struct err *err);
void world_release(struct world *world);

/* A label of a list, or NULL. */
const char *world_label(const struct strvec *labels, const char *key);
/* The id of an image that was looked up; "" when it is not here. */
const char *world_image(const struct world *world, const char *name);
const struct world_object *world_network(const struct world *world,
					 const char *name);
const struct world_object *world_volume(const struct world *world,
					const char *name);
/* A regular container of @service by number; 0: the first that runs, or is. */
const struct world_container *world_find(const struct world *world,
					 const char *service, int number);

/* Put containers in order, by service and number. */
void world_sort(struct world *world);

#endif
