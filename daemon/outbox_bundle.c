/* JSON copied token by token, with a few members put in other words. */
#include <string.h>

#include "daemon/outbox_internal.h"
#include "fhir/reference.h"

struct copy {
	struct fhir_json_scan sc;
	struct fhir_json_out out;
	struct cw_arena *arena;
	struct cw_str key[FHIR_JSON_DEPTH + 1]; /* of each open container; absent for items */
	bool object[FHIR_JSON_DEPTH + 1];
	/* Wrote something else (or nothing) for the member just read? */
	bool (*change)(struct copy *c, int event);
	const struct rewrite_rule *rule;
	const char *status;
	struct cw_str type; /* of the entry's resource */
};

static bool
opens(int event)
{
	return event == FHIR_JSON_OBJECT || event == FHIR_JSON_ARRAY;
}

static void
copy_value(struct copy *c, int event)
{
	struct cw_str v = c->sc.value;

	if (event == FHIR_JSON_STRING)
		v = (struct cw_str){ v.s - 1, v.n + 2 };
	if (event == FHIR_JSON_OBJECT)
		fhir_json_out_object(&c->out);
	else if (event == FHIR_JSON_ARRAY)
		fhir_json_out_array(&c->out);
	else
		fhir_json_out_raw(&c->out, v);
}

/* A member or an item has been read. */
static int
copy_one(struct copy *c, int event, struct cw_err *err)
{
	uint32_t depth = c->sc.depth, parent = opens(event) ? depth - 1 : depth;
	bool member = parent > 0 && c->object[parent];

	if (opens(event)) {
		c->key[depth] = member ? c->sc.key : cw_str(NULL);
		c->object[depth] = event == FHIR_JSON_OBJECT;
	}
	if (member && c->change(c, event))
		return opens(event) ? fhir_json_skip(&c->sc, err) : CW_OK;
	if (member)
		fhir_json_out_key_str(&c->out, c->sc.key);
	copy_value(c, event);
	return CW_OK;
}

static int
copy_all(struct copy *c, struct cw_buf *buf, struct cw_str text, struct cw_err *err)
{
	int event, rc = CW_OK;

	c->arena = cw_arena_new(0);
	fhir_json_scan_init(&c->sc, text, c->arena, NULL);
	fhir_json_out_init(&c->out, buf, false);
	while (rc == CW_OK && (event = fhir_json_next(&c->sc, err)) != FHIR_JSON_END) {
		if (event == FHIR_JSON_OBJECT_END)
			fhir_json_out_object_end(&c->out);
		else if (event == FHIR_JSON_ARRAY_END)
			fhir_json_out_array_end(&c->out);
		else
			rc = event < 0 ? event : copy_one(c, event, err);
	}
	cw_arena_free(c->arena);
	return rc;
}

/* Is the member just read one of a resource of an entry? */
static bool
in_resource(const struct copy *c, uint32_t parent)
{
	return parent == 4 && fhir_json_is(c->key[4], "resource") &&
	       fhir_json_is(c->key[2], "entry");
}

static void
write_reference(struct copy *c, struct cw_str to)
{
	fhir_json_out_member(&c->out, "reference", to);
}

/* A reference that the target could not resolve is named, not pointed at (R4 2.3.0.3). */
static void
write_logical(struct copy *c, struct cw_str text)
{
	struct fhir_reference r;
	struct cw_str source = c->rule->source;

	fhir_reference_parse(&r, text);
	if (r.type.s != NULL)
		fhir_json_out_member(&c->out, "type", r.type);
	fhir_json_out_key(&c->out, "identifier");
	fhir_json_out_object(&c->out);
	if (r.kind != FHIR_REFERENCE_RELATIVE || source.s != NULL)
		fhir_json_out_member(&c->out, "system", CW_STR("urn:ietf:rfc:3986"));
	if (r.kind == FHIR_REFERENCE_RELATIVE && source.s != NULL)
		text = cw_fmt(c->arena, "%.*s/%.*s", CW_ARG(source), CW_ARG(text));
	fhir_json_out_member(&c->out, "value", text);
	fhir_json_out_object_end(&c->out);
}

static bool
change_reference(struct copy *c)
{
	const struct rewrite_rule *rule = c->rule;
	struct cw_str text =
	    c->sc.escaped ? fhir_json_unescape(c->sc.value, c->arena) : c->sc.value;
	struct cw_str own = cw_fmt(c->arena, "ServiceRequest/%.*s", CW_ARG(rule->request));
	struct fhir_reference r;

	if (cw_str_eq(text, own)) {
		if (rule->conditional)
			own = cw_fmt(c->arena, "urn:uuid:%.*s", CW_ARG(rule->request));
		write_reference(c, own);
		return true;
	}
	fhir_reference_parse(&r, text);
	if (r.kind == FHIR_REFERENCE_CONTAINED || (rule->same && r.kind == FHIR_REFERENCE_RELATIVE))
		return false;
	write_logical(c, text);
	return true;
}

static void
write_conditional(struct copy *c)
{
	fhir_json_out_key(&c->out, "request");
	fhir_json_out_object(&c->out);
	fhir_json_out_member(&c->out, "method", CW_STR("POST"));
	fhir_json_out_member(&c->out, "url", c->type);
	if (fhir_json_is(c->type, "ServiceRequest"))
		fhir_json_out_member(&c->out, "ifNoneExist",
		    cw_fmt(
			c->arena, "identifier=urn:cordwatch:alert%%7C%.*s", CW_ARG(c->rule->key)));
	fhir_json_out_object_end(&c->out);
}

/* A member of an entry's resource. */
static bool
change_member(struct copy *c, int event)
{
	struct cw_str key = c->sc.key;

	if (fhir_json_is(key, "resourceType"))
		c->type = c->sc.value;
	if (fhir_json_is(key, "subject") && event == FHIR_JSON_OBJECT) {
		fhir_json_out_key(&c->out, "subject");
		fhir_json_out_object(&c->out);
		write_reference(c, c->rule->patient);
		fhir_json_out_object_end(&c->out);
		return true;
	}
	if (c->rule->intent != NULL && fhir_json_is(key, "intent") &&
	    fhir_json_is(c->type, "ServiceRequest")) {
		fhir_json_out_member(&c->out, "intent", cw_str(c->rule->intent));
		return true;
	}
	return c->rule->conditional && fhir_json_is(key, "id");
}

static bool
change_bundle(struct copy *c, int event)
{
	uint32_t parent = opens(event) ? c->sc.depth - 1 : c->sc.depth;
	struct cw_str key = c->sc.key;

	if (event == FHIR_JSON_STRING && fhir_json_is(key, "reference"))
		return change_reference(c);
	if (in_resource(c, parent))
		return change_member(c, event);
	if (c->rule->conditional && parent == 3 && event == FHIR_JSON_OBJECT &&
	    fhir_json_is(key, "request") && fhir_json_is(c->key[2], "entry")) {
		write_conditional(c);
		return true;
	}
	return false;
}

int
rewrite_bundle(
    struct cw_buf *out, struct cw_str bundle, const struct rewrite_rule *rule, struct cw_err *err)
{
	struct copy c;

	memset(&c, 0, sizeof(c));
	c.change = change_bundle;
	c.rule = rule;
	return copy_all(&c, out, bundle, err);
}

static bool
change_status(struct copy *c, int event)
{
	if (c->sc.depth != 1 || event != FHIR_JSON_STRING || !fhir_json_is(c->sc.key, "status"))
		return false;
	fhir_json_out_member(&c->out, "status", cw_str(c->status));
	return true;
}

int
rewrite_status(struct cw_buf *out, struct cw_str resource, const char *status, struct cw_err *err)
{
	struct copy c;

	memset(&c, 0, sizeof(c));
	c.change = change_status;
	c.status = status;
	return copy_all(&c, out, resource, err);
}
