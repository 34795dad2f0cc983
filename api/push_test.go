package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"onewindow/approval"
	"onewindow/storage"
)

const (
	ecertID    = "1.2.156.3005.2.11100000000013338W009.11430100006127280L.20260315000001.001.E"
	ecertWrong = "1.2.156.3005.2.11100000000013338W009.11430100006127280L.20260315000001.001.A"
)

// certificate is a form that pushes a construction permit.
func certificate(t *testing.T, ecert, content string, values map[string]string) []part {
	t.Helper()
	b, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return []part{field("type", "rd-construction-permit"), field("ecert_id", ecert), field("project", project.Code),
		field("fields", string(b)), file("施工许可证.pdf", content)}
}

func permitFields() map[string]string { return paper("rd-construction-permit").Truth.Fields }

func with(values map[string]string, key, value string) map[string]string {
	out := map[string]string{}
	for k, v := range values {
		out[k] = v
	}
	out[key] = value
	return out
}

const certificateBytes = "%PDF-1.7 signed by the issuing unit"

func TestV2_9_PushedCertificateIsStoredBitIdentical(t *testing.T) {
	h := openHouse(t)
	var r approval.Result
	h.do(h.form("system", "/v1/certificates", "key-1", certificate(t, ecertID, certificateBytes, permitFields())...)).want(http.StatusCreated).into(&r)
	if r.Mode != approval.ModePushed || r.ECertID != ecertID || r.Unit != "housing" || r.Number != permitFields()["doc_no"] ||
		r.Project != project.Code || r.Status != approval.StatusPublished || r.Template != "" || len(r.Code) != 12 {
		t.Errorf("record %+v", r)
	}
	got := h.get("planner", "/v1/results/"+r.ID+"/file").want(http.StatusOK)
	if string(got.body) != certificateBytes || got.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("delivered %q as %s", got.body, got.header.Get("Content-Type"))
	}
	for key, f := range r.Fields {
		if f.Source != "pushed" || f.ConfirmedBy != "system" || f.ConfirmedAt == nil || !f.Valid {
			t.Errorf("field %s: %+v", key, f)
		}
	}
}

func TestW9_PushedCertificateIsNeverStamped(t *testing.T) {
	h := openHouse(t)
	var r approval.Result
	h.do(h.form("system", "/v1/certificates", "", certificate(t, ecertID, certificateBytes, permitFields())...)).want(http.StatusCreated).into(&r)
	h.work()
	if r.Delivered != r.Original {
		t.Errorf("delivered %s is not the original %s", r.Delivered, r.Original)
	}
	if n := h.blobCount(storage.Derived); n != 0 {
		t.Errorf("%d derived files were made", n)
	}
	h.get("planner", "/v1/results/"+r.ID+"/file?trace=1").want(http.StatusConflict) // a trace line would alter it
	if n := h.blobCount(storage.Derived); n != 0 {
		t.Errorf("%d derived files were made by a traced fetch", n)
	}
}

func TestV2_9_PushedTwiceIsOneRecord(t *testing.T) {
	h := openHouse(t)
	for name, key := range map[string]string{"with a key": "key-1", "by the certificate identifier": ""} {
		t.Run(name, func(t *testing.T) {
			var first, second approval.Result
			parts := certificate(t, ecertID, certificateBytes+name, with(permitFields(), "remarks", name))
			status := h.do(h.form("system", "/v1/certificates", key, parts...)).want(http.StatusCreated)
			status.into(&first)
			h.do(h.form("system", "/v1/certificates", key, parts...)).want(http.StatusOK).into(&second)
			if first.ID != second.ID || first.Code != second.Code {
				t.Errorf("records %s and %s", first.ID, second.ID)
			}
			h.do(h.form("system", "/v1/certificates", key, certificate(t, ecertID, "%PDF-other bytes", permitFields())...)).want(http.StatusConflict)
			h.do(h.form("system", "/v1/certificates", key, certificate(t, ecertID, certificateBytes+name, with(permitFields(), "scale", "别的"))...)).want(http.StatusConflict)
		})
	}
}

func TestV2_9_PushNamesEveryWrongField(t *testing.T) {
	h := openHouse(t)
	values := with(with(permitFields(), "doc_no", "123"), "nonsense", "x")
	delete(values, "builder")
	r := h.do(h.form("system", "/v1/certificates", "k", certificate(t, ecertWrong, certificateBytes, values)...)).want(http.StatusUnprocessableEntity)
	wrong := r.wrong()
	for _, f := range []string{"ecert_id", "fields.doc_no", "fields.builder", "fields.nonsense"} {
		if wrong[f] == "" {
			t.Errorf("%s is not named in %v", f, wrong)
		}
	}
	for name, parts := range map[string][]part{
		"type":     {field("type", "rd-nothing"), field("ecert_id", ecertID), file("a.pdf", certificateBytes)},
		"fields":   {field("type", "rd-construction-permit"), field("ecert_id", ecertID), field("fields", "[]"), file("a.pdf", certificateBytes)},
		"project":  append(certificate(t, ecertID, certificateBytes, permitFields()), field("project", "12")),
		"item":     append(certificate(t, ecertID, certificateBytes, permitFields()), field("item", "X")),
		"file":     certificate(t, ecertID, "GIF89a is no certificate", permitFields()),
		"ecert_id": certificate(t, "", certificateBytes, permitFields()),
	} {
		if got := h.do(h.form("system", "/v1/certificates", "", parts...)).want(http.StatusUnprocessableEntity); got.wrong()[name] == "" {
			t.Errorf("%s is not named in %s", name, got.body)
		}
	}
	empty := h.do(h.form("system", "/v1/certificates", "", certificate(t, ecertID, "", permitFields())...)).want(http.StatusUnprocessableEntity)
	if empty.wrong()["file"] != "empty" {
		t.Errorf("an empty certificate answered %s", empty.body)
	}
	if rs, err := h.records.ListResults(t.Context(), storage.ResultQuery{}); err != nil || len(rs) != 0 {
		t.Errorf("%d results were published, %v", len(rs), err)
	}
}

func TestV2_9_PushNeedsAUnit(t *testing.T) {
	h := openHouse(t)
	r := h.do(h.form("unitless", "/v1/certificates", "", certificate(t, ecertID, certificateBytes, permitFields())...)).want(http.StatusUnprocessableEntity)
	if r.wrong()["unit"] == "" {
		t.Errorf("answer %s", r.body)
	}
}
