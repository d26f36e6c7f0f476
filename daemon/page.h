/* page: what a person sees at the admin listener: answers (answer.h) as HTML.
 *
 * Plain HTML with one style sheet and no script; every value is escaped.  Readable on a phone and
 * by a screen reader: one h1, captions and scopes of tables, states in words and not by colour
 * alone (WCAG 2.1). */
#ifndef DAEMON_PAGE_H
#define DAEMON_PAGE_H

#include "fhir/node.h"

enum page_kind { PAGE_ALERTS, PAGE_ALL_ALERTS, PAGE_ALERT, PAGE_FEEDS, PAGE_QUARANTINE };

/* Append the whole page that shows the answer to its question. */
void page_write(struct cw_buf *out, enum page_kind kind, const struct fhir_node *answer);
/* Append a page that says only this: fixed words. */
void page_write_fault(struct cw_buf *out, const char *text);
/* The style sheet. */
const char *page_style(void);

#endif
