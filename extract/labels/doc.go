// Package labels takes fields out of read documents by what stands on them: a
// label and the value beside it, in the next cell or below it, the number in its
// own form, the salutation and signature of a reply, the statement of a permit.
// What to look for comes from the result types of the catalogue.
//
// Several rules may find a value for a field; each makes a candidate, every
// candidate is parsed and validated, and the best one is kept with the rule that
// found it. Values are normal forms: dates YYYY-MM-DD, areas in square metres,
// money in the unit the catalogue gives the field (万元 or 元), numbers in its
// unit; Field.Unit tells the unit as printed and Field.Raw the printed text.
package labels
