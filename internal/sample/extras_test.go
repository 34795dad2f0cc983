package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
)

func TestSignatureCoversTheWholeFile(t *testing.T) {
	s := openStudio(t)
	file, err := s.PDFWith(Make("rd-filing-cert", NewProject(1), 1), Extras{Signed: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Validate(bytes.NewReader(file), nil); err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`/ByteRange\[0 (\d+) (\d+) (\d+)\]/Contents<([0-9a-f]+)>`).FindSubmatch(file)
	if m == nil {
		t.Fatal("no signature")
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(string(m[i+1]))
	}
	if n[1]+n[2] != len(file) || file[n[0]] != '<' || file[n[1]-1] != '>' {
		t.Errorf("byte range %v does not cover a file of %d bytes but for its contents", n, len(file))
	}
	sum := sha256.New()
	sum.Write(file[:n[0]])
	sum.Write(file[n[1]:])
	cms, err := hex.DecodeString(string(m[4]))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(cms, sum.Sum(nil)) {
		t.Error("the signature holds another digest than the file's")
	}
}

func TestExtrasAreInTheFile(t *testing.T) {
	s := openStudio(t)
	file, err := s.PDFWith(Make("rd-filing-cert", NewProject(1), 1),
		Extras{JavaScript: "app.alert('hello')", AttachmentName: "附件.txt", Attachment: []byte("attached")})
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Validate(bytes.NewReader(file), nil); err != nil {
		t.Fatal(err)
	}
	found, err := api.Attachments(bytes.NewReader(file), nil)
	if err != nil || len(found) != 1 || found[0].FileName != "附件.txt" {
		t.Errorf("attachments %v, %v", found, err)
	}
	if !bytes.Contains(file, []byte("/OpenAction")) || !bytes.Contains(file, []byte("/S/JavaScript")) {
		t.Error("no script runs on opening")
	}
}
