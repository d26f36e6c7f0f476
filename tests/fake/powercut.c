#include "tests/fake/powercut.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, NAMES = 8, FILES = 256 };

struct bytes {
	unsigned char *s;
	size_t n, cap;
};

/* A write, or (data absent) a truncation to `at`, that the disk does not have for certain. */
struct change {
	size_t at, n;
	unsigned char *data;
};

struct node {
	struct bytes now, disk;
	struct change *change;
	size_t changes;
	bool sync_name; /* the next sync makes its name durable too, as SQLite's own VFS does */
};

struct file {
	sqlite3_file base;
	struct node *node;
};

static struct {
	struct {
		char name[256];
		struct node *now, *disk;
	} name[NAMES];
	struct node *node[FILES];
	size_t nodes;
	uint64_t random, count, cut, fail;
	uint64_t syncs;
	int fail_rc;
	bool off, lie;
} disk;

static sqlite3_vfs *under; /* for randomness, sleep and the clock */

uint64_t
powercut_random(void)
{
	uint64_t z = disk.random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static bool
coin(void)
{
	return powercut_random() & 1;
}

/* ---- bytes ---- */

static void
resize(struct bytes *b, size_t n)
{
	if (n > b->cap) {
		b->cap = n < 4096 ? 4096 : 2 * n;
		b->s = realloc(b->s, b->cap);
		assert(b->s);
	}
	if (n > b->n)
		memset(b->s + b->n, 0, n - b->n);
	b->n = n;
}

static void
put(struct bytes *b, size_t at, const unsigned char *data, size_t n)
{
	if (at + n > b->n)
		resize(b, at + n);
	memcpy(b->s + at, data, n);
}

static void
apply(struct bytes *b, const struct change *c)
{
	if (c->data)
		put(b, c->at, c->data, c->n);
	else
		resize(b, c->at);
}

static void
apply_some_sectors(struct bytes *b, const struct change *c)
{
	size_t next;

	for (size_t at = c->at; at < c->at + c->n; at = next) {
		next = (at / SECTOR + 1) * SECTOR;
		if (next > c->at + c->n)
			next = c->at + c->n;
		if (coin())
			put(b, at, c->data + (at - c->at), next - at);
	}
}

static void
forget_changes(struct node *node)
{
	for (size_t i = 0; i < node->changes; i++)
		free(node->change[i].data);
	node->changes = 0;
}

/* What of the changes reaches the disk when it loses power: by one of five fates. */
static void
settle(struct node *node)
{
	enum { NONE, ALL, SOME, SECTORS, FIRST, FATES } fate = powercut_random() % FATES;
	size_t kept = node->changes ? powercut_random() % node->changes : 0;

	for (size_t i = 0; i < node->changes; i++) {
		const struct change *c = &node->change[i];

		if (fate == ALL || (fate == SOME && coin()) || (fate == FIRST && i < kept))
			apply(&node->disk, c);
		else if (c->data && (fate == SECTORS || (fate == FIRST && i == kept)))
			apply_some_sectors(&node->disk, c);
		else if (fate == SECTORS && coin())
			apply(&node->disk, c);
	}
	forget_changes(node);
}

static void
change(struct node *node, size_t at, const void *data, size_t n)
{
	struct change *c;

	if ((node->changes & (node->changes + 1)) == 0) {
		node->change =
		    realloc(node->change, (2 * node->changes + 2) * sizeof(*node->change));
		assert(node->change);
	}
	c = &node->change[node->changes++];
	*c = (struct change){ .at = at, .n = n };
	if (data) {
		c->data = malloc(n);
		assert(c->data);
		memcpy(c->data, data, n);
	}
	apply(&node->now, c);
}

/* ---- the power ---- */

enum fate { GOES_ON, FAILS, WAS_CUT };

/* One more operation. */
static enum fate
operation(bool sync)
{
	disk.count++;
	disk.syncs += sync;
	if (disk.off)
		return WAS_CUT;
	if (disk.cut && --disk.cut == 0) {
		disk.off = true;
		return WAS_CUT;
	}
	if (disk.fail && (sync || disk.fail_rc != SQLITE_IOERR_FSYNC) && --disk.fail == 0) {
		return FAILS;
	}
	return GOES_ON;
}

static int
failure(int otherwise)
{
	return disk.fail_rc == SQLITE_FULL ? SQLITE_FULL : otherwise;
}

void
powercut_plan(uint64_t n)
{
	disk.cut = n;
}

void
powercut_fail(uint64_t n, int rc)
{
	disk.fail = n;
	disk.fail_rc = rc;
}

void
powercut_lie(bool lie)
{
	disk.lie = lie;
}

bool
powercut_is_off(void)
{
	return disk.off;
}

uint64_t
powercut_operations(void)
{
	return disk.count;
}

uint64_t
powercut_syncs(void)
{
	return disk.syncs;
}

void
powercut_restore(void)
{
	for (size_t i = 0; i < disk.nodes; i++) {
		struct node *node = disk.node[i];

		settle(node);
		resize(&node->now, node->disk.n);
		if (node->disk.n > 0)
			memcpy(node->now.s, node->disk.s, node->disk.n);
	}
	for (size_t i = 0; i < NAMES; i++) {
		if (disk.name[i].now != disk.name[i].disk && coin())
			disk.name[i].disk = disk.name[i].now;
		disk.name[i].now = disk.name[i].disk;
	}
	disk.off = false;
	disk.cut = 0;
}

void
powercut_reset(uint64_t seed)
{
	for (size_t i = 0; i < disk.nodes; i++) {
		struct node *node = disk.node[i];

		forget_changes(node);
		free(node->change);
		free(node->now.s);
		free(node->disk.s);
		free(node);
	}
	memset(&disk, 0, sizeof(disk));
	disk.random = seed;
	/* SQLite's own generator (salts of the log) starts anew from ours. */
	sqlite3_randomness(0, NULL);
}

/* ---- names ---- */

static void
sync_names(void)
{
	for (size_t i = 0; !disk.lie && i < NAMES; i++)
		disk.name[i].disk = disk.name[i].now;
}

/* The place of a name, or a free one. */
static size_t
place(const char *name)
{
	size_t i = 0;

	while (i < NAMES && disk.name[i].name[0] && strcmp(disk.name[i].name, name) != 0)
		i++;
	assert(i < NAMES && strlen(name) < sizeof(disk.name[i].name));
	if (!disk.name[i].name[0])
		strcpy(disk.name[i].name, name);
	return i;
}

/* ---- methods of a file ---- */

static struct node *
node_of(sqlite3_file *f)
{
	return ((struct file *)f)->node;
}

static int
on_close(sqlite3_file *f)
{
	f->pMethods = NULL;
	return SQLITE_OK;
}

static int
on_read(sqlite3_file *f, void *out, int n, sqlite3_int64 at)
{
	const struct bytes *b = &node_of(f)->now;
	size_t there = (size_t)at < b->n ? b->n - (size_t)at : 0;

	if (disk.off)
		return SQLITE_IOERR_READ;
	if (there > (size_t)n)
		there = (size_t)n;
	if (there > 0)
		memcpy(out, b->s + at, there);
	memset((char *)out + there, 0, (size_t)n - there);
	return there == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
on_write(sqlite3_file *f, const void *data, int n, sqlite3_int64 at)
{
	bool was_off = disk.off;

	switch (operation(false)) {
	case FAILS:
		return failure(SQLITE_IOERR_WRITE);
	case WAS_CUT:
		if (!was_off)
			change(node_of(f), (size_t)at, data, (size_t)n);
		return SQLITE_IOERR_WRITE;
	case GOES_ON:
		break;
	}
	change(node_of(f), (size_t)at, data, (size_t)n);
	return SQLITE_OK;
}

static int
on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	bool was_off = disk.off;

	switch (operation(false)) {
	case FAILS:
		return failure(SQLITE_IOERR_TRUNCATE);
	case WAS_CUT:
		if (!was_off)
			change(node_of(f), (size_t)size, NULL, 0);
		return SQLITE_IOERR_TRUNCATE;
	case GOES_ON:
		break;
	}
	change(node_of(f), (size_t)size, NULL, 0);
	return SQLITE_OK;
}

static int
on_sync(sqlite3_file *f, int flags)
{
	struct node *node = node_of(f);

	(void)flags;
	switch (operation(true)) {
	case FAILS:
		settle(node);
		return failure(SQLITE_IOERR_FSYNC);
	case WAS_CUT:
		return SQLITE_IOERR_FSYNC;
	case GOES_ON:
		break;
	}
	if (disk.lie)
		return SQLITE_OK;
	for (size_t i = 0; i < node->changes; i++)
		apply(&node->disk, &node->change[i]);
	forget_changes(node);
	if (node->sync_name)
		sync_names();
	node->sync_name = false;
	return SQLITE_OK;
}

static int
on_size(sqlite3_file *f, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)node_of(f)->now.n;
	return disk.off ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int
on_lock(sqlite3_file *f, int level)
{
	(void)f;
	(void)level;
	return SQLITE_OK;
}

static int
on_check_lock(sqlite3_file *f, int *reserved)
{
	(void)f;
	*reserved = 0;
	return SQLITE_OK;
}

static int
on_control(sqlite3_file *f, int what, void *arg)
{
	(void)f;
	(void)what;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
on_sector(sqlite3_file *f)
{
	(void)f;
	return 4096;
}

/* What SQLite's VFS says of a Unix file system. */
static int
on_device(sqlite3_file *f)
{
	(void)f;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_size,
	.xLock = on_lock,
	.xUnlock = on_lock,
	.xCheckReservedLock = on_check_lock,
	.xFileControl = on_control,
	.xSectorSize = on_sector,
	.xDeviceCharacteristics = on_device,
};

/* ---- methods of the disk ---- */

static struct node *
new_node(void)
{
	struct node *node = calloc(1, sizeof(*node));

	assert(node && disk.nodes < FILES);
	disk.node[disk.nodes++] = node;
	return node;
}

static int
on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	bool durable = flags & SQLITE_OPEN_MAIN_DB;
	size_t i;

	(void)vfs;
	f->pMethods = NULL;
	if (!name || disk.off)
		return SQLITE_CANTOPEN;
	i = place(name);
	if (!disk.name[i].now) {
		if (!durable && !(flags & SQLITE_OPEN_CREATE))
			return SQLITE_CANTOPEN;
		if (!durable && operation(false) != GOES_ON)
			return SQLITE_CANTOPEN;
		disk.name[i].now = new_node();
		if (durable)
			disk.name[i].disk = disk.name[i].now;
	}
	if (!durable && (flags & SQLITE_OPEN_CREATE))
		disk.name[i].now->sync_name = true;
	((struct file *)f)->node = disk.name[i].now;
	f->pMethods = &methods;
	if (out_flags)
		*out_flags = flags;
	return SQLITE_OK;
}

static int
on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	size_t i = place(name);

	(void)vfs;
	if (operation(false) != GOES_ON)
		return SQLITE_IOERR_DELETE;
	if (!disk.name[i].now)
		return SQLITE_IOERR_DELETE_NOENT;
	disk.name[i].now = NULL;
	if (sync)
		sync_names();
	return SQLITE_OK;
}

static int
on_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	const struct node *node = disk.name[place(name)].now;

	(void)vfs;
	*out = node && (flags != SQLITE_ACCESS_EXISTS || node->now.n > 0);
	return disk.off ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int
on_full_name(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	return snprintf(out, (size_t)n, "%s", name) < n ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int
on_random(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	for (int i = 0; i < n; i++)
		out[i] = (char)powercut_random();
	return n;
}

static int
on_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int
on_time(sqlite3_vfs *vfs, double *now)
{
	(void)vfs;
	return under->xCurrentTime(under, now);
}

static int
on_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	(void)n;
	(void)out;
	return 0;
}

void
powercut_install(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 1,
		.szOsFile = sizeof(struct file),
		.mxPathname = 250,
		.zName = "powercut",
		.xOpen = on_open,
		.xDelete = on_delete,
		.xAccess = on_access,
		.xFullPathname = on_full_name,
		.xRandomness = on_random,
		.xSleep = on_sleep,
		.xCurrentTime = on_time,
		.xGetLastError = on_error,
	};
	int rc;

	under = sqlite3_vfs_find(NULL);
	rc = sqlite3_vfs_register(&vfs, 1);
	assert(rc == SQLITE_OK);
	(void)rc;
}
