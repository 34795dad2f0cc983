package score

import (
	"fmt"
	"html/template"
	"io"
)

// Shown is a case with the picture of its page.
type Shown struct {
	Case
	Picture template.URL // data: URL, "" for none
}

// piece is a run of text that is right, missing or extra.
type piece struct {
	Text, Class string
}

// Want and Got marked where they differ.
func (c Shown) Pieces() (out struct{ Want, Got []piece }) {
	out.Want, out.Got = diff([]rune(c.Case.Want), []rune(c.Case.Got))
	return out
}

// longestDiff bounds the table that comparing two texts needs.
const longestDiff = 4000

// diff marks what of a is not in b and what of b is not in a.
func diff(a, b []rune) (left, right []piece) {
	if len(a) > longestDiff || len(b) > longestDiff {
		return []piece{{string(a), ""}}, []piece{{string(b), ""}}
	}
	w := len(b) + 1
	cost := make([]int32, (len(a)+1)*w)
	for i := len(a); i >= 0; i-- {
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a):
				cost[i*w+j] = int32(len(b) - j)
			case j == len(b):
				cost[i*w+j] = int32(len(a) - i)
			case a[i] == b[j]:
				cost[i*w+j] = cost[(i+1)*w+j+1]
			default:
				cost[i*w+j] = 1 + min(cost[(i+1)*w+j], cost[i*w+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			left, right = put(left, a[i], ""), put(right, b[j], "")
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && cost[(i+1)*w+j] <= cost[i*w+j+1]:
			left = put(left, a[i], "miss")
			i++
		default:
			right = put(right, b[j], "extra")
			j++
		}
	}
	return left, right
}

func put(to []piece, r rune, class string) []piece {
	if n := len(to); n > 0 && to[n-1].Class == class {
		to[n-1].Text += string(r)
		return to
	}
	return append(to, piece{string(r), class})
}

var page = template.Must(template.New("eval").Funcs(template.FuncMap{
	"percent": func(f float64) string { return fmt.Sprintf("%.2f %%", 100*f) },
}).Parse(`<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>识别评测</title>
<style>
body{font:15px/1.6 "Noto Sans CJK SC",sans-serif;margin:2rem;color:#1d2433}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .7rem;border-bottom:1px solid #dde2ea;text-align:right}
td:first-child,th:first-child{text-align:left}
.case{display:grid;grid-template-columns:minmax(20rem,1.2fr) 1fr 1fr;gap:1rem;margin:2rem 0;border-top:2px solid #2b5797;padding-top:.6rem}
.case h2{grid-column:1/-1;font-size:1rem;margin:0}.case ul{grid-column:1/-1;margin:0}
.case img{width:100%;border:1px solid #ccd}pre{white-space:pre-wrap;margin:0;font:inherit}
.miss{background:#ffd9d6}.extra{background:#fff0b3}
</style>
<h1>识别评测</h1>
<p>{{.Run.Engine}}，{{.Run.Workers}} 个工作进程，用时 {{printf "%.0f" .Run.Seconds}} 秒，最大内存 {{.Run.MemoryMB}} MB。红底为漏读或误读，黄底为多读。</p>
<table>{{range $n, $row := .Rows}}<tr>{{range $row}}{{if $n}}<td>{{.}}</td>{{else}}<th>{{.}}</th>{{end}}{{end}}</tr>
{{end}}</table>
{{range .Cases}}<section class="case"><h2>{{.File}} 第 {{.Page}} 页（{{.Group}}）：字符错误率 {{percent .Rate}}</h2>
{{if .Notes}}<ul>{{range .Notes}}<li>{{.}}</li>{{end}}</ul>{{end}}
<div>{{if .Picture}}<img alt="" src="{{.Picture}}">{{end}}</div>
{{with .Pieces}}<pre>{{range .Want}}<span class="{{.Class}}">{{.Text}}</span>{{end}}</pre>
<pre>{{range .Got}}<span class="{{.Class}}">{{.Text}}</span>{{end}}</pre>{{end}}
</section>
{{end}}</html>
`))

// HTML writes the score with its worst cases side by side: picture, truth, reading.
func (s *Score) HTML(w io.Writer, run Run, cases []Shown) error {
	return page.Execute(w, struct {
		Run   Run
		Rows  [][]string
		Cases []Shown
	}{run, s.rows(run), cases})
}
