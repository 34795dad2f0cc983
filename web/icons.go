package web

import "html/template"

// icons are the paths of our own line drawings, 24 by 24. They stand beside words
// and never alone, so screen readers pass over them.
var icons = map[string]string{
	"window":     `<path d="M4 20V9a8 8 0 0 1 16 0v11z"/><path d="M12 1.5V20M4 11h16M8 20v-9M16 20v-9"/>`,
	"files":      `<path d="M7 3h7l4 4v11H7z"/><path d="M14 3v4h4M4 7v14h11"/>`,
	"file":       `<path d="M6 3h8l5 5v13H6z"/><path d="M14 3v5h5"/>`,
	"seal":       `<circle cx="12" cy="9" r="6"/><path d="m8.5 14-1.5 7 5-2.5 5 2.5-1.5-7M9.5 9l2 2 3-3.5"/>`,
	"trail":      `<path d="M6 4v16M6 6h11l-2 3 2 3H6M6 16h6"/>`,
	"gear":       `<circle cx="12" cy="12" r="3"/><path d="M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1"/>`,
	"guide":      `<path d="M4 5c3-1 6-.5 8 1 2-1.500 5-2 8-1v14c-3-1-6-.5-8 1-2-1.500-5-2-8-1zM12 6v14"/>`,
	"check":      `<path d="M12 2.500 4.500 5.500V11c0 5 3.200 8.500 7.500 10.500 4.300-2 7.500-5.500 7.500-10.500V5.500z"/><path d="m8.500 11.500 2.500 2.500 4.500-5"/>`,
	"help":       `<circle cx="12" cy="12" r="9"/><path d="M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .8-1 1.700M12 16.500v.1"/>`,
	"ok":         `<circle cx="12" cy="12" r="9"/><path d="m8 12.500 2.700 2.700L16 9.500"/>`,
	"no":         `<circle cx="12" cy="12" r="9"/><path d="m9 9 6 6M15 9l-6 6"/>`,
	"warn":       `<path d="M12 3.500 2.500 20h19z"/><path d="M12 10v4.500M12 17.200v.1"/>`,
	"info":       `<circle cx="12" cy="12" r="9"/><path d="M12 11v5.500M12 7.700v.1"/>`,
	"upload":     `<path d="M12 16V4M7.500 8.500 12 4l4.500 4.500M4 15v4.500h16V15"/>`,
	"down":       `<path d="M12 4v12M7.500 11.500 12 16l4.500-4.500M4 19.500h16"/>`,
	"search":     `<circle cx="10.500" cy="10.500" r="6.500"/><path d="m15.500 15.500 5 5"/>`,
	"print":      `<path d="M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z"/>`,
	"lock":       `<path d="M5 11h14v10H5zM8 11V7.500a4 4 0 0 1 8 0V11"/>`,
	"clock":      `<circle cx="12" cy="12" r="9"/><path d="M12 7v5.500l3.500 2"/>`,
	"wait":       `<path d="M12 3a9 9 0 1 1-8.500 6"/>`,
	"plus":       `<path d="M12 5v14M5 12h14"/>`,
	"minus":      `<path d="M5 12h14"/>`,
	"fit":        `<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>`,
	"boxes":      `<path d="M4 5h9v5H4zM11 14h9v5h-9z"/>`,
	"next":       `<path d="m9 5 7 7-7 7"/>`,
	"down-small": `<path d="m7 10 5 5 5-5"/>`,
	"back":       `<path d="m15 5-7 7 7 7"/>`,
	"person":     `<circle cx="12" cy="8" r="4"/><path d="M4.500 20.500c.8-4 3.800-6 7.500-6s6.700 2 7.500 6"/>`,
	"chain":      `<path d="M9.500 14.500 14.500 9.500M11 7l2-2a4.200 4.200 0 0 1 6 6l-2 2M13 17l-2 2a4.200 4.200 0 0 1-6-6l2-2"/>`,
	"inbox":      `<path d="M3.500 13 6 5h12l2.500 8v6h-17zM3.500 13H9l1 2.500h4l1-2.500h5.500"/>`,
	"phone":      `<path d="M5 4h4l1.500 5-2.500 1.500a11 11 0 0 0 5.500 5.500l1.500-2.500 5 1.500v4c-9 .5-15.500-6-15-15z"/>`,
	"office":     `<path d="M4 21V6l8-3 8 3v15M2 21h20M9 21v-4h6v4M8 9h1M12 9h1M16 9h1M8 13h1M12 13h1M16 13h1"/>`,
	"retry":      `<path d="M4 12a8 8 0 0 1 14-5.300L20 9M20 4v5h-5M20 12a8 8 0 0 1-14 5.300L4 15M4 20v-5h5"/>`,
	"hourly":     `<path d="M6 3h12M6 21h12M7.500 3c0 5 9 5.500 9 9s-9 4-9 9M16.500 3c0 5-9 5.500-9 9s9 4 9 9"/>`,
	"scan":       `<path d="M4 8V4h4M20 8V4h-4M4 16v4h4M20 16v4h-4M3 12h18"/>`,
	"board":      `<path d="M4 4h4.500v14H4zM9.800 4h4.500v9H9.800zM15.500 4H20v11h-4.500z"/>`,
	"chart":      `<path d="M4 20V4M4 20h16M8.500 16v-5M13 16V7.500M17.500 16v-3"/>`,
	"message":    `<path d="M4 4.500h16v12H10l-5 4v-4H4z"/>`,
}

// icon draws one; an unknown name fails when the page is first rendered in a test.
func icon(name string) (template.HTML, error) {
	d, ok := icons[name]
	if !ok {
		return "", errNoIcon(name)
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + d + `</svg>`), nil
}

type errNoIcon string

func (e errNoIcon) Error() string { return "no icon " + string(e) }
