/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_source.h - what a source of ADD, or a build context, is.
 */
#ifndef DHOW_DOCKERFILE_DF_SOURCE_H
#define DHOW_DOCKERFILE_DF_SOURCE_H

enum df_source {
	DF_SOURCE_LOCAL,
	DF_SOURCE_URL, /* http:// or https:// */
	DF_SOURCE_GIT, /* https://…/x.git, git@host:x, ssh://…, git://… */
	DF_SOURCE_COUNT,
};

enum df_source df_source_of(const char *text);

#endif
