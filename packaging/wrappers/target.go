package main

import (
	"slices"
	"strings"
)

// target is a machine that reeve is built for, in the words of each registry.
type target struct {
	name        string // of Go, as GOOS_GOARCH
	nodeOS, cpu string // process.platform and process.arch of Node
	wheelTags   []string
	gemPlatform string
}

// targets are all of them. PyPI has no tags for FreeBSD.
//
// The program is static, so any C library will do, and the oldest tags that pip knows are
// true. macOS 12 is what Go needs.
var targets = []target{
	{"linux_amd64", "linux", "x64", linuxTags("x86_64"), "x86_64-linux"},
	{"linux_arm64", "linux", "arm64", linuxTags("aarch64"), "aarch64-linux"},
	{"linux_arm", "linux", "arm", linuxTags("armv7l"), "arm-linux"},
	{"linux_386", "linux", "ia32", linuxTags("i686"), "x86-linux"},
	{"darwin_amd64", "darwin", "x64", []string{"macosx_12_0_x86_64"}, "x86_64-darwin"},
	{"darwin_arm64", "darwin", "arm64", []string{"macosx_12_0_arm64"}, "arm64-darwin"},
	{"freebsd_amd64", "freebsd", "x64", nil, "x86_64-freebsd"},
	{"windows_amd64", "win32", "x64", []string{"win_amd64"}, "x64-mingw-ucrt"},
}

func linuxTags(cpu string) []string {
	return []string{"manylinux2014_" + cpu, "manylinux_2_17_" + cpu, "musllinux_1_1_" + cpu}
}

// targetNamed finds a target by the name that GoReleaser has for it, which ends with the
// variant of the processor: linux_amd64_v1.
func targetNamed(name string) (target, bool) {
	parts := append(strings.Split(name, "_"), "")
	i := slices.IndexFunc(targets, func(t target) bool { return t.name == parts[0]+"_"+parts[1] })
	if i < 0 {
		return target{}, false
	}
	return targets[i], true
}

// first reports whether what all targets share is made along with this one.
func (t target) first() bool { return t.name == targets[0].name }

// program is the file's name.
func (t target) program() string {
	if t.nodeOS == "win32" {
		return "reeve.exe"
	}
	return "reeve"
}
