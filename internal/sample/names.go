package sample

// place is a division of Hunan (GB/T 2260). Offices of an urban district put
// the city's name first; counties and county-level cities stand alone.
type place struct {
	code, city, name string
	cityCode, short  string // short is the city's letter in document numbers
}

// urban reports whether the place is a district of a city.
func (p place) urban() bool { return []rune(p.name)[len([]rune(p.name))-1] == '区' }

// long is the name as organisations of the place carry it.
func (p place) long() string {
	if p.urban() {
		return p.city + p.name
	}
	return p.name
}

var places = []place{
	{"430102", "长沙市", "芙蓉区", "430100", "长"},
	{"430103", "长沙市", "天心区", "430100", "长"},
	{"430104", "长沙市", "岳麓区", "430100", "长"},
	{"430105", "长沙市", "开福区", "430100", "长"},
	{"430111", "长沙市", "雨花区", "430100", "长"},
	{"430112", "长沙市", "望城区", "430100", "长"},
	{"430121", "长沙市", "长沙县", "430100", "长"},
	{"430181", "长沙市", "浏阳市", "430100", "长"},
	{"430211", "株洲市", "天元区", "430200", "株"},
	{"430212", "株洲市", "渌口区", "430200", "株"},
	{"430302", "湘潭市", "雨湖区", "430300", "潭"},
	{"430481", "衡阳市", "耒阳市", "430400", "衡"},
	{"430502", "邵阳市", "双清区", "430500", "邵"},
	{"430602", "岳阳市", "岳阳楼区", "430600", "岳"},
	{"430681", "岳阳市", "汨罗市", "430600", "岳"},
	{"430702", "常德市", "武陵区", "430700", "常"},
	{"430802", "张家界市", "永定区", "430800", "张"},
	{"430903", "益阳市", "赫山区", "430900", "益"},
	{"431003", "郴州市", "苏仙区", "431000", "郴"},
	{"431102", "永州市", "零陵区", "431100", "永"},
	{"431202", "怀化市", "鹤城区", "431200", "怀"},
	{"431302", "娄底市", "娄星区", "431300", "娄"},
	{"433101", "湘西土家族苗族自治州", "吉首市", "433100", "州"},
}

// Invented words: brands, streets, quarters, people.
var (
	brands = []string{"沅澜", "渌荷", "岵云", "麓砚", "汩川", "澧棠", "湄筱", "栾屿", "芷溪", "砚池", "澹湖", "枫梓", "浯岭", "潇棠", "榉原", "湘芷"}
	firms  = struct{ developer, industry, survey, design, builder, supervisor, review []string }{
		developer:  []string{"置业有限公司", "房地产开发有限公司", "城市建设投资有限公司", "产业园开发有限公司"},
		industry:   []string{"新材料科技有限公司", "智能装备制造有限公司", "生物医药有限公司", "电子科技股份有限公司"},
		survey:     []string{"岩土工程勘察有限公司", "地质勘测设计院有限公司", "工程勘察院有限公司"},
		design:     []string{"建筑设计院有限公司", "建筑规划设计有限公司", "工程设计研究院有限公司"},
		builder:    []string{"建筑工程集团有限公司", "建设集团有限公司", "第三建筑工程有限公司"},
		supervisor: []string{"工程监理有限公司", "建设项目管理有限公司", "工程咨询管理有限公司"},
		review:     []string{"施工图审查有限公司", "建设工程施工图审查中心有限公司"},
	}
	publicBodies = []string{"教育投资建设事务中心", "医疗建设项目管理中心", "城市公用设施建设事务中心"}

	streets  = []string{"云栖路", "望澜路", "砚池大道", "荷风路", "澄溪路", "芷兰大道", "梓园路", "枫桥大道", "听湖路", "文澜路"}
	quarters = []string{"科创园", "云谷中心", "芸庭小区", "芷兰雅苑", "智造产业园", "滨江广场", "文澜公馆", "梓园新居"}
	public   = []string{"第三中学新校区", "人民医院综合楼", "文化体育中心", "保障性租赁住房", "中心幼儿园", "社区养老服务中心"}

	surnames = []rune("王李张刘陈杨黄周吴胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文")
	given    = []rune("志明建国文博思远立新海涛晓峰雅琴慧敏俊杰子涵宇航嘉怡梓晨德胜春华秋实永康振宇佳宁欣然浩然泽楷书瑶若曦")
)

// person invents somebody.
func (d dice) person() string {
	name := string(pick(d, surnames)) + string(pick(d, given))
	if d.chance(0.75) {
		name += string(pick(d, given))
	}
	return name
}
