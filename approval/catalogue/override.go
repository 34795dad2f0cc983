package catalogue

import (
	"slices"
)

// Override is what one division does differently: its own promises and
// competences. What a city says holds for its counties until they say otherwise.
type Override struct {
	LeadUnit  string                  `yaml:"lead_unit" json:"lead_unit,omitempty"`   // of the division (W3.2)
	LeadUnits map[string]string       `yaml:"lead_units" json:"lead_units,omitempty"` // by stage
	Items     map[string]ItemOverride `yaml:"items" json:"items,omitempty"`
	// General are the 综合服务专员 by unit, Specialists the 专业服务专员 by item (W2.4).
	General     map[string]Officer `yaml:"general_officers" json:"general_officers,omitempty"`
	Specialists map[string]Officer `yaml:"specialist_officers" json:"specialist_officers,omitempty"`
}

// ItemOverride changes one item; what it does not name stays.
type ItemOverride struct {
	Promise    *int   `yaml:"promise" json:"promise,omitempty"` // working days
	Unit       string `yaml:"unit" json:"unit,omitempty"`
	Printable  *bool  `yaml:"printable" json:"printable,omitempty"`
	Commitment *bool  `yaml:"commitment" json:"commitment,omitempty"`
}

// Officer is a person who answers for a unit or an item.
type Officer struct {
	Name      string `yaml:"name" json:"name"`
	Telephone string `yaml:"telephone" json:"telephone,omitempty"`
}

// For returns the catalogue as it holds in a division. It is made once at
// loading; the version is the same, because the overrides belong to it.
func (c *Catalogue) For(division string) *Catalogue {
	if now, old := c.Legacy[division]; old {
		division = now
	}
	for _, code := range c.lineage(division) {
		if own, ok := c.local[code]; ok {
			return own
		}
	}
	return c
}

// lineage is a division and the city it belongs to.
func (c *Catalogue) lineage(division string) []string {
	out := []string{division}
	if i, ok := c.index.divisions[division]; ok && c.Divisions[i].City != "" {
		out = append(out, c.Divisions[i].City)
	}
	return out
}

// localize makes the catalogues of the divisions that have overrides.
func (c *Catalogue) localize() {
	c.local = map[string]*Catalogue{}
	for division := range c.Overrides {
		own := *c
		own.Stages, own.Items, own.local = slices.Clone(c.Stages), slices.Clone(c.Items), nil
		own.LeadUnit, own.General, own.Specialists = "", map[string]Officer{}, map[string]Officer{}
		lineage := c.lineage(division)
		for i := len(lineage) - 1; i >= 0; i-- { // the city first
			own.apply(c.Overrides[lineage[i]])
		}
		own.build()
		c.local[division] = &own
	}
}

func (c *Catalogue) apply(o Override) {
	if o.LeadUnit != "" {
		c.LeadUnit = o.LeadUnit
	}
	for i := range c.Stages {
		if unit := o.LeadUnits[c.Stages[i].Code]; unit != "" {
			c.Stages[i].LeadUnit = unit
		}
	}
	for i := range c.Items {
		c.Items[i].override(o.Items[c.Items[i].Code])
	}
	for unit, who := range o.General {
		c.General[unit] = who
	}
	for item, who := range o.Specialists {
		c.Specialists[item] = who
	}
}

func (it *Item) override(o ItemOverride) {
	if o.Promise != nil {
		it.Days.Promise, it.Days.PromiseEv = *o.Promise, ""
	}
	if o.Unit != "" {
		it.Unit = o.Unit
	}
	if o.Printable != nil {
		it.Printable = *o.Printable
	}
	if o.Commitment != nil {
		it.Commitment = *o.Commitment
	}
}

// overrides checks that what divisions override exists, and stays within the law.
func (k *checker) overrides() {
	for division, o := range k.c.Overrides {
		_, ok := k.c.index.divisions[division]
		k.want(ok, "override of unknown division %q", division)
		_, ok = k.c.Unit(o.LeadUnit)
		k.want(o.LeadUnit == "" || ok, "division %s: lead unit %q is unknown", division, o.LeadUnit)
		for stage, unit := range o.LeadUnits {
			_, known := k.c.Stage(stage)
			_, ok := k.c.Unit(unit)
			k.want(known && ok, "division %s: stage %q cannot be led by %q", division, stage, unit)
		}
		for code, io := range o.Items {
			k.itemOverride(division, code, io)
		}
		for unit := range o.General {
			_, ok := k.c.Unit(unit)
			k.want(ok, "division %s: officer of unknown unit %q", division, unit)
		}
		for item := range o.Specialists {
			_, ok := k.c.Item(item)
			k.want(ok, "division %s: officer of unknown item %q", division, item)
		}
	}
}

func (k *checker) itemOverride(division, code string, o ItemOverride) {
	it, ok := k.c.Item(code)
	k.want(ok, "division %s: item %q is unknown", division, code)
	_, known := k.c.Unit(o.Unit)
	k.want(o.Unit == "" || known, "division %s: item %s: unit %q is unknown", division, code, o.Unit)
	if ok && o.Promise != nil {
		k.want(*o.Promise > 0, "division %s: item %s: a promise of %d days", division, code, *o.Promise)
		k.want(it.Days.Legal == nil || *o.Promise <= *it.Days.Legal, "division %s: item %s: the promise of %d days is longer than the law's", division, code, *o.Promise)
	}
}

// Gaps are what a division has not settled yet: officers who are missing (W2.4),
// a lead unit (W3.2). They are warnings: work goes on without.
func (c *Catalogue) Gaps() []string {
	var out []string
	if c.LeadUnit == "" {
		out = append(out, "没有确定改革工作牵头单位")
	}
	for _, u := range c.Units {
		if _, ok := c.General[u.Code]; !ok && u.Type != "window" {
			out = append(out, "没有综合服务专员："+u.Name)
		}
	}
	for _, it := range c.Items {
		if _, ok := c.Specialists[it.Code]; !ok {
			out = append(out, "没有专业服务专员："+it.Name)
		}
	}
	return out
}
