/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/toml.h - the TOML that registries.conf is written in.
 *
 * Tables, arrays of tables, dotted and quoted keys, all four kinds of
 * strings, decimal integers, booleans, arrays and inline tables. Floats,
 * dates and other bases have no use there and are refused by name.
 * Spec: TOML v1.0.0.
 */
#ifndef DHOW_CONF_TOML_H
#define DHOW_CONF_TOML_H

#include "base/err.h"
#include "base/span.h"
#include "data/node.h"

/*
 * Parse a whole document into an object. @name leads messages as file name.
 * Returns 0, or -EBADMSG with "name:line:col: what".
 */
int toml_parse(struct span text, const char *name, struct node **ret_node,
	       struct err *err);

#endif
