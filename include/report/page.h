/* A page of text that keeps to its width, or of Markdown. All that is put on it is made printable
 * first, and in Markdown it is escaped. */
#pragma once
#include "base/arena.h"
#include "report/report.h"

enum ink { INK_PLAIN, INK_BOLD, INK_GOOD, INK_BAD, INK_FAINT };

struct page {
	struct buffer out;
	size_t columns;
	bool colour, markdown;
	size_t column; /* where the next character goes, from 0 */
};

struct page page_new(struct arena *arena, const struct report_style *style);

/* Columns, for text and for what is fixed. */

/* how many columns a text takes once it is printable */
size_t page_width(struct arena *arena, struct text t);

/* puts a text as it is, whatever the width */
void page_put(struct page *page, enum ink ink, struct text t);

/* spaces up to a column; one at least, unless the line is empty */
void page_tab(struct page *page, size_t column);

/* Flows words; lines after this one begin at column `hang`. A word that no line can hold is cut. */
void page_words(struct page *page, size_t hang, struct text t);

/* ends the line, if there is one */
void page_end(struct page *page);

/* In Markdown, what stands between a call with true and one with false is fixed: printed as it is.
 * No line of it may begin with a backquote. */
void page_fixed(struct page *page, bool begins);

/* a cell of a Markdown table, and the bar behind it */
void page_cell(struct page *page, struct text t);

/* Blocks, for both. */

/* a line of words, all in one ink */
void page_line(struct page *page, enum ink ink, struct text t);

/* an empty line, unless the page is empty; then a bold one */
void page_heading(struct page *page, struct text t);

/* a paragraph behind a mark ("1. "), whose lines begin where the first does */
void page_item(struct page *page, size_t indent, struct text mark, struct text t);

/* a name, and in the column behind it what it has or means; no name may be empty */
void page_pair(struct page *page, size_t indent, enum ink ink, struct text name, size_t column,
	struct text value);

/* A command or a policy statement, to be copied: it is broken only where it means the same all the
 * same, at a space of the shell with a backslash, or behind a comma of JSON or JMESPath. */
void page_command(struct page *page, size_t indent, struct text t);

/* A sentence behind a dash. A policy statement in it has a line of its own, broken only where JSON
 * allows it, so that it can be pasted. */
void page_sentence(struct page *page, size_t indent, struct text fix);

/* what reports have in common */

/* a finding: what it means and what to do; with headings where it is a report's first */
void page_finding(struct page *page, const struct finding *finding, size_t indent, bool headings);

/* the findings of a diagnosis without the verdict's, by severity */
void page_further_findings(struct page *page, const struct diagnosis *diagnosis);

/* A line for each link of the way to an endpoint, where the configuration was read. */
void page_chains(struct page *page, const struct evidence *evidence, enum endpoint_kind endpoint);

/* A line for each link that could not be judged: unread, beyond or undecided, each line once. */
void page_unknown_links(struct page *page, const struct evidence *evidence);
