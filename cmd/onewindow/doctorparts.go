package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"onewindow/document"
	"onewindow/internal/resources"
	"onewindow/internal/workroom"
	"onewindow/ocr"
	"onewindow/pipeline/asynqueue"
	"onewindow/stamp"
	"onewindow/storage"
	"onewindow/storage/sqlstore"
)

// enoughSpace is what should be free for a day's scans.
const enoughSpace = 2 << 30

func (d *doctor) space(name, path string) {
	var st syscall.Statfs_t
	if syscall.Statfs(path, &st) != nil {
		return
	}
	free := int64(st.Bavail) * int64(st.Bsize)
	var err error
	if free < enoughSpace {
		err = fmt.Errorf("只剩 %d MB", free>>20)
	}
	d.report(fmt.Sprintf("%s剩余空间 %d GB", name, free>>30), err, "清理磁盘，或把 --data-dir 指到更大的盘")
}

func (d *doctor) database(ctx context.Context) {
	name := "数据库（SQLite）"
	fix := "检查数据文件夹的权限和剩余空间"
	if d.cfg.Postgres != "" {
		name, fix = "数据库（PostgreSQL）", "检查 --postgres 的地址、账号和网络；账号需要建表权限"
	}
	s, err := sqlstore.Open(ctx, sqlstore.Options{DSN: dsn(d.cfg), Patience: 2 * time.Second})
	if err == nil {
		err = errors.Join(s.Ping(ctx), s.Close())
	}
	d.report(name, err, fix)
}

func (d *doctor) objects(ctx context.Context) {
	blobs, err := openBlobs(d.cfg)
	if err != nil {
		d.report("文件存储", err, "检查 --s3-* 选项或数据文件夹")
		return
	}
	for _, s := range probeSteps(ctx, blobs) {
		if s.Err != nil && s.Tolerable {
			d.note("文件存储："+probeText(s.Name), s.Err.Error())
			continue
		}
		d.report("文件存储："+probeText(s.Name), s.Err, "检查存储桶是否存在、密钥权限（读写、条件写）和网络")
	}
}

// probeSteps are the driver's own tries where it has some: they hold the general
// ones.
func probeSteps(ctx context.Context, blobs storage.Blobs) []storage.ProbeStep {
	if p, ok := blobs.(storage.Prober); ok {
		return p.Probe(ctx)
	}
	return storage.ProbeBlobs(ctx, blobs)
}

func (d *doctor) redis(ctx context.Context) {
	if d.cfg.Redis == "" {
		d.report("Redis（进程内，无需配置）", nil, "")
		return
	}
	opt, err := asynqueue.ParseURL(d.cfg.Redis)
	if err != nil {
		d.report("Redis", err, "地址形如 redis://:密码@主机:6379/0")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	p, err := asynqueue.ProbeRedis(ctx, opt)
	d.report("Redis 连接", err, "检查 --redis 的地址、密码和网络")
	if err != nil {
		return
	}
	if p.EvictPolicy != "" && p.EvictPolicy != "noeviction" {
		err = fmt.Errorf("maxmemory-policy 是 %s", p.EvictPolicy)
	}
	d.report("Redis 不丢数据（noeviction）", err, "在 redis.conf 设 maxmemory-policy noeviction")
}

// reading stamps a Chinese sample and reads it back with both engines: fonts,
// models, rooms and engines all have to work for that.
func (d *doctor) reading(ctx context.Context) {
	font, err := resources.Font()
	d.report("中文字体 "+filepath.Base(font), err, "apt-get install fonts-noto-cjk")
	_, err = resources.Path("models")
	d.report("识别模型", err, "在源码目录运行 make build；或把 ONEWINDOW_SHARE 指到 share/onewindow")
	if err != nil {
		return
	}
	room, err := workroom.New(ctx, workroom.Config{PageChildren: 1})
	if err != nil {
		d.report("隔离室", err, "检查可执行文件所在文件夹的权限")
		return
	}
	defer room.Close()
	if status, err := room.Status(ctx); err == nil && status.Cold != "" {
		d.note("编译缓存", status.Cold)
	}
	dir, err := os.MkdirTemp("", "onewindow-doctor-")
	if err != nil {
		d.report("临时文件夹", err, "检查 TMPDIR")
		return
	}
	defer os.RemoveAll(dir)
	sample := filepath.Join(dir, "sample.pdf")
	_, err = stamp.Preview(ctx, room, sample, stamp.SampleMark(d.cfg.BaseURL), stamp.DefaultTemplate())
	d.report("水印", err, "apt-get install qpdf fonts-noto-cjk")
	if err != nil {
		return
	}
	for _, engine := range []string{workroom.EnginePPOCR, workroom.EngineTesseract} {
		d.readBack(ctx, room, sample, engine)
	}
}

// markWords stand in every mark.
const markWords = "审批成果扫描件"

func (d *doctor) readBack(ctx context.Context, room *workroom.Room, sample, engine string) {
	began := time.Now()
	page, err := room.ReadPage(ctx, sample, 1, engine, ocr.OpenOptions{})
	took := time.Since(began).Round(time.Millisecond)
	if err == nil && engine == workroom.EnginePPOCR && !strings.Contains(squeeze(page), markWords) {
		err = errors.New("样张读回的文字不对")
	}
	d.report(fmt.Sprintf("识别引擎 %s（读一页 %s）", engine, took), err,
		"ppocr：重新运行 make build；tesseract：apt-get install tesseract-ocr tesseract-ocr-chi-sim")
}

func squeeze(p document.Page) string { return strings.Join(strings.Fields(p.Text()), "") }

// probeText says in Chinese what a probe of the blob store tried.
func probeText(name string) string {
	if text, ok := probeTexts[name]; ok {
		return text
	}
	return name
}

var probeTexts = map[string]string{
	"free room": "剩余空间", "hard links": "硬链接", "extended attributes": "扩展属性", "bucket": "存储桶",
	"conditional write": "条件写", "upload in parts": "分段上传", "list unfinished uploads": "列出未完成的上传",
	"write": "写入", "write again": "重复写入", "read back": "读回核对", "read range": "按段读取", "delete": "删除", "gone": "删除后不可见",
}
