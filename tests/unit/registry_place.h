/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry_place.h - a home, two scripted servers and a registry on them.
 */
#ifndef DHOW_TESTS_REGISTRY_PLACE_H
#define DHOW_TESTS_REGISTRY_PLACE_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/units.h"
#include "http_script.h"
#include "registry/registry.h"
#include "spec/manifest.h"

#define OK_HEAD(len) "HTTP/1.1 200 OK\r\nContent-Length: " len "\r\n"
#define TYPE_HEAD "Content-Type: " MEDIA_OCI_MANIFEST "; charset=utf-8\r\n"
#define NO_BODY "Content-Length: 0\r\n\r\n"
/* sha256 of "{}" and of "0123456789" */
#define BRACES \
	"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
#define DIGITS \
	"sha256:84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"
#define SOME_MANIFEST OK_HEAD("2") TYPE_HEAD "\r\n{}"

static char place[64];
static struct http_script one, two;

static inline void
registry_setup(void)
{
	static const char *const names[] = {
		"http_proxy",         "HTTP_PROXY",         "https_proxy",
		"HTTPS_PROXY",        "all_proxy",          "ALL_PROXY",
		"DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "DOCKER_CONFIG",
		"XDG_CONFIG_HOME",
	};

	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	(void)setenv("HOME", place, 1);
	(void)setenv("XDG_RUNTIME_DIR", place, 1);
	(void)setenv("DOCKER_AUTH_CONFIG", "{}", 1);
	http_script_listen(&one);
	http_script_listen(&two);
}

static inline void
registry_teardown(void)
{
	http_script_stop(&one);
	http_script_stop(&two);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

static inline void
login_as(const char *user_pass_base64)
{
	cleanup_free char *text =
		xasprintf("{\"auths\":{\"localhost:%d\":{\"auth\":\"%s\"}}}",
			  one.port, user_pass_base64);

	(void)setenv("DOCKER_AUTH_CONFIG", text, 1);
}

static inline struct registry *
open_named(const char *name, const struct registry_opts *opts)
{
	struct registry_opts usual = REGISTRY_OPTS_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	struct registry *reg = NULL;
	struct err err = ERR_INIT;

	usual.retry_delay_ns = 1000000;
	cr_assert(eq(int, ref_parse(name, &ref, NULL), 0));
	cr_assert(eq(int, registry_open(&ref, opts ? opts : &usual, &reg, &err),
		     0),
		  "%s", err.text);
	return reg;
}

static inline struct registry *
open_one(const struct registry_opts *opts)
{
	cleanup_free char *name =
		xasprintf("localhost:%d/team/app:1", one.port);

	return open_named(name, opts);
}

#define serve(script, ...)                                               \
	do {                                                             \
		static struct http_script_row rows_[] = { __VA_ARGS__ }; \
		http_script_serve(&(script), rows_,                      \
				  sizeof(rows_) / sizeof(rows_[0]));     \
	} while (0)

#endif
