package pagesource

import (
	"fmt"

	"onewindow/document"
)

// What people are told. Each sentence says what is wrong, then what to do.
const (
	sayEmpty     = "文件是空的（0 字节）。请检查原文件，重新扫描或重新上传。"
	sayZeros     = "文件内容全部为零，多半是没有拷贝完。请重新拷贝或重新上传。"
	sayNoPages   = "文件里没有任何页面。请检查原文件，重新导出或重新扫描后上传。"
	sayTruncated = "文件不完整，可能没有传完或扫描中断。请重新扫描或重新上传。"
	sayCorrupt   = "文件已损坏，无法读取。请重新导出或重新扫描后上传。"
	sayPage      = "第 %d 页已损坏，无法读取。请重新导出或重新扫描该页后上传。"
	sayPassword  = "文件设有打开密码。请提供密码，或去掉密码后重新上传。"
	sayWrongPass = "密码不对，无法打开文件。请核对密码，或去掉密码后重新上传。"
	sayRights    = "文件使用了证书加密或版权保护，无法读取。请向出具单位索取未加密的文件，或打印后扫描上传。"
	sayPixels    = "图片尺寸过大（%d × %d 像素），超过系统上限。请以 300 dpi 重新扫描，或缩小后上传。"
	sayPages     = "文件共 %d 页，超过上限 %d 页。请拆分成几个文件后上传。"
	sayObjects   = "文件内部对象过多，超过系统上限。请重新导出或打印为 PDF 后上传。"
	sayBomb      = "文件解压后的数据过大，超过系统上限。请重新导出或重新扫描后上传。"
)

func refuseEmpty(detail string) error {
	return document.Refuse(document.CodeEmpty, sayEmpty, "%s", detail)
}

func refuseZeros(size int64) error {
	return document.Refuse(document.CodeCorrupt, sayZeros, "%d bytes, all zero", size)
}

func refuseTruncated(format string, args ...any) error {
	return document.Refuse(document.CodeCorrupt, sayTruncated, format, args...)
}

func refuseCorrupt(format string, args ...any) error {
	return document.Refuse(document.CodeCorrupt, sayCorrupt, format, args...)
}

func refusePage(n int, format string, args ...any) error {
	return document.Refuse(document.CodeCorrupt, fmt.Sprintf(sayPage, n), format, args...)
}

func refuseUnsupported(message, format string, args ...any) error {
	return document.Refuse(document.CodeUnsupported, message, format, args...)
}

func refusePixels(w, h int, limit int64) error {
	return document.Refuse(document.CodeTooLarge, fmt.Sprintf(sayPixels, w, h),
		"%d x %d pixels are more than %d", w, h, limit)
}

func refusePages(n, limit int) error {
	return document.Refuse(document.CodeTooLarge, fmt.Sprintf(sayPages, n, limit),
		"%d pages are more than %d", n, limit)
}

// checkPixels refuses a picture before it is decoded.
func checkPixels(w, h int, limit int64) error {
	if w <= 0 || h <= 0 {
		return refuseCorrupt("picture of %d x %d pixels", w, h)
	}
	if int64(w) > limit/int64(h) {
		return refusePixels(w, h, limit)
	}
	return nil
}
