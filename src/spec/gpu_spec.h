/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/gpu_spec.h - --gpus: all | N | CSV of driver, count, device,
 * capabilities and options.
 */
#ifndef DHOW_SPEC_GPU_SPEC_H
#define DHOW_SPEC_GPU_SPEC_H

#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"

#define GPU_SPEC_ALL (-1)

struct gpu_spec {
	char *driver; /* or NULL */
	int count;    /* GPU_SPEC_ALL, or 0 when devices are named */
	struct strvec device_ids;
	struct strvec capabilities; /* "gpu" is always one */
	struct strvec options;      /* "k=v" */
};

#define GPU_SPEC_INIT          \
	{                      \
		.driver = NULL \
	}
#define cleanup_gpu_spec cleanup_release(gpu_spec_release)

int gpu_spec_parse(const char *text, struct gpu_spec *ret_spec,
		   struct err *err);
void gpu_spec_release(struct gpu_spec *spec);
/* An element of HostConfig.DeviceRequests. */
struct node *gpu_spec_to_node(const struct gpu_spec *spec);

#endif
