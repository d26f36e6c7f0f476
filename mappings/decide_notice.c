/* decide_notice: what holds, and what a person is to be told of it. */
#include "mappings/decide_world.h"

static int
add_words(
    struct map_holding *h, const struct world *w, const struct map_action *a, struct cw_err *err)
{
	struct map_word *word = cw_alloc(w->arena, (a->notices + 1) * sizeof(*word));

	if (word == NULL)
		return map_world_full(err);
	h->word = word;
	for (size_t i = 0; i < a->notices; i++) {
		const struct map_notice *n = &a->notice[i];
		enum fhir_truth truth = FHIR_TRUE;
		int rc = n->condition == NULL
			     ? 0
			     : fhir_path_eval_truth(n->condition, w->session, NULL, 0, &truth, err);

		if (rc < 0)
			return map_world_failed(err, rc, a->id);
		if (truth == FHIR_TRUE)
			word[h->words++] =
			    (struct map_word){ n->kind, n->text, n->after, (unsigned)i };
	}
	return 0;
}

static int
add_marked(struct map_decision *out, const struct world *w, struct map_holding *list,
    const struct map_action *action, size_t n, const bool *marked, struct cw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct map_holding *h = &list[out->holdings];

		if (!marked[i])
			continue;
		*h = (struct map_holding){ .id = action[i].id, .label = action[i].label };
		rc = add_words(h, w, &action[i], err);
		out->holdings++;
	}
	return rc;
}

int
map_world_holding(struct map_decision *out, const struct world *w, const bool *rules,
    const bool *controls, struct cw_err *err)
{
	const struct map_plan *p = w->plan;
	struct map_holding *list = cw_alloc(w->arena, (p->rules + p->controls + 1) * sizeof(*list));
	int rc;

	if (list == NULL)
		return map_world_full(err);
	out->holding = list;
	rc = add_marked(out, w, list, p->rule, p->rules, rules, err);
	return rc < 0 ? rc : add_marked(out, w, list, p->control, p->controls, controls, err);
}
