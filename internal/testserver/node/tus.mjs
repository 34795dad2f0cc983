// Uploads a file with the reference client of tus and says how far it is:
//   node tus.mjs <endpoint> <file> <chunk bytes, 0 for one piece> <key=value>...
// The token is in TUS_TOKEN. Lines: "begun <address>", "sent <bytes>",
// "accepted <bytes>", at the end "receipt <number>" or "failed <why>".
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload } from 'tus-js-client'

const [endpoint, file, chunk, ...pairs] = process.argv.slice(2)
let receipt = ''
const upload = new Upload(fs.createReadStream(file), {
  endpoint,
  chunkSize: Number(chunk) || Infinity,
  metadata: Object.fromEntries(pairs.map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)])),
  headers: { Authorization: `Bearer ${process.env.TUS_TOKEN}` },
  retryDelays: Array(100).fill(200),
  onBeforeRequest: () => sleep(20), // time for the test to see where we are
  onAfterResponse: (_, res) => { receipt = res.getHeader('Receipt-Number') || receipt },
  onUploadUrlAvailable: () => console.log(`begun ${upload.url}`),
  onProgress: (sent) => console.log(`sent ${sent}`),
  onChunkComplete: (_, accepted) => console.log(`accepted ${accepted}`),
  onSuccess: () => console.log(`receipt ${receipt}`),
  onError: (err) => { console.log(`failed ${err}`); process.exitCode = 1 },
})
upload.start()
