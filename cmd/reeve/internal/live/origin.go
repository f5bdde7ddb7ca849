package live

import (
	"crypto/rand"
	"slices"

	"reeve/env"
	"reeve/internal/sorting"
	"reeve/supervisor/control"
)

// Origin tells what the formation was made of.
func (b *backend) Origin() control.Origin {
	o := control.Origin{Settings: b.facts.options().Described(), Salt: rand.Text(), Env: []control.EnvOrigin{}}
	of := map[*env.Env][]string{}
	all := b.ask.snapshot()
	b.ask.onLoop(func() {
		for _, s := range all {
			if e := b.envs[s.Name]; e != nil && s.Pid != 0 {
				of[e] = append(of[e], s.Name)
			}
		}
	})
	for e, instances := range of {
		d := e.Digest(o.Salt)
		slices.Sort(instances)
		o.Env = append(o.Env, control.EnvOrigin{Instances: instances, Text: d.Text, Keys: d.Keys})
	}
	sorting.Stable(o.Env, func(x, y control.EnvOrigin) int { return slices.Compare(x.Instances, y.Instances) })
	return o
}
