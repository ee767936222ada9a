/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/refusal.c - what a registry's "no" means to the person.
 */
#include "registry/refusal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "data/node.h"

#define REFUSAL_MAX_WORDS 200

struct refusal {
	const struct http_request *request;
	const struct endpoint *ep;
	const char *what;
	const char *code;  /* "MANIFEST_UNKNOWN", or "" */
	const char *words; /* the registry's own, or "" */
};

/* With Basic there is no token between: a 401 is about the credentials. */
static bool
refusal_is_basic(const struct http_request *request)
{
	cleanup_auth_challenge struct auth_challenge challenge =
		AUTH_CHALLENGE_INIT;
	const char *value = http_header(request, "WWW-Authenticate", 0);

	if (value)
		auth_challenge_read(span_of(value), &challenge);
	return request->status == 401 && challenge.scheme == AUTH_SCHEME_BASIC;
}

static int
refusal_unauthorized(const struct refusal *no, struct err *err)
{
	const struct credential *cred = &no->ep->auth.cred;

	if (auth_is_anonymous(&no->ep->auth)) {
		err_set(err, EACCES,
			no->ep->push ? "push access denied: who may write "
				       "there must be logged in"
				     : "pull access denied: the image does not "
				       "exist or is private");
		if (cred->skipped)
			err_hint(err, "credentials were not used: %s",
				 cred->skipped);
		err_hint(err, "check the name; dhow login %s, or --creds",
			 no->ep->domain);
		return -EACCES;
	}
	if (refusal_is_basic(no->request)) {
		err_set(err, EACCES,
			"the registry refuses the credentials of user '%s' "
			"from %s",
			cred->username ?: "", cred->source ?: "--creds");
		err_hint(err, "check user name and password");
		return -EACCES;
	}
	err_set(err, EACCES,
		"%s access denied: the image does not exist, or the "
		"credentials%s%s do not allow it",
		no->ep->push ? "push" : "pull", cred->source ? " from " : "",
		cred->source ?: "");
	err_hint(err, "check the name, and who you are to this registry");
	return -EACCES;
}

static int
refusal_absent(const struct refusal *no, struct err *err)
{
	if (!strcmp(no->code, "NAME_UNKNOWN")) {
		err_set(err, ENOENT, "the registry has no such repository");
		err_hint(err, "check the name");
		return -ENOENT;
	}
	err_set(err, ENOENT, "the registry has no %s", no->what);
	err_hint(err, "check name and tag");
	return -ENOENT;
}

static int
refusal_limited(const struct refusal *no, struct err *err)
{
	err_set(err, EDQUOT, "'%s' limits how often it may be asked%s%s",
		no->ep->domain, *no->words ? ": " : "", no->words);
	if (no->request->retry_after_s > 0)
		err_hint(err, "try again in %lld s",
			 (long long)no->request->retry_after_s);
	else if (auth_is_anonymous(&no->ep->auth))
		err_hint(err, "try again later, or log in for a higher limit");
	else
		err_hint(err, "try again later");
	return -EDQUOT;
}

static int
refusal_other(const struct refusal *no, bool away, struct err *err)
{
	if (away)
		return err_set(err, EPROTO,
			       "%s: '%s', where '%s' sends us, answers with "
			       "status %d",
			       no->what, no->request->url->host, no->ep->domain,
			       no->request->status);
	return err_set(err, EPROTO, "%s: '%s' answers with status %d%s%s",
		       no->what, no->ep->domain, no->request->status,
		       *no->words ? ": " : "", no->words);
}

int
refusal_tell(const struct http_request *request, const struct endpoint *ep,
	     const char *what, bool away, struct err *err)
{
	cleanup_node struct node *root = NULL;
	char words[REFUSAL_MAX_WORDS];
	const struct node *first;
	struct refusal no = { .request = request, .ep = ep, .what = what };

	if (!away)
		(void)node_parse_json(span_new(request->body.buf,
					       request->body.len),
				      "answer", &root, NULL);
	first = node_at(node_get(root, "errors"), 0);
	no.code = node_get_str(first, "code") ?: "";
	(void)snprintf(words, sizeof(words), "%s",
		       node_get_str(first, "message") ?: "");
	no.words = words;
	if (request->status == 429)
		return refusal_limited(&no, err);
	if (away)
		return refusal_other(&no, away, err);
	if (request->status == 401 || request->status == 403)
		return refusal_unauthorized(&no, err);
	if (request->status == 404)
		return refusal_absent(&no, err);
	return refusal_other(&no, away, err);
}
