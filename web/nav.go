package web

import (
	"slices"
	"strings"

	"onewindow/access"
)

// place is one entry of the navigation.
type place struct {
	Path, Text, Icon string
	Current          bool
	Below            []place       // a menu of places; Path is "" then
	menu             string        // the menu it stands in; "" stands by itself
	roles            []access.Role // who is shown it; nil is everybody
	public           bool          // shown without a login too
	guests           bool          // shown without a login only
	also             []string      // paths below which it is current as well
}

// places are the entries in order: first what each role works at all day, then
// what all share. personas.md says who needs what.
var places = []place{
	{Path: "/counter", Text: "综合窗口", Icon: "office", roles: []access.Role{access.Clerk}},
	{Path: "/work", Text: "待办", Icon: "inbox", roles: []access.Role{access.Reviewer, access.Lead}, also: []string{"/case-items"}},
	{Path: "/issuances", Text: "出件", Icon: "seal", roles: []access.Role{access.Clerk}, also: []string{"/handovers"}},
	{Path: "/projects", Text: "项目", Icon: "board", roles: []access.Role{access.Applicant, access.Clerk, access.Lead}, also: []string{"/cases"}},
	{Path: "/supervision", Text: "效能监管", Icon: "chart", roles: []access.Role{access.Supervisor}},
	{Path: "/supervision/figures", Text: "效能统计", Icon: "chart", menu: "查找", roles: []access.Role{access.Lead, access.Admin, access.Province}, also: []string{"/supervision"}},
	{Path: "/issuances", Text: "领取成果", Icon: "seal", roles: []access.Role{access.Applicant}},
	{Path: "/handovers", Text: "转交原件", Icon: "inbox", menu: "服务", roles: []access.Role{access.Reviewer}},
	{Path: "/payments", Text: "缴费", Icon: "file", menu: "服务", roles: []access.Role{access.Applicant, access.Clerk, access.Reviewer}},
	{Path: "/inquiries", Text: "一次征询", Icon: "inbox", menu: "服务", roles: []access.Role{access.Applicant, access.Clerk, access.Lead}},
	{Path: "/inquiry-replies", Text: "征询反馈", Icon: "inbox", menu: "服务", roles: []access.Role{access.Reviewer}},
	{Path: "/consultations", Text: "咨询", Icon: "message", menu: "服务", roles: []access.Role{access.Applicant, access.Clerk, access.Reviewer, access.Supervisor}},
	{Path: "/complaints", Text: "投诉", Icon: "phone", menu: "服务", roles: []access.Role{access.Applicant, access.Clerk, access.Reviewer, access.Supervisor}},
	{Path: "/assistances", Text: "帮办代办", Icon: "person", menu: "服务", roles: []access.Role{access.Applicant, access.Clerk, access.Supervisor, access.Admin}},
	{Path: "/promises", Text: "承诺与容缺", Icon: "clock", menu: "服务", roles: []access.Role{access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor}},
	{Path: "/documents", Text: "文件", Icon: "files", menu: "查找", roles: []access.Role{access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Archivist, access.Admin, access.Security}},
	{Path: "/results", Text: "审批成果", Icon: "seal", menu: "查找", roles: []access.Role{access.Applicant, access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Archivist, access.Admin}},
	{Path: "/audit", Text: "办理过程", Icon: "trail", menu: "查找", roles: []access.Role{access.Supervisor, access.Security, access.Admin}},
	{Path: "/kiosk", Text: "自助打印", Icon: "print", menu: "服务", roles: []access.Role{access.System}},
	{Path: "/archive", Text: "归档", Icon: "files", roles: []access.Role{access.Archivist}, menu: "查找"},
	{Path: "/admin/webhooks", Text: "事件订阅", Icon: "chain", menu: "服务", roles: []access.Role{access.System}},
	{Path: "/organisation", Text: "组织机构", Icon: "office", menu: "查找", roles: []access.Role{access.Clerk, access.Reviewer, access.Lead, access.Supervisor, access.Security, access.Archivist, access.Admin}},
	{Path: "/admin", Text: "系统管理", Icon: "gear", roles: []access.Role{access.Admin}},
	{Path: "/guide", Text: "办事指南", Icon: "guide", menu: "公开", public: true, also: []string{"/"}},
	{Path: "/trainings", Text: "报建培训", Icon: "person", menu: "公开", public: true},
	{Path: "/progress", Text: "进度查询", Icon: "clock", menu: "公开", public: true, guests: true},
	{Path: "/v", Text: "成果查验", Icon: "check", menu: "公开", public: true},
	{Path: "/about", Text: "帮助", Icon: "help", menu: "公开", public: true},
}

// menus are what places are gathered under, in the order they stand in.
var menus = []place{{Text: "服务", Icon: "message"}, {Text: "查找", Icon: "files"}, {Text: "公开", Icon: "guide"}}

// navigation is what somebody is shown, with the place they are at marked. What a
// role works at stands by itself, the rest in menus, so that the bar fits a screen
// of 1280 points for every role. Visitors have few places and need no menu.
func navigation(who access.Who, known bool, path string) []place {
	shown := shownTo(who, known, path)
	if !known {
		return shown
	}
	var out []place
	for _, p := range shown {
		if p.menu == "" {
			out = append(out, p)
		}
	}
	for _, m := range menus {
		for _, p := range shown {
			if p.menu == m.Text {
				m.Below = append(m.Below, p)
				m.Current = m.Current || p.Current
			}
		}
		switch len(m.Below) {
		case 0:
		case 1:
			out = append(out, m.Below[0])
		default:
			out = append(out, m)
		}
	}
	return out
}

// shownTo lists the places that somebody is shown.
func shownTo(who access.Who, known bool, path string) []place {
	var out []place
	best := -1
	for _, p := range places {
		if p.guests && known || !p.public && (!known || p.roles != nil && !slices.ContainsFunc(p.roles, who.Has)) {
			continue
		}
		if slices.ContainsFunc(out, func(o place) bool { return o.Path == p.Path }) {
			continue // the same place by another role's name
		}
		if at(p, path) && (best < 0 || len(p.Path) > len(out[best].Path)) {
			best = len(out)
		}
		out = append(out, p)
	}
	if best >= 0 {
		out[best].Current = true
	}
	return out
}

func at(p place, path string) bool {
	for _, base := range append([]string{p.Path}, p.also...) {
		if path == base || strings.HasPrefix(path, base+"/") {
			return true
		}
	}
	return false
}

// desks say where each role starts its day, the busiest first.
var desks = []struct {
	role access.Role
	path string
}{
	{access.Clerk, "/counter"},
	{access.Reviewer, "/work"},
	{access.Applicant, "/projects"},
	{access.Security, "/documents?state=quarantined"},
	{access.Supervisor, "/supervision"},
	{access.Lead, "/work"},
	{access.Archivist, "/archive"},
	{access.Admin, "/admin"},
	{access.Province, "/supervision/figures"},
	{access.System, "/kiosk"},
}

// deskOf is where somebody starts.
func deskOf(who access.Who) string {
	for _, d := range desks {
		if who.Has(d.role) {
			return d.path
		}
	}
	return "/guide"
}
