# Build:  make image     (or: docker build -t pullprobe .), with ARCH=arm64 (or --platform linux/arm64) for Graviton
# BASE=scratch leaves the program alone in the image; the default has a shell to look around.
ARG BUILD=public.ecr.aws/docker/library/debian:bookworm-slim
ARG BASE=public.ecr.aws/docker/library/busybox:stable-musl

# the machine that builds runs itself, and cross-compiles where the image is for another
FROM --platform=${BUILDPLATFORM} ${BUILD} AS build
ARG TARGETARCH
RUN apt-get update \
	&& apt-get install -y --no-install-recommends gcc libc6-dev make perl cmake dpkg-dev xz-utils \
	&& case "$(uname -m) to $TARGETARCH" in \
	"x86_64 to arm64") set -- gcc-aarch64-linux-gnu linux-libc-dev-arm64-cross ;; \
	"aarch64 to amd64") set -- gcc-x86-64-linux-gnu linux-libc-dev-amd64-cross ;; \
	esac \
	&& apt-get install -y --no-install-recommends "$@"
WORKDIR /pullprobe
COPY Makefile ./
COPY deps deps
RUN make -j"$(nproc)" ${TARGETARCH:+ARCH=$TARGETARCH} OUT=build deps
COPY include include
COPY src src
COPY LICENSE ./
RUN make -j"$(nproc)" ${TARGETARCH:+ARCH=$TARGETARCH} OUT=build all licences && mkdir build/report

FROM ${BASE}
ARG VERSION=
LABEL org.opencontainers.image.title="pullprobe" \
	org.opencontainers.image.description="Tells why a container image cannot be pulled here" \
	org.opencontainers.image.licenses="MIT" \
	org.opencontainers.image.version="${VERSION}"
COPY --from=build /pullprobe/build/pullprobe /pullprobe
COPY --from=build /pullprobe/build/licences /usr/share/licenses/pullprobe
# where taskdefs/fargate-verdict.json has its report: a task's volume gets the owner of this folder
COPY --from=build --chown=65532:65532 /pullprobe/build/report /report
VOLUME /report
USER 65532:65532
ENTRYPOINT ["/pullprobe"]
