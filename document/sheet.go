package document

import (
	"fmt"
	"hash/crc32"
	"regexp"
	"strconv"
	"strings"
)

// Sheet is what a printed sheet in front of scanned paper says: a cover sheet
// binds what follows it to a case (P3.3), a separator sheet only parts it from
// what came before.
type Sheet struct {
	Separator bool   `json:"separator,omitempty"`
	Case      string `json:"case,omitempty"`     // 办件编号
	Item      string `json:"item,omitempty"`     // item code of the catalogue
	Material  string `json:"material,omitempty"` // checklist entry; "" lets the content tell
	Pages     int    `json:"pages,omitempty"`    // expected to follow; 0 when not said
}

// The text in the QR code of a sheet: only signs of the code's alphanumeric mode,
// so that its modules are large.
//
//	OW1*C*<case>*<item>*<material>*<pages>*<check>
//	OW1*S*****<check>
//
// OW1 is the version; the check is the CRC-32 of all before the last star, in hex.
const (
	sheetVersion   = "OW1"
	sheetCover     = "C"
	sheetSeparator = "S"
	sheetMark      = "*"
	sheetFields    = 7

	// MaxSheetPages is the most pages that a sheet can announce.
	MaxSheetPages = 9999
)

var sheetWord = regexp.MustCompile(`^[0-9A-Z.-]{0,40}$`)

// Text is what the sheet's QR code says. Letters become capitals.
func (s Sheet) Text() string {
	kind, pages := sheetCover, ""
	if s.Separator {
		s, kind = Sheet{}, sheetSeparator
	}
	if s.Pages > 0 {
		pages = strconv.Itoa(s.Pages)
	}
	text := strings.ToUpper(strings.Join([]string{sheetVersion, kind, s.Case, s.Item, s.Material, pages}, sheetMark))
	return text + sheetMark + sheetCheck(text)
}

func sheetCheck(text string) string {
	return fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(text)))
}

// Check tells what cannot be printed on a sheet, in Chinese by field; nil is fine.
func (s Sheet) Check() map[string]string {
	wrong := map[string]string{}
	for field, word := range map[string]string{"case": s.Case, "item": s.Item, "material": s.Material} {
		if !sheetWord.MatchString(strings.ToUpper(word)) {
			wrong[field] = "只能用字母、数字、点和短横线，最多 40 个字符"
		}
	}
	if s.Case == "" && !s.Separator {
		wrong["case"] = "请填写办件编号"
	}
	if s.Pages < 0 || s.Pages > MaxSheetPages {
		wrong["pages"] = fmt.Sprintf("页数应在 0 至 %d 之间", MaxSheetPages)
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}

// ParseSheet reads the text of a QR code. ok is false for any other code, and for
// a sheet whose check does not fit. Codes come back in capitals, whatever they were.
func ParseSheet(text string) (s Sheet, ok bool) {
	parts := strings.Split(text, sheetMark)
	if len(parts) != sheetFields || parts[0] != sheetVersion {
		return Sheet{}, false
	}
	last := len(parts) - 1
	if parts[last] != sheetCheck(strings.Join(parts[:last], sheetMark)) {
		return Sheet{}, false
	}
	s = Sheet{Separator: parts[1] == sheetSeparator, Case: parts[2], Item: parts[3], Material: parts[4]}
	if parts[5] != "" {
		n, err := strconv.Atoi(parts[5])
		if err != nil || n <= 0 {
			return Sheet{}, false
		}
		s.Pages = n
	}
	// What this version would not have printed, it does not read either.
	if parts[1] != sheetCover && !s.Separator || s.Check() != nil || s.Text() != text {
		return Sheet{}, false
	}
	return s, true
}
