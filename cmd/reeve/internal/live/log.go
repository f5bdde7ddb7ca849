package live

import (
	"context"
	"os"
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// How long the end of the log may wait for its reader: who takes nothing, and at all. The
// first makes reeve end within a second of the grace period, and is all that there is when
// somebody has insisted on the end.
const (
	logPatience = 800 * time.Millisecond
	logBound    = 10 * time.Second
)

// echoes is how long signals may come that are the first one once more: wrappers such as
// timeout forward what the terminal has sent to all.
const echoes = 250 * time.Millisecond

// endLog waits until the log is written, but not for ever: whoever sends another signal then
// has enough of waiting.
func (l *launcher) endLog(signals <-chan os.Signal) {
	bound := logBound
	if now := l.phase.now.Load(); now != nil && now.loop.Insisted() {
		bound = logPatience
	}
	ctx, cancel := context.WithTimeout(context.Background(), bound)
	defer cancel()
	go func() {
		for began := time.Now(); ctx.Err() == nil; {
			select {
			case sig := <-signals:
				if n, ok := sig.(syscall.Signal); ok && supervisor.AsksToStop(n) && time.Since(began) > echoes {
					cancel()
				}
			case <-ctx.Done():
			}
		}
	}()
	if !l.mux.Close(ctx, logPatience) {
		logLost(ctx.Err())
	}
	l.closeFiles()
}

// openLog begins the log.
func (l *launcher) openLog(o *settings.Options) (err error) {
	screen := console.IsTerminal(os.Stdout)
	out := int(os.Stdout.Fd())
	if IsDetached() {
		out = -1
	}
	l.history = output.NewHistory(o.History)
	options := output.Options{
		Out: out, Terminal: screen, Format: l.logFormat(o, screen), History: l.history, Columns: console.Columns,
		Files: l.files, Without: o.Quiet.Without(output.System),
		Lifelines: lifelines(), Closed: func() { l.readerGone(screen) }, HungUp: l.terminalGone, Failed: logFailed,
		Flooded: func() { go dropProgram() },
	}
	if o.SaysApart(screen) && !IsDetached() {
		options.Apart = sayApart
	}
	l.mux, err = output.New(options)
	l.ask.log = l.mux
	return err
}

// lifelines are the standard descriptors besides the log that are the terminal in whose
// foreground reeve runs, or another session's, as under su. The log may go to a program there, as
// in "| tee log", which does not end with the terminal.
func lifelines() (fds []int) {
	for _, f := range []*os.File{os.Stdin, os.Stderr} {
		if fd := int(f.Fd()); console.IsTerminal(f) && (terminal.InForeground(fd) || terminal.IsForeign(fd)) {
			fds = append(fds, fd)
		}
	}
	return fds
}

// readerGone is called when the log has no reader any longer.
func (l *launcher) readerGone(screen bool) {
	if screen {
		l.terminalGone()
		return
	}
	l.phase.quit("nobody reads the log any more")
}

// terminalGone counts as SIGHUP, which not everybody hands on: su keeps it to itself. Who was
// started to survive that, as by nohup, does.
func (l *launcher) terminalGone() {
	if !hupIgnored() {
		l.phase.quit("the terminal is gone")
	}
}

// logFormat decides what the log looks like.
func (l *launcher) logFormat(o *settings.Options, screen bool) output.Format {
	f := output.NewJSON()
	if o.LogFormat != "json" {
		t := textOptions(l.app(), o, screen)
		t.Asked = l.answers.Expect
		f = output.NewText(t)
	}
	if !o.SaysOwn(screen) {
		f = output.WithoutNotices(f)
	}
	return f
}

// textOptions say what the log for people looks like.
func textOptions(a *app.App, o *settings.Options, screen bool) output.TextOptions {
	t := output.TextOptions{
		Terminal: screen,
		Columns:  console.Columns,
		Raw:      len(o.Attach) > 0, // see terminal.TakeKeys
		Color:    console.Colored(o.Color, screen),
		Palette:  console.Palette(),
		NoPrefix: o.NoPrefix,
		Width:    widest(a, o),
	}
	if !o.NoTimestamp {
		t.Timestamps = output.NewClock(o.Timestamp, time.Now())
	}
	return t
}

// widest is the length of the longest name.
func widest(a *app.App, o *settings.Options) (width int) {
	for name := range a.Formation.Instances() {
		width = max(width, len(name))
	}
	if o.Release {
		width = max(width, len(releaseSpec(o).Name))
	}
	return width
}
