/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/mount_hints.c - which repositories of a registry have which blobs.
 */
#include "image/mount_hints.h"

void
mount_hints_release(struct mount_hints *hints)
{
	map_release(&hints->blobs);
	strvec_release(&hints->paths);
}

const char *
mount_hints_get(const struct mount_hints *hints, const struct digest *digest)
{
	const char *path = map_get(&hints->blobs, digest->text);

	return path ?: hints->any;
}

void
mount_hints_use(struct mount_hints *hints, const char *path)
{
	strvec_add(&hints->paths, path);
	hints->any = hints->paths.v[hints->paths.len - 1];
}

/* Note which of the wanted layers the image of @row has. */
static void
hints_add_row(struct mount_hints *hints, struct store *store,
	      const struct image_row *row, const char *path)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	char *owned = NULL;

	if (image_read_manifest(store, row, &manifest, NULL) < 0)
		return;
	for (size_t i = 0; i < manifest.layer_count; i++) {
		const char *digest = manifest.layers[i].digest.text;

		if (!map_has(&hints->blobs, digest) ||
		    map_get(&hints->blobs, digest))
			continue;
		if (!owned) {
			strvec_add(&hints->paths, path);
			owned = hints->paths.v[hints->paths.len - 1];
		}
		map_set(&hints->blobs, digest, owned);
	}
}

int
mount_hints_find(struct store *store, const struct ref *ref,
		 const struct manifest *manifest, struct mount_hints *hints,
		 struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	size_t looked = 0;
	int r;

	r = image_table_load(store, &table, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < manifest->layer_count; i++)
		map_set(&hints->blobs, manifest->layers[i].digest.text, NULL);
	for (size_t i = 0; i < table.len; i++) {
		const struct image_row *row = &table.rows[i];
		cleanup_ref struct ref other = REF_INIT;

		if (looked >= MOUNT_HINTS_MAX_IMAGES ||
		    hints->paths.len >= MOUNT_HINTS_MAX_REPOSITORIES)
			break;
		if (!row->name || !row->repo_digest.text[0] ||
		    ref_parse(row->name, &other, NULL) < 0 ||
		    strcmp(other.domain, ref->domain) != 0 ||
		    strcmp(other.path, ref->path) == 0)
			continue;
		looked++;
		hints_add_row(hints, store, row, other.path);
	}
	return 0;
}
