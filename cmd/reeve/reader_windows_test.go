package main

import (
	"os"
	"testing"
)

// Whoever writes to a pipe learns that nobody reads it any longer.
func TestReaderGone(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writer.Close() }()
	gone := make(chan struct{})
	go func() {
		awaitReaderGone(writer)
		close(gone)
	}()
	select {
	case <-gone:
		t.Fatal("it is read")
	default:
	}
	_ = reader.Close()
	<-gone
}
