/* log_internal: the table of messages. */
#ifndef DAEMON_LOG_INTERNAL_H
#define DAEMON_LOG_INTERNAL_H

#include "daemon/log.h"

struct log_message {
	enum log_id id;
	enum log_level level;
	unsigned minute; /* at most so many in a minute; 0: all */
	const char *text;
};
extern const struct log_message log_messages[];
extern const size_t log_n_messages;

enum { LOG_MOST_MESSAGES = 64 };

#endif
