package main

import (
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// readerPoll is how often it is looked whether somebody still reads: nothing tells.
const readerPoll = 200 * time.Millisecond

// awaitReaderGone waits until nobody reads what is written to a pipe any longer, as after
// | head. For anything else it waits for ever.
func awaitReaderGone(f *os.File) {
	for {
		switch state, err := pipeState(windows.Handle(f.Fd())); {
		case err != nil:
			select {}
		case state != isConnected:
			return
		}
		time.Sleep(readerPoll)
	}
}

// isConnected is the state of a pipe of which somebody has the other end (FILE_PIPE_CONNECTED_STATE).
const isConnected = 3

// pipeState is the state of a pipe. The error says that it is none, or that nobody can tell.
func pipeState(pipe windows.Handle) (state uint32, err error) {
	const localInformation = 24 // FilePipeLocalInformation of ntifs.h
	var local struct {
		kind, configuration, mostInstances, instances uint32
		inQuota, toRead, outQuota, room               uint32
		state, end                                    uint32
	}
	var status windows.IO_STATUS_BLOCK
	err = windows.NtQueryInformationFile(pipe, &status, (*byte)(unsafe.Pointer(&local)), uint32(unsafe.Sizeof(local)), localInformation)
	return local.state, err
}
