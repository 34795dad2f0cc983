package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"onewindow/document"
	"onewindow/ocr"
	"onewindow/storage"
)

// inspect finds out what the file really is and refuses what cannot be read.
func (w *Worker) inspect(ctx context.Context, j *job) (storage.Change, error) {
	path, giveBack, err := w.working(ctx, j.doc)
	if err != nil {
		return storage.Change{}, err
	}
	defer giveBack()
	if change, packed, err := w.unzip(ctx, j.doc, path); packed || err != nil {
		return takenApart(change, "application/zip", 0), err
	}
	facts, err := w.Room.Inspect(ctx, path, ocr.OpenOptions{Limits: w.cfg.Limits})
	if err != nil {
		return storage.Change{}, err
	}
	change, split, err := w.batch(ctx, j.doc, path, facts)
	if err != nil {
		return storage.Change{}, err
	}
	if split {
		return takenApart(change, facts.MediaType, facts.Pages), nil
	}
	kept, err := w.keepJSON(ctx, j.doc, document.ArtifactFacts, 0, facts)
	if err != nil {
		return storage.Change{}, err
	}
	origin := j.doc.Origin
	if change.Patch.Origin != nil {
		origin = *change.Patch.Origin
	}
	state := document.StateInspecting
	change.Patch.State, change.Patch.MediaType, change.Patch.Pages = &state, &facts.MediaType, &facts.Pages
	change.Patch.Findings = slices.Concat(factFindings(j.doc.Filename, facts), change.Patch.Findings, placeFindings(origin), w.batchFindings(origin.Batch, facts.Pages))
	change.Artifacts = []document.Artifact{kept}
	change.Next = []storage.NextTask{{Step: document.StepScreen, Page: 1}}
	return change, nil
}

// takenApart ends the way of a whole whose parts go on alone.
func takenApart(change storage.Change, mediaType string, pages int) storage.Change {
	state := document.StateSplit
	change.Patch.State, change.Patch.MediaType, change.Patch.Pages = &state, &mediaType, &pages
	return change
}

// factFindings tells people what inspection noticed.
func factFindings(filename string, f ocr.Facts) []document.Finding {
	out := []document.Finding{}
	add := func(code, severity, message string) {
		out = append(out, document.Finding{Code: code, Severity: severity, Message: message})
	}
	if ext := strings.ToLower(filepath.Ext(filename)); ext != "" && f.Extension != "" && !sameExtension(ext, f.Extension) {
		add("wrong_extension", "info", fmt.Sprintf("文件扩展名为 %s，实际内容是 %s，已按实际内容处理", ext, f.Extension))
	}
	if f.Signed {
		add("signed", "info", "文件带有数字签名：原件原样保存，加水印的是另存的副本")
	}
	if len(f.Active) > 0 {
		add("active_content", "info", "文件含有脚本或嵌入文件（"+strings.Join(f.Active, "、")+"），交付副本中已去除")
	}
	if f.Repaired {
		add("repaired", "info", "文件有轻微损坏，已修复后读取")
	}
	if f.Animated {
		add("animated", "warning", "动态图片只读取第一帧")
	}
	return out
}

// placeFindings tell that a file lay where no case is: it waits in the tray of its
// hall until a clerk says what it belongs to.
func placeFindings(o document.Origin) []document.Finding {
	if o.Folder == "" {
		return nil
	}
	if o.Batch != nil && o.Batch.Sheet != nil && o.Batch.Sheet.Case == o.Folder {
		return []document.Finding{{Code: "unknown_case", Severity: "info",
			Message: fmt.Sprintf("封面页上的办件编号“%s”不存在，请人工归入办件", o.Folder)}}
	}
	return []document.Finding{{Code: "unknown_case", Severity: "info",
		Message: fmt.Sprintf("文件放在热文件夹的“%s”里，但没有这个编号的办件，请人工归入办件", o.Folder)}}
}

func sameExtension(a, b string) bool {
	canonical := map[string]string{".jpeg": ".jpg", ".tiff": ".tif", ".jpe": ".jpg", ".heif": ".heic"}
	if c, ok := canonical[a]; ok {
		a = c
	}
	if c, ok := canonical[b]; ok {
		b = c
	}
	return a == b
}
