package sample

import "fmt"

// drawings are maps and plans: lines, few words, a title block.
func drawings() []material {
	return []material{
		{"site-map", []string{"%s用地红线图", "%s拟选位置示意图"}, drawPlan, bySurvey, []string{"比例尺1:1000", "2000国家大地坐标系"}},
		{"engineering-drawing", []string{"建筑设计总说明", "%s单体平面图"}, drawPlan, byDesign, []string{"比例1:100", "图号建施-01"}},
		{"construction-drawing", []string{"施工图设计图纸目录", "%s施工图设计说明"}, drawPlan, byDesign, []string{"图号结施-01", "结构设计总说明"}},
		{"completion-drawing", []string{"%s竣工图"}, drawPlan, byConstruction, []string{"竣工图章", "图号竣-01"}},
	}
}

// drawPlan sets an A3 sheet: building outlines, dimensions, the block at the lower right.
func drawPlan(m material, p Project, d dice, title string) Document {
	var doc Document
	s := newSheet(420, 297)
	s.frame(25, 10, 385, 277, 0.7, Black)
	var lines path
	for range d.between(4, 9) {
		x, y := 45+d.Float64()*220, 40+d.Float64()*170
		w, h := 25+d.Float64()*50, 12+d.Float64()*25
		lines.addStroke([]point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}, 0.35)
	}
	lines.addStroke([]point{{40, 30}, {335, 36}, {330, 250}, {44, 258}, {40, 30}}, 0.5)
	s.add(Shape{lines, Black})
	s.centre(60, 330, 268, style{Sans, pt16, Black, 0.1}, title, "")
	g := &grid{s: s, x: 340, y: 200, line: 0.35, ink: Black, pad: 1.2}
	st := style{Sans, pt9, Black, 0}
	for _, r := range []pair{
		{"设计单位", m.by(p), ""}, {"建设单位", doc.same("builder", p.Builder.Name), "builder"},
		{"工程名称", doc.same("project_name", p.Name), "project_name"}, {"图名", title, ""},
		{"备注", m.words[0], ""}, {"说明", m.words[1], ""}, {"日期", paperDate(p.Dates.Scheme), ""},
	} {
		g.row(10, cell{r.label, "", 18, st, alignCentre}, cell{r.value, r.field, 52, st, alignLeft})
	}
	s.left(345, 30, style{Sans, pt22, Black, 0}, "北", "")
	s.left(345, 44, st, fmt.Sprintf("总用地面积：%s㎡", number(p.LandArea)), "")
	s.add(officeSeal(d, 375, 180, m.by(p), "出图专用章"))
	doc.Pages = []Page{s.page}
	return doc
}
