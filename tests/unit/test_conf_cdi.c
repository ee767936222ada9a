/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "conf/cdi.h"

#define HEAD "cdiVersion: '0.6.0'\nkind: "
#define ONE(kind, name) \
	HEAD kind "\ndevices:\n- name: '" name "'\n  containerEdits: {}\n"

static char place[64];

static void
cdi_setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
}

static void
cdi_teardown(void)
{
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(conf_cdi, .init = cdi_setup, .fini = cdi_teardown);

/* A file of the first or the second directory. */
static void
put(const char *dir, const char *name, const char *text)
{
	cleanup_free char *path = xasprintf("%s/%s", place, dir);

	cr_assert(eq(int, fsx_mkdir_p(AT_FDCWD, path, 0755, NULL), 0));
	free(path);
	path = xasprintf("%s/%s/%s", place, dir, name);
	cr_assert(eq(int,
		     fsx_write_atomic(AT_FDCWD, path, text, strlen(text), 0644,
				      FSX_NOSYNC, NULL),
		     0));
}

static void
load(struct cdi *cdi)
{
	cleanup_strvec struct strvec dirs = STRVEC_INIT;

	strvec_addf(&dirs, "%s/first", place);
	strvec_addf(&dirs, "%s/absent", place);
	strvec_addf(&dirs, "%s/second", place);
	cdi_load(&dirs, cdi);
}

/* Where @name is described, or what is said. */
static char *
where(const char *name)
{
	cleanup_cdi struct cdi cdi = CDI_INIT;
	const struct cdi_device *device;
	const struct cdi_file *file;
	struct err err = ERR_INIT;
	char *text;

	load(&cdi);
	if (cdi_find(&cdi, name, &file, &device, &err) < 0)
		text = xasprintf("%d: %s: %s", err.code, err.text, err.hint);
	else
		text = xstrdup(file->path + strlen(place));
	return text;
}

static void
expect(const char *name, const char *words)
{
	cleanup_free char *got = where(name);

	cr_expect(strstr(got, words) != NULL, "%s: %s", name, got);
}

Test(conf_cdi, the_later_directory_counts_more)
{
	put("first", "a.yaml", ONE("vendor.com/net", "x"));
	put("first", "b.json",
	    "{\"cdiVersion\": \"0.3.0\", \"kind\": \"vendor.com/net\","
	    "\"devices\": [{\"name\": \"y\"}]}");
	put("first", "c.txt", "nothing of ours");
	expect("vendor.com/net=x", "/first/a.yaml");
	expect("vendor.com/net=y", "/first/b.json");
	put("second", "a.yaml", ONE("vendor.com/net", "x"));
	expect("vendor.com/net=x", "/second/a.yaml");
	expect("vendor.com/ne=x", "2: no device 'vendor.com/ne=x'");
	expect("vendor.com/net=z", "vendor.com/net=x, vendor.com/net=y");
}

Test(conf_cdi, twice_in_one_directory_is_nobodys)
{
	put("first", "a.yaml", ONE("vendor.com/net", "x"));
	put("first", "b.yaml", ONE("vendor.com/net", "x"));
	expect("vendor.com/net=x", "first/b.yaml");
	expect("vendor.com/net=x", "17: ");
	put("second", "c.yaml", ONE("vendor.com/net", "x"));
	expect("vendor.com/net=x", "/second/c.yaml");
}

Test(conf_cdi, without_descriptions_the_directories_are_told)
{
	expect("nvidia.com/gpu=all", "/first, ");
	expect("nvidia.com/gpu=all", "nvidia-ctk");
}

Test(conf_cdi, what_does_not_parse_is_told_with_its_place)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "kind: [", "bad.yaml:2:" },
		{ "kind: a.b/c\ndevices: [{name: x}]\n", "cdiVersion" },
		{ "cdiVersion: 2.0.0\nkind: a.b/c\ndevices: [{name: x}]\n",
		  "bad.yaml:1:13: cdiVersion '2.0.0' is not known" },
		{ HEAD "gpu\ndevices: [{name: x}]\n",
		  "bad.yaml:2:7: kind 'gpu' is not VENDOR/CLASS" },
		{ HEAD "a.b/c\ndevices: []\n", "there are no devices" },
		{ HEAD "a.b/c\ndevices: [{name: x}, {name: x}]\n",
		  "bad.yaml:3:29: device 'x' is there twice" },
		{ HEAD "a.b/c\ndevices: [{name: -x}]\n",
		  "'-x' is not a device name" },
		{ HEAD "a.b/c\ndevices:\n- name: x\n  containerEdits:\n"
		       "    env: [A]\n",
		  "bad.yaml:6:10: 'A' is not NAME=VALUE" },
		{ HEAD "a.b/c\ndevices:\n- name: x\n  containerEdits:\n"
		       "    deviceNodes: [{path: null}]\n",
		  "path" },
		{ HEAD "a.b/c\ndevices: [{name: x}]\ncontainerEdits:\n"
		       "  deviceNodes: [{path: dev/x}]\n",
		  "bad.yaml:5:16: path 'dev/x' is not absolute" },
		{ HEAD "a.b/c\ndevices: [{name: x}]\ncontainerEdits:\n"
		       "  mounts: [{hostPath: x, containerPath: /y}]\n",
		  "bad.yaml:5:11: paths of '/y' are not absolute" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		put("first", "bad.yaml", rows[i].text);
		expect("a.b/c=x", rows[i].words);
	}
}

Test(conf_cdi, edits_are_read)
{
	cleanup_cdi struct cdi cdi = CDI_INIT;
	const struct cdi_device *device;
	const struct cdi_file *file;

	put("first", "a.yaml",
	    HEAD "a.b/c\n"
		 "devices:\n"
		 "- name: x\n"
		 "  containerEdits:\n"
		 "    env: [A=1, B=]\n"
		 "    deviceNodes: [{path: /dev/x, hostPath: /dev/null,"
		 " permissions: r}]\n"
		 "containerEdits:\n"
		 "  mounts: [{hostPath: /a, containerPath: /b,"
		 " options: [ro, bind]}]\n"
		 "  hooks: [{hookName: createContainer, path: /h,"
		 " args: [h, do]}]\n");
	load(&cdi);
	cr_assert(eq(int, cdi_find(&cdi, "a.b/c=x", &file, &device, NULL), 0));
	cr_expect(eq(sz, device->edits.env.len, 2));
	cr_expect(eq(str, device->edits.nodes[0].host_path, "/dev/null"));
	cr_expect(eq(str, device->edits.nodes[0].permissions, "r"));
	cr_expect(eq(str, file->edits.mounts[0].container_path, "/b"));
	cr_expect(eq(sz, file->edits.mounts[0].options.len, 2));
	cr_expect(eq(str, file->edits.hooks[0].args.v[1], "do"));
}
