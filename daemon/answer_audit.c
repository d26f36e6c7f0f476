/* answer_audit: the chain, for those who judge it elsewhere. */
#include "daemon/answer.h"

#include "daemon/audit.h"

enum { PAGE = 4 << 20 }; /* bytes of records, give or take one */

struct page {
	struct answer *a;
	int64_t to;
	struct cw_buf text;
	size_t bytes;
};

static int
put(void *arg, const struct seal_record *r, struct cw_str payload)
{
	struct page *p = arg;

	if (r->seq > p->to || p->bytes >= PAGE)
		return 1;
	cw_buf_clear(&p->text);
	audit_put(&p->text, r, payload);
	fhir_json_out_raw(&p->a->o, (struct cw_str){ p->text.s, p->text.n - 1 });
	p->bytes += p->text.n;
	return 0;
}

int
answer_audit(struct answer *a, struct cw_err *err)
{
	struct page p = { .a = a };
	int64_t from;
	int rc;

	if (!answer_number(a, "from", 1, &from) || !answer_number(a, "to", INT64_MAX, &p.to))
		return ANSWER_BAD;
	cw_buf_init(&p.text, 0);
	fhir_json_out_key(&a->o, "audit");
	fhir_json_out_array(&a->o);
	rc = store_audit_each(a->world->store, from, put, &p, err);
	fhir_json_out_array_end(&a->o);
	cw_buf_fini(&p.text);
	return rc < 0 ? rc : CW_OK;
}

int
answer_audit_end(struct answer *a, struct cw_err *err)
{
	unsigned char head[SEAL_SIZE];
	char hex[SEAL_HEX];
	int64_t last;
	int rc = store_audit_end(a->world->store, &last, head, err);

	if (rc < 0)
		return rc;
	seal_hex(hex, head);
	answer_integer(a, "last", last);
	fhir_json_out_member(&a->o, "head", cw_str(hex));
	return CW_OK;
}
