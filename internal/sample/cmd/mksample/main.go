// Command mksample writes synthetic documents to a folder, with their truth in
// labels.jsonl, for trying things by hand:
//
//	go run ./internal/sample/cmd/mksample -out /tmp/samples -form pdf,scan rd-construction-permit rd-eia-reply
//
// With -set it writes a whole set for `onewindow eval`: all kinds, all ways
// papers come, every damage in three strengths. -set tune is for looking at while
// something is improved, -set report for the figures that are published; their
// seeds never meet:
//
//	go run ./internal/sample/cmd/mksample -out /tmp/set -set report -size 6
//	onewindow eval --labels /tmp/set/labels.jsonl --out /tmp/report
//
// Kinds after the flags make a set of these alone.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"onewindow/internal/sample"
)

func main() {
	o := options{}
	flag.StringVar(&o.out, "out", "samples", "folder to write to")
	forms := flag.String("form", "scan", "comma list of "+strings.Join(formNames(), ", "))
	damage := flag.String("damage", "", "comma list of kind:strength, e.g. skew:0.5,noise:0.3; kinds: "+damageNames())
	flag.Uint64Var(&o.seed, "seed", 1, "first seed")
	flag.IntVar(&o.count, "n", 1, "documents of each kind, each of another project")
	flag.Float64Var(&o.dpi, "dpi", 300, "resolution of scans and images")
	flag.BoolVar(&o.vary, "vary", false, "print in other words than the published forms")
	set := flag.String("set", "", "write an evaluation set: tune or report")
	size := flag.Int("size", 6, "with -set: documents of each group")
	only := flag.String("groups", "", "with -set: comma list of groups to write (default all)")
	list := flag.Bool("list", false, "list the kinds and exit")
	flag.Parse()
	if *list {
		fmt.Println(strings.Join(sample.Kinds(), "\n"))
		return
	}
	if base, ok := map[string]uint64{"tune": tuneSeed, "report": reportSeed}[*set]; ok {
		o.seed += base
		o.kinds = flag.Args()
		fail(writeSet(o, *size, *only))
		return
	} else if *set != "" {
		fail(fmt.Errorf("-set must be tune or report, not %q", *set))
	}
	o.kinds, o.forms = flag.Args(), strings.Split(*forms, ",")
	if len(o.kinds) == 0 {
		o.kinds = sample.Kinds()
	}
	var err error
	if o.damage, err = parseDamage(*damage); err == nil {
		err = run(o)
	}
	fail(err)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "mksample:", err)
		os.Exit(1)
	}
}
