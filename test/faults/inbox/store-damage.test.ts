import { randomInt } from 'node:crypto'
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isAppError } from '../../../main/errors.ts'
import type { LocalStore } from '../../../main/inbox/model.ts'
import { openStore, rebuildStore } from '../../../main/inbox/store.ts'
import { generatePages } from '../../bench/generate.ts'
import { acme, openTestStore, workerUrl } from '../../unit/inbox/open-store.ts'

async function filledStore() {
  const opened = await openTestStore()
  await opened.store.putAccount(acme)
  for (const page of generatePages({ seed: 32, conversations: 400, messages: 1 })) {
    await opened.store.applyPage('acme', page)
  }
  await opened.store.enqueue('acme:100000', [{ kind: 'reply', bodyText: 'unsent', bodyHtml: '' }])
  await opened.store.close()
  return opened
}

/** Reads everything; answers the code of the first error. */
async function readAll(store: LocalStore): Promise<string | null> {
  try {
    const { rows } = await store.list({ limit: 200 })
    for (const row of rows) await store.thread(row.id)
    await store.list({ limit: 200, text: 'order' })
    await store.outbox()
    return null
  } catch (error) {
    return isAppError(error) ? error.code : 'not an AppError'
  }
}

test('fault 32: a flipped byte is noticed when it is read, never shown as data', async () => {
  const opened = await filledStore()
  const size = statSync(opened.file).size
  const handle = openSync(opened.file, 'r+')
  // Every page gets one changed byte: authenticated encryption must refuse each of them.
  for (let page = 1; page * 4096 < size; page++)
    writeSync(handle, Buffer.from([randomInt(256)]), 0, 1, page * 4096 + 100)
  closeSync(handle)
  const code = await openStore({ workerUrl, file: opened.file, key: opened.key }).then(
    async (store) => {
      const found = await readAll(store)
      await store.close()
      return found
    },
    (error: unknown) => (isAppError(error) ? error.code : 'not an AppError'),
  )
  expect(code).toBe('store_damaged')
})

test('fault 32: a file cut in half is reported and can be rebuilt', async () => {
  const opened = await filledStore()
  truncateSync(opened.file, Math.floor(statSync(opened.file).size / 2 / 4096) * 4096)
  const opening = openStore({ workerUrl, file: opened.file, key: opened.key })
  const code = await opening.then(
    async (store) => {
      const found = await readAll(store)
      await store.close()
      return found
    },
    (error: unknown) => (isAppError(error) ? error.code : 'not an AppError'),
  )
  expect(code).toBe('store_damaged')
  const rebuilt = await rebuildStore({ workerUrl, file: opened.file, key: opened.key })
  opened.store = rebuilt.store
  expect(await readAll(rebuilt.store)).toBeNull()
})
