/* A TLS server that never lets its peer rest: flood ADDRESS PORT CERTIFICATE KEY KIND READY
 *
 * It makes the file READY when it listens. After the request it sends, as fast as it can and for
 * HOLD_SECONDS at most, messages that OpenSSL takes in without giving the caller anything:
 * "updates" (KeyUpdate, RFC 8446 4.6.3), "tickets" (NewSessionTicket, 4.6.1), "requests"
 * (HelloRequest, RFC 5246 7.4.1.1, which asks for a renegotiation); "hellos" are the last, in place
 * of the server's hello. Python's ssl has none of them. */
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOLD_SECONDS = 60, BATCH = 2000 };

static void send_all(int fd, const char *at, size_t len)
{
	while (len) {
		ssize_t count = write(fd, at, len);
		if (count <= 0)
			exit(0);
		at += count;
		len -= (size_t)count;
	}
}

static void flood_hellos(int fd)
{
	static char record[5 + 16384];
	memcpy(record, "\x16\x03\x03\x40\x00", 5); /* the messages are all zero */
	for (;;)
		send_all(fd, record, sizeof record);
}

static int message(SSL *ssl, const char *kind)
{
	if (strcmp(kind, "updates") == 0)
		return SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
	return strcmp(kind, "tickets") == 0 ? SSL_new_session_ticket(ssl) : SSL_renegotiate(ssl);
}

static void flood(int fd, SSL *ssl, const char *kind)
{
	BIO *out = BIO_new(BIO_s_mem());
	SSL_set0_wbio(ssl, out);
	for (;;) {
		char *bytes;
		for (int i = 0; i < BATCH; i++)
			if (!message(ssl, kind) || SSL_do_handshake(ssl) != 1)
				break;
		long len = BIO_get_mem_data(out, &bytes);
		if (len <= 0)
			exit(1);
		send_all(fd, bytes, (size_t)len);
		(void)BIO_reset(out);
	}
}

static void serve(int fd, SSL_CTX *context, const char *kind)
{
	char request[16384];
	SSL *ssl = SSL_new(context);
	alarm(HOLD_SECONDS);
	if (strcmp(kind, "hellos") == 0)
		flood_hellos(fd);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof request) > 0)
		flood(fd, ssl, kind);
	exit(0);
}

static void note_ready(const char *path)
{
	FILE *file = fopen(path, "w");
	if (file)
		fclose(file);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (argc != 7 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1)
		return 2;
	at.sin_port = htons((uint16_t)atoi(argv[2]));
	if (strcmp(argv[5], "requests") == 0)
		SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (SSL_CTX_use_certificate_chain_file(context, argv[3]) != 1 ||
		SSL_CTX_use_PrivateKey_file(context, argv[4], SSL_FILETYPE_PEM) != 1 ||
		bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 16))
		return 1;
	signal(SIGCHLD, SIG_IGN);
	note_ready(argv[6]);
	for (int fd; (fd = accept(listener, NULL, NULL)) >= 0; close(fd))
		if (fork() == 0)
			serve(fd, context, argv[5]);
	return 1;
}
