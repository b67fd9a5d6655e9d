import { expect, test } from 'vitest'
import type { Command, Directory } from '../../../main/connectors/model.ts'
import { AppError } from '../../../main/errors.ts'
import { createMacros } from '../../../main/inbox/macros.ts'
import { acme, conversation, openTestStore, page } from './open-store.ts'
import { contextFor, scriptedVendor } from './scripted-vendor.ts'

const greeting: Command = { kind: 'reply', bodyText: 'Hello {{name}}', bodyHtml: '<p>Hello {{name}}</p>' }
const directory: Directory = {
  agents: [],
  groups: [],
  statuses: [{ id: 's1', label: 'Waiting on us', status: 'open', scope: 'returns' }],
  brands: [],
  macros: [{ id: 'm1', name: 'Greet', commands: [greeting] }],
}

async function setUp() {
  const opened = await openTestStore()
  await opened.store.putAccount(acme)
  await opened.store.putDirectory('acme', directory)
  await opened.store.applyPage(
    'acme',
    page([conversation('1', { commands: ['note', 'status'], statusScope: 'returns' }), conversation('2')]),
  )
  return opened
}

test('what one conversation can do, and the pipeline it moves in, are kept and given back to the connector', async () => {
  const opened = await setUp()
  expect(await opened.store.vendorConversation('acme:1')).toMatchObject({
    commands: ['note', 'status'],
    statusScope: 'returns',
  })
  const reopened = await opened.reopen()
  expect((await reopened.thread('acme:1'))?.conversation).toMatchObject({
    commands: ['note', 'status'],
    statusScope: 'returns',
  })
  expect((await reopened.thread('acme:2'))?.conversation).toMatchObject({ commands: null, statusScope: null })
  expect(await reopened.vendorConversation('acme:2')).not.toHaveProperty('commands')
  expect(await reopened.directory('acme')).toEqual(directory)
})

test('a change of abilities alone is a change', async () => {
  const { store } = await setUp()
  const { changed } = await store.applyPage('acme', page([conversation('2', { commands: ['note'] })]))
  expect(changed).toBe(1)
})

test('a macro is filled in by the vendor, and taken as it is where the vendor cannot be asked', async () => {
  const { store } = await setUp()
  const filled: Command[] = [{ kind: 'reply', bodyText: 'Hello Ada', bodyHtml: '<p>Hello Ada</p>' }]
  let answer: Command[] | AppError = filled
  let online = true
  const connector = Object.assign(scriptedVendor().connector, {
    applyMacro: async () => {
      if (answer instanceof AppError) throw answer
      return answer
    },
  })
  const macros = createMacros({ store, isOnline: () => online, connectorFor: () => connector, contextFor })
  expect(await macros.apply('acme:1', 'm1')).toEqual(filled)
  answer = new AppError('timeout', 'too slow')
  expect(await macros.apply('acme:1', 'm1')).toEqual([greeting])
  online = false
  answer = filled
  expect(await macros.apply('acme:1', 'm1')).toEqual([greeting])
  await expect(macros.apply('acme:1', 'gone')).rejects.toMatchObject({ code: 'not_found' })
})
