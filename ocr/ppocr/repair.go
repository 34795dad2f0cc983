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
	// Letters where only a figure can stand: between figures, or as a month or day.
	// Codes of the registers (GB 32100) have no I or O.
	zeroBetween = regexp.MustCompile(`(\d)[oO](\d)`)
	oneBetween  = regexp.MustCompile(`(\d)[lI|](\d)`)
	oneInDate   = regexp.MustCompile(`([年月])[lI|](\d?[月日])`)
	zeroInDate  = regexp.MustCompile(`(\d)[oO]([年月日])`)
	// A full stop at the end of a Chinese sentence comes out as a small o.
	lastStop = regexp.MustCompile(`(\p{Han}|[）》”])[oO]$`)
	// Square metres after a figure: the raised 2 comes out as a plain one.
	squareMetre = regexp.MustCompile(`(\d)\s?m2($|[^0-9A-Za-z])`)
	// 项目 at the end of a name or before the words that follow it (各项自评 and
	// 事项日期 stay).
	projectWord = regexp.MustCompile(`(建设|[工期）)])项[自日口]|项[自日口](名称|代码|概况|[（(]|$)`)
	mixedClose  = regexp.MustCompile(`[〔【\[［]((?:19|20)\d\d)[）)]`)
)

// words are readings that are no words, with the word that is meant.
var words = strings.NewReplacer("峻工", "竣工", "竞工验收", "竣工验收", "未阳市", "耒阳市", "楼底市", "娄底市", "㎡²", "㎡")

// repaired returns the text with systematic confusions put right, where what
// stands around decides. It never guesses at characters that carry a value: a
// wrong digit or an odd name stays as read.
func repaired(text string) string {
	text = mixedOpen.ReplaceAllString(text, "〔$1〕")
	text = mixedClose.ReplaceAllString(text, "〔$1〕")
	text = yearBrackets.ReplaceAllString(text, "〔$1〕$2")
	for range 2 { // matches share figures: 2O2O4
		text = zeroBetween.ReplaceAllString(text, "${1}0$2")
		text = oneBetween.ReplaceAllString(text, "${1}1$2")
	}
	text = oneInDate.ReplaceAllString(text, "${1}1$2")
	text = zeroInDate.ReplaceAllString(text, "${1}0$2")
	text = lastStop.ReplaceAllString(text, "$1。")
	text = squareMetre.ReplaceAllString(text, "${1}m²$2")
	text = projectWord.ReplaceAllString(text, "${1}项目$2")
	return repairedPlaces(words.Replace(text))
}
