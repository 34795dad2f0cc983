package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// configCommand prints the effective options.
func configCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "config", Short: "显示生效的配置（密钥已隐去）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.cfg.Print(cmd.OutOrStdout()) },
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "显示版本", Args: cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), version) },
	}
}

// healthcheckCommand asks a running service whether it is ready, for containers.
func healthcheckCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "healthcheck", Short: "检查本机服务是否就绪", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, scheme := &http.Client{Timeout: 3 * time.Second}, "http://"
			if a.cfg.TLSCert != "" { // the certificate names the public address, not this machine
				scheme = "https://"
				client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
			}
			resp, err := client.Get(scheme + a.cfg.Listen + "/readyz")
			if err != nil {
				return exitError{exitInternal, fmt.Errorf("service does not answer on %s", a.cfg.Listen)}
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				return exitError{exitInternal, fmt.Errorf("service is not ready (%d)", resp.StatusCode)}
			}
			return nil
		},
	}
}
