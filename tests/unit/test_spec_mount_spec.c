/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/mount_spec.h"

typedef int parse_fn(const char *, struct mount_spec *, struct err *);

struct mount_case {
	const char *text, *want; /* JSON, or NULL when refused */
};

static char *
json_of(const struct mount_spec *spec)
{
	cleanup_node struct node *node = mount_spec_to_node(spec);
	struct strbuf sb = STRBUF_INIT;

	node_write_json(&sb, node, NODE_COMPACT);
	return strbuf_take(&sb);
}

static void
check(parse_fn *parse, const struct mount_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		cleanup_mount_spec struct mount_spec spec = MOUNT_SPEC_INIT;
		cleanup_mount_spec struct mount_spec back = MOUNT_SPEC_INIT;
		struct err err = ERR_INIT;
		int r = parse(cases[i].text, &spec, &err);

		cr_expect(eq(int, r == 0, cases[i].want != NULL), "'%s': %s",
			  cases[i].text, err.text);
		if (r < 0) {
			cr_expect(eq(int, r == -EINVAL || r == -ERANGE, 1));
			cr_expect(eq(int, err.code, -r));
			cr_expect(gt(sz, strlen(err.hint), 0), "'%s'",
				  cases[i].text);
			continue;
		}
		cleanup_node struct node *node = mount_spec_to_node(&spec);
		cleanup_free char *json = json_of(&spec);

		if (cases[i].want)
			cr_expect(eq(str, json, (char *)cases[i].want), "'%s'",
				  cases[i].text);
		cr_expect(eq(int, mount_spec_from_node(node, &back, &err), 0),
			  "'%s': %s", cases[i].text, err.text);
		cleanup_free char *again = json_of(&back);

		cr_expect(eq(str, again, json), "'%s'", cases[i].text);
	}
}

#define BIND(more, tail)                                              \
	"{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/c\"" more \
	",\"BindOptions\":{" tail
#define VOL(more) \
	"{\"Type\":\"volume\",\"Source\":\"vol\",\"Target\":\"/c\"" more "}"

Test(spec_mount_spec, volume_options_follow_their_grammar)
{
	static const struct mount_case cases[] = {
		{ "/c", "{\"Type\":\"volume\",\"Target\":\"/c\"}" },
		{ "vol:/c", VOL("") },
		{ "vol:/c/", VOL("") },
		{ "vol://x/../c/.", VOL("") },
		{ "vol:/c:rw", VOL("") },
		{ "vol:/c:ro", VOL(",\"ReadOnly\":true") },
		{ "vol:/c:nocopy",
		  VOL(",\"VolumeOptions\":{\"NoCopy\":true}") },
		{ "vol:/c:copy", VOL("") },
		{ "vol:/c:nocreate", VOL(",\"Options\":[\"nocreate\"]") },
		{ "vol:/c:z,U", VOL(",\"Options\":[\"z\",\"U\"]") },
		{ "vol:/c:", VOL("") },
		{ "/h:/c", BIND("", "\"CreateMountpoint\":true}}") },
		{ "/h:/c:ro",
		  BIND(",\"ReadOnly\":true", "\"CreateMountpoint\":true}}") },
		{ "/h:/c:nocreate,ro,bind",
		  BIND(",\"ReadOnly\":true", "\"NonRecursive\":true}}") },
		{ "/h:/c:rslave,nocreate",
		  BIND("", "\"Propagation\":\"rslave\"}}") },
		{ "/h:/c:shared,rbind,nocreate",
		  BIND("", "\"Propagation\":\"shared\"}}") },
		{ "/h:/c:Z,O,noexec,nosuid,dev",
		  BIND("",
		       "\"CreateMountpoint\":true},\"Options\":[\"Z\",\"O\","
		       "\"noexec\",\"nosuid\",\"dev\"]}") },
		{ "/h:/c:O,upperdir=/u,workdir=/w",
		  BIND("", "\"CreateMountpoint\":true},\"Options\":[\"O\","
			   "\"upperdir=/u\",\"workdir=/w\"]}") },
		{ "/h:/c:idmap",
		  BIND("",
		       "\"CreateMountpoint\":true},\"Options\":[\"idmap\"]}") },
		{ "/h:/c:idmap=uids=0-1-10",
		  BIND("",
		       "\"CreateMountpoint\":true},\"Options\":[\"idmap=uids=0-1-10\"]}") },
		{ "/h:/c:cached", BIND("", "\"CreateMountpoint\":true}}") },
		{ "./x:/c",
		  "{\"Type\":\"bind\",\"Source\":\"./x\",\"Target\":"
		  "\"/c\",\"BindOptions\":{\"CreateMountpoint\":true}}" },
		{ "..:/c",
		  "{\"Type\":\"bind\",\"Source\":\"..\",\"Target\":"
		  "\"/c\",\"BindOptions\":{\"CreateMountpoint\":true}}" },
		{ "", NULL },
		{ ":", NULL },
		{ ":/c", NULL },
		{ "vol:", NULL },
		{ "/", NULL },
		{ "/h:/", NULL },
		{ "/h:/x/..", NULL },
		{ "/h:c", NULL },
		{ "/data:ro", NULL },
		{ "c", NULL },
		{ "x/y:/c", NULL },
		{ ".x:/c", NULL },
		{ "~/x:/c", NULL },
		{ "v:/c", NULL },
		{ "vo l:/c", NULL },
		{ "/h:/c:ro:rw", NULL },
		{ "/h:/c:ro,rw", NULL },
		{ "/h:/c:ro,ro", NULL },
		{ "/h:/c:z,Z", NULL },
		{ "/h:/c:exec,noexec", NULL },
		{ "/h:/c:bind,rbind", NULL },
		{ "/h:/c:shared,slave", NULL },
		{ "/h:/c:nope", NULL },
		{ "/h:/c:RO", NULL },
		{ "/h:/c:ro,,z", NULL },
		{ "/h:/c:,ro", NULL },
		{ "/h:/c: ro", NULL },
		{ "/h:/c:nocopy", NULL },
		{ "/h:/c:size=1m", NULL },
		{ "/h:/c:upperdir=/u", NULL },
		{ "/h:/c:O,upperdir=/u", NULL },
		{ "/h:/c:upperdir=/u,workdir=/w", NULL },
		{ "/h:/c:O,upperdir=u,workdir=/w", NULL },
		{ "/h:/c:O,ro", NULL },
		{ "/h:/c:upperdir=", NULL },
	};

	check(mount_spec_parse_volume, cases, ARRAY_LEN(cases));
}

Test(spec_mount_spec, mount_keys_follow_their_grammar)
{
	static const struct mount_case cases[] = {
		{ "type=bind,source=/h,target=/c",
		  "{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/c\"}" },
		{ "type=bind,src=/h,dst=/c,ro",
		  "{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/c\",\"ReadOnly\":true}" },
		{ "destination=/c,source=vol", VOL("") },
		{ "dest=/c,src=vol,readonly=true", VOL(",\"ReadOnly\":true") },
		{ "target=/c,src=vol,readonly=0", VOL("") },
		{ "target=/c,src=vol,rw=false", VOL(",\"ReadOnly\":true") },
		{ "target=/c", "{\"Type\":\"volume\",\"Target\":\"/c\"}" },
		{ "src=/h,type=bind,target=/c,bind-create-src",
		  BIND("", "\"CreateMountpoint\":true}}") },
		{ "src=/h,type=bind,target=/c,bind-propagation=rshared",
		  BIND("", "\"Propagation\":\"rshared\"}}") },
		{ "src=/h,type=bind,target=/c,bind-recursive=enabled",
		  "{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/c\"}" },
		{ "src=/h,type=bind,target=/c,bind-recursive=disabled",
		  BIND("", "\"NonRecursive\":true}}") },
		{ "src=/h,type=bind,target=/c,bind-recursive=writable",
		  BIND("", "\"ReadOnlyNonRecursive\":true}}") },
		{ "src=/h,type=bind,target=/c,bind-recursive=readonly",
		  BIND("", "\"ReadOnlyForceRecursive\":true}}") },
		{ "type=bind,src=/h,target=/c,relabel=private,U,idmap,exec,nosuid",
		  "{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/c\",\"Options\":"
		  "[\"Z\",\"U\",\"idmap\",\"exec\",\"nosuid\"]}" },
		{ "type=bind,\"src=/h,x\",target=/c,consistency=cached",
		  "{\"Type\":\"bind\",\"Source\":\"/h,x\",\"Target\":\"/c\"}" },
		{ "type=volume,src=vol,target=/c,volume-nocopy,volume-subpath=a/b,"
		  "volume-label=x=y,volume-label=z,volume-driver=local,"
		  "volume-opt=type=tmpfs,\"volume-opt=o=a,b\"",
		  VOL(",\"VolumeOptions\":{\"NoCopy\":true,\"Labels\":{\"x\":\"y\",\"z\":\"\"},"
		      "\"Subpath\":\"a/b\",\"DriverConfig\":{\"Name\":\"local\","
		      "\"Options\":{\"type\":\"tmpfs\",\"o\":\"a,b\"}}}") },
		{ "type=image,src=debian:12,target=/c,image-subpath=etc",
		  "{\"Type\":\"image\",\"Source\":\"debian:12\",\"Target\":\"/c\",\"ReadOnly\":true,"
		  "\"ImageOptions\":{\"Subpath\":\"etc\"}}" },
		{ "type=image,src=debian:12,target=/c,rw,subpath=etc",
		  "{\"Type\":\"image\",\"Source\":\"debian:12\",\"Target\":\"/c\","
		  "\"ImageOptions\":{\"Subpath\":\"etc\"}}" },
		{ "type=tmpfs,target=/c",
		  "{\"Type\":\"tmpfs\",\"Target\":\"/c\"}" },
		{ "type=tmpfs,target=/c,tmpfs-size=1m,tmpfs-mode=0700,tmpcopyup,uid=5",
		  "{\"Type\":\"tmpfs\",\"Target\":\"/c\",\"TmpfsOptions\":{\"SizeBytes\":1048576,"
		  "\"Mode\":448},\"Options\":[\"tmpcopyup\",\"uid=5\"]}" },
		{ "type=ramfs,target=/c,ramfs-size=1m",
		  "{\"Type\":\"ramfs\",\"Target\":\"/c\",\"TmpfsOptions\":{\"SizeBytes\":1048576}}" },
		{ "type=devpts,target=/c,max=5,gid=5,mode=620",
		  "{\"Type\":\"devpts\",\"Target\":\"/c\",\"TmpfsOptions\":{\"Mode\":400},"
		  "\"Options\":[\"gid=5\",\"max=5\"]}" },
		{ "type=glob,src=/h/*.so,target=/c,no-dereference,ro",
		  "{\"Type\":\"glob\",\"Source\":\"/h/*.so\",\"Target\":\"/c\",\"ReadOnly\":true,"
		  "\"BindOptions\":{\"NoDereference\":true}}" },
		{ "", NULL },
		{ "type=bind", NULL },
		{ "type=bind,target=/c", NULL },
		{ "type=bind,src=,target=/c", NULL },
		{ "type=bind,src=/h,target=c", NULL },
		{ "type=bind,src=/h,target=/", NULL },
		{ "type=bind,src=/h,target=/c,target=/d", NULL },
		{ "type=bind,src=/h,target=/c,dst=/d", NULL },
		{ "type=bind,type=bind,src=/h,target=/c", NULL },
		{ "type=binds,src=/h,target=/c", NULL },
		{ "type=,target=/c", NULL },
		{ "type,target=/c", NULL },
		{ "type=npipe,src=/h,target=/c", NULL },
		{ "type=cluster,src=/h,target=/c", NULL },
		{ "type=bind, src=/h,target=/c", NULL },
		{ "type=bind,src= /h,target=/c", NULL },
		{ "type=bind ,src=/h,target=/c", NULL },
		{ "type=bind,src=/h,target=/c,", NULL },
		{ "type=bind,src=/h,target=/c,readonli", NULL },
		{ "type=bind,src=/h,target=/c,readonly=maybe", NULL },
		{ "type=bind,src=/h,target=/c,ro,rw", NULL },
		{ "type=bind,src=/h,target=/c,ro=false,rw=true", NULL },
		{ "type=bind,src=/h,target=/c,bind-nonrecursive", NULL },
		{ "type=bind,src=/h,target=/c,bind-recursive=deep", NULL },
		{ "type=bind,src=/h,target=/c,bind-propagation=wide", NULL },
		{ "type=bind,src=/h,target=/c,bind-propagation=", NULL },
		{ "type=bind,src=/h,target=/c,volume-nocopy", NULL },
		{ "type=bind,src=/h,target=/c,tmpfs-size=1m", NULL },
		{ "type=bind,src=/h,target=/c,relabel=x", NULL },
		{ "type=volume,src=../x,target=/c", NULL },
		{ "type=volume,src=/h,target=/c", NULL },
		{ "type=volume,target=/c,bind-propagation=rshared", NULL },
		{ "type=volume,src=vol,target=/c,volume-subpath=../x", NULL },
		{ "type=volume,src=vol,target=/c,volume-subpath=/x", NULL },
		{ "type=volume,src=vol,target=/c,volume-opt=x", NULL },
		{ "type=image,target=/c", NULL },
		{ "type=image,src=Bad:Ref:x,target=/c", NULL },
		{ "type=image,src=a,target=/c,image-subpath=a/../..", NULL },
		{ "type=tmpfs,src=/h,target=/c", NULL },
		{ "type=tmpfs,target=/c,tmpfs-size=x", NULL },
		{ "type=tmpfs,target=/c,tmpfs-mode=9", NULL },
		{ "type=tmpfs,target=/c,tmpfs-mode=17777", NULL },
		{ "type=tmpfs,target=/c,tmpfs-size=1m,size=2m", NULL },
		{ "type=bind,src=/h,target=/c,\"x", NULL },
	};

	check(mount_spec_parse_mount, cases, ARRAY_LEN(cases));
}

#define TMP(more) "{\"Type\":\"tmpfs\",\"Target\":\"/c\"" more "}"

Test(spec_mount_spec, tmpfs_options_follow_their_grammar)
{
	static const struct mount_case cases[] = {
		{ "/c", TMP("") },
		{ "/c:", TMP("") },
		{ "/c:rw", TMP("") },
		{ "/c:ro,noexec,nosuid,nodev",
		  TMP(",\"ReadOnly\":true,\"Options\":[\"noexec\",\"nosuid\",\"nodev\"]") },
		{ "/c:exec,suid,dev",
		  TMP(",\"Options\":[\"exec\",\"suid\",\"dev\"]") },
		{ "/c:size=64m,mode=1777",
		  TMP(",\"TmpfsOptions\":{\"SizeBytes\":67108864,\"Mode\":1023}") },
		{ "/c:size=50%", TMP(",\"Options\":[\"size=50%\"]") },
		{ "/c:uid=1,gid=2,nr_inodes=1k,tmpcopyup",
		  TMP(",\"Options\":[\"tmpcopyup\",\"nr_inodes=1024\",\"uid=1\",\"gid=2\"]") },
		{ "", NULL },
		{ "c", NULL },
		{ "/", NULL },
		{ "/c:size", NULL },
		{ "/c:size=", NULL },
		{ "/c:size=-1", NULL },
		{ "/c:size=0%", NULL },
		{ "/c:size=101%", NULL },
		{ "/c:mode=8", NULL },
		{ "/c:uid=-1", NULL },
		{ "/c:uid=4294967296", NULL },
		{ "/c:z", NULL },
		{ "/c:shared", NULL },
		{ "/c:size=1m,size=2m", NULL },
		{ "/c:ro=1", NULL },
		{ "/c:sise=1m", NULL },
		{ "/c:ro:rw", NULL },
	};

	check(mount_spec_parse_tmpfs, cases, ARRAY_LEN(cases));
}

Test(spec_mount_spec, a_mistyped_key_gets_its_neighbour)
{
	struct mount_spec spec;
	struct err err = ERR_INIT;

	cr_assert(eq(int,
		     mount_spec_parse_mount("type=bind,sorce=/h,target=/c",
					    &spec, &err),
		     -EINVAL));
	cr_assert(eq(
		str, err.text,
		(char *)"mount 'type=bind,sorce=/h,target=/c': unknown key 'sorce'"));
	cr_assert(eq(str, err.hint, (char *)"did you mean 'source'?"));
}

Test(spec_mount_spec, a_path_without_its_dot_gets_a_hint)
{
	struct mount_spec spec;
	struct err err = ERR_INIT;

	cr_assert(eq(int, mount_spec_parse_volume("a/b:/c", &spec, &err),
		     -EINVAL));
	cr_assert(eq(str, err.hint,
		     (char *)"a path starts with / or ./: './a/b'"));
}

Test(spec_mount_spec, relative_sources_are_below_the_base)
{
	static const char *const cases[][2] = {
		{ "./x:/c", "/w/x" },
		{ "..:/c", "/" },
		{ "/h:/c", "/h" },
		{ "vol:/c", "vol" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_mount_spec struct mount_spec spec = MOUNT_SPEC_INIT;

		cr_assert(eq(int,
			     mount_spec_parse_volume(cases[i][0], &spec, NULL),
			     0));
		mount_spec_set_base(&spec, "/w");
		cr_expect(eq(str, spec.source, (char *)cases[i][1]));
	}
}

Test(spec_mount_spec, options_are_shown_in_one_line)
{
	cleanup_mount_spec struct mount_spec spec = MOUNT_SPEC_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	cr_assert(eq(int,
		     mount_spec_parse_tmpfs("/c:size=1k,mode=700", &spec, NULL),
		     0));
	mount_spec_add_options(&sb, &spec);
	cr_assert(eq(str, sb.buf, (char *)"rw,size=1024,mode=0700"));
}

Test(spec_mount_spec, one_target_has_one_mount)
{
	cleanup_mount_list struct mount_list list = MOUNT_LIST_INIT;

	for (int i = 0; i < 2; i++) {
		struct mount_spec spec = MOUNT_SPEC_INIT;

		cr_assert(eq(int, mount_list_check(&list, NULL), 0));
		cr_assert(eq(int, mount_spec_parse_volume("/c/", &spec, NULL),
			     0));
		mount_list_take(&list, &spec);
	}
	cr_assert(eq(int, mount_list_check(&list, NULL), -EINVAL));
}

Test(spec_mount_spec, a_damaged_record_is_refused)
{
	static const char *const cases[] = {
		"{}",
		"[]",
		"{\"Type\":\"bind\",\"Target\":\"/c\"}",
		"{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/\"}",
		"{\"Type\":\"x\",\"Target\":\"/c\"}",
		"{\"Type\":\"volume\",\"Target\":\"/c\",\"ReadOnly\":1}",
		"{\"Type\":\"volume\",\"Target\":\"/c\",\"Options\":[\"x\"]}",
		"{\"Type\":\"volume\",\"Source\":\"../x\",\"Target\":\"/c\"}",
		"{\"Type\":\"volume\",\"Target\":\"/c\",\"BindOptions\":{\"Propagation\":\"x\"}}",
		"{\"Type\":\"tmpfs\",\"Target\":\"/c\",\"TmpfsOptions\":{\"SizeBytes\":-1}}",
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_node struct node *node = NULL;
		struct mount_spec spec;

		cr_assert(
			eq(int,
			   node_parse_json(span_of(cases[i]), "x", &node, NULL),
			   0));
		cr_expect(eq(int, mount_spec_from_node(node, &spec, NULL),
			     -EBADMSG),
			  "%s", cases[i]);
	}
}
