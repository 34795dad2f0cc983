package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"onewindow/document"
)

// Codes among document.Page.Warnings that have consequences here.
const (
	// unreadablePage is the warning on a page that could not be read.
	unreadablePage = "unreadable"
	// lowResolution is the warning on a page too coarse to be relied on.
	lowResolution = "low_resolution"
)

// pageFindings tells people what is the matter with the pages: one finding a
// kind, with the pages it holds for.
func pageFindings(pages []document.Page) []document.Finding {
	var out []document.Finding
	for _, w := range pageWarnings {
		var numbers []int
		for _, p := range pages {
			if slices.Contains(p.Warnings, w.code) {
				numbers = append(numbers, p.Number)
			}
		}
		if len(numbers) > 0 {
			out = append(out, document.Finding{Code: w.code, Severity: w.severity, Message: fmt.Sprintf(w.message, pageList(numbers))})
		}
	}
	return out
}

// pageWarnings turns the codes on a page into words. What is "info" is said and
// stops nothing.
var pageWarnings = []struct{ code, severity, message string }{
	{unreadablePage, "warning", "第 %s 页无法识别，请人工核对或重新扫描"},
	{lowResolution, "warning", "第 %s 页清晰度不足，请重新扫描（建议 300 dpi）"},
	{"coarse", "warning", "第 %s 页清晰度偏低（不足 200 dpi），请留意识别结果，建议以 300 dpi 扫描"},
	{"blurred", "warning", "第 %s 页模糊，请核对识别结果"},
	{"low_contrast", "warning", "第 %s 页字迹偏淡，请核对识别结果"},
	{"clipped", "warning", "第 %s 页边缘文字可能被裁切，请核对是否扫描完整"},
	{"no_text", "warning", "第 %s 页没有可识别的文字"},
}

// advice are the warnings that ask for better scans next time. The document may
// go its way: what was read of it has its own confidence.
var advice = []string{"coarse", "low_contrast", "no_text"}

// pageList is "1、3、5" and, of long lists, the beginning and the count.
func pageList(numbers []int) string {
	const most = 8
	var parts []string
	for _, n := range numbers[:min(len(numbers), most)] {
		parts = append(parts, fmt.Sprint(n))
	}
	list := strings.Join(parts, "、")
	if len(numbers) > most {
		list += fmt.Sprintf(" 等 %d 个", len(numbers))
	}
	return list
}
