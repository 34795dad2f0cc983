// Command onewindow is the whole of Onewindow in one binary: the service, its
// separate processes, and the tools around them. One file per subcommand.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"onewindow/internal/config"
	"onewindow/internal/workroom"
)

// version is set at build time.
var version = "dev"

// Exit codes of the contract (design section 9).
const (
	exitOK       = 0
	exitInternal = 1
	exitUsage    = 2
	exitRefused  = 3
)

func main() {
	workroom.Main() // never returns in a child that reads foreign bytes
	os.Exit(run())
}

func run() int {
	ctx, stop := signals()
	defer stop()
	a := &app{cfg: config.Default()}
	err := root(a).ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var coded exitError
	if errors.As(err, &coded) {
		if coded.err != nil {
			fmt.Fprintln(os.Stderr, "onewindow:", coded.err)
		}
		return coded.code
	}
	fmt.Fprintln(os.Stderr, "onewindow:", err)
	if errors.Is(err, config.ErrInvalid) || !a.called {
		return exitUsage
	}
	return exitInternal
}

// exitError ends the program with a code of the contract.
type exitError struct {
	code int
	err  error // shown; nil when all was said already
}

func (e exitError) Error() string { return fmt.Sprint(e.err) }

// signals gives a context that ends with the first interrupt; the second ends
// the program at once.
func signals() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ch := make(chan os.Signal, 2)
	signal.Notify(ch, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ch
		cancel()
		<-ch
		os.Exit(130)
	}()
	return ctx, func() { signal.Stop(ch); cancel() }
}

// app is what subcommands share: the options.
type app struct {
	cfg    config.Config
	file   string
	called bool // the command line made sense and a subcommand began
}

func root(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "onewindow", Short: "工程建设项目审批“一窗受理、集成服务”",
		SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			a.called = true
			return a.cfg.Load(cmd.Flags(), a.file)
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return exitError{exitUsage, err} })
	cmd.PersistentFlags().StringVar(&a.file, "config", os.Getenv("ONEWINDOW_CONFIG"), "configuration file (YAML)")
	a.cfg.Bind(cmd.PersistentFlags())
	cmd.AddCommand(
		serveCommand(a), workerCommand(a), watchCommand(a), coversheetCommand(), processCommand(a), evalCommand(a), ingestCommand(a),
		doctorCommand(a), demoCommand(a), benchCommand(), stampCommand(a), migrateCommand(a),
		verifyCommand(a), archiveCommand(a), auditCommand(a), backupCommand(a), restoreCommand(a), requeueCommand(a), reindexCommand(a),
		tokenCommand(a), catalogueCommand(a), calendarCommand(a), learnCommand(a), openapiCommand(a), configCommand(a), healthcheckCommand(a), versionCommand(),
	)
	return cmd
}
