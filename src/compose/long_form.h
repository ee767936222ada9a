/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/long_form.h - the long forms that short ones stand for.
 *
 * Each borrows a checked value and returns a new node, or NULL when the value
 * is in its long form already. Mistakes that only show here go to @diag.
 */
#ifndef DHOW_COMPOSE_LONG_FORM_H
#define DHOW_COMPOSE_LONG_FORM_H

#include "compose/diag.h"
#include "data/node.h"

#define LONG_FORM(name) \
	struct node *name(const struct node *value, struct diag *diag)

LONG_FORM(long_form_map);       /* [K=V] → {K: "V"}; K alone is null */
LONG_FORM(long_form_labels);    /* the same; K alone is "" */
LONG_FORM(long_form_list);      /* x → [x] */
LONG_FORM(long_form_texts);     /* numbers in a list → strings */
LONG_FORM(long_form_text);      /* a number or a word → a string */
LONG_FORM(long_form_names);     /* [a] → {a: null} */
LONG_FORM(long_form_shell);     /* "a b" → [a, b] */
LONG_FORM(long_form_build);     /* "." → {context: .} */
LONG_FORM(long_form_depends);   /* [a] → {a: {condition: …}} */
LONG_FORM(long_form_ports);     /* ["80:80"] → [{published: "80", …}] */
LONG_FORM(long_form_volume);    /* "a:/b" → {type: volume, …} */
LONG_FORM(long_form_device);    /* "/a:/b" → {source: /a, …} */
LONG_FORM(long_form_grant);     /* "a" → {source: a} */
LONG_FORM(long_form_env_files); /* "a" → [{path: a, required: true}] */
LONG_FORM(long_form_hosts);     /* {h: ip} → ["h=ip"] */
LONG_FORM(long_form_test);      /* "a b" → [CMD-SHELL, "a b"] */
LONG_FORM(long_form_external);  /* external: {name: x} of an object */
LONG_FORM(long_form_gpus);      /* all → [{count: -1}] */
LONG_FORM(long_form_service);   /* "a" → {service: a} */
LONG_FORM(long_form_include);   /* "a" → {path: [a]} */
LONG_FORM(long_form_duration);  /* "90s" → "1m30s" */
LONG_FORM(long_form_mode);      /* 288 → "0440" */
LONG_FORM(long_form_mode_bits); /* "0440" → 288 */
LONG_FORM(long_form_request);   /* {count: all} → {count: -1} */
LONG_FORM(long_form_bytes);     /* "1k" → "1024" */

#endif
