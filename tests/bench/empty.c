/* SPDX-License-Identifier: Apache-2.0 */
/* What starting and ending a C program costs on this host. */
int
main(void)
{
	return 0;
}
