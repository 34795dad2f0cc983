package identifier

import (
	"regexp"
	"strings"
	"time"
)

// maxTries bounds the candidates looked at for one number.
const maxTries = 4096

// confusion says how OCR damages the numbers of one validator.
type confusion struct {
	forced   map[rune]string // characters that never stand in such a number, and what they were
	optional map[rune]string // characters that may stand in it but are often misread
	edits    int             // at most so many optional replacements
	reshape  func(string) []string
}

// letters that OCR reads for digits (domain data ocr_confusions, digits_context).
var asDigit = map[rune]string{
	'O': "0", 'o': "0", 'D': "0", 'Q': "0", '〇': "0", '○': "0", 'I': "1", 'l': "1", 'i': "1", '|': "1", '!': "1",
	'Z': "2", 'z': "2", 'S': "5", 's': "5", 'B': "8", 'g': "9", 'q': "9", 'b': "6", 'G': "6",
}

// mistaken Chinese characters inside numbers.
var asHan = map[rune]string{
	'相': "湘", '潮': "湘", '汀': "湘", '宇': "字", '学': "字", '宁': "字", '己': "已", '笫': "第", '弟': "第", '杈': "权",
	'土': "地", '他': "地", '也': "地", '健': "建", '逮': "建", '甩': "用", '亏': "号", '另': "号",
}

func merge(maps ...map[rune]string) map[rune]string {
	out := map[rune]string{}
	for _, m := range maps {
		for k, v := range m {
			out[k] += v
		}
	}
	return out
}

// confusions is the table of repairs. It never changes. Validators that are not
// in it (secrecy, free numbers) are never repaired.
var confusions = map[string]confusion{
	USCC: {
		forced:   map[rune]string{'I': "1", 'O': "0", 'Z': "2", 'S': "5", '|': "1"},
		optional: map[rune]string{'8': "B", 'B': "8", '0': "DQ", 'D': "0", 'Q': "0", '6': "G", 'G': "6", '1': "LT", 'L': "1", '7': "T", 'T': "7"},
		edits:    1,
	},
	CitizenID:      {forced: asDigit, optional: map[rune]string{'K': "X", '*': "X"}, edits: 1},
	ProjectCode:    {forced: asDigit, reshape: redash},
	PermitNo:       {forced: asDigit},
	Division:       {forced: asDigit},
	PlanningNo:     {optional: merge(asDigit, asHan, map[rune]string{'6': "G", '5': "S"}), edits: 3},
	RealEstateCert: {forced: asDigit, optional: asHan, edits: 2},
	RealEstateUnit: {optional: merge(asDigit, map[rune]string{'8': "B", '6': "G", '0': "D"}), edits: 3},
	DocNo:          {optional: merge(asDigit, asHan), edits: 2, reshape: rebracket},
	EMS:            {optional: merge(asDigit, map[rune]string{'0': "O", '1': "I", '5': "S", '8': "B"}), edits: 2},
	ECertID:        {optional: map[rune]string{'O': "0", '0': "O", 'I': "1", '1': "I", 'S': "5", 'B': "8", 'Z': "2", ',': "."}, edits: 1},
	DocDate: {
		forced:   map[rune]string{'|': "1", '!': "1", 'l': "1", 'I': "1", 'Z': "2", 'S': "5", 'B': "8"},
		optional: map[rune]string{'O': "0", 'o': "0", '午': "年", '牛': "年", '曰': "日", '口': "日", '目': "日月", '用': "月"},
		edits:    3,
	},
}

// Repair undoes OCR confusions in a number. It answers true only if exactly one
// candidate with the fewest replacements passes the validator; a number that is
// valid already is its own repair. It looks at a bounded number of candidates.
func Repair(name, raw string) (string, bool) { return RepairAt(name, raw, time.Now()) }

// RepairAt is Repair as of a given day.
func RepairAt(name, raw string, now time.Time) (string, bool) {
	if v := ValidateAt(name, raw, now); v.Valid {
		return v.Value, name != SecrecyPage
	}
	c, ok := confusions[name]
	if !ok {
		return "", false
	}
	s := search{name: name, now: now, c: c, tries: maxTries}
	folded := Fold(raw)
	if value, ok, stop := s.unique([]string{folded}); ok || stop {
		return value, ok
	}
	if c.reshape == nil {
		return "", false
	}
	value, ok, _ := s.unique(c.reshape(folded))
	return value, ok
}

// search walks the candidates of one number.
type search struct {
	name  string
	now   time.Time
	c     confusion
	tries int
	found map[string]bool
}

// unique looks for candidates of the shapes with 0, 1, … optional replacements
// and stops at the first count where any passes. stop says that several did.
func (s *search) unique(shapes []string) (value string, ok, stop bool) {
	for edits := 0; edits <= s.c.edits; edits++ {
		s.found = map[string]bool{}
		for _, shape := range shapes {
			s.walk([]rune(shape), 0, edits)
		}
		if s.tries <= 0 || len(s.found) > 1 {
			return "", false, true
		}
		for v := range s.found {
			return v, true, true
		}
	}
	return "", false, false
}

// walk replaces from position i on; exactly edits optional replacements are made.
func (s *search) walk(rs []rune, i, edits int) {
	if s.tries <= 0 || len(rs) > 64 {
		return
	}
	for ; i < len(rs); i++ {
		was := rs[i]
		if alt, ok := s.c.forced[was]; ok {
			for _, r := range alt {
				rs[i] = r
				s.walk(rs, i+1, edits)
			}
			rs[i] = was
			return
		}
		if edits == 0 {
			continue
		}
		for _, r := range s.c.optional[was] {
			rs[i] = r
			s.walk(rs, i+1, edits-1)
		}
		rs[i] = was
	}
	if edits == 0 {
		s.try(string(rs))
	}
}

func (s *search) try(candidate string) {
	s.tries--
	v := ValidateAt(s.name, candidate, s.now)
	// The check character of a credit code alone passes one wrong guess in 31,
	// so a repair must also satisfy the organisation code inside.
	if v.Valid && !contains(v.Warnings, "inner_check") {
		s.found[v.Value] = true
	}
}

var twentyDigits = regexp.MustCompile(`^[0-9A-Za-z|〇○]{20}$`)

// redash puts the dashes of a project code back where they were lost or read as
// something else.
func redash(s string) []string {
	rs := []rune(strings.NewReplacer("-", "", "_", "", ".", "", "·", "", "~", "", "一", "").Replace(s))
	if !twentyDigits.MatchString(string(rs)) {
		return nil
	}
	return []string{string(rs[:4]) + "-" + string(rs[4:10]) + "-" + string(rs[10:12]) + "-" + string(rs[12:14]) + "-" + string(rs[14:])}
}

var brokenBrackets = regexp.MustCompile(`^(.*\p{Han}\)?)(.?)((?:19|20)\d{2})(.?)(\d{1,5})号$`)

// rebracket puts 〔〕 back where one of them was lost or misread.
func rebracket(s string) []string {
	var shapes []string
	m := brokenBrackets.FindStringSubmatch(s)
	if m == nil || m[4] != "" && !isBracketLike(m[4]) || m[2] != "" && !isBracketLike(m[2]) {
		return nil
	}
	shapes = append(shapes, m[1]+"〔"+m[3]+"〕"+m[5]+"号")
	if m[4] != "" && allDigits(m[4]) { // 〕 read as 1, or a digit of the number
		shapes = append(shapes, m[1]+"〔"+m[3]+"〕"+m[4]+m[5]+"号")
	}
	return shapes
}

func isBracketLike(s string) bool {
	return strings.Contains("〔〕[](){}【】「」『』<>《》CcJjlI|1!", s)
}
