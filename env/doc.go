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
// So a .env that was copied into an image never beats what the orchestrator
// injects, and FOO=1 reeve start works. Nothing is merged and nothing is
// forgotten: [Env.Source] tells which layer won a key and which ones lost it.
//
// One thing goes in front of the real environment: a value in a file that refers
// to its own name, as in PATH=./bin:$PATH, where the real environment has that
// name. It has the environment's value in it, so nothing is lost when it wins.
//
// # Env files
//
// A file is lines of KEY=value, "export KEY=value" or "KEY: value", blank
// lines and # comments. Keys are [A-Za-z0-9_][A-Za-z0-9_.-]*. A key alone has the
// real environment's value, if there is one. What a value means depends on its
// quotes:
//
//	none      the text up to the end of the line or to a # after a blank, without
//	          the blanks around it; \$ is a $, every other backslash and every
//	          quote stays
//	"double"  \n \r \t \\ \" \$ \` are decoded, any other backslash stays; may span lines
//	'single'  everything up to the next ' as it stands, but \' is a quote, unless
//	          the line is over behind it; may span lines
//
// Backticks are text on one line, and quotes where a value has several: see
// [scanner.backticks].
//
// In the first two $NAME and ${NAME} are replaced. In braces an operator may
// follow: - gives a default for what is unset, + a text for what is set, ? a
// message with which the file is refused where the variable is unset; :- :+ :? take
// empty for unset. What follows an operator can have references of its own. The
// value of a reference is the one that wins at that point of the layering; a name
// that nobody knows is empty, as in sh, and worth a warning ([Env.Lost]). A $ before
// anything else is a $: nothing is ever executed.
//
// The ports that reeve gives out ([IsAssigned]) are known to references, and beat
// every layer. They depend on the base port, which PORT of a file may set: so they
// are only asked for when a file refers to one, with the environment as it is
// without them.
//
// The dialect is where the readers of Ruby, JavaScript, Python, Go and Compose agree.
// The module in verify runs them, and names what is different on purpose.
//
// Errors are one line each, FILE:LINE: first, all of a file's at once. They
// name keys, never a value or a part of one: env files hold secrets, and error
// messages end up in logs.
//
// What is understood but looks like a mistake is a [Warning]: a key that is set
// twice, a value that lost a part or that others would read in another way, a
// file with secrets that others can open. They come from the same scan as the
// values, so the two never disagree about what a line means.
//
// # Ports
//
// An instance's port is base + step × (place of its type) + (instance − 1).
// Places follow the Procfile and not what happens to run, so naming types or
// leaving some out moves nobody's port. See [Ports].
package env
