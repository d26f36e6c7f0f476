/* Every message there is. */
#include "daemon/log_internal.h"

#define CRITICAL LOG_LEVEL_CRITICAL
#define ERROR LOG_LEVEL_ERROR
#define WARNING LOG_LEVEL_WARNING
#define NOTICE LOG_LEVEL_NOTICE
#define INFO LOG_LEVEL_INFO

const struct log_message log_messages[] = {
	{ LOG_STARTED, NOTICE, 0, "cordwatch starts" },
	{ LOG_EMBEDDED, WARNING, 0,
	    "no configuration: this machine only, no secret, requests are printed; not for "
	    "patients" },
	{ LOG_LISTENING, NOTICE, 0, "listening" },
	{ LOG_READY, NOTICE, 0, "ready" },
	{ LOG_STOPPING, NOTICE, 0, "stopping" },
	{ LOG_STOPPED, NOTICE, 0, "stopped" },
	{ LOG_FAILED, CRITICAL, 0, "cannot go on" },
	{ LOG_RELOADED, NOTICE, 0, "configuration taken over" },
	{ LOG_RELOAD_REFUSED, ERROR, 0, "new configuration refused, the old one stays" },
	{ LOG_RELOAD_RESTART, WARNING, 0, "a changed key needs a restart" },
	{ LOG_CONF_REMARK, WARNING, 0, "doubtful in the configuration" },
	{ LOG_RULES_LOADED, NOTICE, 0, "criteria in use" },
	{ LOG_WATCHDOG_MISSED, CRITICAL, 10, "no progress: the watchdog is not fed" },
	{ LOG_CLOCK_JUMPED, WARNING, 10, "the clock was set" },
	{ LOG_DISK_FULL, CRITICAL, 10, "the disk is full: nothing is taken" },
	{ LOG_DISK_FREED, NOTICE, 10, "there is room on the disk again" },
	{ LOG_CERTIFICATE_EXPIRES, WARNING, 10, "a certificate expires" },
	{ LOG_NOT_SIGNED, WARNING, 0, "no [audit] key_file: the audit records are not signed" },
	{ LOG_CHECKPOINT, INFO, 60, "audit records signed" },

	{ LOG_FEED_REACHED, NOTICE, 10, "the feed answers" },
	{ LOG_FEED_LOST, WARNING, 10, "the feed does not answer" },
	{ LOG_FEED_REFUSED, ERROR, 10, "the feed cannot be used" },
	{ LOG_FEED_LOADING, NOTICE, 10, "initial load begins" },
	{ LOG_FEED_LOADED, NOTICE, 10, "initial load ended" },
	{ LOG_SUBSCRIPTION_MADE, NOTICE, 30, "subscription made" },
	{ LOG_SUBSCRIPTION_ADOPTED, INFO, 30, "subscription found" },
	{ LOG_SUBSCRIPTION_ACTIVE, INFO, 30, "subscription active" },
	{ LOG_SUBSCRIPTION_LOST, WARNING, 30, "subscription lost" },
	{ LOG_POLL_FAILED, WARNING, 10, "poll failed" },
	{ LOG_SENDER_REFUSED, WARNING, 10, "a sender was refused" },
	{ LOG_QUEUE_FULL, WARNING, 10, "the queue is full: senders are told to wait" },
	{ LOG_QUEUE_DRAINED, NOTICE, 10, "the queue has room again" },
	{ LOG_QUARANTINED, WARNING, 30, "put in quarantine" },

	{ LOG_ALERT_OPENED, NOTICE, 600, "alert" },
	{ LOG_ALERT_SHADOW, NOTICE, 600, "alert in shadow, not sent" },
	{ LOG_ALERT_UPGRADED, NOTICE, 600, "alert upgraded" },
	{ LOG_ALERT_REVOKED, NOTICE, 600, "alert revoked" },
	{ LOG_ALERT_CLOSED, NOTICE, 600, "alert closed" },
	{ LOG_RULE_UNKNOWN, WARNING, 30, "a rule could not be decided" },
	{ LOG_NOTICE_GIVEN, NOTICE, 600, "notice for a person" },

	{ LOG_DELIVERED, NOTICE, 600, "request delivered" },
	{ LOG_DELIVERY_LATER, WARNING, 30, "request not delivered, tried again later" },
	{ LOG_DELIVERY_DEAD, ERROR, 600, "request given up: a person must see to it" },
	{ LOG_TARGET_LOST, WARNING, 10, "the target does not answer" },
	{ LOG_TARGET_REACHED, NOTICE, 10, "the target answers" },
};
const size_t log_n_messages = sizeof(log_messages) / sizeof(log_messages[0]);
_Static_assert(sizeof(log_messages) / sizeof(log_messages[0]) <= LOG_MOST_MESSAGES, "counters");
