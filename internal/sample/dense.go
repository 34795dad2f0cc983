package sample

// Dense makes a letter of n pages with that many characters on each, for
// measuring speed: what takes time is characters, not pages.
func Dense(pages, characters int, seed uint64) Document {
	d := newDice(seed, "dense")
	words := []rune("经审查该项目符合国家产业政策和城乡规划要求原则同意按所报方案组织实施请建设单位严格执行有关法律法规落实各项措施加强质量安全管理确保工程按期完成并及时办理后续手续本批复自印发之日起两年内有效逾期未开工建设的应当重新报批")
	const perLine = 30
	doc := Document{Kind: "dense", Title: "速度测试"}
	for range pages {
		s := a4()
		y := 25.0
		for left := characters; left > 0; left -= perLine {
			n := min(left, perLine)
			line := make([]rune, n)
			at := d.IntN(len(words))
			for i := range line {
				line[i] = words[(at+i)%len(words)]
			}
			s.left(25, y, style{Serif, pt14, Black, 0}, string(line), "")
			y += 12
		}
		doc.Pages = append(doc.Pages, s.page)
	}
	return doc
}
