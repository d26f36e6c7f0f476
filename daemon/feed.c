/* A feed that only pushes: what it sends is received; no server is asked. */
#include "daemon/feed.h"

#include <stdlib.h>

struct feed {
	const struct conf_feed *conf;
	uint32_t number;
	int64_t heard;
	struct loop *loop;
};

struct feed *
feed_new(const struct feed_world *world, const struct conf_feed *conf, uint32_t number)
{
	struct feed *feed = cw_calloc(1, sizeof(*feed));

	feed->conf = conf;
	feed->number = number;
	feed->heard = INT64_MIN;
	feed->loop = world->loop;
	return feed;
}

void
feed_free(struct feed *feed)
{
	free(feed);
}

void
feed_remember(struct feed *feed, struct cw_str key, struct cw_str value)
{
	(void)feed;
	(void)key;
	(void)value;
}

void
feed_start(struct feed *feed)
{
	(void)feed;
}

void
feed_stop(struct feed *feed)
{
	(void)feed;
}

void
feed_use(struct feed *feed, const struct conf_feed *conf)
{
	feed->conf = conf;
}

void
feed_ping(struct feed *feed)
{
	feed_heard(feed);
}

void
feed_heard(struct feed *feed)
{
	feed->heard = loop_now(feed->loop);
}

const char *
feed_name(const struct feed *feed)
{
	return feed->conf->name;
}

uint32_t
feed_number(const struct feed *feed)
{
	return feed->number;
}

const struct conf_feed *
feed_conf(const struct feed *feed)
{
	return feed->conf;
}

bool
feed_loading(const struct feed *feed)
{
	(void)feed;
	return false;
}

void
feed_status(const struct feed *feed, struct feed_status *out)
{
	*out = (struct feed_status){ .last_contact = feed->heard, .last_event = feed->heard };
}
