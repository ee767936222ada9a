/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/banned.h - functions that lose a length, a buffer or a number's end.
 *
 * Forced into every file by the build, after the system's own headers.
 */
#ifndef DHOW_BASE_BANNED_H
#define DHOW_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#pragma GCC poison strcpy strcat strncat strncpy stpcpy sprintf vsprintf gets
#pragma GCC poison atoi atol atoll atof mktemp tmpnam tempnam strtok
#pragma GCC poison system popen ctime asctime

#endif
