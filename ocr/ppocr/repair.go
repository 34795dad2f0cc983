package ppocr

import (
	"regexp"
	"strings"
)

// Systematic confusions of the recognizer, each with the form it is printed in.
var (
	// The hexagonal brackets of document numbers (GB/T 9704: 〔2024〕12号) are
	// often read as one of their relatives. Round ones stay: court cases print them.
	yearBrackets = regexp.MustCompile(`[〔【\[［{｛﹝]((?:19|20)\d\d)[〕】\]］}｝﹞](\p{Han}{0,8}第?\d)`)
	mixedOpen    = regexp.MustCompile(`[（(]((?:19|20)\d\d)[〕】\]］]`)
	mixedClose   = regexp.MustCompile(`[〔【\[［]((?:19|20)\d\d)[）)]`)
)

// repaired returns the text with systematic confusions put right. It never
// guesses at characters that carry a value: digits and names stay as read.
func repaired(text string) string {
	text = mixedOpen.ReplaceAllString(text, "〔$1〕")
	text = mixedClose.ReplaceAllString(text, "〔$1〕")
	text = yearBrackets.ReplaceAllString(text, "〔$1〕$2")
	text = strings.ReplaceAll(text, "㎡²", "㎡")
	return text
}
