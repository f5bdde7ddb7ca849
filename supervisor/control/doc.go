// Package control lets others talk to a running formation: HTTP and JSON over a Unix
// socket, so that curl is enough, and a client for Go programs, which reeve's own
// commands use.
//
// # The socket
//
// It is found from the app's root alone, see [Listen], so every command works from
// anywhere inside the app, and two apps never meet. Only the same user can open it: the
// directory is private (0700), so is the socket (0600), and the peer's user id is checked
// as well. It exists as long as its owner lives. One whose owner was killed refuses
// connections, so it is recognised and replaced; no lock file and no pid file is
// needed.
//
// # The protocol
//
// Everything is below /v1. A request that fails is answered with a status of 400 or more
// and {"error": "why"}.
//
//	GET  /v1/formation             a [Formation]: what runs, with all instances; ?usage=false leaves out
//	                               how much of the machine they use, and with ?follow=true
//	                               there is one per line whenever it has changed, without that
//	GET  /v1/instances             its instances alone
//	GET  /v1/origin                what it was made of, see [Origin]
//	POST /v1/restart               {"names": ["web", "worker.*"]}; without names, all
//	POST /v1/stop                  {"names": ["web.2"]}
//	POST /v1/scale                 {"formation": {"web": 3, "worker": 0}}
//	POST /v1/reload                {"dry_run": true}: reads the app's files again
//	POST /v1/quit                  stops the formation
//	GET  /v1/wait                  tells when something is ready, see [WaitQuery]
//	GET  /v1/logs                  the log, see [LogQuery]
//	GET  /v1/instances/NAME/terminal  the process's terminal, by upgrade, see [Protocol]
//
// restart, stop, scale and reload answer with one [Outcome] per line (application/jsonl), each as
// soon as it is known. wait answers with a [Waited] per line, the last of which has no name
// and says what has come of it all. quit answers with {"code": N} when nothing is left of the
// formation: the exit code that start is about to have.
//
// A name is that of an instance (web.1), of a process type (web), a pattern as in
// [path.Match] that one of them matches, or that of a group of process types (@backend).
//
// # Who decides
//
// The [Server] decides nothing. It passes each request to its [Backend] and writes the
// answer. A client that reads slowly, or not at all, keeps nobody waiting but itself.
package control
