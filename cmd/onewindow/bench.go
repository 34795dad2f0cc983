package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"onewindow/internal/bench"
	"onewindow/internal/config"
)

// benchCommand measures this program on this machine. It keeps out of the way of
// a running service: everything happens in a folder and on ports of its own.
func benchCommand() *cobra.Command {
	var o bench.Options
	cmd := &cobra.Command{
		Use: "bench", Short: "在本机测量：与裸识别引擎、qpdf、cp 同场比较", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Binary, err = os.Executable(); err != nil {
				return fmt.Errorf("find this program: %w", err)
			}
			err = bench.Run(cmd.Context(), o)
			if errors.Is(err, bench.ErrUnknown) {
				return fmt.Errorf("%w: --only: %v", config.ErrInvalid, err)
			}
			return err
		},
	}
	cmd.Flags().StringSliceVar(&o.Only, "only", nil, "measure only these: "+strings.Join(bench.Names(), ", "))
	cmd.Flags().StringVar(&o.Out, "out", "", "write the report to this file (Markdown)")
	cmd.Flags().BoolVar(&o.Short, "short", false, "small sizes: does everything work? The numbers mean little")
	return cmd
}
