/* engine_seal: signed checkpoints over the audit chain. */
#include "daemon/engine_internal.h"
#include "daemon/log.h"

#include <stdlib.h>
#include <string.h>

enum {
	SEAL_RECORDS = 1000, /* sign when so many records came */
	SEAL_EVERY = 3600000 /* ms: or when the first of them is so old */
};

static const char sealed_key[] = "sealed";

int
engine_seal_start(struct engine *e, struct cw_err *err)
{
	struct cw_str text = { NULL, 0 };
	int rc = store_state_get(e->o.store, &text, 0, sealed_key, e->arena, err);

	e->sealed = text.s != NULL ? strtoll(text.s, NULL, 10) : 0;
	return rc < 0 ? rc : CW_OK;
}

static int
sign(struct engine *e, int64_t last, const unsigned char head[SEAL_SIZE], struct cw_err *err)
{
	char payload[SEAL_CHECKPOINT];
	int rc = seal_checkpoint(payload, e->o.key, e->sealed + 1, last, head, err);

	if (rc >= 0)
		rc = store_audit(
		    e->o.store, loop_now(e->o.loop), "checkpoint", cw_str(payload), err);
	if (rc >= 0)
		rc = store_state_set(
		    e->o.store, 0, sealed_key, cw_fmt(e->arena, "%lld", (long long)last), err);
	e->sealing = last;
	memcpy(e->head, head, sizeof(e->head));
	return rc < 0 ? rc : CW_OK;
}

void
engine_sealed(struct engine *e)
{
	char hex[SEAL_HEX];

	if (e->sealing == 0)
		return;
	e->sealed = e->sealing;
	e->sealing = e->unsealed = 0;
	seal_hex(hex, e->head);
	log_say(LOG_CHECKPOINT, &(struct log_fields){ .event = e->sealed, .digest = cw_str(hex) });
}

int
engine_seal(struct engine *e, bool stop, struct cw_err *err)
{
	unsigned char head[SEAL_SIZE];
	int64_t last, steady = loop_steady(e->o.loop);

	e->sealing = 0;
	if (e->o.key == NULL)
		return CW_OK;
	store_audit_head(e->o.store, &last, head);
	/* The last checkpoint itself is not worth another. */
	if (last <= e->sealed + (e->sealed > 0))
		return CW_OK;
	if (e->unsealed == 0)
		e->unsealed = steady;
	if (!stop && last - e->sealed <= SEAL_RECORDS && steady - e->unsealed < SEAL_EVERY)
		return CW_OK;
	return sign(e, last, head, err);
}

int64_t
engine_seal_due(const struct engine *e)
{
	if (e->o.key == NULL || e->unsealed == 0)
		return INT64_MAX;
	return loop_now(e->o.loop) + e->unsealed + SEAL_EVERY - loop_steady(e->o.loop);
}
