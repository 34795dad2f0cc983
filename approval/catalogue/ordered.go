package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"
)

// Pair is one key of a mapping with its value.
type Pair[T any] struct {
	Key   string
	Value T
}

// Ordered is a YAML mapping that keeps the order of the file: people wrote it so
// that related things stand together, and lists shown to them keep that order.
type Ordered[T any] []Pair[T]

// UnmarshalYAML reads a mapping; a key that stands twice is an error.
func (o *Ordered[T]) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want a mapping", n.Line)
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		var p Pair[T]
		p.Key = n.Content[i].Value
		if seen[p.Key] {
			return fmt.Errorf("line %d: %q stands twice", n.Content[i].Line, p.Key)
		}
		seen[p.Key] = true
		if err := strictly(n.Content[i+1], &p.Value); err != nil {
			return fmt.Errorf("line %d: decode %s: %w", n.Content[i].Line, p.Key, err)
		}
		*o = append(*o, p)
	}
	return nil
}

// strictly decodes a node refusing unknown keys; yaml.Node.Decode forgets the
// decoder's setting.
func strictly(n *yaml.Node, into any) error {
	b, err := yaml.Marshal(n)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) { // an empty value leaves the zero
		return err
	}
	return nil
}

// words is a YAML list of strings, or one string for a list of one.
type words []string

func (w *words) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		if n.Tag != "!!null" {
			*w = words{n.Value}
		}
		return nil
	}
	return n.Decode((*[]string)(w))
}
