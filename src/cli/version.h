/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/version.h - which dhow this is.
 */
#ifndef DHOW_CLI_VERSION_H
#define DHOW_CLI_VERSION_H

/* The docker API whose command line and JSON this version follows. */
#define VERSION_API "1.52"
#define VERSION_API_MIN "1.24"
/* The Docker Compose whose command line and labels it follows. */
#define VERSION_COMPOSE "5.5.0"

/* "dhow version X, build Y", as scripts that know docker read it. */
int version_print_line(void);

#endif
