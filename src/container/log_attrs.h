/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/log_attrs.h - what --log-opt labels, env and tag add to records.
 */
#ifndef DHOW_CONTAINER_LOG_ATTRS_H
#define DHOW_CONTAINER_LOG_ATTRS_H

#include "container/spec.h"

/*
 * The JSON object that each record gets as "attrs", or NULL when there is
 * none; the caller frees it. A pattern that is none matches nothing.
 */
char *log_attrs_text(const struct container_spec *spec);

#endif
