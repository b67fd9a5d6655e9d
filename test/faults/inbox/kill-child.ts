/** Child of the kill test: writes commands and pages as fast as it can and prints each acknowledgement as one line. */
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { openStore } from '../../../main/inbox/store.ts'
import { generatePages } from '../../bench/generate.ts'

const [file = '', keyHex = '', round = '0'] = process.argv.slice(2)
const workerUrl = new URL('../../../main/inbox/store-worker.ts', import.meta.url)
const store = await openStore({ workerUrl, file, key: Buffer.from(keyHex, 'hex') })

// Straight to the pipe: what was printed is what was acknowledged, whatever happens next.
const acknowledge = (line: string) => writeSync(1, `${line}\n`)
await store.putAccount({ accountId: 'acme', brandId: 'brand', routing: {}, vendorUserId: 'me' })
acknowledge('ready')
// Killed, this process never comes to it by itself.
flushCompileCache()

let number = 0
for (const page of generatePages({ seed: Number(round), conversations: 100_000, messages: 1 }, 20)) {
  const cursor = `${round}/${number}`
  await store.applyPage('acme', { ...page, cursor })
  acknowledge(`page ${cursor}`)
  const id = `acme:${page.conversations[0]?.vendorId}`
  const text = `${round}/${number}`
  await store.enqueue(id, [{ kind: 'reply', bodyText: text, bodyHtml: '' }])
  acknowledge(`command ${text}`)
  number += 1
}
