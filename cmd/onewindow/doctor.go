package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"onewindow/internal/config"
)

// doctorCommand tries everything a deployment needs. Every line says ok, or the
// problem and the fix.
func doctorCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "体检：引擎、模型、字体、文件夹、数据库、Redis、S3", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &doctor{cfg: a.cfg, out: cmd.OutOrStdout()}
			d.examine(cmd.Context())
			if d.bad > 0 {
				return exitError{exitInternal, fmt.Errorf("%d 项需要处理", d.bad)}
			}
			return nil
		},
	}
}

// doctor examines one deployment.
type doctor struct {
	cfg config.Config
	out io.Writer
	bad int
}

func (d *doctor) examine(ctx context.Context) {
	d.folders()
	d.clock()
	d.database(ctx)
	d.objects(ctx)
	d.redis(ctx)
	d.reading(ctx)
}

// report prints one line. fix is shown only when something is wrong.
func (d *doctor) report(what string, err error, fix string) {
	if err == nil {
		fmt.Fprintf(d.out, "正常  %s\n", what)
		return
	}
	d.bad++
	fmt.Fprintf(d.out, "问题  %s：%v\n      处理：%s\n", what, err, fix)
}

// note prints a line about something that is merely less good.
func (d *doctor) note(what, why string) { fmt.Fprintf(d.out, "提示  %s：%s\n", what, why) }

// folders tries what the service does in its folders.
func (d *doctor) folders() {
	for _, f := range []struct{ name, path string }{{"数据文件夹", d.cfg.DataDir}, {"热文件夹", d.cfg.Inbox}} {
		path, err := filepath.Abs(f.path)
		if err == nil {
			err = tryFolder(path)
		}
		d.report(f.name+" "+path, err, "给运行 onewindow 的用户读、写、改名、删除权限：chown -R <用户> "+path)
		d.space(f.name, path)
	}
}

// tryFolder creates, syncs, renames and deletes a file.
func tryFolder(path string) error {
	if err := os.MkdirAll(path, 0o750); err != nil {
		return errors.New("不能创建文件夹")
	}
	f, err := os.CreateTemp(path, ".doctor-")
	if err != nil {
		return errors.New("不能创建文件")
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString("体检")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.New("不能写入或落盘")
	}
	renamed := f.Name() + ".renamed"
	if err := os.Rename(f.Name(), renamed); err != nil {
		return errors.New("不能改名")
	}
	if err := os.Remove(renamed); err != nil {
		return errors.New("不能删除")
	}
	return nil
}

// clock looks for a clock that was never set. Leases use the database's clock;
// dates on documents use this one.
func (d *doctor) clock() {
	var err error
	now := time.Now()
	if now.Year() < 2026 {
		err = fmt.Errorf("系统时间是 %s", now.Format(time.DateTime))
	}
	d.report("时钟 "+now.In(time.FixedZone("Asia/Shanghai", 8*3600)).Format("2006-01-02 15:04:05")+"（北京时间）", err, "启用时间同步：timedatectl set-ntp true")
}
