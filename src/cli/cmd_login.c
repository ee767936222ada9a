/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_login.c - dhow login, dhow logout.
 */
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/io.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/pull_image.h"
#include "cli/say.h"
#include "cli/transfer_show.h"
#include "conf/auth_file.h"
#include "conf/auth_store.h"
#include "ui/prompt.h"

#define DEFAULT_SERVER "docker.io"
#define PASSWORD_MAX_BYTES (64U << 10)

#define FLAG_COMPAT_AUTH_FILE                                                 \
	{                                                                     \
		.name = "compat-auth-file", .meta = "FILE", .kind = FLAG_STR, \
		.offer = OFFER_FILE, .conflicts = "authfile",                 \
		.help = "the same as --authfile: both have docker's format"   \
	}

static const struct flag login_flags[] = {
	{ .name = "authfile",
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .offer = OFFER_FILE,
	  .help = "file to keep credentials in" },
	PULL_FLAG_CERT_DIR,
	FLAG_COMPAT_AUTH_FILE,
	{ .name = "get-login",
	  .kind = FLAG_BOOL,
	  .help = "print as whom one is logged in, and do nothing else" },
	{ .name = "password",
	  .letter = 'p',
	  .meta = "PASSWORD",
	  .kind = FLAG_STR,
	  .conflicts = "password-stdin",
	  .help = "password or token; others on this host can see it there" },
	{ .name = "password-stdin",
	  .kind = FLAG_BOOL,
	  .help = "read it from standard input" },
	{ .name = "secret",
	  .meta = "NAME",
	  .kind = FLAG_STR,
	  .refuse =
		  "the registry's password is read from standard input: --password-stdin",
	  .hidden = true },
	PULL_FLAG_TLS_VERIFY,
	{ .name = "username",
	  .letter = 'u',
	  .meta = "USER",
	  .kind = FLAG_STR,
	  .help = "who one is to the registry" },
	{ .name = "verbose",
	  .letter = 'v',
	  .kind = FLAG_BOOL,
	  .help = "print where credentials are kept" },
};

static struct credentials_opts
where_of(const struct cmd_ctx *ctx)
{
	return (struct credentials_opts){
		.config_dir = args_str(ctx->global, "config"),
		.authfile = args_str(ctx->args, "authfile")
				    ?: args_str(ctx->args, "compat-auth-file"),
	};
}

/* "https://host/v2/" as "host". */
static char *
server_of(const struct cmd_ctx *ctx)
{
	return auth_file_normal_key(args_operand(ctx->args, 0)
					    ?: DEFAULT_SERVER);
}

static int
open_terminal(struct cmd_ctx *ctx)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		return fd;
	err_set(ctx->err, EINVAL,
		"there is no terminal to ask for user name and password");
	err_hint(ctx->err, "use --username USER --password-stdin");
	return -EINVAL;
}

static int
read_password(struct cmd_ctx *ctx, char **ret_password)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r;

	if (!args_given(ctx->args, "username"))
		return err_set(ctx->err, EINVAL,
			       "--password-stdin needs --username");
	r = io_read_all(STDIN_FILENO, PASSWORD_MAX_BYTES, &text, ctx->err);
	if (r < 0)
		return err_wrap(ctx->err, r, "--password-stdin");
	while (text.len && (text.buf[text.len - 1] == '\n' ||
			    text.buf[text.len - 1] == '\r'))
		strbuf_truncate(&text, text.len - 1);
	if (!text.len)
		return err_set(ctx->err, EINVAL,
			       "--password-stdin: there is none");
	*ret_password = strbuf_take(&text);
	return 0;
}

static int
ask_for(struct cmd_ctx *ctx, struct credential *cred)
{
	cleanup_close int fd = -EBADF;
	int r = 0;

	if (cred->username && cred->password)
		return 0;
	fd = open_terminal(ctx);
	if (fd < 0)
		return fd;
	if (!cred->username)
		r = prompt_line(fd, "Username: ", &cred->username, ctx->err);
	if (r == 0 && !cred->password)
		r = prompt_secret(fd, "Password: ", &cred->password, ctx->err);
	return r;
}

/* From flags, or what is kept already, or the person. */
static int
get_credential(struct cmd_ctx *ctx, const char *server, struct credential *cred)
{
	struct credentials_opts where = where_of(ctx);
	const char *user = args_str(ctx->args, "username");
	const char *password = args_str(ctx->args, "password");
	int r = 0;

	if (user && !*user)
		return err_set(ctx->err, EINVAL, "--username is empty");
	if (password)
		say_warning("others on this host can see --password; use "
			    "--password-stdin");
	if (args_bool(ctx->args, "password-stdin"))
		r = read_password(ctx, &cred->password);
	else if (password)
		cred->password = xstrdup(password);
	else if (!user &&
		 credentials_find(&where, server, NULL, cred, NULL) > 0 &&
		 cred->username && cred->password)
		(void)printf("Authenticating with existing credentials...\n");
	if (r < 0)
		return r;
	(void)fflush(stdout);
	if (user) {
		free(cred->username);
		cred->username = xstrdup(user);
	}
	r = ask_for(ctx, cred);
	if (r == 0 && strchr(cred->username, ':'))
		r = err_set(ctx->err, EINVAL,
			    "a user name cannot have a ':' in it");
	return r;
}

static int
check_login(struct cmd_ctx *ctx, const char *server,
	    const struct credential *cred)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = PROGRESS_QUIET,
				      .stdin_fd = -1 };
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = pull_request_from_args(ctx, &request);
	if (r < 0)
		return r;
	request.op = TRANSFER_LOGIN;
	request.name = xstrndup(server, strcspn(server, "/"));
	request.user_pass = xasprintf("%s:%s", cred->username, cred->password);
	r = transfer_show(&session, &request, &show, ctx->err);
	explicit_bzero(request.user_pass, strlen(request.user_pass));
	return r;
}

static int
print_login(struct cmd_ctx *ctx, const char *server)
{
	cleanup_credential struct credential cred = CREDENTIAL_INIT;
	struct credentials_opts where = where_of(ctx);
	int r = credentials_find(&where, server, NULL, &cred, ctx->err);

	if (r < 0)
		return r;
	if (r == 0)
		return err_set(ctx->err, ENOENT, "not logged in to '%s'",
			       server);
	(void)printf("%s\n", cred.username ?: "<token>");
	return 0;
}

static int
run_login(struct cmd_ctx *ctx)
{
	cleanup_credential struct credential cred = CREDENTIAL_INIT;
	struct credentials_opts where = where_of(ctx);
	cleanup_free char *server = server_of(ctx);
	cleanup_free char *place = NULL;
	bool is_plain = false;
	int r;

	if (args_bool(ctx->args, "get-login"))
		return print_login(ctx, server);
	r = get_credential(ctx, server, &cred);
	if (r == 0)
		r = check_login(ctx, server, &cred);
	if (r == 0)
		r = auth_store_put(&where, server, &cred, &place, &is_plain,
				   ctx->err);
	if (r < 0)
		return r;
	if (is_plain)
		say_warning("the password is kept unencrypted in '%s'; a "
			    "credential helper would keep it better",
			    place);
	if (args_bool(ctx->args, "verbose"))
		(void)printf("Used: %s\n", place);
	(void)printf("Login Succeeded\n");
	return 0;
}

static const struct cmd_example login_examples[] = {
	{ "log in without showing the password",
	  "dhow login -u me --password-stdin registry.example.com <token" },
};

const struct cmd cmd_login = {
	.path = "login",
	.summary = "tell a registry who one is, and keep it",
	.operands = "[SERVER]",
	.about =
		"SERVER is docker.io when it is not given. The registry is asked first; what it takes is kept in ~/.docker/config.json, which docker and podman read too, or by the helper that credHelpers or credsStore there name. The file is readable for its owner only.",
	CMD_FLAGS(login_flags),
	CMD_EXAMPLES(login_examples),
	.max_operands = 1,
	.run = run_login,
};

static const struct flag logout_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "forget the credentials for every registry" },
	{ .name = "authfile",
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .offer = OFFER_FILE,
	  .help = "file that credentials are kept in" },
	FLAG_COMPAT_AUTH_FILE,
};

static int
forget(struct cmd_ctx *ctx, const char *server)
{
	struct credentials_opts where = where_of(ctx);
	int r = auth_store_erase(&where, server, ctx->err);

	if (r < 0)
		return r;
	if (r > 0)
		(void)printf("Removing login credentials for %s\n", server);
	else
		(void)printf("Not logged in to %s\n", server);
	return 0;
}

static int
run_logout(struct cmd_ctx *ctx)
{
	struct credentials_opts where = where_of(ctx);
	cleanup_strvec struct strvec servers = STRVEC_INIT;
	cleanup_free char *server = server_of(ctx);
	int r = 0;

	if (!args_bool(ctx->args, "all"))
		return forget(ctx, server);
	if (ctx->args->operands.len)
		return err_set(ctx->err, EINVAL,
			       "--all and a server exclude each other");
	r = auth_store_list(&where, &servers, ctx->err);
	for (size_t i = 0; i < servers.len && r == 0; i++)
		r = forget(ctx, servers.v[i]);
	return r;
}

static const struct cmd_example logout_examples[] = {
	{ "forget the credentials for Docker Hub", "dhow logout" },
};

const struct cmd cmd_logout = {
	.path = "logout",
	.summary = "forget credentials for a registry",
	.operands = "[SERVER]",
	CMD_FLAGS(logout_flags),
	CMD_EXAMPLES(logout_examples),
	.max_operands = 1,
	.run = run_logout,
};
