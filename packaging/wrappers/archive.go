package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"time"
)

// file is one of an archive, or an archive.
type file struct {
	name    string
	mode    fs.FileMode
	content []byte
}

// Modes of what is in packages.
const (
	plain      fs.FileMode = 0o644
	executable fs.FileMode = 0o755
)

// Writing to memory does not fail, and neither do names and sizes that are right. So an
// error here is a mistake in this program.

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// tarOf makes an archive whose files belong to root and are all of the same time.
func tarOf(files []file, date time.Time) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		must(w.WriteHeader(&tar.Header{
			Name: f.name, Mode: int64(f.mode), Size: int64(len(f.content)),
			Uname: "root", Gname: "root", ModTime: date, Format: tar.FormatUSTAR,
		}))
		_, err := w.Write(f.content)
		must(err)
	}
	must(w.Close())
	return out.Bytes()
}

// gzipped has neither a name nor a time.
func gzipped(content []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	must(err)
	_, err = w.Write(content)
	must(err)
	must(w.Close())
	return out.Bytes()
}

func zipOf(files []file, date time.Time) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: date.UTC()}
		header.SetMode(f.mode)
		entry, err := w.CreateHeader(header)
		must(err)
		_, err = io.Copy(entry, bytes.NewReader(f.content))
		must(err)
	}
	must(w.Close())
	return out.Bytes()
}
