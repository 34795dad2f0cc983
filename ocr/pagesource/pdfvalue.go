package pagesource

// value is as much of a PDF value as the inspection looks at.
type value struct {
	kind  tokenKind // tokenArrayOpen and tokenDictOpen stand for arrays and dictionaries
	name  string
	num   float64
	ref   int // object number of a reference, 0 otherwise
	dict  dict
	items []value // of an array: its names and dictionaries, the first 64
}

type dict map[string]value

const maxNesting = 100

// value reads the value that begins with t. References need two tokens more,
// which the callers join.
func (l *lexer) value(t token) (value, error) {
	switch t.kind {
	case tokenDictOpen:
		d, err := l.dict()
		return value{kind: tokenDictOpen, dict: d}, err
	case tokenArrayOpen:
		items, err := l.array()
		return value{kind: tokenArrayOpen, items: items}, err
	}
	return value{kind: t.kind, name: t.text, num: t.num}, nil
}

// dict reads a dictionary after "<<".
func (l *lexer) dict() (dict, error) {
	l.depth++
	defer func() { l.depth-- }()
	d := dict{}
	key, haveKey := "", false
	var nums []float64 // numbers since the key: a value, or the start of a reference
	keep := func(v value) {
		if haveKey && len(d) < 10000 {
			d[key] = v
		}
	}
	for {
		t, err := l.next()
		if err != nil {
			return d, err
		}
		switch {
		case t.kind == tokenEOF, t.kind == tokenDictClose, l.depth > maxNesting,
			t.kind == tokenWord && (t.text == "endobj" || t.text == "stream"):
			return d, nil
		case t.kind == tokenNumber:
			if nums = append(nums, t.num); len(nums) == 1 {
				keep(value{kind: tokenNumber, num: t.num})
			}
		case t.kind == tokenWord && t.text == "R" && len(nums) == 2:
			keep(value{kind: tokenWord, ref: int(nums[0])})
		case t.kind == tokenName && !haveKey:
			key, haveKey, nums = t.text, true, nil
			continue
		case t.kind == tokenName && len(nums) > 0: // the next key after a number
			key, nums = t.text, nil
			continue
		default:
			v, err := l.value(t)
			if err != nil {
				return d, err
			}
			keep(v)
			haveKey, nums = false, nil
			continue
		}
		if t.kind == tokenWord {
			haveKey, nums = false, nil
		}
	}
}

// array reads an array after "[".
func (l *lexer) array() ([]value, error) {
	l.depth++
	defer func() { l.depth-- }()
	var items []value
	for {
		t, err := l.next()
		if err != nil {
			return items, err
		}
		switch {
		case t.kind == tokenEOF, t.kind == tokenArrayClose, l.depth > maxNesting,
			t.kind == tokenWord && (t.text == "endobj" || t.text == "stream"):
			return items, nil
		case t.kind == tokenName, t.kind == tokenDictOpen, t.kind == tokenArrayOpen:
			v, err := l.value(t)
			if err != nil {
				return items, err
			}
			if len(items) < 64 {
				items = append(items, v)
			}
		}
	}
}

// names returns the name, or the names of the array.
func (v value) names() []string {
	if v.kind == tokenName {
		return []string{v.name}
	}
	var out []string
	for _, i := range v.items {
		if i.kind == tokenName {
			out = append(out, i.name)
		}
	}
	return out
}

// int returns a whole number, or otherwise.
func (d dict) int(key string, otherwise int) int {
	v, ok := d[key]
	if !ok || v.kind != tokenNumber || v.num != v.num || v.num < -1<<31 || v.num > 1<<31 {
		return otherwise
	}
	return int(v.num)
}
