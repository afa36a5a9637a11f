/* The ECS agent's task metadata, version 4: where the probe stands.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html */
#include "walk/credentials.h"

enum { METADATA_MAX = 1024 * 1024 };

/* only where the agent really is */
bool task_request(struct probe *probe, struct exchange *out)
{
	struct text base = variable(probe, T("ECS_CONTAINER_METADATA_URI_V4"));
	struct url url;
	if (!url_parse(base, &url) || !text_equal(url.host, T("169.254.170.2")))
		return false;
	*out = (struct exchange){
		.url = text_format(probe->arena, "%.*s/task", TEXT(base)),
		.body_keep = METADATA_MAX,
		.body_max = METADATA_MAX,
	};
	bool done = address_parse(url.host, &out->address);
	out->address.port = url.port;
	return done;
}

void task_take(struct probe *probe, const struct exchange *answer)
{
	struct vantage *vantage = &probe->evidence->vantage;
	struct task_metadata metadata;
	if (answer->symptom != SYMPTOM_NONE || answer->status != 200 ||
		!task_metadata_parse(probe->arena, answer->kept, &metadata))
		return;
	vantage->task_arn = metadata.task_arn;
	vantage->availability_zone = metadata.availability_zone;
	vantage->clock_error_ms = metadata.clock_error_ms;
	vantage->clock_status = metadata.clock_status;
	if (metadata.launch_type.len)
		vantage->launch_type = metadata.launch_type;
	if (metadata.subnet_cidr.len)
		vantage->subnet_cidr = metadata.subnet_cidr;
	if (metadata.subnet_cidr6.len)
		vantage->subnet_cidr6 = metadata.subnet_cidr6;
	if (probe->options->label.len == 0 && metadata.availability_zone.len)
		vantage->label = text_format(probe->arena, "%.*s %.*s",
			TEXT(metadata.availability_zone), TEXT(metadata.subnet_cidr));
}
