/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/pull_image.c - what pull, run and others that pull have in common.
 */
#include "cli/pull_image.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/say.h"
#include "cli/transfer_show.h"
#include "registry/registry.h"
#include "spec/platform.h"
#include "spec/transport.h"
#include "ui/prompt.h"

enum pull_policy
pull_policy_of(const char *word)
{
	static const char *const words[] = { "always", "missing", "never",
					     "newer" };
	size_t i = 0;

	static_assert(ARRAY_LEN(words) == PULL_POLICY_COUNT, "one each");
	while (i < ARRAY_LEN(words) && strcmp(words[i], word) != 0)
		i++;
	assert(i < ARRAY_LEN(words));
	return (enum pull_policy)i;
}

static bool
has_flag(const struct cmd_ctx *ctx, const char *name)
{
	return flag_find(ctx->args->flags, ctx->args->flag_count, name) &&
	       args_given(ctx->args, name);
}

/* Of a flag that is one text; a list of them is its command's own. */
static char *
text_of(const struct cmd_ctx *ctx, const char *name)
{
	const struct flag *flag =
		flag_find(ctx->args->flags, ctx->args->flag_count, name);

	if (!flag || flag->kind != FLAG_STR || !args_given(ctx->args, name))
		return NULL;
	return xstrdup(args_str(ctx->args, name));
}

/* --platform, or --os, --arch and --variant put together. */
static char *
platform_text(const struct cmd_ctx *ctx)
{
	cleanup_free char *os = text_of(ctx, "os");
	cleanup_free char *arch = text_of(ctx, "arch");
	cleanup_free char *variant = text_of(ctx, "variant");
	const char *fallback = getenv("DOCKER_DEFAULT_PLATFORM");
	char *whole = text_of(ctx, "platform");
	struct platform host;

	if (whole)
		return whole;
	if (!os && !arch && !variant)
		return fallback && fallback[0] ? xstrdup(fallback) : NULL;
	platform_host(&host);
	return xasprintf("%s/%s%s%s", os ?: host.os, arch ?: host.arch,
			 variant ? "/" : "", variant ?: "");
}

/* --creds USER asks for what is not there: it need not be in a history. */
static int
ask_credentials(const struct cmd_ctx *ctx, char **ret_user_pass)
{
	cleanup_free char *user = text_of(ctx, "creds");
	cleanup_free char *password = NULL;
	cleanup_close int fd = -EBADF;
	int r;

	if (!user || strchr(user, ':')) {
		*ret_user_pass = take_ptr(user);
		return 0;
	}
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		r = err_set(
			ctx->err, EINVAL,
			"--creds: there is no terminal to ask for the password of '%s'",
			user);
		err_hint(ctx->err, "write --creds USER:PASSWORD");
		return r;
	}
	r = prompt_secret(fd, "Password: ", &password, ctx->err);
	if (r == 0)
		*ret_user_pass = xasprintf("%s:%s", user, password);
	return r;
}

int
pull_request_from_args(const struct cmd_ctx *ctx,
		       struct transfer_request *request)
{
	struct platform platform;
	int r;

	request->op = TRANSFER_PULL;
	request->platform = platform_text(ctx);
	if (request->platform) {
		r = platform_parse(request->platform, &platform, ctx->err);
		if (r < 0)
			return r;
	}
	request->config_dir = xstrdup_null(args_str(ctx->global, "config"));
	request->authfile = text_of(ctx, "authfile");
	r = ask_credentials(ctx, &request->user_pass);
	if (r < 0)
		return r;
	request->cert_dir = text_of(ctx, "cert-dir");
	request->retries = REGISTRY_RETRIES;
	if (has_flag(ctx, "retry"))
		request->retries = args_int(ctx->args, "retry");
	if (has_flag(ctx, "retry-delay"))
		request->retry_delay_ns = args_int(ctx->args, "retry-delay");
	request->tls = REGISTRY_TLS_AUTO;
	if (has_flag(ctx, "tls-verify"))
		request->tls = args_bool(ctx->args, "tls-verify")
				       ? REGISTRY_TLS_VERIFY
				       : REGISTRY_TLS_OFF;
	if (has_flag(ctx, "insecure") && args_bool(ctx->args, "insecure"))
		request->tls = REGISTRY_TLS_OFF;
	return 0;
}

static void
say_begin(struct progress *progress, const char *name)
{
	cleanup_strbuf struct strbuf repo = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	if (ref_parse(name, &ref, NULL) < 0)
		return;
	strbuf_addstr(&repo, strcmp(ref.domain, "docker.io") ? ref.domain : "");
	strbuf_addf(&repo, "%s%s", repo.len ? "/" : "", ref.path);
	progress_say(progress, "%s: Pulling from %s",
		     ref.digest.text[0] ? ref.digest.text : ref.tag, repo.buf);
}

static void
say_image(struct progress *progress, const struct transfer_event *event)
{
	cleanup_strbuf struct strbuf familiar = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	if (!event->name || ref_parse(event->name, &ref, NULL) < 0)
		return;
	ref_add_familiar(&familiar, &ref);
	progress_end(progress);
	progress_say(progress, "Digest: %s", event->digest ?: "");
	progress_say(progress,
		     event->is_new ? "Status: Downloaded newer image for %s"
				   : "Status: Image is up to date for %s",
		     familiar.buf);
}

static void
on_event(void *data, struct progress *progress,
	 const struct transfer_event *event)
{
	if (event->kind == TRANSFER_BEGIN)
		say_begin(progress, event->name);
	if (event->kind == TRANSFER_IMAGE)
		say_image(progress, event);
}

int
pull_image(struct session *session, struct transfer_request *request, int fd,
	   bool quiet, struct err *err)
{
	struct transfer_show show = {
		.fd = fd,
		.style = quiet ? PROGRESS_QUIET : PROGRESS_AUTO,
		.stdin_fd = -1,
		.event = on_event,
	};

	return transfer_show(session, request, &show, err);
}

static void
keep_name(void *data, struct progress *progress,
	  const struct transfer_event *event)
{
	char **name = data;

	if (event->kind != TRANSFER_IMAGE)
		return;
	free(*name);
	*name = xstrdup(event->name ?: event->id);
}

int
pull_transport(struct session *session, struct transfer_request *request,
	       const char *text, int fd, bool quiet, char **ret_name,
	       struct err *err)
{
	cleanup_transport struct transport transport = TRANSPORT_INIT;
	cleanup_free char *name = NULL;
	struct transfer_show show = {
		.fd = fd,
		.style = quiet ? PROGRESS_QUIET : PROGRESS_AUTO,
		.stdin_fd = -1,
		.event = keep_name,
		.data = &name,
	};
	int r = transport_parse(text, &transport, err);

	if (r < 0)
		return r;
	if (transport.kind <= TRANSPORT_REGISTRY) {
		*ret_name = take_ptr(transport.name);
		return 0;
	}
	request->op = TRANSFER_COPY;
	request->input = xstrdup(text);
	request->target = xstrdup("containers-storage:.");
	r = transfer_show(session, request, &show, err);
	if (r < 0)
		return r;
	*ret_name = take_ptr(name);
	return 1;
}
