/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/replay_main.c - feed a corpus to a fuzz target without libFuzzer.
 *
 * usage: fuzz_PARSER [FILE|DIRECTORY]...
 *
 * Default: tests/fuzz/corpus/PARSER below $DHOW_SRCDIR. Every file is fed
 * whole, cut short at every length up to CUT_MAX, and with bytes changed by a
 * generator that starts the same each time. Each input lies in memory of
 * exactly its size, so that ASan sees a read past its end.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CUT_MAX 512
#define MUTATIONS 200
#define FILE_MAX_BYTES (16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t random_state = 2463534242u;

static uint32_t
next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static void
feed(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		abort();
	memcpy(exact, data, size);
	(void)LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static void
feed_mutations(const uint8_t *data, size_t size)
{
	static const uint8_t odd[] = { 0,   0xff, 0x80, '"', '/',
				       '.', '\n', '{',  '-', '9' };
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	for (int i = 0; i < MUTATIONS && size > 0; i++) {
		memcpy(copy, data, size);
		for (uint32_t n = 1 + next_random() % 4; n > 0; n--) {
			uint32_t pick = next_random();
			size_t at = next_random() % size;

			copy[at] = pick & 1 ? odd[(pick >> 8) % sizeof(odd)]
					    : (uint8_t)(pick >> 8);
		}
		feed(copy, size);
	}
	free(copy);
}

static int
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	struct stat st;
	size_t size = 0;

	if (!file || fstat(fileno(file), &st) < 0 ||
	    st.st_size > FILE_MAX_BYTES) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	data = malloc((size_t)st.st_size + 1);
	if (data)
		size = fread(data, 1, (size_t)st.st_size, file);
	(void)fclose(file);
	feed(data, size);
	for (size_t cut = 0; cut < size && cut < CUT_MAX; cut++)
		feed(data, cut);
	feed_mutations(data, size);
	free(data);
	return 1;
}

static int
replay(const char *path)
{
	char inner[PATH_MAX];
	struct dirent *entry;
	int count = 0;
	DIR *dir = opendir(path);

	if (!dir)
		return errno == ENOTDIR ? replay_file(path) : 0;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(inner, sizeof(inner), "%s/%s", path,
			       entry->d_name);
		count += replay(inner);
	}
	(void)closedir(dir);
	return count;
}

int
main(int argc, char **argv)
{
	const char *top = getenv("DHOW_SRCDIR");
	const char *name = strrchr(argv[0], '/');
	char path[PATH_MAX];
	int count = 0;

	name = name ? name + 1 : argv[0];
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	(void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s",
		       top ? top : ".", name);
	for (int i = 1; i < argc; i++)
		count += replay(argv[i]);
	if (argc < 2)
		count = replay(path);
	fprintf(stderr, "%s: %d corpus files, all came through\n", name, count);
	if (count > 0)
		return 0;
	fprintf(stderr, "%s: the corpus is empty\n", path);
	return 1;
}
