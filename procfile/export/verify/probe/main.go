// Command probe is what the exported app runs: it writes down what it was given, then
// waits for a signal and writes down that too.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// seen is what a process was given.
type seen struct {
	Args    []string
	Environ [][]byte // any bytes
	Dir     string
	UID     int
}

func main() {
	dir := "seen"
	name := os.Getenv("PS")
	if os.Getenv("PROBE_LISTEN") != "" {
		if l, err := net.Listen("tcp", "localhost:"+os.Getenv("PORT")); err == nil {
			defer l.Close()
		}
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1)
	here, _ := os.Getwd()
	s := seen{Args: os.Args[1:], Dir: here, UID: os.Getuid()}
	for _, entry := range os.Environ() {
		s.Environ = append(s.Environ, []byte(entry))
	}
	text, err := json.Marshal(s)
	check(err)
	write(filepath.Join(dir, name), text)
	if len(os.Args) > 1 && os.Args[1] == "--once" {
		return
	}
	fmt.Println("ready")
	sig := <-signals
	write(filepath.Join(dir, name+".signal"), []byte(sig.String()))
}

// write makes a file appear with all that is in it.
func write(path string, text []byte) {
	temp := fmt.Sprintf("%s.%d", path, os.Getpid())
	check(os.WriteFile(temp, text, 0o644))
	check(os.Rename(temp, path))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(1)
	}
}
