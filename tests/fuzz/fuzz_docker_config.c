/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_docker_config.c - any bytes as a file of credentials.
 */
#include <stddef.h>
#include <stdint.h>

#include "conf/auth_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_with(auth_file_free) struct node *root = NULL;
	cleanup_credential struct credential cred = CREDENTIAL_INIT;
	cleanup_strvec struct strvec keys = STRVEC_INIT;
	struct err err = ERR_INIT;

	if (auth_file_parse(span_new((const char *)data, size), "fuzz",
			    AUTH_FILE_CONFIG, &root, &err) < 0)
		return 0;
	auth_file_candidates("docker.io", "library/debian", &keys);
	(void)auth_file_helper(root, &keys);
	(void)auth_file_lookup(root, &keys, &cred, &err);
	return 0;
}
