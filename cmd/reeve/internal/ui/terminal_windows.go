package ui

import (
	"errors"
	"os"
)

// Windows has no terminal that could be taken as elsewhere.

type tty struct{ keys chan []Event }

func openTerminal() (*tty, error) { return nil, errors.ErrUnsupported }

const mouseOn, mouseOff = "", ""

func (*tty) close()            {}
func writeSoon(string)         {}
func (*tty) lend()             {}
func (*tty) takeBack() error   { return errors.ErrUnsupported }
func size() Resized            { return Resized{80, 24} }
func signals() chan os.Signal  { return nil }
func stopSelf()                {}
func isSuspend(os.Signal) bool { return false }
func isResize(os.Signal) bool  { return false }
func endCode(os.Signal) int    { return 1 }
func hasShell() bool           { return false }
