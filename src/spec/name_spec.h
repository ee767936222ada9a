/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/name_spec.h - names of containers, volumes, networks and hosts.
 */
#ifndef DHOW_SPEC_NAME_SPEC_H
#define DHOW_SPEC_NAME_SPEC_H

#include "base/err.h"

#define NAME_SPEC_MAX 255 /* they become file names */
#define NAME_SPEC_HOST_MAX 63

/*
 * [a-zA-Z0-9][a-zA-Z0-9_.-]+ for containers and volumes. @what leads the
 * message: "container name". Returns 0 or -EINVAL.
 */
int name_spec_check(const char *what, const char *name, struct err *err);
/* The same, one character being enough. */
int name_spec_check_network(const char *name, struct err *err);
/* RFC 1123: labels of letters, digits and inner dashes; 63 bytes in all. */
int name_spec_check_hostname(const char *name, struct err *err);
/* The same without the limit on the whole: 253 bytes. */
int name_spec_check_domainname(const char *name, struct err *err);

#endif
