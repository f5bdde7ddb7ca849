package main

import (
	"fmt"

	"reeve/procfile/probe"
)

// topic is something to be explained that is no command.
type topic struct{ name, summary, text string }

var topics = []topic{
	{"settings", "every key of reeve.toml, with its flag and its variable", `A setting comes from the command line, else from REEVE_<FLAG> in reeve's own
environment, else from reeve.toml in the root, else it has its default:

    port = 6000
    can-die = ["clock"]

    [worker]
    restart = "on-failure"
    timeout = "30s"

A top-level key is a flag without its dashes. A table is for one process type,
and takes the keys with TYPE in their value below: restart = "on-failure" in
[worker] is --restart worker=on-failure. For lists of types write true: can-die
= true. And env in a table adds env files for that type, on top of the app's.

File names are relative to the root. Settings for a type that only another
Procfile of the root has, such as Procfile.dev, are ignored.

`},
	{"procfile", "what a Procfile looks like", `A Procfile declares process types, one per line:

    # how the app runs
    web: bin/server --port $PORT
    worker: cd jobs && ./run | tee log

Names consist of letters, digits, _ and -. Blank lines and lines that begin with
# are skipped. Anything else is an error, and nothing starts.

A command without shell syntax is executed directly, so that signals reach the
program itself: it may have words, quotes, $VAR, ${VAR}, and NAME=value in front
of the program. Everything else is run by /bin/sh -c. reeve check finds programs
that are missing and commands that sh cannot read, and runs none of them.

The type release is meant for a step before a release, such as a migration. It
runs only when you ask for it: reeve start --release, or reeve run release.
`},
	{"formation", "how many instances of each process type run", `By default, one instance of every process type runs, except release.

    reeve start -m web=2,worker=3      two web, three worker, one of the others
    reeve start -m all=0,web=2         two web and nothing else
    reeve start web worker             only these two
    reeve start -x clock               all but clock

Instances are called web.1, web.2 and so on. When one ends on its own, the whole
formation is stopped, unless the instance is restarted or may die: see reeve
help restarts.
`},
	{"restarts", "what is restarted, and what ends the formation", `    --restart on-failure      restart what failed: did not exit with 0
    --restart clock=always    restart clock however it ended
    --restart-limit 5         give up after five restarts in a row
    --can-die seed,assets     these may end without ending the formation; or all

The first restart waits for 100 ms, each one after that twice as long, up to a
minute. Once an instance is ready and has run for ten seconds, the count and the
delay start over. A restart reads the env files again; if one is broken, the
start fails.

When an instance ends on its own, the first of these that applies decides:

    it is restarted    the formation keeps running
    it may die         the formation keeps running. When nothing is left, the
                       exit code is that of the first of these that failed, or 0
    neither            the formation is stopped, with this instance's exit code

These also count as an end: a command that cannot be started (127, 126), a
process that is not ready in time (1), and an instance that comes after one that
was never ready (1). An instance that has used up its restarts fails with 1 if
it last exited with 0.
`},
	{"order", "what starts after what, and when a process is ready", `    --after web=db+redis      web starts when every instance of db and redis is
                              ready, and is stopped before they are
    --ready db=PROBE          how to tell that db is; default: once it runs

A probe is one of

` + probeForms() + `
In addresses, $PORT and other variables of the process are replaced by their
values. One try may take five seconds. A process that is not ready within
--ready-timeout (30 s) has failed: reeve help restarts explains what that means.

If an instance ends before it was ready, the types that come after it fail. If
it ends or is restarted later, they do not. reeve does not wait for types that
are not part of the formation.
`},
	{"environment", "where the variables of a process come from", `Later ones win:

    1. env files: .env in the root, or those named with -e, in their order
    2. the environment in which reeve was started (--env-override: before 1)
    3. what reeve assigns: PORT, PS (such as web.1), REEVE_PORT_<TYPE> for the
       port of every other type's first instance, REEVE_RUN to find the process
       again, and PWD
    4. a command's own NAME=value words

In an env file:

    KEY=value                 # a comment needs a space in front
    export KEY="a\tb ${OTHER} ${MISSING:-default}"
    KEY='as it is, $HOME too'
    KEY                       # the value from the environment
    PATH=./bin:$PATH          # extends the value from the environment, and wins
    URL=http://localhost:${REEVE_PORT_WEB}/

Double quotes know \n \r \t \\ \" \$ and \` + "`" + `, single quotes \'. Quoted values may
span several lines. References know :- - :+ + :? ? as in sh, and
REEVE_PORT_<TYPE>, PORT (the base port) and REEVE_SLOT. Where a $NAME expands to
nothing, one line names file, line and key. Nothing is ever executed. Where a
file and the real environment differ, one line names the one that is used. reeve
check finds keys that are set twice, values that look damaged or that other
readers understand differently, missing config that .env.example or app.json
asks for, and secrets in files that others can read.
`},
	{"config", "config that the app needs, and what --clean-env keeps", `The keys in .env.example (or .env.sample, .env.template, .env.dist and the like)
are config that the app needs. So are those in the env of an app.json, unless
they have a value or a generator or are not required:

    {"env": {"SECRET_KEY": {"required": true}, "LOG_LEVEL": {"value": "info"}}}

start and run name all that are missing; with --strict they start nothing and
exit with 2. For reeve check a missing one is a warning, and an error with
--strict or if app.json requires it. A variable may be empty on purpose. Lines
that cannot be read are skipped.

With --clean-env processes get only PATH, HOME, USER, SHELL, LANG, LC_*, TERM,
TMPDIR, TZ, the variables of the env files, the config that the app needs, those
that --keep names, and those that reeve assigns. An env file can still refer to
any variable.

The formation of an app.json sets the quantities that -m does not mention:

    {"formation": {"web": {"quantity": 2}}}
`},
	{"services", "what --wait-for and --release do before the start", `--wait-for DATABASE_URL,REDIS_URL waits until the services at these URLs accept
connections, before the release and the formation, or before a one-off:

    postgres://db.example.com/app    the scheme's usual port
    redis://[::1]:6380
    mongodb://a,b:27018/app          one of them is enough
    postgres:///app?host=/var/run    a Unix socket, as in postgres://%2Fvar…,
    unix:///run/redis.sock           redis+unix:// and mysql://…?socket=/…

--wait-for auto means every variable ending in _URL whose host is local or
private, except the app's own ports. reeve reports what it is waiting for after
a second and then every five, and gives up after --wait-timeout (30 s) with exit
code 1.

--release then runs the release entry and waits for it. If it fails, nothing
else starts, and start exits with its code. To run it alone: reeve run release.
`},
	{"one-offs", "how a command runs in the app's environment", `    reeve run bin/console
    reeve run release --dry-run

The first word may be a process type, which stands for its command; if more
words follow, only where there is no program of that name: rails console runs
rails. Arguments reach the command unchanged, and reeve's flags come before it.
No Procfile is needed. The command runs in the root, in the environment of
start; PS is run.1, and PORT is that of the type, or the base port.

reeve replaces itself with the command, so terminal, input, signals and exit
code are the command's own: 127 if it was not found, 126 if it cannot be
executed. With --init, reeve stays: it forwards signals and reaps orphans, and
asks what is left when the command ends to stop, then kills it after the grace
period. That is for a container's PID 1.
`},
	{"ports", "which PORT an instance gets", `PORT is base + step × place + instance - 1. The place is that of the process
type in the Procfile, where web always has place 0 and release has none. The
base is --port, else PORT of the environment, else 5000; the step is
--port-step, else 100:

    web.1 5000   web.2 5001   worker.1 5100   clock.1 5200

While a formation is running, run, env and check use its ports, unless they are
given others. Leaving types out changes no port. With a single type's name,
--port is the port of that type: reeve start worker --port 4000.
`},
	{"exports", "the formats of reeve export, and what is exported", `reeve export systemd /etc/systemd/system writes the files with which another
process manager or a cluster engine runs the app instead of reeve start, with
the same settings. LOCATION is a directory, or - for standard output. --dry-run
shows what would change.

The instances are those that start would run with the same -m and -x; if the
Procfile has a release, it runs before them where the format supports that. What
a format cannot express is reported on standard error.

The environment consists of what the env files set, and of the variables of your
shell that --keep names. Values are in separate files, which only their owner
can read.

docs/export.md says for each format what is written and how to install it.

`},
	{"signals", "what signals do, and how processes are stopped", `INT, TERM, HUP, QUIT   stop the formation. A second INT or QUIT kills
                       everything; after a third, reeve leaves without what
                       cannot be killed
USR1, USR2             are forwarded to the first process of each instance, as
                       is WINCH if there is no terminal
TSTP, CONT             suspend and continue the formation and reeve

A stop first sends the stop signal (--stop-signal, TERM) to the first process of
each instance, to all of them at once unless --after orders them. When that
process has ended, or when half of the grace period (--timeout, 5 s) is over,
everything else that the instance has started gets the signal, and at the end of
the grace period whatever is left gets SIGKILL. That includes background
processes and daemons; nothing is left behind, not even if reeve itself is
killed.

Signals within 250 ms of one another count as one. A HUP that was ignored when
reeve started (nohup) stays ignored.
`},
	{"exit-codes", "what the exit code of start means", `The code of the first process that failed and was neither restarted nor allowed
to die; 128+N if signal N killed it; 127 if its command was not found, 126 if it
cannot be executed. If all processes may die and have ended, the code of the
first that failed. Otherwise:

  0    a stop that was asked for, or an instance that exited with 0, and every
       process honoured the stop signal: it exited with 0, or died of the signal
137    something had to be killed
  1    a process or a service of --wait-for was not ready in time, or something
       is wrong with reeve or the machine
  2    the command line, the Procfile, an env file or the formation is wrong;
       nothing was started

reeve check exits with 1 if it finds an error, else with 0, even after warnings.
`},
	{"control", "how to talk to the running formation", `These work in any terminal, anywhere inside the app; -d DIR and -f FILE name
another one:

    reeve ps                    show what is running; --watch, --json
    reeve restart web           stop and start again; without a name, everything
    reeve stop worker.2         the formation keeps running
    reeve scale web=3 extra=1   works for types that were not started, too
    reeve logs -f web           show the log, and keep printing
    reeve attach web            use the process's terminal
    reeve quit                  stop the formation

A name is an instance (web.1), a process type (web) or a pattern ('w*').
restart, stop and scale wait for the result and report it for each instance;
they exit with 1 if one has failed, or if no formation is running. restart and
scale wait until the new processes are ready.

The log is kept in memory, 1 MiB for each instance unless start --history sets
another size, including the output of instances that are gone or that --quiet
hides. After the formation has ended, logs and ps show the last one, until the
next start.

attach needs a process with a terminal of its own (--tty). Every key reaches the
process, but pressing Ctrl-] twice leaves.

start --attach web is for debuggers: it gives the keyboard to web.1 from the
beginning, and the lines of the others appear above its prompt. Ctrl-C still
stops the formation, unless you use --attach web,ctrl-c. While web.1 fills the
screen (vim, less), the others' lines are held back; then one line says how many
there were, and logs shows them.

start --detach runs in the background and returns when everything is ready, or
shows the last lines of what has failed. A process without a probe counts as
ready once it has run for a second. An instance that has been restarted three
times without becoming ready has failed.

The socket is in $XDG_RUNTIME_DIR/reeve, or in a private directory elsewhere. It
speaks HTTP and JSON. Only one formation runs per app.
`},
	{"output", "what the log looks like", `15:04:05 web.1    | a line of web.1
15:04:05 system   | a message from reeve

Each line of a process is one line of the log. A line of over 1 MiB is cut into
pieces; "+" instead of "|" marks a line that continues. On a terminal,
unfinished lines, such as prompts, are shown too, and processes have terminals
of their own (--tty); elsewhere they write to pipes, and read from a pipe that
stays open until they are asked to stop. With --stdin worker=null, and for
release, the input is empty instead.

--color, --timestamp, --no-timestamp and --no-prefix change the prefix, and
--quiet leaves types out. If the log's reader goes away, as in | head, the
formation is stopped.

With --log-format json every line is an object:

    {"time":"…","process":"web.1","type":"web","pid":7,"stream":"stdout","message":"…"}
    {"time":"…","process":"web.1","type":"web","pid":7,"event":"exited","code":1,"text":"…"}

If a line is itself a JSON object, message is that object. There is no "stream"
for a process with a terminal. Every piece of a long line except the last has
"partial":true.
`},
}

// probeForms explains the probes, a line for each.
func probeForms() string {
	text := ""
	for _, form := range probe.Forms() {
		text += fmt.Sprintf("    %-25s %s\n", form.Usage, form.Summary)
	}
	return text
}
