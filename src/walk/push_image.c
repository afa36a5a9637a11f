/* The image of the running program, as the Dockerfile makes it FROM scratch.
 * https://github.com/opencontainers/image-spec */
#include "base/file.h"
#include "net/net.h"
#include "walk/push.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROGRAM_MAX = 64 * 1024 * 1024, LICENCE_MAX = 1024 * 1024, BLOCK = 512, NOBODY = 65532 };

/* the layer --------------------------------------------------------------------------------- */

static void pad(struct buffer *tar)
{
	static const char zeros[BLOCK];
	buffer_add(tar, (struct text){zeros, (BLOCK - tar->len % BLOCK) % BLOCK});
}

/* An entry of a ustar archive (POSIX.1-2017, pax, "ustar Interchange Format"), of time 0: fields of
 * octal digits, of which the checksum counts as blanks while it is made. */
static void add_entry(
	struct buffer *tar, const char *name, unsigned mode, unsigned owner, struct text content)
{
	char header[BLOCK] = {0};
	unsigned sum = 0;
	bool folder = text_ends(text_of(name), T("/"));
	snprintf(header, 100, "%s", name);
	snprintf(header + 100, 8, "%07o", mode);
	snprintf(header + 108, 8, "%07o", owner);
	snprintf(header + 116, 8, "%07o", owner);
	snprintf(header + 124, 12, "%011o", (unsigned)content.len);
	snprintf(header + 136, 12, "%011o", 0u);
	memset(header + 148, ' ', 8);
	header[156] = folder ? '5' : '0';
	memcpy(header + 257,
		"ustar\0"
		"00",
		8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(header + 148, 8, "%06o", sum);
	buffer_add(tar, (struct text){header, BLOCK});
	buffer_add(tar, content);
	pad(tar);
}

/* Where the licences are: as `make licences` leaves them beside the program, in the image that this
 * is the image of, or nowhere. Names without a point are theirs. */
static void add_licences(struct arena *arena, struct buffer *tar, struct text program)
{
	struct text place = T("/usr/share/licenses/pullprobe");
	struct dirent **names = NULL;
	while (program.len && program.at[program.len - 1] != '/')
		program.len--;
	struct text beside = text_format(arena, "%.*slicences", TEXT(program));
	if (access(beside.at, R_OK) == 0)
		place = beside;
	int count = scandir(text_string(arena, place), &names, NULL, alphasort);
	if (count > 0) {
		add_entry(tar, "usr/", 0755, 0, T(""));
		add_entry(tar, "usr/share/", 0755, 0, T(""));
		add_entry(tar, "usr/share/licenses/", 0755, 0, T(""));
		add_entry(tar, "usr/share/licenses/pullprobe/", 0755, 0, T(""));
	}
	for (int i = 0; i < count; i++) {
		struct text content;
		struct text why;
		struct text path = text_format(arena, "%.*s/%s", TEXT(place), names[i]->d_name);
		struct text name = text_format(
			arena, "usr/share/licenses/pullprobe/%s", names[i]->d_name);
		if (names[i]->d_name[0] != '.' && name.len < 100 &&
			file_read(arena, path, LICENCE_MAX, &content, &why))
			add_entry(tar, name.at, 0644, 0, content);
		free(names[i]);
	}
	free(names);
}

static bool make_layer(struct arena *arena, struct image_blob *out, struct text *complaint)
{
	static const char end[2 * BLOCK];
	struct buffer tar = {.arena = arena};
	struct text program;
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof path);
	if (!file_read(arena, T("/proc/self/exe"), PROGRAM_MAX, &program, complaint))
		return false;
	add_entry(&tar, "pullprobe", 0755, 0, program);
	add_entry(&tar, "report/", 0755, NOBODY, T(""));
	add_licences(arena, &tar, (struct text){path, len > 0 ? (size_t)len : 0});
	buffer_add(&tar, (struct text){end, sizeof end});
	*out = (struct image_blob){.bytes = buffer_text(&tar)};
	out->digest = digest_of(arena, out->bytes);
	return true;
}

/* config and manifest ----------------------------------------------------------------------- */

static struct image_blob make_config(struct arena *arena, const struct image_blob *layer)
{
	struct text architecture = platform_here().architecture;
	struct image_blob config = {
		.bytes = text_format(arena,
			"{\"architecture\":\"%.*s\",\"os\":\"linux\",\"created\":"
			"\"1970-01-01T00:00:00Z\",\"config\":{\"User\":\"%d:%d\","
			"\"Entrypoint\":[\"/pullprobe\"],\"WorkingDir\":\"/\","
			"\"Volumes\":{\"/report\":{}},\"Labels\":{"
			"\"org.opencontainers.image.title\":\"pullprobe\","
			"\"org.opencontainers.image.licenses\":\"MIT\","
			"\"org.opencontainers.image.version\":\"%s\"}},"
			"\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%.*s\"]}}",
			TEXT(architecture), NOBODY, NOBODY, PULLPROBE_VERSION, TEXT(layer->digest)),
	};
	config.digest = digest_of(arena, config.bytes);
	return config;
}

static struct image_blob make_manifest(
	struct arena *arena, const struct image_blob *layer, const struct image_blob *config)
{
	struct image_blob manifest = {
		.bytes = text_format(arena,
			"{\"schemaVersion\":2,"
			"\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
			"\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
			"\"digest\":\"%.*s\",\"size\":%zu},"
			"\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\","
			"\"digest\":\"%.*s\",\"size\":%zu}]}",
			TEXT(config->digest), config->bytes.len, TEXT(layer->digest),
			layer->bytes.len),
	};
	manifest.digest = digest_of(arena, manifest.bytes);
	return manifest;
}

bool image_make(struct arena *arena, struct made_image *out, struct text *complaint)
{
	if (!make_layer(arena, &out->layer, complaint))
		return false;
	out->config = make_config(arena, &out->layer);
	out->manifest = make_manifest(arena, &out->layer, &out->config);
	return true;
}
