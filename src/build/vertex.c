/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/vertex.c - what is told of a build.
 */
#include <stdarg.h>

#include "base/alloc.h"
#include "base/units.h"
#include "build/build_priv.h"

struct vertex_texts {
	struct build_vertex vertex; /* first: it is what others see */
	char *name, *stage;
	struct df_range range;
};

struct build_vertex *
vertex_new(struct build *build, const char *stage, const struct df_range *range,
	   const char *fmt, ...)
{
	struct vertex_texts *texts = xcalloc(1, sizeof(*texts));
	va_list args;

	va_start(args, fmt);
	texts->name = xvasprintf(fmt, args);
	va_end(args);
	texts->stage = xstrdup_null(stage);
	texts->vertex.name = texts->name;
	texts->vertex.stage = texts->stage;
	if (range) {
		texts->range = *range;
		texts->vertex.range = &texts->range;
	}
	array_push(build->vertices, build->vertex_count, build->vertex_cap,
		   &texts->vertex);
	texts->vertex.number = build->vertex_count;
	return &texts->vertex;
}

void
vertices_free(struct build_source *source)
{
	for (size_t i = 0; i < source->vertex_count; i++) {
		struct vertex_texts *texts =
			(struct vertex_texts *)source->vertices[i];

		free(texts->name);
		free(texts->stage);
		free(texts);
	}
	free(source->vertices);
}

static void
tell(struct build *build, struct build_event *event)
{
	event->now_ns = units_now_ns();
	if (build->sink.event)
		build->sink.event(build->sink.data, event);
}

void
vertex_tell(struct build *build, struct build_vertex *vertex,
	    enum build_event_kind kind, const char *text)
{
	tell(build, &(struct build_event){
			    .kind = kind, .vertex = vertex, .text = text });
}

void
vertex_log(struct build *build, struct build_vertex *vertex, struct span bytes)
{
	tell(build, &(struct build_event){ .kind = BUILD_EVENT_LOG,
					   .vertex = vertex,
					   .log = bytes });
}

void
vertex_status(struct build *build, struct build_vertex *vertex,
	      const struct task_status *status)
{
	if (status->note) {
		vertex_tell(build, vertex, BUILD_EVENT_NOTE, status->note);
		return;
	}
	tell(build, &(struct build_event){ .kind = BUILD_EVENT_STATUS,
					   .vertex = vertex,
					   .id = status->id,
					   .action = status->action,
					   .done = (uint64_t)status->done,
					   .total = (uint64_t)status->total });
}
