// Package ink turns page pictures of any kind into planes of one byte per pixel,
// where print is dark and what is not to be read is paper: transparent parts,
// and the red seals that lie over print. Every engine reads such a plane.
package ink
