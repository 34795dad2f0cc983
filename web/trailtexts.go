package web

import (
	"strings"

	"onewindow/approval/progress"
)

// actionWords says an action of the trail: in its own words, else what (a register)
// and what was done to it. One without words stands as it is.
func actionWords(action string) []string {
	if text, ok := actionTexts[action]; ok {
		return []string{text}
	}
	subject, verb, _ := strings.Cut(action, ".")
	what, done := subjectTexts[subject], verbTexts[verb]
	if subject == "case_item" {
		done = progress.Action(verb).Text()
	}
	if what == "" || done == "" {
		return []string{action}
	}
	return []string{what, done}
}

// actionTexts are the actions that are said in their own words.
var actionTexts = map[string]string{
	"session.open": "登录", "session.close": "退出", "session.denied": "登录被拒", "token.open": "令牌启用", "token.issue": "发放令牌", "token.denied": "令牌被拒",
	"account.create": "建立账号", "account.change": "修改账号", "account.update": "修改账号",
	"document.received": "收件", "document.receive": "收件", "document.read": "查看文件", "document.page.read": "查看页面图像", "document.text.read": "查看识别文字", "document.original.read": "下载原件",
	"document.confirm": "确认数据", "document.reject": "不予采用", "document.cancel": "撤回", "document.discard": "删除扫描件", "document.retry": "重试", "document.unlock": "打开加密文件",
	"document.requeue": "重新处理停下的步骤", "document.reprocess": "重新识别", "document.split": "拆分文件", "document.join": "合并文件", "document.search": "检索到文件",
	"document.release": "解除隔离", "document.purge": "销毁文件", "document.purge.start": "开始销毁文件", "document.quarantine": "隔离",
	"result.publish": "发布成果", "result.read": "查看成果", "result.push": "推送成果", "result.generate": "按模板生成成果", "result.supersede": "替换成果", "result.copy": "留痕副本",
	"result.file.read": "下载成果文件", "result.file.traced": "下载留痕副本", "result.original.read": "下载成果原件", "result.revoke": "撤销成果", "result.link": "关联项目",
	"basis.rely": "引用依据", "basis.read": "查看依据",
	"project.register": "登记项目", "case.start": "开始申报", "case.change": "修改申报", "case.submit": "提交申报", "case.confirm": "业务单位确认材料", "case.archive": "导出归档包",
	"case.file": "归入清单", "case.refile": "改归清单", "case.unfile": "移出清单", "case.promise.refused": "当场告知不适用承诺",
	"case_item.recompute": "期限随日历重算", "case_item.reroute": "转送办理单位",
	"notice.issue": "签发文书", "notice.serve": "送达文书", "notice.template.draft": "起草文书模板", "notice.template.draft.done": "文书模板草稿已发布", "notice.template.publish": "发布文书模板",
	"catalogue.publish": "发布目录", "window.rules": "修订窗口规则", "setting.save": "修改设置", "supervision.weights": "调整考核权重", "supervision.export": "导出统计", "issuance.labels": "导出邮寄面单", "milestone.keep": "记录阶段目标",
	"hotfolder.retry": "热文件夹重试", "webhook.remove": "取消订阅", "webhook.replay": "补发事件", "webhook.test": "试发事件", "training.attendance.read": "查看签到",
	"learning.model": "保存分类模型", "learning.train": "训练分类模型", "learning.evaluate": "评估分类模型", "learning.promote": "采用分类模型", "learning.rollback": "退回分类模型",
	"learning.threshold": "设定识别阈值", "learning.measure": "计算识别准确率",
}

// subjectTexts name the registers, verbTexts what is done to their entries.
var (
	subjectTexts = map[string]string{
		"assistance": "帮办代办", "complaint": "投诉", "consultation": "咨询", "coordination": "督促协调", "coordination_matter": "综合协调", "inquiry": "一次征询",
		"inquiry_reply": "征询反馈", "issuance": "出件", "handover": "转交清单", "payment": "缴费", "promise": "承诺", "training": "培训", "enrolment": "培训报名",
		"staff": "人员", "hall": "大厅", "window": "窗口", "device": "设备", "issue": "问题反映", "milestone": "阶段目标", "responsibility": "责任分工", "case_item": "事项",
	}
	verbTexts = map[string]string{
		"answer": "答复", "appoint": "任命", "ask": "提出", "assign": "分派", "attend": "签到", "cancel": "取消", "close": "了结", "end": "结束", "enrol": "报名",
		"health": "报告状态", "keep": "记录", "make": "作出", "meet": "会商", "note": "记事", "notify": "通知", "open": "发起", "overdue": "逾期", "publish": "发布",
		"raise": "提出", "ready": "到件", "receive": "签收", "relieve": "解除", "reply": "反馈", "report": "上报", "request": "申请", "send": "送交", "settle": "确定",
		"register": "登记", "rate": "评价", "wrong_code": "取件码不符", "delivered": "送达", "mail": "邮寄", "undeliverable": "无法送达", "print": "打印", "choose": "选择领取方式",
		"unlock": "解除锁定", "remind": "提醒", "extend": "延期", "break": "认定未履行", "repair": "信用修复", "lapse": "终止", "doubt": "提出疑问", "escalate": "转业务单位",
		"paid": "缴清", "waive": "减免", "refund": "退款", "give": "交付", "warn": "提醒", "due": "到期", "recompute": "期限随日历重算",
	}
)
