/* alert: one open alert for each (patient, tier, episode).
 *
 * A decision that orders makes an alert and an errand; one that only finds more appends to it; a
 * higher tier replaces a lower proposal once its own was received; evidence that is withdrawn takes
 * a proposal back unless a person has acted on it.  Time alone never proposes. */
#ifndef DAEMON_ALERT_H
#define DAEMON_ALERT_H

#include "daemon/engine_internal.h"
#include "daemon/log.h"
#include "fhir/reference.h"
#include "mappings/order.h"
#include "mappings/terminology.h"

/* store_alert.why of what cordwatch itself took back. */
#define ALERT_LOST "evidence-withdrawn"
#define ALERT_UPGRADED "upgraded"
/* And what nobody acted on until it was overdue and new evidence made another one take its place.
 */
#define ALERT_EXPIRED "expired"

/* Begin to revoke an open alert; after: errand that must be delivered first, or 0. */
CW_CHECK int alert_take_back(struct engine *e, const struct store_alert *open, const char *why,
    int64_t after, struct cw_err *err);
/* Close an alert; why NULL: as it says already. */
CW_CHECK int alert_close(
    struct engine *e, struct store_alert *a, const char *why, struct cw_err *err);
/* One record of what became of an alert. */
CW_CHECK int alert_audit(struct engine *e, const struct store_alert *a, const char *what,
    int64_t number, struct cw_err *err);
/* One record of a decision. */
CW_CHECK int alert_audit_decision(
    struct engine *e, const struct engine_case *j, struct cw_err *err);
/* Is this rule only to be watched, or are all? */
bool alert_in_shadow(const struct conf *conf, struct cw_str rule);
/* Tell a person, once for each alert and kind. */
CW_CHECK int notice_once(struct engine *e, const struct store_alert *a, const char *kind,
    struct cw_str text, struct cw_err *err);

#endif
