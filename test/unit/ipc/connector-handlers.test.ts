import { describe, expect, it } from 'vitest'
import { createConnectors } from '../../../main/connectors/known-connectors.ts'
import { shippedManifests } from '../../../main/connectors/manifest/shipped.ts'
import { connectorHandlers } from '../../../main/ipc/connectors.ts'
import type { DocumentFile } from '../../../main/ports.ts'
import { calls } from '../../../preload/contract.ts'
import { app23 } from '../connectors/freshworks-app.ts'
import { textOf } from '../connectors/manifest/small.ts'
import { asAny } from '../desktop/fakes.ts'
import { unrestricted } from '../policy/policies.ts'

const nowhere = asAny<DocumentFile>({
  read: () => ({ kind: 'absent' }),
  write: () => undefined,
  remove: () => undefined,
})
const accounts = [
  { id: 'a1', vendor: 'autotimer' },
  { id: 'a2', vendor: 'tallybook' },
]

function setUp() {
  const connectors = createConnectors({
    builtIn: [],
    shipped: shippedManifests,
    folder: { names: () => [], file: () => nowhere },
    inUse: (id) => accounts.some((account) => account.vendor === id),
  })
  const tried: unknown[] = []
  return {
    tried,
    handlers: connectorHandlers({
      connectors,
      policy: unrestricted(),
      peek: () => asAny({ accounts: { list: () => accounts } }),
      running: () =>
        asAny({
          trials: {
            async run(...args: unknown[]) {
              tried.push(args)
              const unified = {
                conversations: [],
                messages: [],
                people: [],
                directory: { agents: [] },
                removedVendorIds: ['7'],
                quarantined: [],
              }
              return { method: 'GET', path: '/x', raw: '{}', truncated: false, unified, fault: null }
            },
          },
        }),
    }),
  }
}

describe('connectors in the window', () => {
  it('are listed with their text and who uses them, as the contract has it', () => {
    const { handlers } = setUp()
    const list = handlers['connectors.list'](undefined)
    expect(calls['connectors.list'].result.parse(list)).toEqual(list)
    expect(list).toMatchObject([
      { id: 'autotimer', origin: 'shipped', accountIds: ['a1'] },
      { id: 'larkdesk', accountIds: [] },
      { id: 'kiteline' },
    ])
  })

  it('are checked: faults with their place, or what the connector would be allowed to do', async () => {
    const { handlers } = setUp()
    const bad = await handlers['connectors.check']({ text: '{\n "manifest": 1,\n}' })
    expect(bad).toMatchObject({ summary: null, faults: [{ line: 3, column: 1, path: '' }] })
    const good = await handlers['connectors.check']({ text: textOf() })
    expect(calls['connectors.check'].result.parse(good)).toEqual(good)
    expect(good).toMatchObject({
      faults: [],
      summary: {
        id: 'tallybook',
        hosts: ['<%= account.team %>.tallybook.example', 'id.tallybook.example'],
        commands: ['reply'],
        newHosts: [],
      },
    })
    expect(good.summary?.reads.map((each) => [each.request, each.aboutOne])).toEqual([
      ['me', false],
      ['list', false],
      ['one', true],
      ['comments', true],
    ])
  })

  it('tell which hosts a change adds', async () => {
    const { handlers } = setUp()
    await handlers['connectors.save']({ text: textOf() })
    const { summary } = await handlers['connectors.check']({
      text: textOf((m) => Object.assign(m, { hosts: [...m.hosts, 'files.example'] })),
    })
    expect(summary?.newHosts).toEqual(['files.example'])
  })

  it.each([
    ['tokenUrl', { tokenUrl: 'https://elsewhere.example/token' }],
    ['revokeUrl', { revokeUrl: 'https://elsewhere.example/revoke' }],
    ['deviceUrl', { deviceUrl: 'https://elsewhere.example/device' }],
  ])('tell a host that %s would give the secrets of the accounts to', async (_, changed) => {
    const { handlers } = setUp()
    await handlers['connectors.save']({ text: textOf() })
    const text = textOf((m) => Object.assign(m, { signIn: { ...m.signIn, ...changed } }))
    const { summary } = await handlers['connectors.check']({ text })
    expect(summary?.newHosts).toEqual(['elsewhere.example'])
  })

  it('are saved, and removed only when nobody uses them', () => {
    const { handlers } = setUp()
    expect(handlers['connectors.save']({ text: textOf() })).toEqual({ id: 'tallybook' })
    expect(() => handlers['connectors.remove']({ id: 'tallybook' })).toThrow(
      expect.objectContaining({ code: 'vendor_conflict' }),
    )
    handlers['connectors.save']({ text: textOf((m) => Object.assign(m, { id: 'spare' })) })
    handlers['connectors.remove']({ id: 'spare' })
    expect(() => handlers['connectors.save']({ text: '{}' })).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  it('are tried with the text as it stands', async () => {
    const { handlers, tried } = setUp()
    const answer = await handlers['connectors.try']({ text: textOf(), accountId: 'a2', request: 'list' })
    expect(calls['connectors.try'].result.parse(answer)).toEqual(answer)
    expect(answer).toMatchObject({ raw: '{}', mapped: { removedVendorIds: ['7'] }, fault: null })
    expect(tried).toEqual([[expect.objectContaining({ id: 'tallybook' }), 'a2', 'list', null]])
    await expect(handlers['connectors.try']({ text: '{', accountId: 'a2', request: 'list' })).rejects.toMatchObject({
      code: 'bad_request',
    })
  })

  it('are made of a Freshworks app', async () => {
    const { handlers } = setUp()
    const made = await handlers['connectors.importFreshworks']({
      oauthConfig: JSON.stringify(app23.oauth),
      requests: JSON.stringify(app23.requests),
    })
    expect(calls['connectors.importFreshworks'].result.parse(made)).toEqual(made)
    expect(made.manifests).toMatchObject([{ faults: [] }])
  })
})
