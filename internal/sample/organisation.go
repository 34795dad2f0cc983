package sample

import (
	"fmt"
	"time"
)

// Organisation is an invented firm or public institution.
type Organisation struct {
	Name        string
	USCC        string // 统一社会信用代码, valid, body DEM0TE…
	Legal       string // 法定代表人
	LegalBorn   time.Time
	Address     string
	Capital     int // 注册资本, 万元
	Established time.Time
	Public      bool // 事业单位
}

// firm invents a company seated at p. role keeps the brands of one project apart.
func (d dice) firm(p place, role int, kinds []string) Organisation {
	name := "湖南" + brands[role%len(brands)] + pick(d, kinds)
	if d.chance(0.3) {
		name = p.city + brands[role%len(brands)] + pick(d, kinds)
	}
	return d.register(p, name, "91", role)
}

func (d dice) register(p place, name, kind string, role int) Organisation {
	return Organisation{
		Name:        name,
		USCC:        creditCode(kind, p.code, role*7+d.IntN(7)),
		Legal:       d.person(),
		LegalBorn:   time.Date(d.between(1962, 1988), time.Month(d.between(1, 12)), d.between(1, 28), 0, 0, 0, 0, time.UTC),
		Address:     fmt.Sprintf("%s%s%s%d号%d栋%d层", p.city, orEmpty(p.urban(), p.name), pick(d, streets), d.between(2, 699), d.between(1, 9), d.between(2, 30)),
		Capital:     d.between(5, 200) * 100,
		Established: time.Date(d.between(2003, 2019), time.Month(d.between(1, 12)), d.between(1, 28), 0, 0, 0, 0, time.UTC),
		Public:      kind == "12",
	}
}

func orEmpty(ok bool, s string) string {
	if ok {
		return s
	}
	return ""
}
