package sample

import "fmt"

// classified papers carry a marking of state secrecy (G.8) and must be
// quarantined before anything is derived from them. Content and markings are
// invented like everything else here.
func classified() []maker {
	mark := func(kind, secrecy, copyNo, urgency string) maker {
		return maker{kind, "", func(p Project, d dice) Document { return secretReply(p, d, secrecy, copyNo, urgency) }}
	}
	return []maker{
		mark("secret-reply", "机密★10年", "", ""),
		mark("secret-copy-number", "秘密★5年", "000012", "特急"),
		mark("secret-top", "绝密★", "000003", "特提"),
		mark("secret-spaced", "机 密 ★ 1年", "", "加急"),
		mark("secret-until", "机密★2040年1月1日前", "", ""),
		{"secret-labelled", "", secretReport},
	}
}

// secretReply is an official letter with a marking on its first lines.
func secretReply(p Project, d dice, secrecy, copyNo, urgency string) Document {
	var doc Document
	issuer := p.cityOffice("发展和改革委员会")
	r := newReply(p, d, &doc, replyHead{issuer: issuer, docNo: replyNo(p.place.short+"发改密", p.Dates.Filing.Year(), d.between(1, 40)),
		title: "关于示例工程有关事项的批复", addressee: doc.same("builder", p.Builder.Name), secrecy: secrecy, copyNo: copyNo, urgency: urgency})
	r.para("你单位报来的请示收悉。经研究，原则同意示例工程建设方案，现批复如下：")
	r.para("一、同意按所报方案组织实施。")
	r.para("二、请严格执行保密管理规定，做好文件资料的登记、保管和清退工作。")
	r.sign(issuer, p.Dates.Filing)
	return r.finish()
}

// secretReport carries its marking as a labelled line on a cover.
func secretReport(p Project, d dice) Document {
	var doc Document
	s := a4()
	doc.Truth.Secrecy = "密级：机密"
	doc.Title = "示例工程地质勘察报告"
	s.left(30, 30, style{Sans, pt16, Black, 0}, doc.Truth.Secrecy, "")
	s.centre(30, 180, 100, style{SansBold, pt26, Black, 0.06}, doc.Title, "")
	s.centre(30, 180, 220, style{Serif, pt16, Black, 0}, p.Survey.Name, "")
	doc.Pages = []Page{s.page}
	return doc
}

// open papers hold the words of secrecy in running text and must pass.
func open() []maker {
	return []maker{
		{"open-commercial-secret", "commitment-letter", func(p Project, d dice) Document {
			m := material{by: byConstruction, words: []string{"严格保守建设单位的商业秘密，不向第三方披露。", "妥善保管图纸资料，不泄露工作秘密。"}}
			doc := drawPromise(m, p, d, "保守商业秘密承诺书")
			doc.Title = "保守商业秘密承诺书"
			return doc
		}},
		{"open-secret-room", "rd-proposal-reply", func(p Project, d dice) Document {
			p.Name = p.District + "机密设备机房建设项目"
			return lesserOf("rd-proposal-reply").draw(p, d)
		}},
		{"open-not-classified", "", func(p Project, d dice) Document {
			doc := Document{Title: "项目情况说明"}
			n := newNotice(d, &doc, noticeHead{title: doc.Title})
			n.para(fmt.Sprintf("一、%s由%s建设，位于%s。", p.Name, p.Builder.Name, p.Location))
			n.para("二、本项目不属于涉密工程，项目信息可以公开。建设单位应当遵守国家秘密管理规定。")
			n.flow.sign(d, &doc, signature{issuer: p.Builder.Name, day: p.Dates.Filing, mute: true})
			return n.finish()
		}},
	}
}

func lesserOf(kind string) lesser {
	for _, l := range lessers() {
		if l.kind == kind {
			return l
		}
	}
	panic("sample: no lesser type " + kind)
}
