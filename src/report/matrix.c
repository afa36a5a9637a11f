/* Vantages side by side, as data. */
#include "report/matrix.h"
#include "report/units.h"
#include "report/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* what became of one stage at one endpoint */
struct square {
	size_t outcomes[OUTCOME_COUNT];
	enum cause cause; /* of the first that failed */
	struct text issuer;
	struct texts addresses;
};

/* what is compared of one report */
struct column {
	const struct vantage_report *report;
	struct square squares[STAGE_COUNT][ROLE_COUNT];
};

/* gathering */

static void gather(struct column *column, const struct step *step)
{
	struct square *square = &column->squares[step->stage][step->role];
	if (step->experiment != EXPERIMENT_NONE)
		return;
	if (step->outcome == OUTCOME_FAILED && square->outcomes[OUTCOME_FAILED] == 0)
		square->cause = step->cause;
	square->outcomes[step->outcome]++;
	if (square->issuer.len == 0)
		square->issuer = seen_text(step, FACT_ISSUER);
	if (square->addresses.count == 0)
		square->addresses = seen_list(step, FACT_ADDRESSES);
}

static struct column *columns_of(
	struct arena *arena, const struct vantage_report *reports, size_t count)
{
	struct column *columns = arena_new(arena, struct column, count);
	for (size_t i = 0; i < count; i++) {
		columns[i].report = &reports[i];
		for (size_t k = 0; k < reports[i].evidence.count; k++)
			gather(&columns[i], &reports[i].evidence.steps[k]);
	}
	return columns;
}

/* cells */

static struct text verdict_cell(struct arena *arena, const struct column *column)
{
	const struct diagnosis *diagnosis = &column->report->diagnosis;
	const struct finding *finding = verdict_finding(diagnosis);
	struct text pull = pull_name(diagnosis->pull);
	if (!finding)
		return pull;
	return text_format(arena, "%.*s: %.*s", TEXT(pull), TEXT(class_name(finding->class)));
}

static struct text step_cell(
	struct arena *arena, const struct column *column, enum stage stage, enum role role)
{
	const struct square *square = &column->squares[stage][role];
	bool passed = square->outcomes[OUTCOME_PASSED] > 0;
	if (square->outcomes[OUTCOME_FAILED])
		return text_format(arena, "%s %.*s", passed ? "PART" : "FAIL",
			TEXT(cause_name(square->cause)));
	if (square->outcomes[OUTCOME_SKIPPED])
		return T("skip");
	return passed ? T("ok") : T("");
}

/* whether a name leads to private addresses, which VPC endpoints have, or to public ones */
static struct text side_cell(
	struct arena *arena, const struct column *column, enum stage stage, enum role role)
{
	struct texts list = column->squares[stage][role].addresses;
	size_t inside = 0;
	(void)arena;
	for (size_t i = 0; i < list.count; i++) {
		struct address address;
		inside += address_parse(list.at[i], &address) && address_is_private(&address);
	}
	if (list.count == 0)
		return T("");
	return inside == list.count ? T("inside") : inside == 0 ? T("outside") : T("both");
}

static struct text issuer_cell(
	struct arena *arena, const struct column *column, enum stage stage, enum role role)
{
	(void)arena;
	return column->squares[stage][role].issuer;
}

static struct text image_of(struct arena *arena, const struct evidence *evidence)
{
	(void)arena;
	return evidence->target.image;
}

static struct text resolvers_of(struct arena *arena, const struct evidence *evidence)
{
	return units_list(arena, evidence->vantage.resolvers, 3);
}

static struct text mtu_of(struct arena *arena, const struct evidence *evidence)
{
	int64_t mtu = evidence->vantage.mtu;
	return mtu ? text_format(arena, "%lld", (long long)mtu) : T("");
}

static struct text principal_of(struct arena *arena, const struct evidence *evidence)
{
	(void)arena;
	return evidence->vantage.principal;
}

static struct text source_of(struct arena *arena, const struct evidence *evidence)
{
	(void)arena;
	return evidence->vantage.credential_source;
}

/* rows */

static const struct {
	const char *name;
	enum stage stage; /* whose steps tell */
	struct text (*cell)(struct arena *, const struct column *, enum stage, enum role);
} endpoint_facts[] = {
	{"address", STAGE_DNS, side_cell},
	{"issuer", STAGE_TLS, issuer_cell},
};

static const struct {
	const char *name;
	struct text (*cell)(struct arena *, const struct evidence *);
} vantage_facts[] = {
	{"image", image_of},
	{"resolvers", resolvers_of},
	{"MTU", mtu_of},
	{"principal", principal_of},
	{"credentials from", source_of},
};

enum { ROWS_MAX = 1 + STAGE_COUNT * ROLE_COUNT + 2 * ROLE_COUNT + 5 };

static bool cells_differ(const struct text *cells, size_t count)
{
	const struct text *first = NULL;
	for (size_t i = 0; i < count; i++) {
		if (first && cells[i].len && !text_equal(cells[i], *first))
			return true;
		if (!first && cells[i].len)
			first = &cells[i];
	}
	return false;
}

/* the next row, whose cells are to be filled; row_done keeps it unless they are all empty */
static struct row *row_next(
	struct arena *arena, struct matrix *matrix, enum row_kind kind, struct text name)
{
	struct row *row = &matrix->rows[matrix->count];
	*row = (struct row){
		.kind = kind,
		.name = name,
		.cells = arena_new(arena, struct text, matrix->columns),
	};
	return row;
}

static void row_done(struct matrix *matrix, struct row *row)
{
	size_t empty = 0;
	while (empty < matrix->columns && row->cells[empty].len == 0)
		empty++;
	row->differs = cells_differ(row->cells, matrix->columns);
	matrix->count += empty < matrix->columns;
}

static struct text row_name(struct arena *arena, const char *what, enum role role)
{
	return text_format(arena, "%s%s%.*s", what, role == ROLE_CALLER ? "" : " ",
		TEXT(role == ROLE_CALLER ? T("") : role_name(role)));
}

static void add_verdict(struct arena *arena, struct matrix *matrix, const struct column *columns)
{
	struct row *row = row_next(arena, matrix, ROW_VERDICT, T("verdict"));
	for (size_t i = 0; i < matrix->columns; i++)
		row->cells[i] = verdict_cell(arena, &columns[i]);
	row_done(matrix, row);
}

static void add_steps(struct arena *arena, struct matrix *matrix, const struct column *columns)
{
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++)
		for (enum role role = 0; role < ROLE_COUNT; role++) {
			struct text name = row_name(arena, stage_name(stage).at, role);
			struct row *row = row_next(arena, matrix, ROW_STEP, name);
			for (size_t i = 0; i < matrix->columns; i++)
				row->cells[i] = step_cell(arena, &columns[i], stage, role);
			row_done(matrix, row);
		}
}

static void add_endpoint_facts(
	struct arena *arena, struct matrix *matrix, const struct column *columns)
{
	for (size_t fact = 0; fact < COUNT(endpoint_facts); fact++)
		for (enum role role = 0; role < ROLE_COUNT; role++) {
			struct text name = row_name(arena, endpoint_facts[fact].name, role);
			struct row *row = row_next(arena, matrix, ROW_FACT, name);
			for (size_t i = 0; i < matrix->columns; i++)
				row->cells[i] = endpoint_facts[fact].cell(
					arena, &columns[i], endpoint_facts[fact].stage, role);
			row_done(matrix, row);
		}
}

static void add_vantage_facts(
	struct arena *arena, struct matrix *matrix, const struct column *columns)
{
	for (size_t fact = 0; fact < COUNT(vantage_facts); fact++) {
		struct row *row = row_next(
			arena, matrix, ROW_FACT, text_of(vantage_facts[fact].name));
		for (size_t i = 0; i < matrix->columns; i++)
			row->cells[i] = vantage_facts[fact].cell(
				arena, &columns[i].report->evidence);
		row_done(matrix, row);
	}
}

/* what stands behind the last '/' */
static struct text base_name(struct text path)
{
	size_t at = path.len;
	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_skip(path, at);
}

/* the file's name, with its folder where another report's has the same */
static struct text file_of(const struct vantage_report *reports, size_t count, size_t at)
{
	struct text name = base_name(reports[at].file);
	for (size_t i = 0; i < count; i++)
		if (i != at && text_equal(base_name(reports[i].file), name))
			return reports[at].file;
	return name;
}

/* the vantage's label; with its file where another has the same */
static struct text label_of(
	struct arena *arena, const struct vantage_report *reports, size_t count, size_t at)
{
	struct text label = reports[at].evidence.vantage.label;
	struct text file = file_of(reports, count, at);
	bool alone = label.len > 0;
	for (size_t i = 0; i < count; i++)
		alone = alone && (i == at || !text_equal(reports[i].evidence.vantage.label, label));
	if (alone || file.len == 0)
		return label;
	return text_format(arena, "%.*s%s%.*s%s", TEXT(label), label.len ? " (" : "", TEXT(file),
		label.len ? ")" : "");
}

struct matrix matrix_of(struct arena *arena, const struct vantage_report *reports, size_t count)
{
	struct column *columns = columns_of(arena, reports, count);
	struct matrix matrix = {
		.labels = arena_new(arena, struct text, count),
		.columns = count,
		.rows = arena_new(arena, struct row, ROWS_MAX + 1),
	};
	for (size_t i = 0; i < count; i++)
		matrix.labels[i] = label_of(arena, reports, count, i);
	add_verdict(arena, &matrix, columns);
	add_steps(arena, &matrix, columns);
	add_endpoint_facts(arena, &matrix, columns);
	add_vantage_facts(arena, &matrix, columns);
	return matrix;
}
