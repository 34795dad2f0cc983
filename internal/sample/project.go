package sample

import (
	"fmt"
	"math"
	"time"
)

// Project is one invented construction project, from filing to handover. All
// documents made from it agree with each other: names, codes, areas, numbers,
// dates in their order.
type Project struct {
	Seed       uint64
	Government bool   // 政府投资: replies instead of a filing, land allocated
	Name       string // 项目名称
	Works      string // 工程名称 on the construction permit
	Code       string // 项目代码
	Division   string // GB/T 2260 of the district or county
	City       string
	District   string
	Location   string

	Builder, Survey, Design, Construction, Supervision, Review      Organisation
	SurveyLeader, DesignLeader, ConstructionLeader, ChiefSupervisor string
	Contact, Phone                                                  string
	LandArea, FloorArea, AreaAbove, AreaBelow, DefenceArea, Height  float64 // m², m
	FloorsAbove, FloorsBelow, Buildings                             int
	Structure, Use, LandUse, LandMode, Nature                       string
	PlotRatio                                                       float64
	Investment                                                      int64   // 总投资, 万元
	LandPrice                                                       int64   // 出让价款, 元
	ContractPrice                                                   float64 // 合同价格, 万元
	ContractDays                                                    int
	Parcel, UnitNo                                                  string // 宗地编号, 不动产单元号
	Dates                                                           Dates
	Numbers                                                         Numbers

	place place
}

// Dates are the milestones of a project, in order of time where the procedure
// demands it. Midnight UTC stands for the date on paper.
type Dates struct {
	Filing, Proposal, Feasibility, Preexam, EIA, LandContract, LandUse, RealEstate, Scheme, DefenceOpinion,
	Engineering, DrawingReview, FireDesign, Permit, Start, Finish, FireAccept, PlanningVerify, Joint, Completion time.Time
}

// Numbers are what the documents of a project are numbered.
type Numbers struct {
	Preexam, LandContract, LandSupervision, LandAllocation, LandUse, RealEstate, Scheme, DefenceOpinion,
	Engineering, DrawingReview, FireDesign, FireDesignVoucher, EIA, Feasibility, Proposal, Permit,
	FireAccept, FireAcceptVoucher, PlanningVerify, Joint, Completion string
}

// NewProject invents the project of a seed. It is filed in the twelve months
// from June 2023 and finished within three years.
func NewProject(seed uint64) Project {
	d := newDice(seed, "start")
	return NewProjectAt(seed, time.Date(2023, 6, 1+d.IntN(300), 0, 0, 0, 0, time.UTC))
}

// NewProjectAt is NewProject with the day of filing given.
func NewProjectAt(seed uint64, filed time.Time) Project {
	d := newDice(seed, "project")
	p := Project{Seed: seed, Government: d.chance(0.35), place: pick(d, places)}
	p.Division, p.City, p.District = p.place.code, p.place.city, p.place.name
	p.situate(d)
	p.measure(d)
	p.staff(d)
	p.Dates = schedule(d, filed)
	p.number(newDice(seed, "numbers"))
	return p
}

// situate names the project and puts it on a street corner.
func (p *Project) situate(d dice) {
	brand := pick(d, brands)
	phase := pick(d, []string{"", "", "一期", "二期", "（一期）"})
	switch {
	case p.Government:
		p.Name = p.place.name + brand + pick(d, public) + "建设项目"
		p.Use, p.LandUse = "公共建筑", "公共管理与公共服务用地"
	case d.chance(0.3):
		p.Name = fmt.Sprintf("年产%d万套%s项目", d.between(1, 80), pick(d, []string{"智能终端组件", "新能源汽车电驱总成", "医用耗材", "精密结构件"}))
		p.Use, p.LandUse = "工业厂房", "工业用地"
	default:
		p.Name = brand + pick(d, quarters) + phase + "项目"
		p.Use, p.LandUse = pick(d, [][2]string{{"住宅", "城镇住宅用地"}, {"商业、办公", "商务金融用地"}, {"住宅及配套", "城镇住宅用地、零售商业用地"}})[0], "城镇住宅用地"
		if p.Use == "商业、办公" {
			p.LandUse = "商务金融用地"
		}
	}
	a, b := d.IntN(len(streets)), d.IntN(len(streets)-1)
	if b >= a {
		b++
	}
	side := pick(d, []string{"以东、%s以南", "以西、%s以北", "与%s交汇处西南角", "以南、%s以东"})
	p.Location = p.place.long() + streets[a] + fmt.Sprintf(side, streets[b])
	p.LandMode, p.Nature = "出让", "新建"
	if p.Government {
		p.LandMode = "划拨"
	}
}

func (p *Project) measure(d dice) {
	p.LandArea = round2(float64(d.between(8000, 96000)) + d.Float64())
	p.PlotRatio = float64(d.between(12, 32)) / 10
	p.FloorsAbove, p.FloorsBelow, p.Buildings = d.between(5, 33), d.between(1, 2), d.between(1, 12)
	if p.Use == "工业厂房" {
		p.PlotRatio, p.FloorsAbove = float64(d.between(10, 20))/10, d.between(1, 5)
	}
	p.AreaAbove = round2(p.LandArea * p.PlotRatio * (0.9 + 0.09*d.Float64()))
	p.AreaBelow = round2(p.LandArea * (0.2 + 0.5*d.Float64()))
	p.FloorArea = round2(p.AreaAbove + p.AreaBelow)
	p.DefenceArea = round2(p.AreaAbove * 0.05)
	p.Height = round2(float64(p.FloorsAbove)*3.1 + 1.5 + d.Float64())
	p.Structure = pick(d, []string{"框架剪力墙结构", "剪力墙结构", "框架结构", "钢框架结构"})
	p.Investment = int64(p.FloorArea*float64(d.between(3200, 6800))/10000) / 10 * 10
	p.LandPrice = int64(p.LandArea) * int64(d.between(1800, 9000)) / 10000 * 10000
	p.ContractPrice = round2(p.FloorArea * float64(d.between(2100, 3600)) / 10000)
	p.ContractDays = d.between(13, 24) * 30
}

func (p *Project) staff(d dice) {
	r := d.IntN(len(brands))
	kinds := firms.developer
	if p.Use == "工业厂房" {
		kinds = firms.industry
	}
	p.Builder = d.firm(p.place, r, kinds)
	if p.Government {
		p.Builder = d.register(p.place, p.place.long()+pick(d, publicBodies), "12", r)
	}
	p.Survey = d.firm(p.place, r+1, firms.survey)
	p.Design = d.firm(p.place, r+2, firms.design)
	p.Construction = d.firm(p.place, r+3, firms.builder)
	p.Supervision = d.firm(p.place, r+4, firms.supervisor)
	p.Review = d.firm(p.place, r+5, firms.review)
	p.SurveyLeader, p.DesignLeader, p.ConstructionLeader, p.ChiefSupervisor = d.person(), d.person(), d.person(), d.person()
	p.Contact, p.Phone = d.person(), fmt.Sprintf("0731-8000%04d", d.IntN(10000))
	buildings := pick(d, []string{"", fmt.Sprintf("1#～%d#栋及地下室", p.Buildings+1), "主体工程", "A区"})
	p.Works = p.Name + buildings
}

// schedule sets the milestones one after the other.
func schedule(d dice, filed time.Time) Dates {
	at := filed
	next := func(lo, hi int) time.Time {
		at = workday(at.AddDate(0, 0, d.between(lo, hi)))
		return at
	}
	var s Dates
	s.Filing = workday(filed)
	s.Proposal = s.Filing
	at = s.Filing
	s.Preexam = next(10, 30)
	s.Feasibility = next(5, 20)
	s.LandContract = next(10, 30)
	s.LandUse = next(10, 25)
	s.EIA = next(3, 15)
	s.RealEstate = next(5, 20)
	s.Scheme = next(10, 25)
	s.DefenceOpinion = next(3, 10)
	s.Engineering = next(5, 15)
	s.DrawingReview = next(10, 25)
	s.FireDesign = next(3, 12)
	s.Permit = next(3, 12)
	s.Start = next(3, 20)
	s.Finish = next(380, 560)
	s.PlanningVerify = next(5, 20)
	s.FireAccept = next(2, 8)
	s.Joint = next(2, 8)
	s.Completion = next(2, 10)
	return s
}

// workday moves a weekend to the Monday after it.
func workday(t time.Time) time.Time {
	switch t.Weekday() {
	case time.Saturday:
		return t.AddDate(0, 0, 2)
	case time.Sunday:
		return t.AddDate(0, 0, 1)
	}
	return t
}

func round2(f float64) float64 { return math.Round(f*100) / 100 }
