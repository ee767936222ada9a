/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/yaml_scalar.h - which value a YAML scalar is.
 */
#ifndef DHOW_DATA_YAML_SCALAR_H
#define DHOW_DATA_YAML_SCALAR_H

#include <stdbool.h>

#include "base/span.h"
#include "data/node.h"

/*
 * The node of a scalar: by its tag ("tag:yaml.org,2002:int", NULL: none), or
 * by its looks when it is @is_plain and its tag is none of YAML's.
 *
 * Returns NULL when the text is not what the tag says.
 */
struct node *yaml_scalar_node(struct span text, const char *tag, bool is_plain);

#endif
