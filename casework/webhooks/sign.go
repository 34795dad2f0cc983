package webhooks

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// secretPrefix marks a secret, as Standard Webhooks has it; the rest is base64.
const secretPrefix = "whsec_"

// NewSecret makes up a secret of 32 bytes.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(b)
}

// Sign returns the signature of a call: "v1," and base64 of HMAC-SHA256 over
// "<id>.<timestamp>.<body>" (standardwebhooks.com). A secret that is not base64
// is taken as it is.
func Sign(secret, id string, at time.Time, body []byte) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		key = []byte(secret)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// setHeaders puts what receivers check on a call.
func setHeaders(h http.Header, secret, id string, at time.Time, body []byte) {
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "Onewindow-Webhooks/1")
	h.Set("Webhook-Id", id)
	h.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	h.Set("Webhook-Signature", Sign(secret, id, at, body))
}
