/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/container_words.h - a service as the words of "dhow create".
 *
 * What a container is has one grammar, that of run's flags: whatever these
 * can do, services can, and what they refuse is refused with their reason.
 */
#ifndef DHOW_COMPOSE_CONTAINER_WORDS_H
#define DHOW_COMPOSE_CONTAINER_WORDS_H

#include "compose/project.h"
#include "compose/world.h"

struct container_words {
	const struct project *project;
	const struct world *world;
	const char *service;
	const char *name;     /* of the container */
	const char *image;    /* its name */
	const char *image_id; /* for the label */
	const char *secrets;  /* directory of the project's grants */
	int number;
	const char *replaces; /* id of the container it takes the place of */
	bool underscore;      /* --compatibility */

	/* Volumes without a name that go over: "TARGET\tVOLUME". */
	const struct strvec *carry;

	/* A single command: "compose run". */
	bool oneoff;
	const char *slug;
	bool no_ports;     /* those of the service stay closed */
	bool no_aliases;   /* nobody finds it by the service's name */
	bool drop_command; /* the service's own is not used */
};

/*
 * Append flags, image and command to @words ("create" stands there already).
 * What cannot work here was refused when the project was loaded.
 *
 * @extra: flags of compose run, put before the image; may be NULL
 */
void container_words_add(const struct container_words *from,
			 const struct strvec *extra,
			 const struct strvec *command, struct strvec *words);

/* The name of a service's container @number. Owned. */
char *container_words_name(const struct project *project, const char *service,
			   int number, bool underscore);

/* How many containers the files ask for. */
int container_words_scale(const struct node *service);

/*
 * The file that a grant of a service is mounted from: the one that the
 * project names, or a copy below @dir when the grant has a mode of its own or
 * the text is in the project's files. Owned.
 *
 * @one:      the secret or config
 * @ret_mode: of the copy, in octal; owned; may be NULL
 */
char *container_words_grant_file(const char *dir, const char *project,
				 const char *kind, const struct node *grant,
				 const struct node *one, char **ret_mode);

#endif
