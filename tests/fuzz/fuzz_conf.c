/* A configuration of any bytes is taken or refused with a place; what is taken is never reached by
 * other machines without TLS and secrets. */
#include "config.h"

#include "daemon/conf.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
judge(const struct conf *conf)
{
	bool open = !conf_is_loopback(conf->listen);

	assert(conf->feeds > 0 && conf->targets > 0);
	assert(!open || (conf->tls_cert != NULL && conf->tls_key != NULL));
	assert(conf_is_loopback(conf->admin));
	for (size_t i = 0; i < conf->feeds; i++) {
		assert(!open || conf->feed[i].secret.n >= 32);
		assert(conf->feed[i].poll_interval > 0 && strchr(conf->feed[i].name, '/') == NULL);
	}
	assert(conf_needs_restart(conf, conf) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	static int fd = -1;
	struct cw_err err = { 0 };
	struct conf *conf;
	int rc;

	if (fd < 0) {
		fd = memfd_create("cordwatch.conf", MFD_CLOEXEC);
		assert(fd >= 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	assert(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	rc = conf_load(&conf, path, &err);
	assert((rc == CW_OK) == (conf != NULL) && rc == err.code);
	assert(rc == CW_OK || (err.text[0] != '\0' && err.path[0] != '\0'));
	if (conf != NULL)
		judge(conf);
	conf_free(conf);
	return 0;
}
