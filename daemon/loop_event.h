/* loop_event: the libevent base under a loop, for listen.c, which runs evhttp on it. */
#ifndef DAEMON_LOOP_EVENT_H
#define DAEMON_LOOP_EVENT_H

#include "daemon/loop.h"

struct event_base;

/* Borrowed; lives as long as the loop. */
struct event_base *loop_base(struct loop *loop);

#endif
