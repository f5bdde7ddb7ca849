package supervisor

// Glance is a formation at one moment, for somebody who waits for another one.
type Glance struct {
	All    []Snapshot // also those that are scaled away
	Ending *Report    // why it ends: a report of the kind FormationStopping; nil: it does not
	Over   bool       // nothing will change any more
	// Changed is closed as soon as the formation is another one than this.
	Changed <-chan struct{}
}

// Glance looks at the formation. It has no instances before [Supervisor.Run].
func (s *Supervisor) Glance() (g Glance) {
	if !s.Do(func() { g = s.glance() }) {
		return Glance{All: s.last, Ending: s.why, Over: true}
	}
	return g
}

func (s *Supervisor) glance() Glance {
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	g := Glance{Ending: s.why, Changed: s.changed}
	for _, i := range s.instances {
		g.All = append(g.All, s.snapshot(i))
	}
	return g
}

// touch wakes those who wait for something to change. It costs nothing while nobody does.
func (s *Supervisor) touch() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}
