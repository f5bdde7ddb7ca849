package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// What the app of a round consists of: this program under other names.
const (
	webName   = "torture-web"
	buildName = "torture-build"
)

// Files in the app's root that are not watched.
const (
	runsFile  = "runs"  // what each run has seen, a line each
	builtFile = "built" // what the last build has seen
)

// brokenFile lets builds fail.
const brokenFile = "src/broken.txt"

// digest is what the watched files contain.
func digest(root string) string {
	var files []string
	_ = filepath.WalkDir(filepath.Join(root, "src"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".txt") {
			files = append(files, path)
		}
		return nil
	})
	sort.Strings(files)
	sum := sha256.New()
	for _, file := range files {
		text, _ := os.ReadFile(file)
		fmt.Fprintf(sum, "%s %d %s\n", file, len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// beWeb notes what there is, and runs until it is asked to stop, which takes it as long as its
// argument says.
func beWeb() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	root, _ := os.Getwd()
	seen := digest(root)
	if built, err := os.ReadFile(builtFile); err == nil {
		seen = string(built)
	}
	f, err := os.OpenFile(runsFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		os.Exit(3)
	}
	fmt.Fprintln(f, seen)
	_ = f.Close()
	if len(os.Args) > 2 && os.Args[2] == "ends" {
		os.Exit(4)
	}
	<-asked
	sleepFor(os.Args[1])
}

// beBuild makes of what there is when it starts what the next run sees.
func beBuild() {
	root, _ := os.Getwd()
	seen := digest(root)
	sleepFor(os.Args[1])
	if _, err := os.Stat(brokenFile); err == nil {
		os.Exit(1)
	}
	_ = os.WriteFile(builtFile+".new", []byte(seen), 0o666)
	_ = os.Rename(builtFile+".new", builtFile)
}

func sleepFor(milliseconds string) {
	n, _ := strconv.Atoi(milliseconds)
	time.Sleep(time.Duration(n) * time.Millisecond)
}
