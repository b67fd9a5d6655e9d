import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { openStore, rebuildStore } from '../../../main/inbox/store.ts'
import { acme, conversation, message, noon, openTestStore, page, thread, workerUrl } from './open-store.ts'

test('a page is listed with its newest conversation first, and its cursor is kept with it', async () => {
  const { store } = await openTestStore()
  await store.putAccount(acme)
  const older = conversation('1', { updatedAt: noon - 1000 })
  const { changed } = await store.applyPage('acme', page([older, conversation('2')], { cursor: 'next', total: 9 }))
  const { rows, next } = await store.list({ limit: 10 })
  expect(rows.map((row) => row.id)).toEqual(['acme:2', 'acme:1'])
  expect(rows[0]).toMatchObject({ brandId: 'brand-a', customerName: 'Ada Example', status: 'open' })
  expect(next).toBeNull()
  expect(changed).toBe(2)
  expect(await store.syncState('acme')).toEqual({
    cursor: 'next',
    filled: true,
    conversations: 2,
    total: 9,
    quarantined: 0,
  })
})

test('a page applied twice changes nothing the second time', async () => {
  const { store } = await openTestStore()
  await store.putAccount(acme)
  const again = page([conversation('1'), conversation('2')], { messages: [message('1', 'm1')] })
  await store.applyPage('acme', again)
  const before = { list: await store.list({ limit: 10 }), counts: await store.counts() }
  const { changed } = await store.applyPage('acme', again)
  expect(changed).toBe(0)
  expect((await store.list({ limit: 10 })).rows).toEqual(before.list.rows)
  expect(await store.counts()).toEqual({ ...before.counts, revision: expect.any(Number) })
})

test('an older version never overwrites a newer one', async () => {
  const { store } = await openTestStore()
  await store.putAccount(acme)
  await store.applyPage('acme', page([conversation('1', { updatedAt: noon, subject: 'new' })]))
  await store.applyPage('acme', page([conversation('1', { updatedAt: noon - 1, subject: 'old' })]))
  expect((await store.list({ limit: 1 })).rows[0]?.subject).toBe('new')
})

test('a record with an impossible time is set aside while the rest of its page is stored', async () => {
  const { store } = await openTestStore()
  await store.putAccount(acme)
  const broken = conversation('bad', { createdAt: Number.NaN })
  await store.applyPage('acme', page([broken, conversation('good')]))
  expect((await store.list({ limit: 10 })).rows.map((row) => row.vendorId)).toEqual(['good'])
  expect((await store.syncState('acme')).quarantined).toBe(1)
  await store.applyPage('acme', page([conversation('bad')]))
  expect((await store.syncState('acme')).quarantined).toBe(0)
})

test('everything is there again after the store was closed and opened', async () => {
  const opened = await openTestStore()
  await opened.store.putAccount(acme)
  await opened.store.applyPage('acme', page([conversation('1')], { cursor: 'here' }))
  await opened.store.applyThread('acme', '1', thread([message('1', 'm1', { bodyHtml: '<p>Hello</p>' })]))
  await opened.store.saveDraft({ conversationId: 'acme:1', kind: 'reply', bodyText: 'half an answer' })
  const { revision } = await opened.store.counts()
  const store = await opened.reopen()
  const shown = await store.thread('acme:1')
  expect(shown?.messages.map((one) => one.bodyHtml)).toEqual(['<p>Hello</p>'])
  expect(shown?.conversation).toMatchObject({ hasDraft: true, vendor: { custom: 'kept' } })
  expect(await store.draft('acme:1')).toMatchObject({ bodyText: 'half an answer' })
  expect(await store.cursor('acme')).toBe('here')
  expect((await store.counts()).revision).toBeGreaterThanOrEqual(revision)
})

test('nothing readable reaches the disk', async () => {
  const opened = await openTestStore()
  await opened.store.putAccount(acme)
  const canary = 'canary-4711-in-the-subject'
  await opened.store.applyPage('acme', page([conversation('1', { subject: canary })]))
  const files = readdirSync(dirname(opened.file)).map((name) => readFileSync(`${dirname(opened.file)}/${name}`))
  expect(files.some((bytes) => bytes.length > 4096)).toBe(true)
  await opened.store.close()
  files.push(readFileSync(opened.file))
  for (const bytes of files) {
    expect(bytes.includes(canary)).toBe(false)
    expect(bytes.includes('SQLite format')).toBe(false)
  }
})

test('a wrong key opens nothing and changes nothing', async () => {
  const opened = await openTestStore()
  await opened.store.putAccount(acme)
  await opened.store.close()
  const before = readFileSync(opened.file)
  const wrong = openStore({ workerUrl, file: opened.file, key: randomBytes(32) })
  await expect(wrong).rejects.toMatchObject({ code: 'store_damaged' })
  expect(readFileSync(opened.file).equals(before)).toBe(true)
})

test("the caller's key is left as it was", async () => {
  const { key } = await openTestStore()
  expect(key.some((byte) => byte !== 0)).toBe(true)
})

test('a second store on the same file is refused while the first one holds it', async () => {
  const { file, key } = await openTestStore()
  await expect(openStore({ workerUrl, file, key })).rejects.toMatchObject({ code: 'store_unavailable' })
})

test('a folder that cannot be used ends in a clear error', async () => {
  const { file, key } = await openTestStore()
  await expect(openStore({ workerUrl, file: `${file}/below/a/file.db`, key })).rejects.toMatchObject({
    code: 'store_unavailable',
  })
})

test('a damaged file is reported, set aside on request, and replaced by an empty store', async () => {
  const opened = await openTestStore()
  await opened.store.putAccount(acme)
  await opened.store.close()
  writeFileSync(opened.file, randomBytes(40_000))
  await expect(openStore({ workerUrl, file: opened.file, key: opened.key })).rejects.toMatchObject({
    code: 'store_damaged',
  })
  const rebuilt = await rebuildStore({ workerUrl, file: opened.file, key: opened.key })
  opened.store = rebuilt.store
  expect(rebuilt.rescued).toEqual({ commands: 0, drafts: 0 })
  expect(existsSync(rebuilt.setAside ?? '')).toBe(true)
  expect((await rebuilt.store.counts()).total.all).toBe(0)
})

test('a rebuild takes over unsent commands and drafts of a file that can still be read', async () => {
  const opened = await openTestStore()
  await opened.store.putAccount(acme)
  await opened.store.applyPage('acme', page([conversation('1')]))
  await opened.store.enqueue('acme:1', [{ kind: 'reply', bodyText: 'unsent', bodyHtml: '' }])
  await opened.store.saveDraft({ conversationId: 'acme:1', kind: 'note', bodyText: 'draft' })
  await opened.store.close()
  const rebuilt = await rebuildStore({ workerUrl, file: opened.file, key: opened.key })
  opened.store = rebuilt.store
  expect(rebuilt.rescued).toEqual({ commands: 1, drafts: 1 })
  const [item] = await rebuilt.store.outbox()
  expect(item).toMatchObject({ conversationId: 'acme:1', state: 'queued', command: { bodyText: 'unsent' } })
  expect(await rebuilt.store.draft('acme:1')).toMatchObject({ bodyText: 'draft' })
})

test('a call after the end of the store is rejected instead of waiting for ever', async () => {
  const { store } = await openTestStore()
  const running = store.counts()
  await store.close()
  expect((await running).total.all).toBe(0)
  await expect(store.counts()).rejects.toMatchObject({ code: 'store_unavailable' })
})

test('removing an account removes its rows, counts, drafts and commands, and no others', async () => {
  const { store } = await openTestStore()
  await store.putAccount(acme)
  await store.putAccount({ ...acme, accountId: 'other' })
  await store.applyPage('acme', page(Array.from({ length: 1200 }, (_, n) => conversation(String(n)))))
  await store.applyPage('other', page([conversation('1')]))
  await store.enqueue('acme:1', [{ kind: 'note', bodyText: 'x', bodyHtml: '' }])
  await store.removeAccount('acme')
  expect((await store.list({ limit: 10 })).rows.map((row) => row.id)).toEqual(['other:1'])
  expect((await store.list({ limit: 10, text: 'Preview' })).rows.map((row) => row.id)).toEqual(['other:1'])
  expect(await store.outbox()).toEqual([])
  expect((await store.counts()).byAccount).toEqual({ other: { all: 1, open: 1, unread: 1 } })
  await store.removeAccount('acme')
})

test('a changed brand, routing or user is applied to the conversations that are there', async () => {
  const { store } = await openTestStore()
  await store.putAccount(acme)
  const many = Array.from({ length: 1500 }, (_, n) =>
    conversation(String(n), { brandKey: n % 3 === 0 ? 'shop' : null, assigneeVendorId: n % 2 === 0 ? 'you' : null }),
  )
  await store.applyPage('acme', page(many))
  await store.putAccount({ ...acme, brandId: 'brand-b', routing: { shop: 'brand-c' }, vendorUserId: 'you' })
  const counts = await store.counts()
  expect(counts.byBrand['brand-b']?.open).toBe(1000)
  expect(counts.byBrand['brand-c']?.open).toBe(500)
  expect(counts.byBrand['brand-a']?.open ?? 0).toBe(0)
  expect(counts.total.mine).toBe(750)
  expect((await store.list({ limit: 200, brandId: 'brand-a' })).rows).toEqual([])
})
