/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/transfer.c - the messages between dhow and dhow-transfer.
 */
#include "image/transfer.h"

#define REQUEST(kind, member) \
	FIELD_##kind(struct transfer_request, member, #member, FIELD_OMIT_EMPTY)
#define EVENT(kind, member) \
	FIELD_##kind(struct transfer_event, member, #member, FIELD_OMIT_EMPTY)

#define LAYER(kind, member) \
	FIELD_##kind(struct transfer_layer, member, #member, FIELD_OMIT_EMPTY)

const struct field transfer_layer_fields[] = {
	LAYER(STR, tree),   LAYER(STR, owners), LAYER(STR, diff_id),
	LAYER(STR, digest), LAYER(INT, size),   LAYER(STR, media_type),
	FIELD_END,
};

const struct field transfer_request_fields[] = {
	REQUEST(INT, op),
	REQUEST(BOOL, debug),
	REQUEST(STR, root),
	REQUEST(STR, runroot),
	REQUEST(STR, name),
	REQUEST(STR, platform),
	REQUEST(BOOL, all_tags),
	REQUEST(STR, config_dir),
	REQUEST(STR, authfile),
	REQUEST(STR, user_pass),
	REQUEST(STR, cert_dir),
	REQUEST(INT, tls),
	REQUEST(INT, retries),
	REQUEST(INT, retry_delay_ns),
	REQUEST(INT, parallel),
	REQUEST(BOOL, find_first),
	REQUEST(STR, input),
	REQUEST(STRVEC, changes),
	REQUEST(STR, message),
	FIELD_STRUCTS(struct transfer_request, layers, layer_count, "layers",
		      FIELD_OMIT_EMPTY, transfer_layer_fields),
	REQUEST(NODE, config),
	REQUEST(NODE, annotations),
	REQUEST(STRVEC, names),
	REQUEST(STRVEC, stubs),
	REQUEST(INT, format),
	REQUEST(BOOL, docker),
	REQUEST(BOOL, clamp),
	REQUEST(INT, max_time),
	REQUEST(BOOL, take_trees),
	REQUEST(STR, authorization),
	REQUEST(STR, output),
	REQUEST(BOOL, own),
	REQUEST(STR, src_user_pass),
	REQUEST(INT, src_tls),
	REQUEST(STR, target),
	REQUEST(BOOL, all),
	REQUEST(INT, compress),
	REQUEST(INT, level),
	REQUEST(BOOL, force_compress),
	REQUEST(INT, convert),
	FIELD_END,
};

const struct field transfer_event_fields[] = {
	EVENT(INT, kind),        EVENT(STR, name),
	EVENT(STR, id),          EVENT(STR, digest),
	EVENT(STR, action),      EVENT(INT, bytes_done),
	EVENT(INT, bytes_total), EVENT(INT, index),
	EVENT(STR, diff_id),     EVENT(STR, manifest),
	EVENT(STR, media_type),  EVENT(BOOL, is_new),
	EVENT(INT, code),        EVENT(STR, text),
	EVENT(STR, hint),        FIELD_END,
};

void
transfer_request_release(struct transfer_request *request)
{
	decode_release(transfer_request_fields, request);
}
