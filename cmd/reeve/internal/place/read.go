package place

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"reeve/cmd/reeve/internal/diag"
)

// WorkingDir is the current directory, or nothing where that cannot be told.
func WorkingDir() string {
	dir, _ := os.Getwd()
	return dir
}

// MaxSize bounds the size of a file that describes an app, in bytes.
const MaxSize = 1 << 20

// readSmall reads a file that people write. The error names it.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, diag.Reason(err))
	}
	defer f.Close()
	return readAll(f, path)
}

// readAll reads a file to its end, unless that is too far away.
func readAll(f io.Reader, name string) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err == nil && len(src) > MaxSize {
		err = fmt.Errorf("it is larger than %d bytes", MaxSize)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, diag.Reason(err))
	}
	return src, nil
}

// ReadFound reads a file that nobody asked for by name. A pipe that happens to stand
// there is not waited for.
func ReadFound(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, fmt.Errorf("cannot read %s: not a regular file", path)
	}
	return readSmall(path)
}

// Absolute makes a path that holds wherever reeve is, if it can.
func Absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
