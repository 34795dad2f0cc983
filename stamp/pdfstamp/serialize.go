package pdfstamp

import (
	"fmt"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// serializer writes objects as PDF text with references renumbered. pdfcpu's own
// writer visits dictionaries in random order and stamps the clock into the file;
// evidence must come out the same each time (watermark.md, "Integrity chain").
type serializer struct {
	number func(types.IndirectRef) int // new object number, 0 for the null object
}

func (s serializer) append(dst []byte, o types.Object) ([]byte, error) {
	switch v := o.(type) {
	case nil:
		return append(dst, "null"...), nil
	case types.IndirectRef:
		n := s.number(v)
		if n == 0 {
			return append(dst, "null"...), nil
		}
		return append(strconv.AppendInt(dst, int64(n), 10), " 0 R"...), nil
	case types.Integer:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case types.Float:
		return strconv.AppendFloat(dst, float64(v), 'f', -1, 64), nil
	case types.Boolean, types.Name, types.StringLiteral, types.HexLiteral:
		return append(dst, v.PDFString()...), nil
	case types.Array:
		return s.appendArray(dst, v)
	case types.Dict:
		return s.appendDict(dst, v)
	}
	return dst, fmt.Errorf("write object: unexpected %T", o)
}

func (s serializer) appendArray(dst []byte, a types.Array) ([]byte, error) {
	dst = append(dst, '[')
	for i, e := range a {
		if i > 0 {
			dst = append(dst, ' ')
		}
		var err error
		if dst, err = s.append(dst, e); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func (s serializer) appendDict(dst []byte, d types.Dict) ([]byte, error) {
	dst = append(dst, "<<"...)
	for _, key := range sortedKeys(d) {
		if d[key] == nil {
			continue
		}
		dst = append(dst, '/')
		dst = append(append(dst, types.EncodeName(key)...), ' ')
		var err error
		if dst, err = s.append(dst, d[key]); err != nil {
			return dst, err
		}
	}
	return append(dst, ">>"...), nil
}
