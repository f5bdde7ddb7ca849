// Package env knows where a process's variables and ports come from.
//
// # Layers
//
// The environment is a stack of layers, each a set of variables: the env files
// and the real environment, the one reeve itself was started with. For every
// key the strongest layer that has it wins:
//
//	the real environment     > the last file > … > the first file
//	with Options.Override: the last file > … > the first file > the real environment
//
// So a .env that was copied into an image never overrides what the orchestrator
// injects, and FOO=1 reeve start works. Nothing is merged and nothing is
// forgotten: [Env.Source] tells which layer won a key and which ones lost it.
//
// One thing wins over the real environment: a value in a file that refers
// to its own name, as in PATH=./bin:$PATH, where the real environment has that
// name. It contains the environment's value, so nothing is lost when it wins.
//
// # Env files
//
// A file is lines of KEY=value, "export KEY=value" or "KEY: value", blank
// lines and # comments. Keys are [A-Za-z0-9_][A-Za-z0-9_.-]*. A key on its own takes
// its value from the real environment, if it has one. What a value means depends on
// its quotes:
//
//	none      the text up to the end of the line or to a # after a space, without
//	          surrounding spaces; \$ is a $, every other backslash and every
//	          quote stays
//	"double"  \n \r \t \\ \" \$ \` are decoded, any other backslash stays; may span lines
//	'single'  everything up to the next ' as it is, but \' is a quote, unless
//	          it ends the line; may span lines
//
// Backticks are text in a value of one line, and quotes in one of several: see
// [scanner.backticks].
//
// In the first two $NAME and ${NAME} are replaced. In braces an operator may
// follow: - gives a default for an unset variable, + a text for one that is set,
// ? a message with which the file is rejected if the variable is unset; :- :+ :? treat
// empty as unset. What follows an operator can contain references. The
// value of a reference is the one that wins at that point of the layering; an
// unknown name is empty, as in sh, and worth a warning ([Env.Lost]). A $ before
// anything else is a $: nothing is ever executed.
//
// References also know the ports that reeve assigns ([IsAssigned]), which override
// every layer. They depend on the base port, which PORT of a file may set: so they
// are computed only when a file refers to one, from the environment without them.
//
// The dialect is what the readers of Ruby, JavaScript, Python, Go and Compose agree on.
// The module in verify runs them, and lists the intended differences.
//
// Errors are one line each, FILE:LINE: first, all of a file's at once. They
// name keys, never a value or a part of one: env files hold secrets, and error
// messages end up in logs.
//
// What is understood but looks like a mistake is a [Warning]: a key that is set
// twice, a value that lost a part or that others would read differently, a
// file with secrets that others can open. They come from the same scan as the
// values, so the two never disagree about what a line means.
//
// # Ports
//
// An instance's port is base + step × (place of its type) + (instance − 1).
// Places follow the Procfile and not what happens to run, so naming types or
// leaving some out changes no port. See [Ports].
package env
