/* engine_ask: what is asked of the database, answered within a batch. */
#include "daemon/answer.h"
#include "daemon/engine_internal.h"

/* Who looked at records, or did something to them, is on record. */
static int
record_access(struct engine *e, const struct job *job, struct cw_err *err)
{
	struct fhir_json_out o;
	struct cw_buf text;
	int rc;

	cw_buf_init(&text, 0);
	fhir_json_out_init(&o, &text, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "what", job->ask);
	if (job->arguments.n > 0)
		fhir_json_out_member(&o, "arguments", job->arguments);
	fhir_json_out_key(&o, "who");
	fhir_json_out_raw(&o, job->who);
	fhir_json_out_object_end(&o);
	rc = store_audit(
	    e->o.store, loop_now(e->o.loop), "access", (struct cw_str){ text.s, text.n }, err);
	cw_buf_fini(&text);
	return rc;
}

static int
bring(void *arg, const struct store_outbox *row, struct cw_err *err)
{
	return alert_report(arg, row, err);
}

int
engine_answer(struct engine *e, struct job *job, struct cw_err *err)
{
	struct answer_world world = {
		.store = e->o.store, .now = loop_now(e->o.loop), .bring = bring, .arg = e
	};
	struct cw_buf text;
	int rc;

	cw_buf_init(&text, 0);
	rc = job->answered = answer(&world, job->ask, job->arguments, &text, err);
	job->answer =
	    cw_str_dup(job->arena, (struct cw_str){ text.s == NULL ? "" : text.s, text.n });
	cw_buf_fini(&text);
	if (rc == CW_OK && answer_is_recorded(job->ask))
		rc = record_access(e, job, err);
	return rc < 0 ? rc : CW_OK;
}
