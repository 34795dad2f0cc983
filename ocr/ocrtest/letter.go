package ocrtest

import (
	"image"
	"image/color"
	"testing"
)

// paragraphs are the body of the sample letter: about 600 characters of the kind
// that results of construction approval are made of. All names are invented.
var paragraphs = []string{
	"湖南示范置业有限公司：",
	"你单位报来的《关于申请核发建设工程规划许可证的请示》及相关材料收悉。根据《中华人",
	"民共和国城乡规划法》第四十条和《湖南省实施〈中华人民共和国城乡规划法〉办法》的有",
	"关规定，经审查，该项目符合城乡规划要求，现批复如下：",
	"一、项目名称：示范新城一期商业住宅小区建设项目",
	"二、项目代码：2411-430104-04-01-573921",
	"三、建设单位统一社会信用代码：91430104DEM0TE18X7",
	"四、建设地点：长沙市岳麓区示范大道128号，东临滨江路，南至学府街",
	"五、建设规模：总用地面积45,216.38平方米，总建筑面积158,730.52㎡，其中地上建筑面积",
	"118,420.16㎡，地下建筑面积40,310.36㎡，容积率2.62，建筑密度24.8%，绿地率35.1%。",
	"六、建设工期：自2024年11月25日至2027年5月31日，合同价格人民币壹亿贰仟叁佰万元整",
	"（小写：¥123,000,000.00元）。",
	"七、你单位应当严格按照批准的总平面图及建筑施工图组织建设，不得擅自变更。确需变更",
	"的，应当报我局重新审查同意后方可实施；未经验线合格的，不得开工建设。",
	"八、请你单位抓紧办理施工图设计文件审查、质量安全监督、人防工程、消防设计审查等手",
	"续，落实环境影响评价、水土保持和节能审查意见，取得施工许可证后方可开工。",
	"九、本批复自印发之日起有效期为一年。在有效期届满三十日前可以申请延续一次，逾期未",
	"申请延续的，本批复自行失效。",
}

// letter draws the sample letter on A4: red heading, document number, title,
// body, signature and date. With a seal, the seal covers signature and date.
func letter(t testing.TB, sealed bool) *sheet {
	t.Helper()
	s := newSheet(t, a4Width, a4Height)
	s.write(t, "长沙市自然资源和规划局", 560, 420, 30, red)
	s.write(t, "长规批〔2024〕318号", 930, 600, 14, black)
	s.bar(300, 650, a4Width-600, 6, red)
	s.write(t, "关于示范新城一期建设工程规划许可的批复", 520, 840, 18, black)
	y := 1000
	for _, p := range paragraphs {
		s.write(t, p, 290, y, 11.5, black)
		y += 96
	}
	s.write(t, "长沙市自然资源和规划局", 1500, y+160, 12, black)
	s.write(t, "2024年11月25日", 1620, y+260, 12, black)
	if sealed {
		s.seal(1780, y+190, 248)
	}
	return s
}

// bar draws a filled rectangle.
func (s *sheet) bar(x, y, w, h int, c color.RGBA) {
	for dy := range h {
		for dx := range w {
			if image.Pt(x+dx, y+dy).In(s.img.Rect) {
				s.img.SetRGBA(x+dx, y+dy, c)
			}
		}
	}
}

// Columns draws each label one character below the other, at growing pitch, and
// some common lines below them.
func Columns(t testing.TB, labels ...string) image.Image {
	t.Helper()
	s := newSheet(t, 1600, 1200)
	for i, label := range labels {
		y := 200
		for _, r := range label {
			s.write(t, string(r), 200+300*i, y, 12, black)
			y += 60 + 15*i
		}
	}
	s.write(t, "湖南示范置业有限公司承建的示范新城", 300, 900, 12, black)
	s.write(t, "同意该项目开工建设按图施工", 300, 1000, 12, black)
	s.write(t, "二〇二四年十一月二十五日", 300, 1100, 12, black)
	return s.img
}
