//go:build unix

package docs

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// A stand-in takes the place of a program that a guide uses and a machine may not have.
// It knows the command lines that the guides may show of it, and refuses all others: a
// mistake in a guide is not hidden.
type standIn struct {
	program string
	args    string // a pattern
	do      func(args []string) error
}

// standInProgram is the name under which the test binary is each of them.
const standInProgram = "stand-in"

// standInState is the variable with the directory where they leave what they remember.
const standInState = "REEVE_TEST_STATE"

// standIns are all of them: see managers_test.go, clusters_test.go and
// install_test.go.
var standIns = slices.Concat(ofApps, managers, clusters, installers)

// ofApps are those of the apps that the guides are about, and of what builds and tries them.
var ofApps = []standIn{
	{"bin/rails", `server -p \d+( -b \S+)?`, serveHTTP},
	{"bin/rails", `(tailwindcss:watch|solid_queue:start)`, work},
	{"bin/rails", `db:(prepare|migrate|seed)`, prints("the database is up to date")},
	{"bin/rails", `(console|runner \S.*|users:count)`, prints("42")},
	{"bundle", `exec (sidekiq|puma)( .*)?`, work},
	{"python", `manage\.py runserver (\S+:)?\d+`, serveHTTP},
	{"python", `manage\.py (migrate|collectstatic)( --noinput)?`, prints("No migrations to apply.")},
	{"python", `manage\.py shell`, prints("(InteractiveConsole)")},
	{"gunicorn", `shop\.wsgi .*`, serveHTTP},
	{"celery", `-A shop (worker|beat)( -l info)?`, work},
	{"npm", `run (dev|worker|start)( -- --port \d+)?`, serveHTTP},
	{"npm", `(ci|install)`, prints("added 0 packages")},
	{"node", `(--inspect(=\S+)? )?\w+\.m?js`, realOr("node", serveHTTP)},
	{"go", `build -o bin/web \.`, realOr("go", nil)},
	{"go", `run \./testdata/bench`, nil},
	{"esbuild", `.* --watch`, work},
	{"docker", `build -t \w+( -f \S+)? \.`, dockerBuild},
	{"docker", `run( --rm| -p \S+| -e \S+| -it| --init| --read-only)* \w+( .*)?`, dockerRun},
	{"make", `\w+`, dryMake},
	{"git", `clone \S+`, nil},
	{"git", `worktree add \.\./[\w-]+`, addWorktree},
	{"curl", `(-sN?|-X \S+|-d .*|--unix-socket \S+| )* http://reeve/\S+`, curl},
	{"bin/server", `(--port \d+)?`, serveHTTP},
	{"bin/worker", ``, work},
	{"bin/worker", `--announce`, announce},
	{"bin/clock", ``, work},
	{"bin/tick", ``, prints("tick")},
	{"bin/migrate", `(--dry-run)?`, prints("the schema is up to date")},
	{"bin/console", ``, prints("console")},
	{"bin/import", `.*`, prints("imported")},
}

// addWorktree makes a linked worktree as git does, as far as anybody looks at it, with the files
// of the page's app.
func addWorktree(args []string) error {
	tree := args[len(args)-1]
	if err := os.CopyFS(tree, os.DirFS(".")); err != nil {
		return err
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	fmt.Printf("Preparing worktree (new branch '%s')\n", filepath.Base(tree))
	gitdir := "gitdir: " + filepath.Join(here, ".git", "worktrees", filepath.Base(tree)) + "\n"
	return os.WriteFile(filepath.Join(tree, ".git"), []byte(gitdir), 0o666)
}

// standInMain is the program.
func standInMain() {
	program, args := os.Args[1], os.Args[2:]
	i := slices.IndexFunc(standIns, func(s standIn) bool { return s.takes(program, args) })
	if i < 0 {
		fmt.Fprintf(os.Stderr, "stand-in for %s: nobody has said that it takes %q: see standIns\n", program, args)
		os.Exit(64)
	}
	if standIns[i].do == nil {
		return
	}
	if err := standIns[i].do(args); err != nil {
		fmt.Fprintf(os.Stderr, "stand-in for %s: %v\n", program, err)
		os.Exit(1)
	}
}

// takes reports whether a command line is one that a stand-in knows.
func (s standIn) takes(program string, args []string) bool {
	return s.program == program && regexp.MustCompile(`^(?:`+s.args+`)$`).MatchString(strings.Join(args, " "))
}

// furnish gives the reader of a page what the page takes for granted: the programs, and
// the app itself.
func (s *session) furnish(p page) {
	s.t.Helper()
	for _, standIn := range standIns {
		place := filepath.Join("..", "bin", standIn.program) // in the PATH
		if strings.Contains(standIn.program, "/") {
			place = standIn.program
		}
		s.write(place, fmt.Sprintf("#!/bin/sh\nexec %s %s \"$@\"\n", standInProgram, standIn.program))
	}
	root, err := filepath.Abs(repository)
	if err == nil {
		err = os.Symlink(root, filepath.Join(s.dir, "checkout"))
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for _, dir := range machineDirs {
		if err := os.MkdirAll(filepath.Join(s.dir, "machine", dir), 0o755); err != nil {
			s.t.Fatal(err)
		}
	}
	for file, text := range furniture[p.path] {
		s.write(file, text)
	}
	if findsPorts[p.path] {
		// Between the ports of other tests, which run meanwhile, and those that the system gives away.
		base := 30400 + os.Getpid()%5*100
		s.typeCommand(fmt.Sprintf("PORT=%d; unset REEVE_PORT", base))
	}
	if needCheckout[p.path] {
		s.checkout()
	}
}

// furniture is what the reader of a page has.
var furniture = map[string]map[string]string{
	"docs/rails.md":      {"Gemfile": ""},
	"docs/django.md":     {"manage.py": "", "shop/wsgi.py": "", "requirements.txt": ""},
	"docs/containers.md": {"manage.py": "", "requirements.txt": ""},
	"docs/install.md":    {"Procfile": "web: bin/server\n", "checksums.txt": archiveSum + "  " + archiveName + "\n", archiveName: archiveText},
	"docs/node.md":       {"package.json": `{"scripts": {"dev": "vite", "worker": "node worker.js"}}` + "\n"},
}

// findsPorts are the pages on which reeve chooses the ports.
var findsPorts = map[string]bool{"docs/worktrees.md": true, "docs/agents.md": true}

// buildExampleApp builds the program of the example app.
func buildExampleApp(t *testing.T) (program string) {
	path := filepath.Join(t.TempDir(), "queue")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", path, "./testdata/app/queue")
	build.Dir = repository
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("cannot build the example app: %v\n%s", err, out)
	}
	return readText(path)
}

// needCheckout are the pages whose reader is in a checkout of reeve.
var needCheckout = map[string]bool{"README.md": true, "CONTRIBUTING.md": true}

// checkout is a checkout of this repository, as far as its README needs one.
func (s *session) checkout() {
	s.t.Helper()
	for _, name := range []string{"Makefile", "testdata/app/Procfile", "testdata/app/clock.sh", "testdata/app/migrate.sh", "testdata/app/.env"} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			s.t.Fatal(err)
		}
		s.write(name, string(text))
	}
	queue := "testdata/app/bin/queue"
	s.write(queue, s.exampleApp())
	if err := os.Chmod(filepath.Join(s.app, queue), 0o755); err != nil {
		s.t.Fatal(err)
	}
	s.write("bin/reeve", "#!/bin/sh\nexec reeve \"$@\"\n")
}

// What stand-ins do.

func prints(text string) func([]string) error {
	return func([]string) error {
		_, err := fmt.Println(text)
		return err
	}
}

// work goes on until it is asked to stop.
func work([]string) error { return until("working") }

// until says what it does, and does it until it is asked to stop.
func until(what string) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	fmt.Println(what)
	<-stop
	return nil
}

func announce([]string) error { return until("Ready to accept connections") }

// serveHTTP listens at the port that its arguments or PORT name, until it is asked to
// stop.
func serveHTTP(args []string) error {
	port := os.Getenv("PORT")
	if found := regexp.MustCompile(`(?:^|[ :=])(\d{4,5})\b`).FindStringSubmatch(strings.Join(args, " ")); found != nil {
		port = found[1]
	}
	l, err := net.Listen("tcp", "localhost:"+port)
	if err != nil {
		return err
	}
	defer l.Close()
	return until("listening on http://localhost:" + port)
}

// fileBehind wants the file that an argument names to be there.
func fileBehind(flag string) func([]string) error {
	return func(args []string) error {
		_, err := os.Stat(args[slices.Index(args, flag)+1])
		return err
	}
}

// inPlace runs the command after an argument here.
func inPlace(last string) func([]string) error {
	return func(args []string) error { return become(args[slices.Index(args, last)+1:]) }
}

// realOr prefers the real program, where the machine has it.
func realOr(program string, standIn func([]string) error) func([]string) error {
	return func(args []string) error {
		if err := os.Setenv("PATH", pathBehindStandIns()); err != nil {
			return err
		}
		if err := become(append([]string{program}, args...)); !errors.Is(err, exec.ErrNotFound) || standIn == nil {
			return err
		}
		return standIn(args)
	}
}

// become turns into another program.
func become(args []string) error {
	path, err := exec.LookPath(args[0])
	if err != nil {
		return err
	}
	return syscall.Exec(path, args, os.Environ())
}

// dryMake makes what the pages say is made, as far as make -n does, which runs nothing.
// That is all that becomes of make dist and make image, which take minutes, and Docker. The
// demo really runs, with nothing compiled.
func dryMake(args []string) error {
	command := []string{"make", "-n", "-C", filepath.Join(os.Getenv(standInState), "checkout"), args[0]}
	if args[0] == "demo" {
		command = []string{"make", "-o", "build", "GO=true", "demo"}
	}
	return become(append([]string{"/usr/bin/env", "PATH=" + pathBehindStandIns()}, command...))
}

func pathBehindStandIns() string {
	_, rest, _ := strings.Cut(os.Getenv("PATH"), string(filepath.ListSeparator))
	return rest
}

// curl sends a request through a Unix socket, and prints the answer as it comes.
func curl(args []string) error {
	method, body, socket := http.MethodGet, "", ""
	for i, arg := range args {
		switch arg {
		case "-X":
			method = args[i+1]
		case "-d":
			method, body = http.MethodPost, args[i+1]
		case "--unix-socket":
			socket = args[i+1]
		}
	}
	address, err := url.Parse(args[len(args)-1])
	if err != nil {
		return err
	}
	answer, err := request(socket, method, address.RequestURI(), strings.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Close()
	_, err = io.Copy(os.Stdout, answer)
	return err
}
