/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_shrink.c - the same decisions by fewer instructions.
 *
 * The kernel compiles a filter at each start of a container and runs it for
 * every call there is, to remember which are always allowed: its length is
 * time. libseccomp compares a call with one number after the other; but what
 * a profile says about calls has far fewer changes than numbers.
 *
 * A program compares the architecture and the number with constants only, so
 * between two of these it decides all numbers alike. It is run for one number
 * of each such range and architecture; what it does with the arguments then
 * is kept, instruction by instruction. Neighbours that are decided alike
 * become one range, and a tree of comparisons finds the range.
 */
#include <assert.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "runtime/seccomp_rules.h"

#define SHRINK_MAX_BLOCK 256 /* instructions about one call's arguments */
#define SHRINK_MAX_ARCHS 8
#define SHRINK_MAX_JUMP 255

/* What the accumulator has. */
enum shrink_holds {
	SHRINK_UNSEEN,
	SHRINK_ARCH,
	SHRINK_NUMBER,
	SHRINK_ARGUMENT,
	SHRINK_MIXED, /* it depends on the way here */
};

/* What is done with calls of a range. */
struct shrink_block {
	struct sock_filter *code;
	size_t len, cap;
	size_t at; /* its place behind the comparisons */
};

struct shrink_range {
	uint32_t first; /* the lowest number */
	size_t block;
};

/* Of one architecture. */
struct shrink_part {
	struct shrink_range *ranges;
	size_t range_count, range_cap;
	struct shrink_block *blocks;
	size_t block_count, block_cap;
};

struct shrinker {
	const struct sock_filter *code;
	size_t len;
	uint32_t archs[SHRINK_MAX_ARCHS];
	size_t arch_count;
	uint32_t *numbers; /* where decisions may change, ascending */
	size_t number_count, number_cap;
	struct shrink_block out;
};

static void
shrink_part_release(struct shrink_part *part)
{
	for (size_t i = 0; i < part->block_count; i++)
		free(part->blocks[i].code);
	free(part->blocks);
	free(part->ranges);
}

static void
shrinker_release(struct shrinker *shrinker)
{
	free(shrinker->numbers);
	free(shrinker->out.code);
}

static void
emit(struct shrink_block *block, struct sock_filter insn)
{
	array_push(block->code, block->len, block->cap, insn);
}

static enum shrink_holds
what_is_loaded(const struct sock_filter *insn)
{
	if (insn->k == offsetof(struct seccomp_data, arch))
		return SHRINK_ARCH;
	return insn->k == offsetof(struct seccomp_data, nr) ? SHRINK_NUMBER
							    : SHRINK_ARGUMENT;
}

static bool
is_comparison(const struct sock_filter *insn)
{
	return insn->code == (BPF_JMP | BPF_JEQ | BPF_K) ||
	       insn->code == (BPF_JMP | BPF_JGT | BPF_K) ||
	       insn->code == (BPF_JMP | BPF_JGE | BPF_K) ||
	       insn->code == (BPF_JMP | BPF_JSET | BPF_K);
}

static bool
is_true(const struct sock_filter *insn, uint32_t value)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return value == insn->k;
	case BPF_JGT:
		return value > insn->k;
	default:
		return value >= insn->k;
	}
}

/* --- what is compared with what ----------------------------------------- */

static bool
note_arch(struct shrinker *shrinker, const struct sock_filter *insn)
{
	if (BPF_OP(insn->code) != BPF_JEQ)
		return false;
	for (size_t i = 0; i < shrinker->arch_count; i++)
		if (shrinker->archs[i] == insn->k)
			return true;
	if (shrinker->arch_count == SHRINK_MAX_ARCHS)
		return false;
	shrinker->archs[shrinker->arch_count++] = insn->k;
	return true;
}

/* Below, at and above the constant it may be decided differently. */
static bool
note_number(struct shrinker *shrinker, const struct sock_filter *insn)
{
	if (BPF_OP(insn->code) == BPF_JSET)
		return false;
	array_push(shrinker->numbers, shrinker->number_count,
		   shrinker->number_cap, insn->k);
	if (insn->k != UINT32_MAX)
		array_push(shrinker->numbers, shrinker->number_count,
			   shrinker->number_cap, insn->k + 1);
	return true;
}

static bool
note_comparison(struct shrinker *shrinker, const struct sock_filter *insn,
		enum shrink_holds holds)
{
	switch (holds) {
	case SHRINK_ARCH:
		return note_arch(shrinker, insn);
	case SHRINK_NUMBER:
		return note_number(shrinker, insn);
	case SHRINK_ARGUMENT:
		return true;
	case SHRINK_UNSEEN:
	case SHRINK_MIXED:
		break;
	}
	return false;
}

static bool
flow(enum shrink_holds *at, size_t len, size_t to, enum shrink_holds holds)
{
	if (to >= len)
		return false;
	at[to] = at[to] == SHRINK_UNSEEN || at[to] == holds ? holds
							    : SHRINK_MIXED;
	return true;
}

/* One instruction; jumps lead forwards only, so all ways to it are known. */
static bool
survey_one(struct shrinker *shrinker, enum shrink_holds *at, size_t pc)
{
	const struct sock_filter *insn = &shrinker->code[pc];
	size_t len = shrinker->len;

	if (at[pc] == SHRINK_UNSEEN)
		return true;
	if (is_comparison(insn))
		return note_comparison(shrinker, insn, at[pc]) &&
		       flow(at, len, pc + 1 + insn->jt, at[pc]) &&
		       flow(at, len, pc + 1 + insn->jf, at[pc]);
	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return flow(at, len, pc + 1, what_is_loaded(insn));
	case BPF_ALU | BPF_AND | BPF_K:
		return at[pc] == SHRINK_ARGUMENT &&
		       flow(at, len, pc + 1, at[pc]);
	case BPF_JMP | BPF_JA:
		return insn->k < len && flow(at, len, pc + 1 + insn->k, at[pc]);
	case BPF_RET | BPF_K:
		return true;
	default:
		return false;
	}
}

static int
compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Returns false for a program of another form than ours have. */
static bool
survey(struct shrinker *shrinker)
{
	cleanup_free enum shrink_holds *at =
		xcalloc(shrinker->len, sizeof(*at));
	bool good = true;

	array_push(shrinker->numbers, shrinker->number_count,
		   shrinker->number_cap, 0);
	/* Before anything is loaded nothing can be compared. */
	at[0] = SHRINK_MIXED;
	for (size_t pc = 0; good && pc < shrinker->len; pc++)
		good = survey_one(shrinker, at, pc);
	if (good)
		qsort(shrinker->numbers, shrinker->number_count,
		      sizeof(*shrinker->numbers), compare_numbers);
	return good;
}

/* --- what is decided ---------------------------------------------------- */

/* What the program still does from @pc on, for one call of one architecture. */
static bool
rest_of(const struct shrinker *shrinker, const uint32_t known[2], size_t pc,
	enum shrink_holds holds, struct shrink_block *block)
{
	for (;; pc++) {
		const struct sock_filter *insn = &shrinker->code[pc];
		size_t branch;

		if (block->len > SHRINK_MAX_BLOCK)
			return false;
		if (insn->code == (BPF_LD | BPF_W | BPF_ABS)) {
			holds = what_is_loaded(insn);
			if (holds == SHRINK_ARGUMENT)
				emit(block, *insn);
		} else if (insn->code == (BPF_JMP | BPF_JA)) {
			pc += insn->k;
		} else if (!is_comparison(insn)) {
			emit(block, *insn);
			if (BPF_CLASS(insn->code) == BPF_RET)
				return true;
		} else if (holds != SHRINK_ARGUMENT) {
			pc += is_true(insn, known[holds == SHRINK_NUMBER])
				      ? insn->jt
				      : insn->jf;
		} else {
			branch = block->len;
			emit(block, *insn);
			if (!rest_of(shrinker, known, pc + 1 + insn->jt, holds,
				     block) ||
			    block->len - branch - 1 > SHRINK_MAX_JUMP)
				return false;
			block->code[branch].jt = 0;
			block->code[branch].jf =
				(unsigned char)(block->len - branch - 1);
			pc += insn->jf;
		}
	}
}

/* The number of an equal block; @block is taken or freed. */
static size_t
find_block(struct shrink_part *part, struct shrink_block block)
{
	for (size_t i = 0; i < part->block_count; i++) {
		const struct shrink_block *other = &part->blocks[i];

		if (other->len == block.len &&
		    !memcmp(other->code, block.code,
			    block.len * sizeof(*block.code))) {
			free(block.code);
			return i;
		}
	}
	array_push(part->blocks, part->block_count, part->block_cap, block);
	return part->block_count - 1;
}

static bool
decide(const struct shrinker *shrinker, uint32_t arch, struct shrink_part *part)
{
	for (size_t i = 0; i < shrinker->number_count; i++) {
		const uint32_t known[2] = { arch, shrinker->numbers[i] };
		struct shrink_block block = { .code = NULL };
		struct shrink_range range = { .first = known[1] };

		if (i && known[1] == shrinker->numbers[i - 1])
			continue;
		if (!rest_of(shrinker, known, 0, SHRINK_UNSEEN, &block)) {
			free(block.code);
			return false;
		}
		range.block = find_block(part, block);
		if (part->range_count &&
		    part->ranges[part->range_count - 1].block == range.block)
			continue;
		array_push(part->ranges, part->range_count, part->range_cap,
			   range);
	}
	return true;
}

/* --- the new program ---------------------------------------------------- */

static unsigned char
distance(size_t from, size_t to, bool *fits)
{
	*fits &= to - from - 1 <= SHRINK_MAX_JUMP;
	return (unsigned char)(to - from - 1);
}

/*
 * Comparisons for the ranges [low, high), the middle one first; where they
 * lead to: a comparison that follows, or a block, whose place is known.
 */
static size_t
emit_tree(struct shrinker *shrinker, const struct shrink_part *part, size_t low,
	  size_t high, bool *fits)
{
	struct shrink_block *out = &shrinker->out;
	size_t middle = low + (high - low) / 2, here = out->len, below, above;

	if (high - low == 1)
		return part->blocks[part->ranges[low].block].at;
	emit(out,
	     (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K,
					  part->ranges[middle].first, 0, 0));
	below = emit_tree(shrinker, part, low, middle, fits);
	above = emit_tree(shrinker, part, middle, high, fits);
	out->code[here].jt = distance(here, above, fits);
	out->code[here].jf = distance(here, below, fits);
	return here;
}

static bool
emit_part(struct shrinker *shrinker, struct shrink_part *part)
{
	struct shrink_block *out = &shrinker->out;
	size_t at;
	bool fits = true;

	if (part->range_count > 1)
		emit(out, (struct sock_filter)BPF_STMT(
				  BPF_LD | BPF_W | BPF_ABS,
				  offsetof(struct seccomp_data, nr)));
	at = out->len + part->range_count - 1;
	for (size_t i = 0; i < part->block_count; i++) {
		part->blocks[i].at = at;
		at += part->blocks[i].len;
	}
	(void)emit_tree(shrinker, part, 0, part->range_count, &fits);
	for (size_t i = 0; i < part->block_count; i++) {
		assert(out->len == part->blocks[i].at);
		for (size_t k = 0; k < part->blocks[i].len; k++)
			emit(out, part->blocks[i].code[k]);
	}
	return fits;
}

static bool
add_part(struct shrinker *shrinker, uint32_t arch)
{
	cleanup_release(shrink_part_release) struct shrink_part part = {
		.ranges = NULL,
	};

	return decide(shrinker, arch, &part) && emit_part(shrinker, &part);
}

/* Any architecture that the program does not know by name. */
static uint32_t
other_arch(const struct shrinker *shrinker)
{
	uint32_t arch = 0;

	for (size_t i = 0; i < shrinker->arch_count; i++)
		if (shrinker->archs[i] >= arch)
			arch = shrinker->archs[i] + 1;
	return arch;
}

static bool
rewrite(struct shrinker *shrinker)
{
	struct shrink_block *out = &shrinker->out;

	emit(out,
	     (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					  offsetof(struct seccomp_data, arch)));
	for (size_t i = 0; i < shrinker->arch_count; i++) {
		uint32_t arch = shrinker->archs[i];
		size_t jump = out->len + 1;

		emit(out, (struct sock_filter)BPF_JUMP(
				  BPF_JMP | BPF_JEQ | BPF_K, arch, 1, 0));
		emit(out, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
		if (!add_part(shrinker, arch))
			return false;
		out->code[jump].k = (uint32_t)(out->len - jump - 1);
	}
	return add_part(shrinker, other_arch(shrinker));
}

void
seccomp_shrink(struct seccomp_filter *filter)
{
	cleanup_release(shrinker_release) struct shrinker shrinker = {
		.code = filter->prog.filter,
		.len = filter->prog.len,
	};

	if (!shrinker.len || !survey(&shrinker) || !rewrite(&shrinker) ||
	    shrinker.out.len >= shrinker.len)
		return;
	free(filter->prog.filter);
	filter->prog.filter = take_ptr(shrinker.out.code);
	filter->prog.len = (unsigned short)shrinker.out.len;
}
