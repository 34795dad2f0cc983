package identifier

import (
	"regexp"
	"strings"
	"time"
)

var (
	secrecyMark  = regexp.MustCompile(`^(绝密|机密|秘密)★(.*)$`)
	secrecyYears = regexp.MustCompile(`^(\d{1,2})年$`)
	secrecyUntil = regexp.MustCompile(`^(\d{4}年\d{1,2}月\d{1,2}日)(前|解密|后解密|启用后解密)?$`)
	secrecyTerm  = regexp.MustCompile(`^(\d{1,2}个月|长期|公布前|.{1,12}(前|后解密|后公开))$`)
)

// maxYears are the statutory maximum terms (保密法实施条例).
var maxYears = map[string]int{"绝密": 30, "机密": 20, "秘密": 10}

// checkSecrecy judges a well-formed 密级标志 (GB/T 9704-2012 7.2.2): level ★ term.
// Classes: format, term (over the statutory maximum), date. Without a term the
// maximum applies.
func checkSecrecy(in string, _ time.Time) Verdict {
	m := secrecyMark.FindStringSubmatch(in)
	if m == nil {
		return bad(ErrFormat, in)
	}
	level, term := m[1], m[2]
	if term == "" {
		return good(in, "statutory_maximum")
	}
	if y := secrecyYears.FindStringSubmatch(term); y != nil {
		if n := atoi(y[1]); n < 1 || n > maxYears[level] {
			return bad(ErrTerm, in)
		}
		return good(in)
	}
	if u := secrecyUntil.FindStringSubmatch(term); u != nil {
		if _, ok := ParseDate(u[1]); !ok {
			return bad(ErrDate, in)
		}
		return good(in)
	}
	if secrecyTerm.MatchString(term) {
		return good(in)
	}
	return bad(ErrFormat, in)
}

// headLines is how far down a page a marking is looked for: GB/T 9704 puts it on
// line 1 or 2; a scanner's header or a stamp may stand above it.
const headLines = 8

// The tolerant patterns of a whole line. The star is often read as ☆ * ✭ 大 or
// not at all, and letter-spaced characters arrive without their spaces here.
var (
	urgency     = `(?:特急|加急|平急|特提|急件)?`
	markingLine = regexp.MustCompile(`^(?:\d{6})?(?:密级)?[:：]?(绝密|机密|秘密)(?:(?:级|件)|[★☆✭✩⭐*＊×大太女交文·.。,、-]{0,2}(?:\d{1,2}年|\d{1,2}个月|长期|\d{4}年\d{1,2}月\d{1,2}日.{0,4})?)` + urgency + `$`)
	starredLine = regexp.MustCompile(`^(?:\d{6})?[^商]?[^商]?[★☆✭✩⭐](?:\d{1,2}年|\d{1,2}个月|长期)` + urgency + `$`)
	labelled    = regexp.MustCompile(`^(?:.{0,6})?(?:密级|秘密等级|保密等级)[:：|]?(绝密|机密|秘密)`)
	weakFlag    = regexp.MustCompile(`涉密|内部资料|不得外传|工作秘密|(?:核心|普通)商密`)
	notFlagged  = regexp.MustCompile(`(?:不|非|无|未)(?:属于|是|涉及|含有)?(?:涉密|国家秘密)`)
)

// Screening is what the lines of a page tell about secrecy (G.8).
type Screening struct {
	// Suspected means: quarantine before any derivative or text is kept.
	Suspected bool
	// Level is 绝密, 机密 or 秘密 when it could be read.
	Level string
	// Weak are words that ask for an operator's look but do not quarantine. They
	// are words of our own list, never text of the page.
	Weak []string
}

// ScreenLines looks for a secrecy marking on a page given its lines in reading
// order. It is tolerant of OCR but matches whole lines at the head of the page
// only (a labelled 密级：机密 anywhere), so that running text and 商业秘密 pass.
func ScreenLines(lines []string) Screening {
	var s Screening
	head := 0
	for _, raw := range lines {
		line := Fold(raw)
		if line == "" {
			continue
		}
		head++
		if m := labelled.FindStringSubmatch(line); m != nil {
			s.suspect(m[1])
		}
		if head <= headLines {
			if m := markingLine.FindStringSubmatch(line); m != nil {
				s.suspect(m[1])
			} else if starredLine.MatchString(line) {
				s.suspect("")
			}
		}
		s.flag(line)
	}
	return s
}

func (s *Screening) suspect(level string) {
	s.Suspected = true
	if s.Level == "" {
		s.Level = level
	}
}

func (s *Screening) flag(line string) {
	if notFlagged.MatchString(line) {
		return
	}
	for _, w := range weakFlag.FindAllString(line, -1) {
		if !contains(s.Weak, w) {
			s.Weak = append(s.Weak, w)
		}
	}
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// checkSecrecyPage judges the text of page 1: valid means suspected classified.
// Class: none. Its value is the level, never the text.
func checkSecrecyPage(in string, _ time.Time) Verdict {
	s := ScreenLines(strings.Split(in, "\n"))
	if !s.Suspected {
		return bad(ErrNone, "")
	}
	return good(s.Level, s.Weak...)
}
