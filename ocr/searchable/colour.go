package searchable

import (
	"encoding/binary"
	"math"
)

// profile is an ICC profile of sRGB (version 2, matrix and one gamma curve), which
// PDF/A wants for its output intent. Values are those of IEC 61966-2-1 adapted to
// D50.
func profile() []byte {
	be := binary.BigEndian
	fixed := func(v ...float64) (b []byte) {
		for _, x := range v {
			b = be.AppendUint32(b, uint32(int32(math.Round(x*65536))))
		}
		return b
	}
	xyz := func(x, y, z float64) []byte { return append([]byte("XYZ \x00\x00\x00\x00"), fixed(x, y, z)...) }
	text := func(s string) []byte { return append([]byte("text\x00\x00\x00\x00"), append([]byte(s), 0)...) }
	desc := []byte("desc\x00\x00\x00\x00")
	desc = be.AppendUint32(desc, uint32(len("sRGB")+1))
	desc = append(desc, "sRGB\x00"...)
	desc = append(desc, make([]byte, 4+4+2+1+67)...)
	curve := append([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), 0x02, 0x33) // gamma 2.2
	tags := []table{
		{"desc", desc}, {"cprt", text("no copyright")}, {"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.4360, 0.2225, 0.0139)}, {"gXYZ", xyz(0.3851, 0.7169, 0.0971)}, {"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	index := be.AppendUint32(nil, uint32(len(tags)))
	offset := 128 + 4 + 12*len(tags)
	var body []byte
	for _, t := range tags {
		index = append(index, t.tag...)
		index = be.AppendUint32(index, uint32(offset+len(body)))
		index = be.AppendUint32(index, uint32(len(t.data)))
		body = append(body, t.data...)
		body = append(body, make([]byte, (4-len(t.data)%4)%4)...)
	}
	head := make([]byte, 128)
	be.PutUint32(head[0:], uint32(offset+len(body)))
	be.PutUint32(head[8:], 0x02100000) // version 2.1
	copy(head[12:], "mntrRGB XYZ ")
	be.PutUint16(head[24:], 2024) // made on 2024-01-01
	be.PutUint16(head[26:], 1)
	be.PutUint16(head[28:], 1)
	copy(head[36:], "acsp")
	copy(head[68:], fixed(0.9642, 1, 0.8249))
	return append(append(head, index...), body...)
}
