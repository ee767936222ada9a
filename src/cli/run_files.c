/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_files.c - flags of run about files: mounts, volumes, devices.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/run_spec.h"
#include "spec/device_spec.h"
#include "spec/gpu_spec.h"
#include "spec/mount_spec.h"

typedef int (*mount_parse_fn)(const char *text, struct mount_spec *ret_spec,
			      struct err *err);

/* As docker inspect shows them: Binds with whole paths, Tmpfs as given. */
static void
note_mount(struct container_spec *spec, const char *flag, const char *text,
	   const struct mount_spec *mount)
{
	cleanup_strbuf struct strbuf options = STRBUF_INIT;

	if (!strcmp(flag, "tmpfs"))
		strvec_add(&spec->tmpfs, text);
	if (strcmp(flag, "volume") != 0 || !mount->source)
		return;
	mount_spec_add_options(&options, mount);
	if (!strcmp(options.buf, "rw") && !text_ends(text, ":rw"))
		strbuf_reset(&options);
	strvec_addf(&spec->binds, "%s:%s%s%s", mount->source, mount->target,
		    options.len ? ":" : "", options.buf);
}

static int
add_mounts(struct container_spec *spec, const struct args *args,
	   const char *flag, mount_parse_fn parse, struct err *err)
{
	const struct strvec *given = args_list(args, flag);
	cleanup_free char *cwd = getcwd(NULL, 0);

	for (size_t i = 0; i < given->len; i++) {
		struct mount_spec mount = MOUNT_SPEC_INIT;
		int r = parse(given->v[i], &mount, err);

		if (r < 0)
			return run_spec_bad(err, r, flag, given->v[i]);
		if (cwd)
			mount_spec_set_base(&mount, cwd);
		note_mount(spec, flag, given->v[i], &mount);
		mount_list_take(&spec->mounts, &mount);
	}
	return 0;
}

static bool
is_mounted_on(const struct mount_list *mounts, const char *target)
{
	for (size_t i = 0; i < mounts->len; i++)
		if (!strcmp(mounts->items[i].target, target))
			return true;
	return false;
}

/* The volumes an image declares, where nothing else is mounted. */
static int
add_image_volumes(struct container_spec *spec, const struct args *args,
		  struct err *err)
{
	const struct strvec *volumes = &spec->image_config->volumes;
	const char *how = args_str(args, "image-volume");

	if (!strcmp(how, "ignore"))
		return 0;
	for (size_t i = 0; i < volumes->len; i++) {
		struct mount_spec mount = MOUNT_SPEC_INIT;
		int r;

		r = strcmp(how, "tmpfs")
			    ? mount_spec_anonymous(volumes->v[i], &mount, err)
			    : mount_spec_parse_tmpfs(volumes->v[i], &mount,
						     err);
		if (r < 0)
			return err_wrap(err, r, "volume of the image");
		if (is_mounted_on(&spec->mounts, mount.target))
			mount_spec_release(&mount);
		else
			mount_list_take(&spec->mounts, &mount);
	}
	return 0;
}

/* podman's --read-only-tmpfs: places that programs expect to write to. */
static int
add_writable_places(struct container_spec *spec, struct err *err)
{
	static const char *const places[] = { "/run:exec", "/tmp:exec",
					      "/var/tmp:exec" };

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct mount_spec mount = MOUNT_SPEC_INIT;
		int r = mount_spec_parse_tmpfs(places[i], &mount, err);

		if (r < 0)
			return r;
		if (is_mounted_on(&spec->mounts, mount.target))
			mount_spec_release(&mount);
		else
			mount_list_take(&spec->mounts, &mount);
	}
	return 0;
}

int
run_spec_device(struct strvec *devices, const char *text, struct err *err)
{
	struct device_spec device = DEVICE_SPEC_INIT;
	struct stat st;
	int r = device_spec_parse(text, &device, err);

	if (r == 0 && device.is_cdi) {
		r = err_set(err, EOPNOTSUPP,
			    "devices by name are for containers only");
		err_hint(err, "name the device's node, /dev/...");
	}
	if (r == 0 && stat(device.host, &st) < 0)
		r = err_sys(err, "open '%s'", device.host);
	if (r == 0)
		strvec_addf(devices, "%s\n%s\n%s", device.host,
			    device.container, device.perms);
	device_spec_release(&device);
	return r;
}

static int
add_devices(struct container_spec *spec, const struct args *args,
	    struct err *err)
{
	const struct strvec *given = args_list(args, "device");

	for (size_t i = 0; i < given->len; i++) {
		int r;

		if (device_spec_is_cdi(given->v[i])) {
			strvec_add(&spec->cdi_devices, given->v[i]);
			continue;
		}
		r = run_spec_device(&spec->devices, given->v[i], err);
		if (r < 0)
			return run_spec_bad(err, r, "device", given->v[i]);
	}
	return 0;
}

static int
add_gpus(struct container_spec *spec, const struct args *args, struct err *err)
{
	const struct strvec *given = args_list(args, "gpus");

	for (size_t i = 0; i < given->len; i++) {
		cleanup_gpu_spec struct gpu_spec gpus = GPU_SPEC_INIT;
		int r = gpu_spec_parse(given->v[i], &gpus, err);

		if (r < 0)
			return run_spec_bad(err, r, "gpus", given->v[i]);
		strvec_add(&spec->gpus, given->v[i]);
	}
	return 0;
}

static int
add_secrets(struct container_spec *spec, const struct args *args,
	    struct err *err)
{
	const struct strvec *given = args_list(args, "secret");

	for (size_t i = 0; i < given->len; i++) {
		int r = secret_spec_add(&spec->secrets, given->v[i], err);

		if (r < 0)
			return run_spec_bad(err, r, "secret", given->v[i]);
	}
	return 0;
}

int
run_spec_files(struct container_spec *spec, const struct args *args,
	       struct err *err)
{
	int r;

	spec->readonly = args_bool(args, "read-only");
	strvec_add_all(&spec->volumes_from, args_list(args, "volumes-from"));
	r = add_mounts(spec, args, "volume", mount_spec_parse_volume, err);
	if (r == 0)
		r = add_mounts(spec, args, "mount", mount_spec_parse_mount,
			       err);
	if (r == 0)
		r = add_mounts(spec, args, "tmpfs", mount_spec_parse_tmpfs,
			       err);
	if (r == 0)
		r = mount_list_check(&spec->mounts, err);
	if (r == 0)
		r = add_image_volumes(spec, args, err);
	if (r == 0 && spec->readonly && args_bool(args, "read-only-tmpfs"))
		r = add_writable_places(spec, err);
	if (r == 0)
		r = add_secrets(spec, args, err);
	if (r == 0)
		r = add_devices(spec, args, err);
	return r < 0 ? r : add_gpus(spec, args, err);
}
