/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_json.c - profiles of Docker's JSON format.
 *
 * {"defaultAction", "defaultErrnoRet"?, "archMap" | "architectures", "flags"?,
 *  "syscalls": [{"names", "action", "errnoRet"?, "args"?, "includes"?,
 *  "excludes"?}]}. Unknown members are refused where they would change what
 * is allowed, and accepted where they only comment.
 */
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "data/node.h"
#include "runtime/seccomp_rules.h"
#include "spec/caps_spec.h"

#define ERRNO_MAX 4095

/* What is being read, for messages. */
struct reader {
	const char *name;
	const struct seccomp_host *host;
	struct seccomp_rules *rules;
	struct err *err;
};

static const struct {
	const char *name;
	uint32_t action;
} actions[] = {
	{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
	{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0) },
	{ "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
	{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0) },
	{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
};

static const struct {
	const char *name;
	enum scmp_compare op;
} compares[] = {
	{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE },
	{ "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE },
	{ "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
	{ "SCMP_CMP_NE", SCMP_CMP_NE },
};

static const struct {
	const char *name;
	uint32_t arch;
} architectures[] = {
	{ "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64 },
	{ "SCMP_ARCH_ARM", SCMP_ARCH_ARM },
	{ "SCMP_ARCH_PPC64LE", SCMP_ARCH_PPC64LE },
	{ "SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64 },
	{ "SCMP_ARCH_S390", SCMP_ARCH_S390 },
	{ "SCMP_ARCH_S390X", SCMP_ARCH_S390X },
	{ "SCMP_ARCH_X32", SCMP_ARCH_X32 },
	{ "SCMP_ARCH_X86", SCMP_ARCH_X86 },
	{ "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64 },
};

static const struct {
	const char *name;
	unsigned int flag;
} flag_names[] = {
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_TSYNC", 0 }, /* one thread: nothing to do */
};

static int
bad(const struct reader *rd, const char *what, const char *text)
{
	return err_set(rd->err, EINVAL, "seccomp profile '%s': %s '%s'",
		       rd->name, what, text ? text : "");
}

/* The action's word and errno member; SCMP_ACT_ERRNO(EPERM) by default. */
static int
read_action(const struct reader *rd, const struct node *obj,
	    const char *action_key, const char *errno_key, uint32_t *ret_action)
{
	const char *word = node_get_str(obj, action_key);
	int64_t number = node_get_int(obj, errno_key, EPERM);

	if (!word)
		return bad(rd, "there is no", action_key);
	if (strcmp(word, "SCMP_ACT_NOTIFY") == 0)
		return err_set(
			rd->err, EOPNOTSUPP,
			"seccomp profile '%s': '%s' needs a listener, which dhow does not offer",
			rd->name, word);
	if (number < 0 || number > ERRNO_MAX)
		return bad(rd, "out of range:", errno_key);
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (strcmp(word, actions[i].name) != 0)
			continue;
		*ret_action = actions[i].action;
		if (*ret_action == SCMP_ACT_ERRNO(0))
			*ret_action = SCMP_ACT_ERRNO((uint32_t)number);
		if (*ret_action == SCMP_ACT_TRACE(0))
			*ret_action = SCMP_ACT_TRACE((uint32_t)number);
		return 0;
	}
	return bad(rd, "unknown action", word);
}

static bool
caps_have(const struct reader *rd, const char *word)
{
	int cap;

	return word && caps_spec_parse(word, &cap, NULL) == 0 &&
	       (rd->host->caps >> cap & 1);
}

static bool
has_arch(const struct node *list, const char *arch)
{
	for (size_t i = 0; i < node_len(list); i++)
		if (strcmp(node_str_or(node_at(list, i), ""), arch) == 0)
			return true;
	return false;
}

/* True when this kernel is at least "4.8". */
static int
kernel_is_at_least(const struct reader *rd, const char *text)
{
	char *end = NULL;
	unsigned long major = strtoul(text, &end, 10), minor;
	const unsigned int *have = rd->host->kernel;

	if (end == text || *end != '.')
		return bad(rd, "minKernel is not 'major.minor':", text);
	minor = strtoul(end + 1, &end, 10);
	if (*end)
		return bad(rd, "minKernel is not 'major.minor':", text);
	return have[0] > major || (have[0] == major && have[1] >= minor);
}

/*
 * Whether a rule holds here: all of includes.caps and one of includes.arches,
 * none of excludes.caps and excludes.arches. Returns 1, 0 or -errno.
 */
static int
rule_applies(const struct reader *rd, const struct node *rule)
{
	const struct node *in = node_get(rule, "includes");
	const struct node *out = node_get(rule, "excludes");
	const struct node *caps = node_get(in, "caps");
	const char *text;
	int r;

	for (size_t i = 0; i < node_len(caps); i++)
		if (!caps_have(rd, node_str(node_at(caps, i))))
			return 0;
	caps = node_get(out, "caps");
	for (size_t i = 0; i < node_len(caps); i++)
		if (caps_have(rd, node_str(node_at(caps, i))))
			return 0;
	if (node_len(node_get(in, "arches")) &&
	    !has_arch(node_get(in, "arches"), rd->host->arch))
		return 0;
	if (has_arch(node_get(out, "arches"), rd->host->arch))
		return 0;
	text = node_get_str(in, "minKernel");
	r = text ? kernel_is_at_least(rd, text) : 1;
	if (r != 1)
		return r;
	text = node_get_str(out, "minKernel");
	r = text ? kernel_is_at_least(rd, text) : 0;
	return r < 0 ? r : !r;
}

static int
read_arg(const struct reader *rd, const struct node *arg,
	 struct scmp_arg_cmp *ret_arg)
{
	int64_t index = node_get_int(arg, "index", -1);
	const char *op = node_get_str(arg, "op");

	if (index < 0 || index >= SECCOMP_RULES_MAX_ARGS)
		return bad(rd, "an argument's index is not", "0 to 5");
	if (!op)
		return bad(rd, "an argument has no", "op");
	for (size_t i = 0; i < ARRAY_LEN(compares); i++) {
		if (strcmp(op, compares[i].name) != 0)
			continue;
		*ret_arg = (struct scmp_arg_cmp){
			.arg = (unsigned int)index,
			.op = compares[i].op,
			.datum_a = (uint64_t)node_get_int(arg, "value", 0),
			.datum_b = (uint64_t)node_get_int(arg, "valueTwo", 0),
		};
		return 0;
	}
	return bad(rd, "unknown comparison", op);
}

/*
 * libseccomp takes an argument once per rule: where a profile names one twice
 * each comparison is a rule of its own, as Docker has it.
 */
static int
add_rule(const struct reader *rd, const struct strvec *names, uint32_t action,
	 const struct node *args)
{
	struct scmp_arg_cmp cmp[SECCOMP_RULES_MAX_ARGS];
	unsigned int seen = 0;
	bool twice = false;
	size_t count = node_len(args);
	struct seccomp_rule *rule;
	int r;

	if (count > SECCOMP_RULES_MAX_ARGS)
		return bad(rd, "too many", "args");
	for (size_t i = 0; i < count; i++) {
		r = read_arg(rd, node_at(args, i), &cmp[i]);
		if (r < 0)
			return r;
		twice = twice || (seen & 1u << cmp[i].arg);
		seen |= 1u << cmp[i].arg;
	}
	for (size_t i = 0; i < (twice ? count : 1); i++) {
		rule = seccomp_rules_add(rd->rules, action);
		strvec_add_all(&rule->names, names);
		rule->arg_count = twice ? 1 : (unsigned int)count;
		if (count)
			memcpy(rule->args, twice ? &cmp[i] : cmp,
			       rule->arg_count * sizeof(cmp[0]));
	}
	return 0;
}

static int
read_rule(const struct reader *rd, const struct node *obj)
{
	cleanup_strvec struct strvec names = { .v = NULL };
	uint32_t action = 0;
	int r;

	if (node_kind(obj) != NODE_OBJ)
		return bad(rd, "not an object in", "syscalls");
	node_get_strvec(obj, "names", &names);
	if (node_get_str(obj, "name"))
		strvec_add(&names, node_get_str(obj, "name"));
	if (!names.len)
		return bad(rd, "a rule has no", "names");
	r = read_action(rd, obj, "action", "errnoRet", &action);
	if (r == 0)
		r = rule_applies(rd, obj);
	if (r <= 0)
		return r;
	return add_rule(rd, &names, action, node_get(obj, "args"));
}

static int
add_archs(const struct reader *rd, const struct node *list)
{
	struct seccomp_rules *rules = rd->rules;

	for (size_t n = 0; n < node_len(list); n++) {
		const char *word = node_str_or(node_at(list, n), "");
		size_t i = 0;

		while (i < ARRAY_LEN(architectures) &&
		       strcmp(word, architectures[i].name) != 0)
			i++;
		if (i == ARRAY_LEN(architectures))
			continue; /* not one that runs on our hosts */
		if (rules->arch_count == SECCOMP_RULES_MAX_ARCHS)
			return bad(rd, "too many", "architectures");
		rules->archs[rules->arch_count++] = architectures[i].arch;
	}
	return 0;
}

static int
read_archs(const struct reader *rd, const struct node *root)
{
	const struct node *map = node_get(root, "archMap");

	for (size_t i = 0; i < node_len(map); i++) {
		const struct node *entry = node_at(map, i);
		const char *word = node_get_str(entry, "architecture");

		if (word && strcmp(word, rd->host->scmp_name) == 0)
			return add_archs(rd,
					 node_get(entry, "subArchitectures"));
	}
	return add_archs(rd, node_get(root, "architectures"));
}

static int
read_flags(const struct reader *rd, const struct node *list)
{
	for (size_t n = 0; n < node_len(list); n++) {
		const char *word = node_str_or(node_at(list, n), "");
		size_t i = 0;

		while (i < ARRAY_LEN(flag_names) &&
		       strcmp(word, flag_names[i].name) != 0)
			i++;
		if (i == ARRAY_LEN(flag_names))
			return bad(rd, "unknown flag", word);
		rd->rules->flags |= flag_names[i].flag;
	}
	return 0;
}

int
seccomp_json_rules(struct span text, const char *name,
		   const struct seccomp_host *host, struct seccomp_rules *rules,
		   struct err *err)
{
	struct reader rd = {
		.name = name, .host = host, .rules = rules, .err = err
	};
	cleanup_node struct node *root = NULL;
	const struct node *list;
	int r;

	r = node_parse_json(text, name, &root, err);
	if (r < 0)
		return r;
	if (node_kind(root) != NODE_OBJ)
		return bad(&rd, "the text is not", "an object");
	if (node_get_str(root, "listenerPath"))
		return err_set(err, EOPNOTSUPP,
			       "seccomp profile '%s': dhow offers no listener",
			       name);
	r = read_action(&rd, root, "defaultAction", "defaultErrnoRet",
			&rules->default_action);
	if (r == 0)
		r = read_archs(&rd, root);
	if (r == 0)
		r = read_flags(&rd, node_get(root, "flags"));
	list = node_get(root, "syscalls");
	for (size_t i = 0; r == 0 && i < node_len(list); i++)
		r = read_rule(&rd, node_at(list, i));
	return r;
}
