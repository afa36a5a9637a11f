# Build:  make image     (or: docker build -t pullprobe .)
# BASE=scratch leaves the program alone in the image; the default has a shell to look around.
ARG BUILD=public.ecr.aws/docker/library/debian:bookworm-slim
ARG BASE=public.ecr.aws/docker/library/busybox:stable-musl

FROM ${BUILD} AS build
RUN apt-get update \
	&& apt-get install -y --no-install-recommends gcc libc6-dev make perl cmake dpkg-dev xz-utils
WORKDIR /pullprobe
COPY Makefile ./
COPY deps deps
RUN make -j"$(nproc)" deps
COPY include include
COPY src src
RUN make -j"$(nproc)"

FROM ${BASE}
ARG VERSION=
LABEL org.opencontainers.image.title="pullprobe" \
	org.opencontainers.image.description="Tells why a container image cannot be pulled here" \
	org.opencontainers.image.licenses="MIT" \
	org.opencontainers.image.version="${VERSION}"
COPY --from=build /pullprobe/build/pullprobe /pullprobe
USER 65532:65532
ENTRYPOINT ["/pullprobe"]
