/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/refusal.h - what a registry's "no" means to the person.
 */
#ifndef DHOW_REGISTRY_REFUSAL_H
#define DHOW_REGISTRY_REFUSAL_H

#include "base/err.h"
#include "registry/endpoint.h"
#include "registry/http.h"

/*
 * Tell why @what was not given by @ep. @away: the answer came from where a
 * redirect led. Returns -ENOENT, -EACCES, -EDQUOT (rate limit) or -EPROTO.
 * Spec: OCI distribution-spec, "Error Codes".
 */
int refusal_tell(const struct http_request *request, const struct endpoint *ep,
		 const char *what, bool away, struct err *err);

#endif
