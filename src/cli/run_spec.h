/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_spec.h - from the flags of run and the image to what is asked for.
 *
 * Each function reads a group of flags, checks them and fills its part of the
 * spec; nothing on the host is changed. -EINVAL names the flag.
 */
#ifndef DHOW_CLI_RUN_SPEC_H
#define DHOW_CLI_RUN_SPEC_H

#include "cli/args.h"
#include "container/spec.h"

/* All of the flags. @operands: the command behind the image. */
int run_spec_fill(struct container_spec *spec, const struct args *args,
		  char *const *command, struct err *err);

/* Command, environment, user, streams, life. */
int run_spec_process(struct container_spec *spec, const struct args *args,
		     char *const *command, struct err *err);
/* Restart policy, log, health, the ways it ends. */
int run_spec_life(struct container_spec *spec, const struct args *args,
		  struct err *err);
/* Mounts, volumes of the image, devices. */
/* Append the --device @text as a container's record has it. */
int run_spec_device(struct strvec *devices, const char *text, struct err *err);
int run_spec_files(struct container_spec *spec, const struct args *args,
		   struct err *err);
/* Network, names, ports. */
int run_spec_network(struct container_spec *spec, const struct args *args,
		     struct err *err);
/* Capabilities, security options, namespaces. */
int run_spec_rights(struct container_spec *spec, const struct args *args,
		    struct err *err);
/* What it may use of the host. */
int run_spec_limits(struct container_spec *spec, const struct args *args,
		    struct err *err);

/* err_wrap() that puts the flag in front: "--publish '80:x': …". */
int run_spec_bad(struct err *err, int r, const char *flag, const char *value);

#endif
