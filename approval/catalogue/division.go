package catalogue

import "strings"

// Division is an administrative division (GB/T 2260) of the province.
type Division struct {
	Code string `yaml:"code" json:"code"`
	Name string `yaml:"name" json:"name"`
	// Kind is "province", "city", "county", "urban_area" (市辖区), "zone" (a
	// functional zone, for display only) or "legacy" (replaced, still valid in
	// documents issued before).
	Kind string `yaml:"kind" json:"kind"`
	City string `yaml:"-" json:"city,omitempty"` // code of the city a county belongs to
}

type rawDivisions struct {
	Province Division          `yaml:"province"`
	Cities   []rawCity         `yaml:"cities"`
	Legacy   map[string]string `yaml:"legacy_codes"`
	Prefix   string            `yaml:"real_estate_prefix"` // for readers of the file
	Issuers  Ordered[string]   `yaml:"issuer_codes_in_documents"`
}

type rawCity struct {
	Code     string     `yaml:"code"`
	Name     string     `yaml:"name"`
	Counties []Division `yaml:"counties"`
}

func (r rawDivisions) fill(c *Catalogue) {
	r.Province.Kind = "province"
	c.Divisions = append(c.Divisions, r.Province)
	for _, city := range r.Cities {
		c.Divisions = append(c.Divisions, Division{Code: city.Code, Name: city.Name, Kind: "city"})
		for _, d := range city.Counties {
			d.City = city.Code
			c.Divisions = append(c.Divisions, d)
		}
	}
	c.Legacy, c.IssuerCodes = r.Legacy, r.Issuers
}

// Division returns the division of a code. A replaced code answers the division
// of today with renamed true; the old code stays right inside old documents.
func (c *Catalogue) Division(code string) (d Division, renamed, ok bool) {
	if now, old := c.Legacy[code]; old {
		code, renamed = now, true
	}
	i, ok := c.index.divisions[code]
	if !ok {
		return Division{}, false, false
	}
	return c.Divisions[i], renamed, true
}

// DivisionIn finds the division a name such as 长沙市岳麓区住房和城乡建设局 speaks
// of: the most specific one named. ok is false when none is.
func (c *Catalogue) DivisionIn(text string) (found Division, ok bool) {
	best := -1
	for _, d := range c.Divisions {
		if d.Kind == "urban_area" || !strings.Contains(text, d.Name) {
			continue
		}
		rank := len(d.Name)
		switch d.Kind {
		case "county", "zone":
			rank += 1000
			if i, known := c.index.divisions[d.City]; known && strings.Contains(text, c.Divisions[i].Name) {
				rank += 1000 // a county named with its own city beats a namesake
			}
		case "legacy":
			rank += 900
		case "city":
			rank += 500
		}
		if rank > best {
			found, ok, best = d, true, rank
		}
	}
	if now, old := c.Legacy[found.Code]; ok && old {
		found = c.Divisions[c.index.divisions[now]]
	}
	return found, ok
}
