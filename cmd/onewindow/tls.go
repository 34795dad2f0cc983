package main

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// keyPair is a certificate on disk that may be renewed while the service runs.
type keyPair struct {
	certFile, keyFile string
	mu                sync.Mutex
	read              time.Time // modification time of what is loaded
	pair              *tls.Certificate
}

// get gives the certificate of a handshake, read anew when its file has changed.
func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	info, err := os.Stat(k.certFile)
	if err == nil && k.pair != nil && info.ModTime().Equal(k.read) {
		return k.pair, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(k.certFile, k.keyFile); err == nil {
			k.pair, k.read = &pair, info.ModTime()
			return k.pair, nil
		}
	}
	if k.pair != nil {
		return k.pair, nil // half-written files: the old one serves until the new one is whole
	}
	return nil, fmt.Errorf("load TLS certificate: %w", err)
}

// tlsConfig is nil without a certificate. A certificate that cannot be read stops
// the service at once rather than at the first visitor.
func (h *house) tlsConfig() (*tls.Config, error) {
	if h.cfg.TLSCert == "" {
		return nil, nil
	}
	k := &keyPair{certFile: h.cfg.TLSCert, keyFile: h.cfg.TLSKey}
	if _, err := k.get(nil); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: k.get, NextProtos: []string{"h2", "http/1.1"}}, nil
}
