/* powercut: a disk in memory whose power can be cut, as SQLite sees it (sqlite3_vfs).
 *
 * What was not synced is lost, kept or torn by sectors of 512 bytes, as a generator decides; so are
 * names that were made or deleted without a sync of the folder. Operations are counted: writes,
 * truncations, syncs, deletions, and files that are made. Once the power is off, each fails. One
 * thread, one folder; main databases are taken to be in it already, durably. */
#ifndef TESTS_FAKE_POWERCUT_H
#define TESTS_FAKE_POWERCUT_H

#include <stdbool.h>
#include <stdint.h>

/* Make it SQLite's default. */
void powercut_install(void);
/* An empty disk and a generator from this seed; nothing is planned. No file may be open. */
void powercut_reset(uint64_t seed);
/* Cut the power in the nth operation from now on; 0: never. */
void powercut_plan(uint64_t n);
/* Fail the nth operation from now on with SQLITE_IOERR or SQLITE_FULL, or with SQLITE_IOERR_FSYNC
 * the nth sync, once; a sync that fails leaves its pages looking clean, but perhaps not on the
 * disk. */
void powercut_fail(uint64_t n, int rc);
/* Syncs do nothing from now on. */
void powercut_lie(bool lie);
/* Was it cut by now? */
bool powercut_is_off(void);
/* Power again: the disk has what it kept. No file may be open. */
void powercut_restore(void);
/* Operations since the last reset, and how many of them were syncs. */
uint64_t powercut_operations(void);
uint64_t powercut_syncs(void);
/* The next number of the generator. */
uint64_t powercut_random(void);

#endif
