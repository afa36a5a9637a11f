/* What an error text may hold. Each sign exists once and makes its enumerator and its phrases.
 *
 * Phrases are separated by '|'; a '*' stands for a stretch of anything. They are compared without
 * white space, quotes, backslashes and case, so a text may be wrapped, escaped or shouted.
 * Patterns without phrases are found by reading statuses, names and addresses. */
#pragma once

/* clang-format off */
#define PATTERNS(X) \
	X(NONE, "") \
	/* which call it was */ \
	X(ENV_FILE, "environment file|envfile|.env:") \
	X(LOGGER, "logger arg|logging driver|logging plugin|log group|log stream|awslogs|" \
		"cloudwatch logs|amazon cloudwatch|logs:create|logs:put|https://logs.|" \
		"lookup logs.|log-opt|log opt") \
	X(SECRET, "from asm|from ssm|secrets manager|parameter store|getsecretvalue|" \
		"ssm:getparameter|operation error ssm|systems manager|fetch secret|" \
		"fetching secret|https://ssm.|lookup ssm.") \
	X(API, "api.ecr|getauthorizationtoken|registry auth from amazon ecr|" \
		"retrieve ecr registry auth|https://ecr.|amazon ecr: there is a connection|" \
		"ecr authorization token|registry auth: pull command|cannotpullecrcontainer|" \
		"operation error ecr") \
	X(DKR, "dkr.ecr|dkr-ecr") \
	X(ECR_PUBLIC, "public.ecr.aws|ecr-public.|ecr public") \
	X(HUB, "docker.io|docker.com|hub.docker") \
	X(STARPORT, "starport|layer-bucket") \
	X(S3, ".s3.*amazonaws|.s3-*amazonaws|https://s3.*amazonaws|lookup s3.") \
	X(LAYER_FETCH, "httpreadseeker|httpreaderseeker") \
	X(BLOB, "/blobs/|pulling image configuration|/layer:") \
	X(MANIFEST_URL, "/manifests/|[manifests") \
	X(ECS, "cannotpull|resourceinitialization|api error (500)|check your task network|" \
		"check your network configuration|stoppedreason|unable to place a task") \
	X(DAEMON_ASKED, "error response from daemon: get|error response from daemon: head") \
	X(AUTHORIZING, "failed to authorize|failed to fetch anonymous token|fetch oauth token|" \
		"/token?|/jwt/auth|/oauth2/|retrieve auth token") \
	X(INIT, "secrets or registry auth") \
	X(TASK_FAILED, "task failed to start|circuit breaker") \
	X(RETRIED, "has been retried") \
	X(LAMBDA, "lambda*permission*ecr|permission to access the specified image|" \
		"imageaccessdenied") \
	X(UPSTREAM_SAYS, "authentication to the upstream|upstreamaccessdenied|unauthorized") \
	X(NO_PROXY, "has no https proxy|via direct connection") \
	X(RESOLVING, "failed to resolve ref|resolve reference|pulling image manifest|" \
		"pull image manifest|error pulling image|initializing source") \
	X(REGISTRY_AUTH, "retrieve ecr registry auth|registry auth from amazon ecr") \
	X(PINGED, "/v2/:") /* no repository was asked for yet */ \
	X(ANY_PULL, "pull|image|registry|repository|container|docker|ecr|/v2/") \
	X(PULL_FAILED, "cannotpull|failed to pull|errimagepull|imagepullbackoff|pull access|" \
		"error pulling|secrets or registry auth|/manifests/|/blobs/|/v2/:") \
	X(NO_DISK, "fork/exec|unshare|inotify|fsnotify|cgroup|user namespace|epoll") \
	X(SANDBOX, "failed to get sandbox image") \
	/* what is no pull */ \
	X(ENI, "network interface provisioning|insufficientfreeaddresses|free addresses|" \
		"free ipv4 addresses|failed to assign an ip address|create network interface|" \
		"failed to createnetworkinterface|resource:eni|networkinterfacelimit|" \
		"unable to get device with hardware address|eni attachment|" \
		"failed to allocate a private ip|network for sandbox|cni failed to set up|" \
		"failed to configure eni|setup regular eni") \
	X(CAPACITY, "capacity is unavailable|no container instance|closest matching container|" \
		"resource:memory|resource:cpu|resource:ports|insufficientinstancecapacity|" \
		"concurrent tasks|nodes are available: |placement constraint|" \
		"spot task was interrupted|spotinterruption|limit on the number of") \
	X(HOST_GONE, "host ec2*terminated|maintenance on the underlying") \
	X(OUT_OF_MEMORY, "outofmemoryerror|oom-killed|oomkilled|killed due to memory|" \
		"memory limit too low|was out of memory") \
	X(UNHEALTHY, "failed elb health|failed container health|health checks failed|" \
		"health check failed|failed health check|is unhealthy|unhealthy in|" \
		"probe failed|pass the ping health check") \
	X(NOT_STARTED, "essential container in task exited|cannotstartcontainer|efs utils|" \
		"oci runtime create failed|crashloopbackoff|cannotcreatevolume|" \
		"failed to create containerd task|failed to create shim|" \
		"unable to consistently start|tasks failed to start|service failed to create|" \
		"transition to stopped|transition to started|createcontainerconfigerror|" \
		"unable to attach or mount|port is already alloc|address already in use|" \
		"cgrouperror|cannotinspectcont|cannotcreatecont|transition to running|" \
		"taskdependencyerror|runtime.invalidentry|runtime.exiterror|use volume|" \
		"failed to mount volume|ebs volume|failedmount") \
	/* docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */ \
	X(STOPPED, "scaling activity initiated by|task stopped by|stopped by user|" \
		"userinitiated") \
	/* the pull-through cache, roles, KMS */ \
	X(UPSTREAM_AUTH, "upstream registry requires auth|upstreamaccessdenied|" \
		"unabletoaccesssecret|unabletodecryptsecret|unsupportedupstreamregistry|" \
		"unabletogetupstreamimage|upstream*credential|secretnotfoundexception|" \
		"authenticate with upstream|upstream registry*unauthorized|" \
		"authentication to the upstream|unabletogetupstreamlayer") \
	X(IMPORTING, "ecr:createrepository|batchimportupstream|createrepository operation") \
	X(NO_ROLE, "have execution role") \
	X(ASSUMING, "unable to assume|cannot be assumed|sts:assumerole|failed to assume|" \
		"role trust policy|assumerolewithwebidentity|invalididentitytoken|" \
		"calling the assumerole|could not assume|can't assume|cannot assume|" \
		"assumerole operation|unable to validate the access role|" \
		"not have the permission to assume|not allowed to assume|" \
		"error in assuming access role") \
	/* ECR Public's API has one home */ \
	X(ONE_REGION, "only supported in us-east-1") \
	X(PASS_ROLE, "pass role|iam:passrole") \
	X(ACCESS_ROLE, "valid access role") \
	X(COPY_FAILED, "failed to copy the image from ecr") \
	X(KMS, "customer master key|kmsexception|kmserror|kms key|kms.disabled|kmsinvalidstate|" \
		"kms:decrypt|kms.notfound|kms.invalidstate|aws kms") \
	/* IAM */ \
	X(NOT_AUTHORIZED, "not authorized to perform|accessdeniedexception|an explicit deny|" \
		"denied: user: arn|check that the role has|does not have*permission for the image") \
	X(ACCESS_DENIED, "access denied|not authorized|forbidden|status code: 403|" \
		"permission denied|an explicit deny") \
	X(BY_ENDPOINT, "vpc endpoint polic|no vpc endpoint") \
	X(BY_IDENTITY, "identity-based polic|no identity-based|permissions boundary|" \
		"session policy|sessions policy|because no ident") \
	X(BY_RESOURCE, "resource-based polic|because no resource|" \
		"permission to access the ecr image|repository of your image*grant|" \
		"does not grant ecr") \
	X(BY_ORGANIZATION, "service control policy|resource control policy|because no service c|" \
		"blockedbyorganization") \
	X(TO_GET_TOKEN, "perform: ecr:getauthorizationtoken|perform ecr:getauthorizationtoken|" \
		"calling the getauthorizationtoken|ecr-public:getauth|sts:getservicebearertoken|" \
		"operation error ecr: getauthorizationtoken|getauthorizationtoken*accessdenied") \
	X(OF_S3, "s3:getobject|s3:::") \
	/* credentials and tokens */ \
	X(SKEWED, "signature expired|signature not yet current|" \
		"difference between the request time") \
	X(BAD_SIGNATURE, "request signature we calculated") \
	X(STALE, "token has exp|token is expired|token expired|token included in the request is|" \
		"unrecognizedclient|invalidclienttokenid|session has expired|session*is expired|" \
		"credentials have expired|credentials expired|login has expired") \
	X(NO_SOURCE, "nocredentialproviders|169.254.169.254:80|169.254.169.254/|169.254.170.2|" \
		"no valid providers in chain|imds role|ec2imds|ec2metadata|" \
		"unable to locate credentials|refresh cached credentials|" \
		"could not load credentials|failed to retrieve credentials|" \
		"load credentials from any|engine ecr credentials|ec2rolerequesterror|" \
		"no credentials|could not find credentials|credentials not found in conf|meta-data/iam|" \
		"no aws credentials|missing credentials|credentials could not be|" \
		"credentialsendpointerror|get identity: get credentials|unable to get credentials|" \
		"missing authentication token|partial credentials|no such credential|" \
		"provide credentials|failed to get credential|missing authorizationdata|" \
		"authorizationdata is nil|acquire ecr cred|credentials are empty|config profile|" \
		"instance metadata service") \
	X(NO_BASIC_AUTH, "no basic auth cred") \
	X(HELPER_FAILED, "error getting credentials|cannot get auth config|docker-credential-|" \
		"credential helper|credential provider*fail|retrieving credentials|" \
		"credential provider plugin|exec plugin|getting credentials from|" \
		"native keychain") \
	/* docker login got an empty stdin */ \
	X(LOGIN_EMPTY, "interactive login from a non") \
	X(WRONG_PASSWORD, "incorrect username or password|bad credentials|invalid username|" \
		"authentication failed|wrong password|bad username|http basic: access denied|" \
		"cannotpullcontainerauth") \
	X(UNAUTHORIZED, "authentication required|unauthorized: |: unauthorized|" \
		"denied: not authorized|failed with status: 400 bad|no realm specified|" \
		"missing username or secret|did not include a token") \
	X(THROTTLING, "rate exceeded|throttled") \
	X(TOO_MANY, "toomanyrequests|rate limit|data limit exceeded|pull limit|upstreamtoomany") \
	/* reference, repository, manifest */ \
	X(MALFORMED, "invalid reference format|parse image|parse reference|invalidimagename|" \
		"invalid repository name|must be lowercase|invalid image reference|" \
		"repository name must be|parsing image name*invalid|repositoryname*constraint|" \
		"invalid tag format|invalid checksum digest|parsing reference|invalid image uri|" \
		"repositoryname*failed to satisfy|invalid image format|repository name must|" \
		"unsupported digest algorithm|can only contain the characters|" \
		"must contain exactly one|provide imageuri|normalize image ref") \
	X(NAME_TOLD, "not exist|not known|notfound") \
	/* what stands where a registry's name belongs is a scheme or a path */ \
	X(NO_HOST_NAME, "https://https/|https://http/|http://https/|http://http/|" \
		"lookup https on|lookup http on|lookup https: no such|lookup http: no such|" \
		"registries must be valid") \
	X(URI_AS_NAME, "repository with name *dkr.ecr*does not exist|" \
		"repository with name *public.ecr.aws*does not exist") \
	X(NAME_UNKNOWN, "name unknown|repository with name*not exist|repository name not known|" \
		"repository named*not exist|" \
		"repository does not exist in|repository *not found: name") \
	X(MANIFEST_UNKNOWN, "manifest unknown|manifest for*not found|" \
		"image with imageid*not exist|tag*does not exist|no such manifest|" \
		"manifest for tag*missing") \
	X(NO_PULL_ACCESS, "does not exist or no pull access") \
	X(REPOSITORY_GONE, "repository*not found|api error (404)|" \
		"daemon: repository does not exist") \
	X(IMAGE_SAID, "error: image*not found") \
	X(NOT_THERE, "source image*does not exist|find the requested image|" \
		"whether the image exists|manifest does not exist") \
	X(HIDDEN, "either the image does not exist or|ensure that the image exists and") \
	X(NAME_HIDDEN, "cannot find repository") \
	X(NOT_ECR, "source image*is not valid|valid amazon elastic container registry path|" \
		"trainingrepositoryaccessmode") \
	X(IMAGE_GONE, "no such image|not found") \
	X(DENIED_ELSEWHERE, "artifactregistry.|unauthenticated request|" \
		"unauthorized to access repository|does not have permission for manifest|" \
		"access to the requested resource is not authorized|denied: denied") \
	X(SCOPE, "insufficient_scope|access to the resource is denied") \
	X(PULL_DENIED, "pull access denied|access to the resource is denied|insufficient_scope|" \
		"may require authorization|may require docker login|/v2/*: denied|" \
		"from daemon: denied") \
	X(PLATFORM, "no match for platform|no matching manifest|matching platform|" \
		"cannot be used on this platform|" \
		"does not match the specified platform|no image found in manifest list|" \
		"no image found in image index|wrong platform|platform of the image|" \
		"does not match the detected host platform|architecture*not supported|" \
		"unsupported architecture|platform*not match|image architecture|" \
		"does not provide the specified platform|a descriptor for platform|" \
		"descriptor matching platform|based image is incompatible|" \
		"no manifest found for platform|no unpack platforms|image with operating system|" \
		"requested platform(|operating system is not supported|no child with platform") \
	X(EXEC_FORMAT, "exec format error") \
	X(OLD_MEDIA_TYPE, "no longer supported since containerd|unsupported manifest|" \
		"unsupported*mediatype|unsupported*media type|media type*not supported|" \
		"manifest.v1+prettyjws|unsupportedimagelayer|mediatype in manifest should be|" \
		"ctr: no signatures|acceptedmediatypes|manifest.v1+json*not supported|schema 1|" \
		"manifest schema v1|max depth exceeded|no processor for media-type|" \
		"rejecting*byte manifest|encountered remote|running ai models|" \
		"unsupported image-specific|unimplemented manifest|unsupported schema|" \
		"image has no layers|manifest invalid|failed signature verification|" \
		"unsupported docker v2s2|unsupported ociv1|does not contain a layer with") \
	X(COMPRESSION, "invalid tar header|zstd") \
	X(BLOB_GONE, "blob unknown|layerinaccessible|layersnotfound") \
	/* docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */ \
	X(TOO_LARGE, "image size exceeds") \
	X(IMAGE_DELETED, "deleted image|image has been deleted|image was deleted") \
	X(INCONSISTENT, "diffids don|mismatched image rootfs|match image configuration|" \
		"invalid diffid|invalid rootfs") \
	/* HTTP */ \
	X(HTML, "<html|<!doctype html|text/html|invalid character < looking") \
	X(S3_XML, "<?xml*<error>|<error><code>|<code>accessdenied") \
	X(S3_LATE, "request has expired") \
	X(TWO_AUTHS, "only one auth mechanism") \
	/* also any status of 500 and more: error_text_codes.c */ \
	X(BROKEN_SERVER, "500 internal server|503 service|504 gateway|service unavailable|" \
		"bad gateway|503 slow down|upstreamunavailable|internal server error|" \
		"gateway time|registryunavailable|unknown: unknown error") \
	X(STATUS_CUT, "unexpected status|failed with status code|status code http") \
	X(REDIRECTS, "stopped after 10 redirects") \
	/* disk and layer */ \
	X(DISK, "no space left|enospc|disk quota exceeded|not enough space|insufficient space|" \
		"not enough disk|out of disk|disk is full|not enough free space|disk pressure|" \
		"low on resource: ephemeral|insufficient disk|free data space|free data blocks") \
	X(UNPACKING, "failed to register layer|failed to extract layer|applylayer|apply failure|" \
		"error creating overlay mount|failed to unpack|importlayer") \
	X(WINDOWS_LAYER, "windowsfilter|hcsshim::") \
	X(LAYER_BAD, "layer verification failed|failed size validation|unexpected commit digest|" \
		"gzip: invalid|digest mismatch|verification failed for|digest did not match|" \
		"invalid checksum|unexpected size|does not match expected|flate: corrupt|" \
		"invalid header|magic number mismatch|wrong diff id|zlib: invalid|(corruption?)|" \
		"could not verify layer data|does not match requested digest|" \
		"manifest does not match|crc32|checksum mismatch|checksum error") \
	/* the host's store of layers, whatever the image is */ \
	X(LAYER_STORE, "cannot be mapped to|lchown|read-only file system|levels of symbolic links|" \
		"structure needs cleaning|input/output error|device or resource busy|" \
		"no such device|not a directory|overlay*not supported|" \
		"operation not supported|transport endpoint is not") \
	/* the puller */ \
	/* the helper's own words: it was asked for another registry than ECR */ \
	X(HELPER_MISUSED, "parsing the serverurl|can only be used with amazon elastic") \
	/* a path alone says nothing: commands and logs name sockets and files that work */ \
	X(PULLER, "unknown snapshotter|snapshotter*not loaded|docker daemon running|" \
		"connect to the docker daemon|credentialproviderrequest|no such plugin|" \
		"snapshotter not|apiversion*not*credential|error loading*config.json:|" \
		"dial unix*docker.sock|dial unix*containerd.sock|invalid registry config|" \
		"failed to load registry|config_path|unknown service runtime.v1|" \
		"snapshotter*does not exist|create remote fetcher|" \
		"authorizationdata is malformed|imagepullcredentialstype|" \
		"snapshotter*was not found") \
	X(PULLERS_SETTING, "no resolve hosts|qps exceeded|protocol scheme|socket: perm|" \
		"error storing cred|no pull hosts|x509 key pair|parse endpoint url|" \
		"blocked pull of|too many open files|insecure registry*not valid|" \
		"signature was required|rejected by policy|signaturevalidationfailed|short-name|" \
		"short name mode|is blocked in|loading registries|policy.json|" \
		"missing client cert|insufficient uids|pull policy of never|errimageneverpull|specify a region|" \
		"region is required|no host in request|invalid port|certificate required|" \
		"connect: permission denied|operation not permitted|region is missing|" \
		"prepare extraction snapshot|locked: unavailable|error saving cred|" \
		"authentication challenge|valid chart repo|invalid script output|" \
		"missing region|region is not set|region must be") \
	X(PULL_SECRET_MISSING, "retrieve some image pull secrets") \
	/* TLS */ \
	X(TLS_SLOW, "tls handshake timeout|handshake timed out|ssl connection timeout|" \
		"handshake operation timed out|ssl_connect*timeout|during tls handshake") \
	X(WRONG_NAME, "certificate is valid for|certificate is not valid for|any ip sans|" \
		"no alternative certificate subject|doesn't match|hostname mismatch|" \
		"not valid for any names|legacy common name|does not match target host|altnames|" \
		"no subject alternative|certificate name") \
	X(CERT_EXPIRED, "certificate has expired|not yet valid|certificate expired|" \
		"certificate is expired|cert_has_expired|expired certificate") \
	X(NO_ROOTS, "no system roots|load system roots|ca-certificates.crt*no such|" \
		"error setting certificate verify locations|no roots provided|trust anchors|" \
		"problem with the ssl ca cert") \
	X(NOT_TLS, "http response to https|look like a tls handshake|wrong version number|" \
		"record overflow|oversized record|unknown protocol|plain http request|" \
		"first record does not|plaintext connection|non-tls|packet length too long|" \
		"malformed http response x15") \
	X(UNTRUSTED, "unknown authority|self signed certificate|self-signed certificate|" \
		"local issuer|failed to parse certificate|unhandled critical|" \
		"certificate verify failed|untrusted root|issuer is not|pkix path|" \
		"certificate_verify_failed|unable to verify the first cert|bad certificate|" \
		"not trusted|certificate specifies an incompatible|is not standards compliant|" \
		"failed to verify certificate|x509:") \
	X(INSPECTED, "zscaler|netskope|fortinet|fortigate|palo alto|umbrella|blue coat|sophos|" \
		"mitm|charles proxy|burp|fiddler|squid|check point|forcepoint|mcafee|websense|" \
		"kaspersky|sonicwall|watchguard|firewall ca|ssl inspection|tls inspection|" \
		"portswigger|avast|barracuda") \
	X(HANDSHAKE_CUT, "remote error: tls|handshake failure|sslv3 alert|protocol version|" \
		"ssl_error_syscall|sslhandshake|unexpected eof while reading") \
	X(TLS_TOO_OLD, "protocol version not supported|unsupported protocol version|" \
		"insufficient security|no supported versions|alert protocol version|" \
		"routines*unsupported protocol|no shared cipher|unconfigured cipher|" \
		"alert_protocol_version") \
	/* names */ \
	X(NO_SUCH_HOST, "no such host|name or service not known|nodename nor servname|" \
		"getaddrinfo enot|nxdomain|unknown host|host not found|name does not resolve|" \
		"server can't find|no address associated|no data record|no such domain|" \
		"inaccessible host") \
	/* no answer, or SERVFAIL; never "there is no such name" (getaddrinfo(3)) */ \
	X(NAME_AGAIN, "temporary failure in name|eai_again") \
	X(NAME_REPEATED, "temporary failure in name|eai_again|failed to resolve host|" \
		"unable to resolve|resolve endpoint|could not resolve|name resolution|" \
		"cannot resolve host|resolving timed") \
	X(NAME_SLOW, "lookup*i/o timeout|read udp*timeout|could not be resolved (110|" \
		"lookup*timed out|resolving timed out|no servers could be reached|" \
		"lookup*deadline exceeded|lookup*canceled|dns*timed out|dns*timeout|" \
		"lookup*operation was canceled") \
	X(NAME_REFUSED, "server misbehaving|servfail|lookup*connection refused|read udp*refused|" \
		"could not be resolved (2|could not be resolved (5|lookup*cannot unmarshal dns|" \
		"query refused|rcode refused|lookup*no answer from dns") \
	/* connections */ \
	X(PROXY_FAILED, "proxyconnect|connect to proxy|proxy authentication|resolve proxy|" \
		"tunnel connection failed|proxyerror|proxy tunnel|from proxy after connect|" \
		"tunnel or ssl forbidden|socks connect") \
	/* AWS Network Firewall's own alert: docs.aws.amazon.com/network-firewall */ \
	X(FIREWALL_RECORD, "event_type:alert*action:blocked*sni:") \
	X(REFUSED, "connection refused|econnrefused|actively refused|connect refused") \
	X(UNREACHABLE, "network is unreachable|no route to host|enetunreach|ehostunreach|" \
		"host is down|cannot assign requested|host is unreachable|unreachable network|" \
		"unreachable host|network unreachable|address family not supported") \
	X(NO_FAMILY, "no suitable address|ipv6 only|ipv6-only|address family for hostname") \
	X(RESET, "connection reset|reset by peer|econnreset|broken pipe|forcibly closed|" \
		"stream error|connection aborted|remotedisconnected|closed network connection|" \
		"connection was closed|socket hang up|connection closed by|server closed idle|" \
		"software caused connection abort|http2: client conn|goaway|bad record mac") \
	X(CUT_SHORT, "unexpected eof|incomplete read|short read|unexpected end of file|" \
		"premature end|unexpected commit size|size mismatch") \
	X(END_OF_FILE, ": eof|eof while") \
	X(READ_STALLED, "read tcp*i/o timeout|read tcp*timed out|while reading body|" \
		"read timed out|read: operation timed out|readtimeout|" \
		"error reading body*timeout|timeout awaiting response") \
	X(WAITED, "request canceled|deadline exceeded|request cancelled|context cancel|" \
		"signal: killed|inactivity time exceeded|timed out|timeout|no progress in") \
	X(KILLED, "signal: killed") \
	X(CANCELLED, "requestcanceled: |request context cancel") \
	X(CONTEXT_CANCELLED, "context canceled|context cancelled|nil pointer dereference|" \
		"inactivity time exceeded") \
	X(NOT_CONNECTED, "connection issue|send request failed|request send failed|" \
		"requesterror:|status code: 0|could not connect|could not reach|cannot connect|" \
		"failed to connect|connect to*failed|unable to execute http request|" \
		"check your task network|check your network conf|connection error|" \
		"failed to do request|unable to connect|networkingerror|connecttimeout|" \
		"failed to establish a new") \
	/* of the calls that are no pull */ \
	X(ABSENT, "can't find|invalid parameters|invalid ssm param|does not exist|nosuchkey|" \
		"nosuchbucket|not found|cannot find the secret|couldn't find|no parameter|" \
		"marked for deletion") \
	X(NO_GROUP, "resourcenotfound|specified log group does not|specified log stream does|" \
		"log group*does not exist") \
	X(GROUP_OR_PATH, "cannot find the amazon cloudwatch log group") \
	X(BAD_OPTION, "is required|unknown log opt|must specify|invalid log|invalid option|" \
		"not a valid log|unsupported log|log driver*not|invalid value|missing required|" \
		"is not supported|options are invalid|non-empty|cannot be specified|must be set|" \
		"plugin*not found|requires options|requires task definition|no log config") \
	X(BAD_VALUE, "invalid character|cannot unmarshal|valid json|end of json|json key|" \
		"json format|parse secret") \
	/* found by reading: error_text_codes.c, error_text_details.c */ \
	X(FORBIDDEN, "") /* 403 */ \
	X(NOT_ALLOWED, "") /* 405 */ \
	X(UNANSWERED, "") /* waited in vain, or not connected */ \
	X(ECR_ASKED, "") /* the API or the registry of ECR */ \
	X(DIALLED, "") /* an address that was dialled */ \
	X(DIALLED_PRIVATE, "") /* RFC 1918 and its like */ \
	X(DIALLED_ODD, "") /* public, yet not Amazon's: a VPC with borrowed addresses */ \
	X(DIALLED_SIX, "") /* an IPv6 address */ \
	X(DIALLED_NOTHING, "") /* "dial tcp: " without an address */ \
	X(DIAL_CUT, "") /* the text ends with the address */ \
	X(LOOKED_UP, "") /* "lookup" of a name */ \
	X(HOST_GOOD, "") /* the name that was asked for is a valid one */ \
	X(HOST_BAD, "") /* it cannot exist */ \
	X(PINNED, "") /* the image is named by digest */ \
	X(NAMELESS, "") /* neither an image nor a registry is named */ \
	X(UNQUALIFIED, "") /* a name alone, without registry and namespace */ \
	X(HOST_ALONE, "") /* a registry's host without repository */ \
	X(NAMESPACED, "") /* "organisation/name" on Docker Hub */ \
	X(OTHER_REGISTRY, "") /* neither AWS' nor Docker Hub */ \
	X(FOREIGN, "") /* not AWS': Docker Hub or another */ \
	X(CONNECT_REFUSED, "") /* Go's words for a proxy that refuses the CONNECT */ \
	X(SIZE_SHORT, "") /* fewer bytes arrived than the image lists */ \
	X(SIZE_LONG, "") /* more */ \
	X(ASKED_DKR, "") /* the name that was looked up is a registry's of ECR */ \
	X(ECR_LAYER, "") /* a layer of an image in private ECR, as far as one can see */ \
	X(CACHED_PATH, "") /* looks like a pull-through cache's repository */
/* clang-format on */

#define PATTERN_ENUM_(name, phrases) PATTERN_##name,
enum pattern { PATTERNS(PATTERN_ENUM_) PATTERN_COUNT };
