/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/auth.c - answering challenges: Basic, and tokens from a service.
 */
#include "registry/auth.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "conf/base64.h"
#include "data/node.h"

struct auth_token {
	char *header;
	int64_t expires_ns; /* monotonic; INT64_MAX: never */
};

/* What the token service is asked for. */
struct auth_query {
	struct auth *auth;
	const struct auth_challenge *challenge;
	const char *scope;
	struct url url;
	struct strbuf form;
};

static void
auth_token_free(struct auth_token *token)
{
	if (!token)
		return;
	explicit_bzero(token->header, strlen(token->header));
	free(token->header);
	free(token);
}

void
auth_release(struct auth *auth)
{
	for (map_each(entry, &auth->tokens))
		if (entry->key)
			auth_token_free(entry->value);
	map_release(&auth->tokens);
	credential_release(&auth->cred);
}

bool
auth_is_anonymous(const struct auth *auth)
{
	return !auth->cred.username && !auth->cred.identity_token &&
	       !auth->cred.registry_token;
}

const char *
auth_header(const struct auth *auth, const char *scope)
{
	const struct auth_token *token = map_get(&auth->tokens, scope);

	if (!token || token->expires_ns <= units_monotonic_ns())
		return NULL;
	return token->header;
}

void
auth_forget(struct auth *auth, const char *scope)
{
	auth_token_free(map_del(&auth->tokens, scope));
}

static void
auth_keep(struct auth *auth, const char *scope, char *header, int64_t life_s)
{
	struct auth_token *token = xcalloc(1, sizeof(*token));

	token->header = header;
	token->expires_ns = INT64_MAX;
	if (life_s >= 0)
		token->expires_ns =
			units_monotonic_ns() + life_s * UNITS_NS_PER_S;
	auth_token_free(map_set(&auth->tokens, scope, token));
}

/* "Authorization: Basic …" */
static char *
auth_basic(const struct auth *auth)
{
	cleanup_strbuf struct strbuf pair = STRBUF_INIT;
	struct strbuf header = STRBUF_INIT;

	strbuf_addf(&pair, "%s:%s", auth->cred.username, auth->cred.password);
	/* Room for all at once: no copy of the secret is left behind. */
	(void)strbuf_grow(&header, 64 + 2 * pair.len);
	strbuf_addstr(&header, "Authorization: Basic ");
	base64_encode(&header, pair.buf, pair.len);
	explicit_bzero(pair.buf, pair.len);
	return strbuf_take(&header);
}

/* A token goes into a header: visible ASCII only. */
static bool
auth_token_is_clean(const char *token)
{
	size_t len = strlen(token);

	if (!len || len > AUTH_MAX_TOKEN_BYTES)
		return false;
	for (size_t i = 0; i < len; i++)
		if (token[i] <= ' ' || token[i] >= 0x7f)
			return false;
	return true;
}

static void
auth_add_param(struct strbuf *sb, char first, const char *name,
	       const char *value)
{
	char *escaped;

	if (!value || !*value)
		return;
	escaped = curl_easy_escape(NULL, value, 0);
	strbuf_addf(sb, "%c%s=%s", sb->len && first == '&' ? '&' : first, name,
		    escaped ? escaped : "");
	curl_free(escaped);
}

/* Scopes, of which there may be several, each in a parameter of its own. */
static void
auth_add_scopes(struct strbuf *text, const char *scopes)
{
	struct span rest = span_of(scopes), scope;

	while (span_next(&rest, ' ', &scope)) {
		cleanup_free char *one = span_dup(scope);

		auth_add_param(text, strchr(text->buf, '?') ? '&' : '?',
			       "scope", one);
	}
}

/*
 * The token service's URL. Ours is to say whether it may be told anything: an
 * HTTPS registry cannot send our secrets over plain HTTP.
 */
static int
auth_query_url(struct auth_query *query, const struct url *origin,
	       struct err *err)
{
	const struct auth_challenge *challenge = query->challenge;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_url struct url realm = URL_INIT;
	int r = url_parse(challenge->realm, &realm, err);

	if (r < 0)
		return err_wrap(err, r, "token service");
	if (!url_is_https(&realm) && url_is_https(origin) &&
	    !query->auth->plain_ok)
		return err_set(err, EPROTO,
			       "'%s' names a token service without "
			       "encryption, '%s'",
			       origin->host, realm.text);
	strbuf_addstr(&text, realm.text);
	if (!query->auth->cred.identity_token) {
		auth_add_param(&text, strchr(text.buf, '?') ? '&' : '?',
			       "service", challenge->service);
		auth_add_scopes(&text, query->scope);
	}
	return url_parse(text.buf, &query->url, err);
}

static void
auth_query_form(struct auth_query *query)
{
	struct strbuf *form = &query->form;

	strbuf_addstr(form, "grant_type=refresh_token&client_id=dhow");
	auth_add_param(form, '&', "service", query->challenge->service);
	auth_add_param(form, '&', "scope", query->scope);
	auth_add_param(form, '&', "refresh_token",
		       query->auth->cred.identity_token);
}

static void
auth_query_release(struct auth_query *query)
{
	url_release(&query->url);
	if (query->form.len)
		explicit_bzero(query->form.buf, query->form.len);
	strbuf_release(&query->form);
}

static bool
auth_is_passing(const struct http_request *request)
{
	if (request->failure)
		return request->failure == -ECONNRESET ||
		       request->failure == -ETIMEDOUT;
	return request->status == 429 || request->status >= 500;
}

/* Ask, again after a pause when the trouble may pass. */
static int
auth_exchange(struct auth_query *query, struct http *http,
	      const struct http_tls *tls, struct http_request *request,
	      struct err *err)
{
	const struct auth *auth = query->auth;

	for (int tried = 1;; tried++) {
		int64_t pause_ns;
		int r;

		request->url = &query->url;
		request->tls = tls;
		request->max_body = AUTH_MAX_ANSWER_BYTES;
		strvec_add(&request->headers, "Accept: application/json");
		if (auth->cred.identity_token) {
			request->method = HTTP_POST;
			request->form =
				span_new(query->form.buf, query->form.len);
		} else if (auth->cred.username) {
			strvec_add_take(&request->headers, auth_basic(auth));
		}
		r = http_perform(http, request, err);
		if (r < 0 || !auth_is_passing(request) || tried >= AUTH_TRIES ||
		    request->retry_after_s > HTTP_MAX_RETRY_AFTER_S)
			return r;
		pause_ns = request->retry_after_s * UNITS_NS_PER_S;
		if (pause_ns <= 0)
			pause_ns = tried * UNITS_NS_PER_S / 2;
		http_request_release(request);
		r = http_sleep(http, pause_ns, err);
		if (r < 0)
			return r;
	}
}

static int
auth_refused(const struct auth *auth, const struct url *url, struct err *err)
{
	if (auth_is_anonymous(auth)) {
		err_set(err, EACCES, "'%s' gives no token without credentials",
			url->host);
		err_hint(err, "private images need credentials in "
			      "~/.docker/config.json or --creds");
		return -EACCES;
	}
	err_set(err, EACCES, "'%s' refuses the credentials%s%s%s%s%s",
		url->host, auth->cred.username ? " of user '" : "",
		auth->cred.username ?: "", auth->cred.username ? "'" : "",
		auth->cred.source ? " from " : "", auth->cred.source ?: "");
	err_hint(err, "check user name and password, or log in again");
	return -EACCES;
}

/* The token in the service's answer. */
static int
auth_read_answer(const struct auth_query *query,
		 const struct http_request *request, struct err *err)
{
	cleanup_node struct node *root = NULL;
	const char *token;
	int64_t life_s;
	int r;

	if (request->failure) {
		if (err)
			*err = request->err;
		return request->failure;
	}
	if (request->status == 401 || request->status == 403 ||
	    request->status == 400)
		return auth_refused(query->auth, &query->url, err);
	if (request->status != 200)
		return err_set(err, request->status == 429 ? EDQUOT : EPROTO,
			       "token service '%s' answers with status %d",
			       query->url.host, request->status);
	r = node_parse_json(span_new(request->body.buf, request->body.len),
			    "token answer", &root, err);
	if (r < 0)
		return err_wrap(err, -EPROTO, "token service '%s'",
				query->url.host);
	token = node_get_str(root, "token")
			?: node_get_str(root, "access_token");
	if (!token || !auth_token_is_clean(token))
		return err_set(err, EPROTO,
			       "token service '%s' gives no usable token",
			       query->url.host);
	life_s = node_get_int(root, "expires_in", AUTH_DEFAULT_LIFE_S);
	if (life_s < AUTH_DEFAULT_LIFE_S || life_s > 86400)
		life_s = AUTH_DEFAULT_LIFE_S;
	/* A little early: it must still be valid when it arrives. */
	auth_keep(query->auth, query->scope,
		  xasprintf("Authorization: Bearer %s", token), life_s - 5);
	explicit_bzero((char *)token, strlen(token));
	return 0;
}

static int
auth_bearer(struct auth *auth, struct http *http, const struct url *origin,
	    const struct auth_challenge *challenge, const char *scope,
	    struct err *err)
{
	cleanup_http_request struct http_request request = HTTP_REQUEST_INIT;
	struct auth_query query = {
		.auth = auth,
		.challenge = challenge,
		.scope = scope,
		.form = STRBUF_INIT,
	};
	int r = auth_query_url(&query, origin, err);

	if (!r) {
		if (auth->cred.identity_token)
			auth_query_form(&query);
		r = auth_exchange(&query, http,
				  url_same_host(&query.url, origin)
					  ? auth->tls
					  : auth->foreign_tls,
				  &request, err);
	}
	if (!r)
		r = auth_read_answer(&query, &request, err);
	http_request_release(&request);
	auth_query_release(&query);
	return r;
}

int
auth_answer(struct auth *auth, struct http *http, const struct url *origin,
	    const struct auth_challenge *challenge, const char *scope,
	    struct err *err)
{
	if (challenge->scheme == AUTH_SCHEME_NONE)
		return err_set(err, EPROTO,
			       "'%s' asks for a kind of log-in that is not "
			       "known here",
			       origin->host);
	if (auth->cred.registry_token) {
		if (!auth_token_is_clean(auth->cred.registry_token))
			return err_set(err, EACCES,
				       "the token from %s cannot be sent",
				       auth->cred.source ?: "--creds");
		auth_keep(auth, scope,
			  xasprintf("Authorization: Bearer %s",
				    auth->cred.registry_token),
			  -1);
		return 0;
	}
	if (challenge->scheme == AUTH_SCHEME_BEARER)
		return auth_bearer(auth, http, origin, challenge, scope, err);
	if (!auth->cred.username)
		return auth_refused(auth, origin, err);
	auth_keep(auth, scope, auth_basic(auth), -1);
	return 0;
}
