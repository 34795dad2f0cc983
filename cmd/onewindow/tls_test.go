package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func writePair(t *testing.T, k *keyPair, name string, at time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(at.UnixNano()), Subject: pkix.Name{CommonName: name}, NotAfter: at.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{k.certFile: {Type: "CERTIFICATE", Bytes: der}, k.keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		var b bytes.Buffer
		if err := pem.Encode(&b, block); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(k.certFile, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestTLS_RenewedCertificateIsTaken(t *testing.T) {
	dir := t.TempDir()
	k := &keyPair{certFile: filepath.Join(dir, "cert.pem"), keyFile: filepath.Join(dir, "key.pem")}
	if _, err := k.get(nil); err == nil {
		t.Fatal("a certificate out of nothing")
	}
	now := time.Now()
	name := func() string {
		t.Helper()
		pair, err := k.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(pair.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return c.Subject.CommonName
	}
	writePair(t, k, "first", now.Add(-time.Hour))
	if got := name(); got != "first" {
		t.Errorf("serves %s", got)
	}
	writePair(t, k, "second", now)
	if got := name(); got != "second" {
		t.Errorf("serves %s after the renewal", got)
	}
	if err := os.WriteFile(k.certFile, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "second" {
		t.Errorf("serves %s while the new one is half written", got)
	}
}
