// Watch tortures what reeve does when files change, against the built program. From the root of the
// repository, on Linux:
//
//	make torture TIME=10m
//
// In each round an app is watched, whose process notes what its files contain whenever it starts, while
// random things happen to the files and to reeve (act.go): saves as editors do them, renames, switches
// of branches, floods, limits, restarts by hand, Ctrl-Z. When all is quiet, what runs must have seen what is
// on disk, with as few restarts as there were occasions for one; and nothing may be left when reeve has ended.
//
// What a round does is decided by the seed and the round's number, which are printed when one fails:
//
//	go run ./testdata/torture/watch -seed N -round K
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

func main() {
	switch filepath.Base(os.Args[0]) {
	case webName:
		beWeb()
	case buildName:
		beBuild()
	default:
		if err := torture(); err != nil {
			fmt.Fprintln(os.Stderr, "torture:", err)
			os.Exit(1)
		}
	}
}

func torture() error {
	reeve := flag.String("reeve", "bin/reeve", "the `program` to torture")
	seed := flag.Uint64("seed", rand.Uint64N(1e9), "where the random decisions come from")
	only := flag.Int("round", -1, "play only this round")
	span := flag.Duration("time", time.Minute, "how long to go on")
	flag.Parse()
	path, err := filepath.Abs(*reeve)
	if err != nil {
		return err
	}
	fmt.Printf("seed %d\n", *seed)
	played := 0
	for until := time.Now().Add(*span); time.Now().Before(until); played++ {
		n := played
		if *only >= 0 {
			n = *only
		}
		r := &round{reeve: path, random: rand.New(rand.NewPCG(*seed, uint64(n)))}
		if err := r.play(); err != nil {
			return fmt.Errorf("seed %d, round %d: %w\n%s", *seed, n, err, r.report())
		}
		if *only >= 0 {
			return nil
		}
	}
	fmt.Printf("watching: %d rounds, none failed\n", played)
	return nil
}
