/* Unit tests of fhir/xhtml. */
#include "fhir/xhtml.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdlib.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *text;
	bool ok;
} cases[] = {
	{ "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class='a'>x</p><br/></div>", true },
	{ "<b>a</b> <i>b</i>", true },
	{ "text &amp; &#228; &#xe4; &nbsp;", true },
	{ "<div><!-- a - comment --><img src=\"a.png\" alt=\"\"/></div>", true },
	{ "<p>a</p >", true },
	{ "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>", true },
	{ "<a href=\"?b&amp;c\">x</a>", true },
	{ "", false },
	{ "<div> \n </div>", false },
	{ "<div>a", false },
	{ "a</div>", false },
	{ "<b><i>a</b></i>", false },
	{ "<button>a</button>", false },
	{ "<script>a</script>", false },
	{ "<B>a</B>", false },
	{ "<d>a</d>", false },
	{ "<p onclick=\"a\">a</p>", false },
	{ "<p class>a</p>", false },
	{ "<p class=a>a</p>", false },
	{ "<p class=\"a>a</p>", false },
	{ "<p class=\"a\"id=\"b\">a</p>", false },
	{ "<p class=\"<\">a</p>", false },
	{ "<p class=\"&\">a</p>", false },
	{ "<p class=\"a", false },
	{ "<p class=\"&amp;", false },
	{ "<a href=\"javascript:x\">a</a>", false },
	{ "<a href=\" Java\nScript:x\">a</a>", false },
	{ "<a href=\"java&#115;cript:x\">a</a>", false },
	{ "<img src='vbscript:x'/>", false },
	{ "a & b", false },
	{ "a &lt b", false },
	{ "&", false },
	{ "&;", false },
	{ "<", false },
	{ "<>a</>", false },
	{ "<!DOCTYPE a>a", false },
	{ "<![CDATA[a]]>", false },
	{ "<?a?>a", false },
	{ "<!-- a -- b -->c", false },
	{ "<!-- a", false },
	{ "<div a", false },
};

START_TEST(markup_is_judged)
{
	/* exactly sized, so that a read past the end is seen */
	struct cw_str all = cw_str(cases[_i].text);
	char *copy = cw_malloc(all.n ? all.n : 1);

	for (size_t i = 0; i < all.n; i++)
		copy[i] = all.s[i];
	ck_assert_msg(
	    fhir_xhtml_ok((struct cw_str){ copy, all.n }) == cases[_i].ok, "%s", cases[_i].text);
	free(copy);
}
END_TEST

START_TEST(depth_is_limited)
{
	struct cw_buf b;

	for (int depth = 64; depth <= 65; depth++) {
		cw_buf_init(&b, 0);
		for (int i = 0; i < depth; i++)
			cw_buf_puts(&b, "<b>");
		cw_buf_puts(&b, "x");
		for (int i = 0; i < depth; i++)
			cw_buf_puts(&b, "</b>");
		ck_assert_int_eq(fhir_xhtml_ok((struct cw_str){ b.s, b.n }), depth == 64);
		cw_buf_fini(&b);
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("xhtml");

	tcase_add_loop_test(t, markup_is_judged, 0, COUNT(cases));
	tcase_add_test(t, depth_is_limited);
	return test_run("xhtml", t);
}
