// Reads the page images named on the command line, one after the other.
import Ocr from '@gutenye/ocr-node'
const ocr = await Ocr.create()
let characters = 0
for (const path of process.argv.slice(2)) {
  for (const line of await ocr.detect(path)) characters += line.text.length
}
console.log(characters)
