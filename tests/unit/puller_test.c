/* Which images a puller can use. */
#include "check.h"
#include "model/oci.h"

#define GIB (INT64_C(1) << 30)
#define OCI_GZIP "application/vnd.oci.image.layer.v1.tar+gzip"
#define OCI_ZSTD "application/vnd.oci.image.layer.v1.tar+zstd"
#define DOCKER_ZSTD "application/vnd.docker.image.rootfs.diff.tar.zstd"

static void an_image_is_judged_for_its_puller(void **state)
{
	static const struct {
		const char *puller;
		bool is_index;
		const char *type;
		int64_t size, storage;
		const char *document; /* of the one reason; NULL: it suits */
	} cases[] = {
		{"fargate", true, OCI_GZIP, 1000, 0, NULL},
		{"fargate", true, OCI_ZSTD, 1000, 0, NULL},
		{"fargate", false, DOCKER_ZSTD, 1000, 0, "layer"},
		{"kubelet", false, DOCKER_ZSTD, 1000, 0, "layer"},
		{"docker", false, DOCKER_ZSTD, 1000, 0, NULL},
		{"lambda", false, OCI_GZIP, 1000, 0, NULL},
		{"lambda", true, OCI_GZIP, 1000, 0, "index"},
		{"lambda", false, OCI_GZIP, 11 * GIB, 0, "image"},
		{"fargate", false, OCI_GZIP, 21 * GIB, 20 * GIB, "image"},
		{"fargate", false, OCI_GZIP, 21 * GIB, 30 * GIB, NULL},
		{"fargate", false, OCI_GZIP, 21 * GIB, 0, NULL},
		{"docker", false, OCI_GZIP, 500 * GIB, 20 * GIB, NULL},
	};
	(void)state;
	for (size_t i = 0; i < SIZE(cases); i++) {
		struct arena arena = {0};
		struct unfit unfit[UNFIT_MAX];
		struct descriptor layer = {
			.media_type = text_of(cases[i].type), .size = cases[i].size};
		struct manifest image = {.layers = &layer, .layer_count = 1};
		enum puller puller;
		assert_true(list_parse(LIST_PULLER, text_of(cases[i].puller), &puller));
		size_t count = puller_unfit(
			&arena, puller, cases[i].is_index, &image, cases[i].storage, unfit);
		check_row(i, count == (cases[i].document != NULL));
		if (count == 1)
			check_text(i, unfit[0].document, cases[i].document);
		arena_end(&arena);
	}
}

static void a_puller_has_a_name(void **state)
{
	enum puller puller;
	(void)state;
	assert_false(list_parse(LIST_PULLER, T("podman"), &puller));
	assert_true(list_parse(LIST_PULLER, T("ecs-docker"), &puller));
	assert_true(puller_is_docker(puller));
	assert_false(puller_is_docker(PULLER_LAMBDA));
	check_text(0, puller_name(PULLER_LAMBDA), "lambda");
	check_text(1, puller_name(PULLER_UNKNOWN), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_is_judged_for_its_puller),
		cmocka_unit_test(a_puller_has_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
