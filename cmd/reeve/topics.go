package main

import (
	"fmt"

	"reeve/procfile/probe"
)

// topic is something to be explained that is no command.
type topic struct{ name, summary, text string }

var topics = []topic{
	{"settings", "every key of reeve.toml, with its flag and its variable", `A setting comes from the command line, else from REEVE_<FLAG> in the environment that
reeve was started in, else from reeve.toml in the root, else it has its default:

    port = 6000
    can-die = ["clock"]

    [worker]
    restart = "on-failure"
    timeout = "30s"

A key at the top is a flag without its dashes. A table is for one process type, and
takes the keys whose value below has TYPE in it: restart = "on-failure" in [worker] is
--restart worker=on-failure. Lists of types take true there: can-die = true. And env in a
table adds env files for that type, on top of the app's.

Files are named as seen from the root. What is said of a type that only another Procfile
of the root has, such as Procfile.dev, does not count.

`},
	{"procfile", "what a Procfile looks like", `A Procfile declares process types, one a line:

    # how the app runs
    web: bin/server --port $PORT
    worker: cd jobs && ./run | tee log

Names are letters, digits, _ and -. Blank lines and lines that begin with # are
skipped. Everything else is an error, and nothing starts.

A command without shell syntax is executed directly, so that signals reach the
program itself: words, quotes, $VAR, ${VAR} and NAME=value in front of the program.
Everything else is run by /bin/sh -c. reeve check finds programs that are missing and
commands that sh cannot read, and runs none of them.

The type release is meant for a step before a release, such as a migration. It
runs only when it is asked for: reeve start --release, or reeve run release.
`},
	{"formation", "which process types run, and how often", `Without flags one instance of every process type runs, except release.

    reeve start -m web=2,worker=3      two web, three worker, one of the others
    reeve start -m all=0,web=2         two web and nothing else
    reeve start web worker             only these two
    reeve start -x clock               all but clock

Instances are called web.1, web.2 and so on. When one ends by itself, the whole
formation is stopped, unless it is restarted or may die: see reeve help restarts.
`},
	{"restarts", "what is started again, and what ends the formation", `    --restart on-failure      start again what failed: did not exit with 0
    --restart clock=always    start clock again whatever it did
    --restart-limit 5         give up after five restarts in a row
    --can-die seed,assets     these may end without ending the formation; or all

The first restart waits for 100 ms, each one after that twice as long, up to a minute.
Once an instance was ready and has run for ten seconds, that begins anew. A restart
reads the env files again; if one is broken, that start fails.

When an instance ends by itself, the first of these decides:

    it is restarted    the formation goes on
    it may die         the formation goes on. When nothing is left, the exit code is that
                       of the first of these that failed, or 0
    neither            the formation is stopped, with the exit code of this instance

A command that cannot start (127, 126), a process that is not ready in time (1) and
one that comes after what was never ready (1) have ended, too. The exit code of an
instance that has used up its restarts is 1 if it last ended with 0.
`},
	{"order", "what starts after what, and when a process is ready", `    --after web=db+redis      web starts when every instance of db and redis is ready,
                              and is stopped before they are
    --ready db=PROBE          says when db is; without a probe, once it runs

A probe is one of

` + probeForms() + `
In addresses $PORT and other variables of the process stand for their values. One try
may take five seconds. A process that is not ready within --ready-timeout (30 s) has
failed: what that means, reeve help restarts says.

What ends before it was ever ready fails what comes after it. What ends or is
restarted later does not. A type that does not run is not waited for.
`},
	{"environment", "where the variables of a process come from", `Later ones win:

    1. env files: .env in the root, or those named with -e, in their order
    2. the environment that reeve was started in (--env-override: before 1)
    3. what reeve assigns: PORT, PS (such as web.1), REEVE_PORT_<TYPE> for the port of
       every other type's first instance, REEVE_RUN to find the process again, and PWD
    4. a command's own NAME=value words

In an env file:

    KEY=value                 # a comment needs a blank in front
    export KEY="a\tb ${OTHER} ${MISSING:-default}"
    KEY='as it stands, $HOME too'
    KEY                       # what the environment has
    PATH=./bin:$PATH          # extends what the environment has, and wins
    URL=http://localhost:${REEVE_PORT_WEB}/

Double quotes know \n \r \t \\ \" \$ and \` + "`" + `, single quotes \'. Quoted values may have several
lines. References know :- - :+ + :? ? as in sh, and REEVE_PORT_<TYPE>, PORT (the base
port) and REEVE_SLOT. Where a $NAME comes to nothing, one line names file, line and key.
Nothing is ever executed. Where a file and the real environment differ, one line
says which of them is used. reeve check finds keys that are set twice, values that look
damaged or that other readers understand differently, config that .env.example or
app.json asks for and that is missing, and secrets in files that others can read.
`},
	{"config", "config that the app needs, and what --clean-env leaves", `What .env.example (or .env.sample, .env.template, .env.dist and the like) lists is
config that the app wants, and so is what an app.json has in its env, unless it has a
value or a generator or is not required:

    {"env": {"SECRET_KEY": {"required": true}, "LOG_LEVEL": {"value": "info"}}}

start and run name all that is missing; with --strict they start nothing and exit
with 2. To reeve check it is a warning, and an error with --strict or where app.json
requires it. A variable may be empty on purpose. Lines that cannot be read are skipped.

With --clean-env processes get only PATH, HOME, USER, SHELL, LANG, LC_*, TERM, TMPDIR,
TZ, the keys of the env files, the config that the app needs, what --keep names, and
what reeve assigns. An env file can refer to any variable all the same.

The formation of an app.json has the quantities of which -m says nothing:

    {"formation": {"web": {"quantity": 2}}}
`},
	{"services", "what --wait-for and --release do before the start", `--wait-for DATABASE_URL,REDIS_URL waits until the services that these URLs name accept
connections, before the release and the formation, or before a one-off:

    postgres://db.example.com/app             the usual port of the scheme
    redis://[::1]:6380
    mongodb://a,b:27018/app                   one of them is enough
    postgres:///app?host=/var/run/postgresql  a Unix socket, as are postgres://%2Fvar…,
    unix:///run/redis.sock                    redis+unix:// and mysql://…?socket=/…

--wait-for auto takes every variable ending in _URL whose host is local or private,
but not the app's own ports. reeve says what it waits for after a second and then every
five, and gives up after --wait-timeout (30 s), with exit code 1.

--release then runs the release entry, waits for it, and starts nothing more if it
fails: its exit code is that of start. By itself: reeve run release.
`},
	{"one-offs", "how a command runs in the app's environment", `    reeve run bin/console
    reeve run release --dry-run

The first word may be a process type, which stands for its command; with further words
only where no program has that name: rails console runs rails. Arguments reach the
command as they are, and flags of reeve go in front of it. There need not be a Procfile.
The command runs in the root, with the environment of start; PS is run.1, PORT that of
the type, or the base port.

reeve turns into the command, so terminal, input, signals and exit code are those of
the command: 127 if it was not found, 126 if it cannot be executed. With --init reeve
stays: it forwards signals, reaps orphans, and kills what is left when the command ends.
That is for a container's PID 1.
`},
	{"ports", "which PORT an instance gets", `PORT is base + step × place + instance - 1. The place is that of the process type in
the Procfile, where web always has place 0 and release has none. The base is --port,
else PORT of the environment, else 5000; the step is --port-step, else 100:

    web.1 5000   web.2 5001   worker.1 5100   clock.1 5200

While a formation runs, run, env and check use its ports, unless they are given others.
Leaving types out moves nobody's port. With a single type's name, --port is the port
of that type: reeve start worker --port 4000.
`},
	{"exports", "the formats of reeve export, and what is exported", `reeve export systemd /etc/systemd/system writes what another process manager or a
cluster engine runs in place of reeve start, with the same settings. LOCATION is a
directory, or - for standard output. --dry-run shows what would be different.

Each type that -m and -x leave has its instances there; release, if the Procfile has
it, is run before them where the format knows how to. What a format cannot express is
said on standard error.

The environment is what the app declares: the keys of the env files and of the config
that the app needs, with the values that start would give them, and what --keep names.
They are in files of their own, which only their owner can read.

docs/export.md says for each format what is written and how to install it.

`},
	{"signals", "what signals do, and how processes are stopped", `INT, TERM, HUP, QUIT   stop the formation; the second one kills it; the third leaves
                       half a second later, whatever cannot be killed
USR1, USR2             are forwarded to the first process of each instance, as is
                       WINCH where there is no terminal
TSTP, CONT             stop and continue the formation and reeve

To stop, every process of every instance gets the stop signal (--stop-signal, TERM),
all at once, unless --after orders them. Whatever is left after the grace period (--timeout, 5 s) gets SIGKILL.
That includes background processes and daemons; nothing is left behind, not even
when reeve itself is killed.

A HUP that was ignored when reeve started (nohup) stays ignored.
`},
	{"exit-codes", "what the exit code of start says", `Code of the first process that failed and was neither restarted nor allowed to
die; 128+N if signal N killed it; 127 if its command was not found, 126 if it cannot be
executed. Where all processes may die and have ended, that of the first that failed.

  0    a stop that was asked for, or an instance that ended with 0, and every
       process honoured the stop signal: it exited with 0, or died by the signal
137    something had to be killed
  1    a process was not ready in time, or a service of --wait-for; or something
       is wrong with reeve or the machine
  2    the command line, the Procfile, an env file or the formation is wrong;
       nothing was started

That of reeve check is 1 if it found an error, and 0 if it found none; warnings do
not count.
`},
	{"control", "how the running formation is talked to", `These work in any terminal, anywhere inside the app; -d DIR and -f FILE name another:

    reeve ps                    what runs; --watch, --json
    reeve restart web           new runs, also of what does not run; without a name, of all
    reeve stop worker.2         the formation goes on
    reeve scale web=3 extra=1   also types that were not started
    reeve logs -f web           what was written, and what comes
    reeve attach web            the process's terminal
    reeve quit                  stop the formation

A name is an instance (web.1), a process type (web) or a pattern ('w*'). restart, stop
and scale wait for the result and say it for each instance; the exit code is 1 if one has
failed, or if nothing runs. What restart and scale start has to be ready first.

logs is kept in memory, 1 MiB for each instance unless start --history says otherwise, and
has what --quiet hides and what instances wrote that are gone. When the formation has ended,
logs and ps show what it has left, until the next start.

attach needs a process with a terminal of its own (--tty). Every key reaches the process,
but Ctrl-] pressed twice leaves.

With start --attach web the keyboard belongs to web.1 from the beginning, and the lines of
the others appear above its prompt: for debuggers. Ctrl-C still stops the formation, unless
it is --attach web,ctrl-c. While web.1 fills the screen (vim, less), the others' lines are
kept off it; then one line says how many, and logs has them.

start --detach runs in the background and returns when everything is ready, or shows the
last lines of what has failed. What has no probe has to run for a second. What has been
started again three times and still is not ready has failed.

The socket is in $XDG_RUNTIME_DIR/reeve, or in a private directory for temporary files. It
speaks HTTP and JSON. An app runs once.
`},
	{"output", "what the log looks like", `15:04:05 web.1    | a line of web.1
15:04:05 system   | a message of reeve

A line of a process is one line of the log. A line of over 1 MiB comes in pieces;
"+" instead of "|" says that the line before goes on. On a terminal an unfinished
line, such as a prompt, is shown too, and processes have terminals of their own
(--tty); elsewhere they write to pipes, and read from a pipe that stays open until they
are to stop. With --stdin worker=null, and for release, that is empty instead.

--color, --timestamp, --no-timestamp and --no-prefix change the prefix, and --quiet
leaves types out. A log that nobody reads any more, as behind | head, stops the
formation.

With --log-format json every line is an object:

    {"time":"…","process":"web.1","type":"web","pid":7,"stream":"stdout","message":"…"}
    {"time":"…","process":"web.1","type":"web","pid":7,"event":"exited","code":1,"text":"…"}

A message that is a JSON object itself stands there as an object. Where a process has
a terminal there is no "stream". A piece of a long line has "partial":true, except the
last.
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
