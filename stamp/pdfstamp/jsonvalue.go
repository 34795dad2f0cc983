package pdfstamp

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// The value forms of qpdf JSON version 2: "/Name", "u:text", "b:hex", "7 0 R",
// numbers, booleans, null, arrays, objects with "/Key" keys. Names that are not
// UTF-8 are "n:/Name" in PDF notation to later qpdf 11, and their bare bytes, which
// is no JSON, to earlier ones.

// foreignByte + b stands for the byte b of a name while Go reads the JSON.
const foreignByte = '\U0010FF00'

// protect makes JSON of what earlier qpdf 11 writes.
func protect(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	var out bytes.Buffer
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			out.WriteRune(foreignByte + rune(text[0]))
		} else {
			out.Write(text[:n])
		}
		text = text[n:]
	}
	return out.Bytes()
}

// restore undoes protect in a name.
func restore(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return r >= foreignByte }) {
		return name
	}
	var out []byte
	for _, r := range name {
		if r >= foreignByte {
			out = append(out, byte(r-foreignByte))
		} else {
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}

func parseJSONValue(raw json.RawMessage) (types.Object, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return fromJSON(v)
}

func fromJSON(v any) (types.Object, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case bool:
		return types.Boolean(v), nil
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return types.Integer(n), nil
		}
		f, err := v.Float64()
		return types.Float(f), err
	case string:
		return fromJSONString(v)
	case []any:
		a := make(types.Array, len(v))
		for i, e := range v {
			var err error
			if a[i], err = fromJSON(e); err != nil {
				return nil, err
			}
		}
		return a, nil
	case map[string]any:
		d := make(types.Dict, len(v))
		for key, e := range v {
			o, err := fromJSON(e)
			if err != nil {
				return nil, err
			}
			if o != nil {
				d[nameOf(key)] = o
			}
		}
		return d, nil
	}
	return nil, fmt.Errorf("unexpected %T", v)
}

// nameOf strips the marks of a name. The "n:" form holds bytes in PDF notation.
func nameOf(s string) string {
	if raw, ok := strings.CutPrefix(s, "n:/"); ok {
		if decoded, err := types.DecodeName(raw); err == nil {
			return decoded
		}
		return raw
	}
	return restore(strings.TrimPrefix(s, "/"))
}

func fromJSONString(s string) (types.Object, error) {
	switch {
	case strings.HasPrefix(s, "u:"):
		return textString(s[2:]), nil
	case strings.HasPrefix(s, "b:"):
		return types.HexLiteral(s[2:]), nil
	case strings.HasPrefix(s, "/"), strings.HasPrefix(s, "n:/"):
		return types.Name(nameOf(s)), nil
	}
	if ref, ok := parseReference(s); ok {
		return ref, nil
	}
	return nil, fmt.Errorf("unexpected string %.20q", s)
}

// textString keeps what qpdf read as text; it writes it back in its own choice
// of encodings, so the type remembers that it is text.
type textString string

func (t textString) Clone() types.Object { return t }
func (t textString) String() string      { return string(t) }
func (t textString) PDFString() string {
	return types.HexLiteral(hex.EncodeToString([]byte(t))).PDFString()
}

func parseReference(s string) (types.IndirectRef, bool) {
	object, rest, ok := strings.Cut(s, " ")
	generation, r, ok2 := strings.Cut(rest, " ")
	n, err := strconv.Atoi(object)
	gen, err2 := strconv.Atoi(generation)
	if !ok || !ok2 || r != "R" || err != nil || err2 != nil || n <= 0 || gen < 0 {
		return types.IndirectRef{}, false
	}
	return *types.NewIndirectRef(n, gen), true
}

// jsonWriter writes objects for qpdf to read.
type jsonWriter struct{ bareNames bool }

func (w jsonWriter) object(b *bytes.Buffer, o types.Object) {
	s, ok := o.(types.StreamDict)
	if !ok {
		b.WriteString(`{"value":`)
		w.value(b, o)
		b.WriteByte('}')
		return
	}
	b.WriteString(`{"stream":{"dict":`)
	w.value(b, s.Dict)
	if s.Raw != nil { // without data qpdf keeps those of the file
		b.WriteString(`,"data":"`)
		b.WriteString(base64.StdEncoding.EncodeToString(s.Raw))
		b.WriteByte('"')
	}
	b.WriteString("}}")
}

func (w jsonWriter) value(b *bytes.Buffer, o types.Object) {
	switch v := o.(type) {
	case types.Dict:
		b.WriteByte('{')
		for i, key := range sortedKeys(v) {
			if i > 0 {
				b.WriteByte(',')
			}
			w.name(b, key)
			b.WriteByte(':')
			w.value(b, v[key])
		}
		b.WriteByte('}')
	case types.Array:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			w.value(b, e)
		}
		b.WriteByte(']')
	case types.Name:
		w.name(b, string(v))
	case textString:
		appendJSONString(b, "u:"+string(v))
	case types.HexLiteral:
		appendJSONString(b, "b:"+string(v))
	case types.IndirectRef:
		fmt.Fprintf(b, `"%d %d R"`, v.ObjectNumber, v.GenerationNumber)
	case types.Float:
		b.WriteString(strconv.FormatFloat(float64(v), 'f', -1, 64))
	case types.Integer, types.Boolean:
		b.WriteString(v.PDFString())
	default:
		b.WriteString("null")
	}
}

// name writes a name in the notation this qpdf wrote it in.
func (w jsonWriter) name(b *bytes.Buffer, n string) {
	if utf8.ValidString(n) || w.bareNames {
		appendJSONString(b, "/"+n)
		return
	}
	appendJSONString(b, "n:/"+types.EncodeName(n))
}

// appendJSONString writes a string and lets bytes that are not UTF-8 stand.
func appendJSONString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, c := range []byte(s) {
		switch {
		case c == '"', c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20:
			fmt.Fprintf(b, "\\u%04x", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}
