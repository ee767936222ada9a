/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/version.h - which dhow this is.
 */
#ifndef DHOW_CLI_VERSION_H
#define DHOW_CLI_VERSION_H

/* "dhow version X, build Y", as scripts that know docker read it. */
int version_print_line(void);

#endif
