package ppocr

import (
	"regexp"
	"strings"
	"sync"

	"onewindow/approval/catalogue"
)

// misreadAs are characters of Hunan's divisions that hardly occur elsewhere, with
// what they are read as.
var misreadAs = map[rune]string{'渌': "禄录绿碌", '汨': "泪汩泊", '耒': "未末"}

// misreadPlace finds one division in one of its misreadings.
type misreadPlace struct {
	pattern *regexp.Regexp
	with    string
}

// misreadPlaces are the divisions that misreadAs concerns. Their names decide only
// where they can begin: at the start of a line, after a sign, after the province
// or their own city. 禄口 by itself is a place near Nanjing, and 区域 is a word.
var misreadPlaces = sync.OnceValue(func() []misreadPlace {
	c := catalogue.Default()
	var out []misreadPlace
	for _, d := range c.Divisions {
		first := []rune(d.Name)[0]
		as, ok := misreadAs[first]
		if !ok {
			continue
		}
		city, _, _ := c.Division(d.City)
		rest := strings.TrimPrefix(d.Name, string(first))
		out = append(out, misreadPlace{
			pattern: regexp.MustCompile(`(^|\P{Han}|湖南省|` + city.Name + `)[` + as + `](` + rest + `(?:$|[^域间段场]))`),
			with:    "${1}" + string(first) + "${2}",
		})
	}
	return out
})

// repairedPlaces returns the text with misread divisions put right. No character
// is added or taken away.
func repairedPlaces(text string) string {
	for _, p := range misreadPlaces() {
		text = p.pattern.ReplaceAllString(text, p.with)
	}
	return text
}
