/* The least that a runner can do, as the limit for reeve: it starts each line of its
   arguments as a process, reads all of them through one poll(2), puts the time and a name
   in front of every line, and on SIGTERM asks all of them to stop. It has no Procfile, no
   environment, no order, no terminal and no error handling worth the name.

   limit 'COMMAND ARG…' 'COMMAND ARG…' … */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 65536, PREFIX = 64 };

struct process {
	pid_t pid;
	char name[32];
	char prefix[PREFIX];
	size_t prefix_size;
	time_t stamp; /* the time in the prefix */
	char rest[ROOM]; /* a line without its end */
	size_t rest_size;
};

static struct process *processes;
static int count;
static char out[4 * ROOM];
static size_t out_size;

static void on_term(int signal) {
	for (int i = 0; i < count; i++)
		if (processes[i].pid > 0)
			kill(processes[i].pid, signal);
}

static void flush(void) {
	for (size_t done = 0; done < out_size;) {
		ssize_t n = write(1, out + done, out_size - done);
		if (n < 0 && errno != EINTR)
			_exit(1);
		done += n > 0 ? n : 0;
	}
	out_size = 0;
}

static void put(const char *text, size_t size) {
	while (size > 0) {
		if (out_size == sizeof out)
			flush();
		size_t part = size < sizeof out - out_size ? size : sizeof out - out_size;
		memcpy(out + out_size, text, part);
		out_size += part, text += part, size -= part;
	}
}

static void start(struct process *p, char *command, int write_end) {
	char *argv[64];
	int n = 0;
	for (char *word = strtok(command, " "); word && n < 63; word = strtok(NULL, " "))
		argv[n++] = word;
	argv[n] = NULL;
	p->pid = vfork();
	if (p->pid == 0) {
		setsid();
		dup2(write_end, 1), dup2(write_end, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
}

/* lines passes on what a process has written. */
static void lines(struct process *p, char *text, size_t size) {
	for (char *end; size > 0 && (end = memchr(text, '\n', size)); size -= end + 1 - text, text = end + 1) {
		put(p->prefix, p->prefix_size);
		put(p->rest, p->rest_size);
		put(text, end + 1 - text);
		p->rest_size = 0;
	}
	if (p->rest_size + size > ROOM) { /* too long a line: a piece of it */
		put(p->rest, p->rest_size);
		p->rest_size = 0;
		put(text, size);
		return;
	}
	memcpy(p->rest + p->rest_size, text, size);
	p->rest_size += size;
}

int main(int argc, char **argv) {
	static char in[ROOM];
	int open = count = argc - 1;
	processes = calloc(count, sizeof *processes);
	struct pollfd *polls = calloc(count, sizeof *polls);
	struct sigaction action = {.sa_handler = on_term};
	sigaction(SIGTERM, &action, NULL);
	for (int i = 0; i < count; i++) {
		int ends[2];
		pipe2(ends, O_CLOEXEC);
		snprintf(processes[i].name, sizeof processes[i].name, "p%d.1", i + 1);
		start(&processes[i], argv[i + 1], ends[1]);
		close(ends[1]);
		polls[i] = (struct pollfd){.fd = ends[0], .events = POLLIN};
	}
	while (open > 0) {
		if (poll(polls, count, -1) < 0)
			continue;
		time_t now = time(NULL);
		for (int i = 0; i < count; i++) {
			struct process *p = &processes[i];
			if (!polls[i].revents)
				continue;
			if (now != p->stamp) {
				char clock[16];
				p->stamp = now;
				strftime(clock, sizeof clock, "%H:%M:%S", localtime(&now));
				p->prefix_size = snprintf(p->prefix, PREFIX, "%s %-8s | ", clock, p->name);
			}
			ssize_t n = read(polls[i].fd, in, sizeof in);
			if (n > 0) {
				lines(p, in, n);
			} else if (n == 0 || errno != EINTR) {
				close(polls[i].fd);
				polls[i].fd = -1, open--;
			}
		}
		flush();
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
}
