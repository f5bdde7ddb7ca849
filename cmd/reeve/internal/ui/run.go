package ui

import (
	"context"
	"os"
	"os/signal"
	"time"

	"reeve/supervisor/control"
)

// Run shows a formation on this terminal until somebody leaves. The error is that the terminal
// cannot be used.
func Run(app App, client *control.Client, dialed error, bare bool) (exitCode int, err error) {
	t, err := openTerminal()
	if err != nil {
		return 0, err
	}
	defer t.close() // also in a panic
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r := &runner{tty: t, model: New(), events: make(chan Event, mostWaiting), drawn: make(chan struct{}, 1), signals: signals()}
	defer signal.Stop(r.signals)
	r.model.Bare, r.model.Clipboard = bare, ClipboardOf()
	r.connection = &connection{App: app, ctx: ctx, tell: r.tell(ctx)}
	r.model.Update(size())
	go r.connection.run(client, dialed)
	return r.run(), nil
}

// mostWaiting is how many events may wait. Whoever has more has to wait: lines of the log that
// nobody reads stay in reeve's history.
const mostWaiting = 16

// runner joins the model, the terminal and the formation. All of it belongs to one goroutine.
type runner struct {
	*tty
	*connection
	model   *Model
	events  chan Event
	signals chan os.Signal

	painter Painter
	stale   bool             // what is shown is not how things are
	drawing bool             // the terminal has not taken the last picture yet
	drawn   chan struct{}    // it has now
	rest    <-chan time.Time // nil: it may be drawn now

	child  *child           // whom the terminal is lent to; nil: nobody
	figure <-chan time.Time // when to look at what the processes use; nil: nobody sees that
	looked time.Time
	asked  time.Time // whether reeve is suspended

	leaving bool
	code    int
}

// How long to rest after a picture, if nobody has typed anything, and between two looks at what
// the processes use, and at least between two questions whether reeve is suspended.
const (
	drawRest   = 30 * time.Millisecond
	figureRest = 5 * time.Second
	askRest    = time.Second
)

// tell gives what hands events over.
func (r *runner) tell(ctx context.Context) func(Event) {
	return func(e Event) {
		select {
		case r.events <- e:
		case <-ctx.Done():
		}
	}
}

// run waits for what happens, and draws.
func (r *runner) run() (exitCode int) {
	for r.stale = true; !r.leaving; {
		r.lookAgain()
		r.draw()
		select { // keys come first
		case keys, more := <-r.keys:
			r.typed(keys, more)
			continue
		default:
		}
		r.await()
	}
	r.endChild()
	return r.code
}

// await takes one thing that happens. Lines that nobody has looked at yet are one, too.
func (r *runner) await() {
	var busy chan struct{}
	if r.model.Busy() {
		busy = make(chan struct{})
		close(busy)
	}
	var ended <-chan string
	if r.child != nil {
		ended = r.child.ended
	}
	select {
	case keys, more := <-r.keys:
		r.typed(keys, more)
	case e := <-r.events:
		r.update(e)
	case sig := <-r.signals:
		r.signal(sig)
	case <-r.drawn:
		r.drawing = false
	case <-r.rest:
		r.rest = nil
	case said := <-ended:
		r.back(said)
	case <-r.figure:
		r.figure = nil
		since := time.Since(r.looked)
		if r.looked.IsZero() {
			since = 0
		}
		r.looked = time.Now()
		go r.look(since)
	case <-busy:
		r.model.Work()
		r.stale = true
	}
}

// typed takes what was typed.
func (r *runner) typed(keys []Event, more bool) {
	if !more {
		r.leaving, r.code = true, hungUp
		return
	}
	for _, k := range keys {
		r.update(k)
	}
	r.rest = nil // they are waited for
	if time.Since(r.asked) > askRest && r.model.link.state == connected {
		r.asked = time.Now()
		go func() { r.connection.tell(Slow{Suspended: r.suspendedPid()}) }()
	}
}

// hungUp is the exit code if the terminal is gone.
const hungUp = 129

func (r *runner) update(e Event) {
	r.stale = true
	for _, effect := range r.model.Update(e) {
		r.effect(effect)
	}
}

// lookAgain sets the time of the next look at what the processes use.
func (r *runner) lookAgain() {
	switch {
	case !r.model.ShowsFigures() || r.child != nil:
		r.figure, r.looked = nil, time.Time{}
	case r.figure == nil && r.looked.IsZero():
		now := make(chan time.Time, 1)
		now <- time.Now()
		r.figure = now
	case r.figure == nil:
		r.figure = time.After(figureRest)
	}
}

// draw draws, if that is needed and the terminal has taken what was drawn before. If it is slow,
// pictures are left out.
func (r *runner) draw() {
	if !r.stale || r.drawing || r.rest != nil || r.child != nil {
		return
	}
	r.stale = false
	if p := r.painter.Paint(r.model.View()); len(p) > 0 {
		r.write(p)
		r.rest = time.After(drawRest)
	}
}

// write writes to the terminal, which may take its time.
func (r *runner) write(p []byte) {
	r.drawing = true
	go func() {
		_, _ = os.Stdout.Write(p)
		r.drawn <- struct{}{}
	}()
}

// awaitDrawn waits until the terminal has taken what was drawn.
func (r *runner) awaitDrawn() {
	if r.drawing {
		select {
		case <-r.drawn:
			r.drawing = false
		case <-time.After(drawnWithin):
		}
	}
}

// drawnWithin is how long that may take.
const drawnWithin = 2 * time.Second

// effect does what the model wants to be done.
func (r *runner) effect(e Effect) {
	switch e := e.(type) {
	case Leave:
		r.leaving = true
	case Suspend:
		r.suspend()
	case Redraw:
		r.painter.Forget()
	case Ask:
		go r.do(e)
	case Attach:
		r.attach(e)
	case Page:
		r.page(e)
	case SetMouse:
		r.awaitDrawn()
		if e.On {
			writeSoon(mouseOn)
		} else {
			writeSoon(mouseOff)
		}
	case Copy:
		r.awaitDrawn()
		r.write(clipboardSequence(e.Text))
		r.update(Copied{e.Lines, len(e.Text)})
	}
}

// signal does what a signal asks for.
func (r *runner) signal(sig os.Signal) {
	switch {
	case isResize(sig):
		r.update(size())
	case isSuspend(sig):
		r.suspend()
	case sig == os.Interrupt && r.child != nil: // it is the child's
	default:
		r.leaving, r.code = true, endCode(sig)
	}
}

// suspend stops the program until it is continued. The terminal is the shell's meanwhile.
func (r *runner) suspend() {
	if !hasShell() {
		r.model.fail("there is no shell to go back to: q leaves")
		return
	}
	lent := r.child != nil
	if !lent {
		r.awaitDrawn()
		r.lend()
	}
	signal.Stop(r.signals)
	stopSelf()
	r.signals = signals()
	if !lent {
		r.takeAgain()
	}
}

// takeAgain has the terminal again, which may have another size by now.
func (r *runner) takeAgain() {
	if err := r.takeBack(); err != nil {
		r.leaving, r.code = true, hungUp
		return
	}
	r.painter.Forget()
	if r.model.mouse {
		writeSoon(mouseOn)
	}
	r.rest = nil
	r.update(size())
}
