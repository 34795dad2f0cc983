// Package catalogue holds the stages, items (办理事项), materials, checklists,
// business units, divisions and result types as versioned data, and answers
// which result is the basis of which item.
//
// The data is YAML with its evidence beside it (folder data); Default is what
// the binary carries, Load reads a city's own. Material, item and result codes
// are stable; names are Chinese as they are printed.
package catalogue
