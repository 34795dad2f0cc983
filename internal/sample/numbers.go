package sample

import "fmt"

// number gives the project its code and its documents their numbers.
func (p *Project) number(d dice) {
	t, county := p.Dates, p.Division
	plan := p.planningDivision()
	short := p.place.short
	inBrackets := orEmpty(p.place.urban(), "（"+trimLast(p.place.name)+"）")
	p.Code = projectCode(t.Filing, county, "04", "01", d.IntN(100000))
	p.Parcel = fmt.Sprintf("〔%d〕%s挂%03d号", t.LandContract.Year(), trimLast(p.City), d.between(1, 180))
	p.UnitNo = realEstateUnit(county, d.between(1, 40), d.between(1, 60), d.between(1, 900), 0)

	national := d.chance(0.5) // the forms with letters came in 2023
	letters := func(s string) string { return orEmpty(national, s) }
	serial := func() int {
		if national {
			return d.between(1, 99999)
		}
		return 10000 + d.between(1, 400)
	}
	n := &p.Numbers
	n.Preexam = planningNo("用", plan, t.Preexam.Year(), letters("XS"), serial())
	n.LandUse = planningNo("地", plan, t.LandUse.Year(), letters("YG"), serial())
	n.Engineering = planningNo("建", plan, t.Engineering.Year(), letters("GG"), serial())
	n.PlanningVerify = planningNo("核", plan, t.PlanningVerify.Year(), "", 10000+d.between(1, 400))
	n.LandSupervision = fmt.Sprintf("%s%dB%05d", county, t.LandContract.Year(), d.between(1, 3000))
	n.LandContract = fmt.Sprintf("湘%s国土出让〔%d〕%d号", short, t.LandContract.Year(), d.between(1, 300))
	n.LandAllocation = fmt.Sprintf("%s%dA%05d", county, t.LandContract.Year(), d.between(1, 900))
	n.RealEstate = fmt.Sprintf("湘（%d）%s不动产权第%07d号", t.RealEstate.Year(), p.registryPlace(), d.between(1000, 99999))
	n.Scheme = replyNo(short+"资规方案", t.Scheme.Year(), d.between(3, 200))
	n.DefenceOpinion = replyNo(short+"人防审", t.DefenceOpinion.Year(), d.between(3, 90))
	n.DrawingReview = fmt.Sprintf("%s-%d-%05d", plan, t.DrawingReview.Year(), d.between(1, 900))
	n.FireDesign = fmt.Sprintf("%s住建消审字〔%d〕第%04d号", short, t.FireDesign.Year(), d.between(1, 300))
	n.FireDesignVoucher = fmt.Sprintf("%s住建消审凭字〔%d〕第%04d号", short, t.FireDesign.Year(), d.between(1, 300))
	n.FireAccept = fmt.Sprintf("%s住建消验字〔%d〕第%04d号", short, t.FireAccept.Year(), d.between(1, 300))
	n.FireAcceptVoucher = fmt.Sprintf("%s住建消验凭字〔%d〕第%04d号", short, t.FireAccept.Year(), d.between(1, 300))
	n.EIA = replyNo(short+"环评"+inBrackets, t.EIA.Year(), d.between(3, 120))
	n.Feasibility = replyNo(short+"发改", t.Feasibility.Year(), d.between(3, 300))
	n.Proposal = replyNo(short+"发改审", t.Proposal.Year(), d.between(3, 300))
	n.Permit = permitNo(county, t.Permit, d.between(1, 6), "01")
	n.Joint = fmt.Sprintf("%s-LY-%d-%04d", county, t.Joint.Year(), d.between(1, 200))
	n.Completion = fmt.Sprintf("%s-%d-%04d", county, t.Completion.Year(), d.between(1, 200))
}

// planningDivision is where planning certificates are issued: the city for
// urban districts, the county itself otherwise.
func (p Project) planningDivision() string {
	if p.place.urban() {
		return p.place.cityCode
	}
	return p.Division
}

// cityOffice names an office of the city (or of the county that stands alone).
func (p Project) cityOffice(name string) string {
	if p.place.urban() {
		return p.City + name
	}
	return p.District + name
}

// districtOffice names an office of the district or county.
func (p Project) districtOffice(name string) string { return p.place.long() + name }

func (p Project) registryPlace() string {
	if p.place.urban() {
		return p.City
	}
	return p.District
}

func trimLast(s string) string {
	r := []rune(s)
	return string(r[:len(r)-1])
}
